"""`ucmsim watch`: a matrix of services and nodes in the terminal that follows what happens."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from ucmsim.clients.commands.connecting import Target, speaks_to_nodes
from ucmsim.clients.errors import UcmError
from ucmsim.clients.results import NOT_ACTIVATED, ServiceState

if TYPE_CHECKING:
    from rich.console import RenderableType

Columns = dict[str, dict[str, ServiceState]]


@click.command("watch")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--every",
    type=click.FloatRange(min=0.1),
    metavar="SECONDS",
    help="How often to ask.  [default: 5; 1 for a server on this machine]",
)
@click.option(
    "--all", "everything", is_flag=True, help="Also what is activated on no node, and was not named."
)
@click.option("--count", type=click.IntRange(min=1), help="End after that many looks; without it: Ctrl+C.")
@speaks_to_nodes
def watch(
    target: Target, names: tuple[str, ...], every: float | None, everything: bool, count: int | None
) -> None:
    """Follow the states of services, nodes side by side.

    A node that does not answer stays in the matrix, with what is wrong below it.

    \b
    Examples:
      ucmsim watch
      ucmsim watch 'Cisco Tftp' 'Cisco CallManager' -H 10.0.0.11 -H 10.0.0.12
    """  # fmt: skip
    from rich.live import Live

    from ucmsim.clients.commands.output import console

    nodes = {host: target.control_center(host) for host in target.hosts}
    try:
        screen = console()
        # A file or a pipe cannot be painted over: there each look stands below the one before.
        lasting = (
            nullcontext()
            if not screen.is_terminal
            else Live(console=screen, auto_refresh=False, vertical_overflow="crop")
        )
        with lasting as live:
            looks = 0
            while True:
                columns: Columns = {}
                wrong: list[str] = []
                for host, node in nodes.items():
                    try:
                        columns[host] = {state.name: state for state in node.status(*names)}
                    except UcmError as error:
                        columns[host] = {}
                        wrong.append(error.problem)
                seen = picture(columns, wrong, everything=everything or bool(names))
                if live is None:
                    screen.print(seen)
                else:
                    live.update(seen, refresh=True)
                looks += 1
                if count is not None and looks >= count:
                    return
                time.sleep(every or target.poll_interval)
    except KeyboardInterrupt:
        return
    finally:
        for node in nodes.values():
            node.close()


def picture(columns: Columns, wrong: list[str], *, everything: bool) -> RenderableType:
    """The matrix, and below it what went wrong."""
    from rich.console import Group
    from rich.text import Text

    from ucmsim.clients.commands.forms import as_matrix

    alive = {
        name
        for states in columns.values()
        for name, state in states.items()
        if everything or state.reason.code != NOT_ACTIVATED
    }
    shown = {
        host: {name: state for name, state in states.items() if name in alive}
        for host, states in columns.items()
    }
    return Group(as_matrix(shown), *(Text(f"! {problem}", style="red") for problem in wrong))
