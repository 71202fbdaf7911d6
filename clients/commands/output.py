"""Where the command line writes: the option that chooses a form, and the terminal with or without colour."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

import click

from ucmsim.clients.results import ServiceState

if TYPE_CHECKING:
    from rich.console import Console

    from ucmsim.clients.commands.forms import Line

WIDE = 200
"""Columns of a table that goes to a file or a pipe, where nothing should be folded."""


class Form(Enum):
    """How services are shown."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    VOS = "vos"


def in_one_form(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options --json, --csv and --vos; it is called with a `Form` as `form`."""
    for form, text in (
        (Form.VOS, "As the node's own command prints it: utils service list."),
        (Form.CSV, "As comma-separated values."),
        (Form.JSON, "As JSON."),
    ):
        command = click.option(
            f"--{form.value}", "form", flag_value=form, type=Form, default=Form.TABLE, help=text
        )(command)
    return command


def console() -> Console:
    """The terminal; wide and without colour when it is none."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else WIDE, highlight=False, soft_wrap=False)


def chosen(node: str, states: Iterable[ServiceState]) -> list[Line]:
    """States as lines."""
    from ucmsim.clients.commands.forms import Line

    return [Line(node, state) for state in states]


def printed(lines: Sequence[Line], form: Form, hosts: Sequence[str], *, publisher: bool = False) -> None:
    """Print services in the form that was chosen; the table of each node stands alone."""
    from ucmsim.clients.commands import forms

    match form:
        case Form.JSON:
            click.echo(forms.as_json(lines))
        case Form.CSV:
            click.echo(forms.as_csv(lines))
        case Form.VOS:
            click.echo(forms.as_vos(lines, publisher=publisher))
        case Form.TABLE:
            screen = console()
            for host in hosts:
                own = [line for line in lines if line.node == host]
                screen.print(forms.as_table(own, title=host if len(hosts) > 1 else ""))
