"""`ucmsim activate`, `deactivate`, `start`, `stop` and `restart`: commands to one node or several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from ucmsim.clients.commands.asking import Round
from ucmsim.clients.commands.connecting import Target, speaks_to_nodes
from ucmsim.clients.commands.output import Form, chosen, in_one_form, printed
from ucmsim.clients.results import Action, ServiceState, Status

_EXAMPLES = {
    Action.ACTIVATE: "ucmsim activate 'Cisco CallManager' 'Cisco Tftp' --wait",
    Action.DEACTIVATE: "ucmsim deactivate 'Cisco Tftp' --host 10.0.0.12",
    Action.START: "ucmsim start 'Cisco CTIManager' --enforce",
    Action.STOP: "ucmsim stop 'Cisco Tftp'",
    Action.RESTART: "ucmsim restart 'Cisco Tftp' --wait --host 10.0.0.11 --host 10.0.0.12",
}
_SENTENCES = {
    Action.ACTIVATE: "Activate feature services, which starts them too.",
    Action.DEACTIVATE: "Stop feature services and deactivate them.",
    Action.START: "Start services; one that runs is left alone.",
    Action.STOP: "Stop services; one that is stopped is left alone.",
    Action.RESTART: "Stop services and start them again; one that is stopped is started.",
}

_RULES = (
    "Names are exact; names with spaces need quotes. Several nodes take their turns in the order given; "
    "after one that fails the others are left alone."
)


def _command(action: Action) -> click.Command:
    deploys = action in {Action.ACTIVATE, Action.DEACTIVATE}

    def callback(
        target: Target, names: tuple[str, ...], wait: bool, wait_timeout: float, form: Form, **ex: Any
    ) -> None:
        lines = []
        asked = Round(target)
        left_alone = list(target.hosts)
        # After trouble with one node, a command that interrupts service on the next would make it worse.
        while left_alone and not asked.failed:
            host = left_alone.pop(0)
            with asked.asking(host) as node:
                states = _carried_out(node, action, names, **ex)
                if wait:
                    states = _waited(node, host, action, states, wait_timeout)
                lines += chosen(host, states)
        printed(lines, form, asked.answered, several=asked.several)
        if left_alone:
            click.echo(f"left alone, since a node before failed: {', '.join(left_alone)}", err=True)
        asked.end()

    options: list[Callable[[Any], Any]] = [
        click.argument("names", nargs=-1, required=True, metavar="NAME..."),
        click.option("--wait", is_flag=True, help="Return when the services have arrived, showing the way."),
        click.option(
            "--wait-timeout", type=click.FloatRange(min=0), default=300.0, show_default=True,
            metavar="SECONDS", help="How long --wait waits.",
        ),
        click.option("--product-id", help="Use the Ex operation; the product must be that of every service."),
        *(
            [click.option("--unrecorded", is_flag=True, help="Use the Ex operation that leaves the database alone.")]
            if deploys
            else [click.option("--enforce", is_flag=True, help="Use the Ex operation that handles dependencies.")]
        ),
        in_one_form(Form.JSON, Form.CSV),
        speaks_to_nodes,
    ]  # fmt: skip
    decorated: Any = callback
    for option in reversed(options):
        decorated = option(decorated)
    text = f"{_SENTENCES[action]}\n\n{_RULES}\n\n\b\nExample:\n  {_EXAMPLES[action]}"
    command: click.Command = click.command(action.value, help=text)(decorated)
    return command


def _carried_out(
    node: Any,
    action: Action,
    names: tuple[str, ...],
    *,
    product_id: str | None,
    enforce: bool = False,
    unrecorded: bool = False,
) -> list[ServiceState]:
    states: list[ServiceState]
    if unrecorded:
        states = getattr(node, f"{action.value}_unrecorded")(*names, product_id=product_id)
    elif enforce or product_id:
        states = node.extended_control(action, *names, product_id=product_id, enforce=enforce)
    else:
        states = getattr(node, action.value)(*names)
    return states


def _waited(
    node: Any, host: str, action: Action, states: list[ServiceState], seconds: float
) -> list[ServiceState]:
    from ucmsim.clients.commands.progress import Progress

    aim = Status.STARTED if Status.STARTED in action.aims else Status.STOPPED
    with Progress(host, states, aim) as progress:
        return progress.until_arrived(node, seconds)


activate = _command(Action.ACTIVATE)
deactivate = _command(Action.DEACTIVATE)
start = _command(Action.START)
stop = _command(Action.STOP)
restart = _command(Action.RESTART)
