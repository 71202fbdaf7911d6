"""Where the command line writes: the option that chooses a form, and the terminal with or without colour."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from functools import wraps
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from ucmsim.clients.results import ServiceState

if TYPE_CHECKING:
    from rich.console import Console

    from ucmsim.clients.commands.forms import Line, Surroundings

WIDE = 200
"""Columns of a table that goes to a file or a pipe, where nothing should be folded."""


class Form(Enum):
    """How services are shown."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    VOS = "vos"


_MEANINGS = {
    Form.JSON: "As JSON.",
    Form.CSV: "As comma-separated values.",
    Form.VOS: "As the node's own command prints it: utils service list.",
}


def in_one_form(*forms: Form) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command an option for each of these forms; it is called with a `Form` as `form`."""
    return one_of("form", {form.value: (form, _MEANINGS[form]) for form in forms}, Form.TABLE)


def one_of(
    parameter: str, choices: dict[str, tuple[Any, str]], default: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command options of which at most one may be given: each name with the value it stands for and its help."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def called(**given: Any) -> Any:
            chosen = [name for name in choices if given.pop(f"{parameter}_{name}")]
            if len(chosen) > 1:
                raise click.UsageError(f"{' and '.join(f'--{name}' for name in chosen)} exclude each other.")
            value = choices[chosen[0]][0] if chosen else default
            return command(**{parameter: value}, **given)

        for name, (_, meaning) in reversed(choices.items()):
            called = click.option(f"--{name}", f"{parameter}_{name}", is_flag=True, help=meaning)(called)
        return called

    return decorate


def console() -> Console:
    """The terminal; wide and without colour when it is none."""
    from rich.console import Console

    class Screen(Console):
        def on_broken_pipe(self) -> None:
            """Leave it to the group of commands how that ends: Rich would end with 1."""
            raise  # what is being handled  # noqa: PLE0704

    return Screen(width=None if sys.stdout.isatty() else WIDE, highlight=False, soft_wrap=False)


def chosen(node: str, states: Iterable[ServiceState]) -> list[Line]:
    """States as lines."""
    from ucmsim.clients.commands.forms import Line

    return [Line(node, state) for state in states]


def printed(
    lines: Sequence[Line],
    form: Form,
    hosts: Sequence[str],
    *,
    several: bool,
    around: Mapping[str, Surroundings] = MappingProxyType({}),
) -> None:
    """Print services of hosts that answered in the form that was chosen; nothing if none did.

    What people read stands alone for each node, under its name if `several` were asked. `around` is what --vos says of each host.
    """
    if not hosts:
        return
    from ucmsim.clients.commands import forms

    by_host = {host: [line for line in lines if line.node == host] for host in hosts}
    match form:
        case Form.JSON:
            click.echo(forms.as_json(lines))
        case Form.CSV:
            click.echo(forms.as_csv(lines))
        case Form.VOS:
            for host, own in by_host.items():
                click.echo(f"{host}:\n" if several else "", nl=False)
                click.echo(forms.as_vos(own, around[host]))
        case Form.TABLE:
            screen = console()
            for host, own in by_host.items():
                screen.print(forms.as_table(own, title=host if several else ""))
