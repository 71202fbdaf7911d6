"""`ucmsim list` and `ucmsim status`: the services of one node or several, for people and for machines."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import click

from ucmsim.clients.commands.asking import Round
from ucmsim.clients.commands.connecting import Target, speaks_to_nodes
from ucmsim.clients.commands.exits import Exit
from ucmsim.clients.commands.output import Form, chosen, in_one_form, one_of, printed
from ucmsim.clients.errors import FaultError, NotServedError, UcmError
from ucmsim.clients.results import NOT_ACTIVATED, Service, ServiceState, Status

if TYPE_CHECKING:
    from ucmsim.clients import ControlCenter
    from ucmsim.clients.commands.forms import Line, Surroundings
    from ucmsim.clients.rest.values import PlatformService

EXPECTED = [status.value.lower() for status in Status if status is not Status.UNKNOWN]


@click.command("list")
@click.argument("patterns", nargs=-1, metavar="[PATTERN]...")
@one_of(
    "kind",
    {
        "feature": ("feature", "Only feature services, which can be activated."),
        "network": ("network", "Only network services, which always are."),
    },
    None,
)
@click.option("--group", metavar="PATTERN", help="Only services of a group, such as 'CM Services'.")
@click.option("--activated", is_flag=True, help="Leave out what is not activated.")
@click.option("--problems", is_flag=True, help="Only what is activated and does not run.")
@in_one_form(Form.JSON, Form.CSV, Form.VOS)
@speaks_to_nodes
def list_services(
    target: Target,
    patterns: tuple[str, ...],
    kind: str | None,
    group: str | None,
    activated: bool,
    problems: bool,
    form: Form,
) -> None:
    """Show the services of a node with their states.

    A PATTERN is a name in which * stands for anything; letter case does not matter here.

    \b
    Examples:
      ucmsim list
      ucmsim list '*tftp*' '*ctimanager'
      ucmsim list --problems --host 10.0.0.11 --host 10.0.0.12 --cacert cucm.pem
      ucmsim list --vos            as on the node: utils service list
      ucmsim list --csv > services.csv

    The form of the node's own command begins with what its platform runs, such as System SSH. Only ucmsim tells that: with
    a real node these lines are missing.
    """
    from ucmsim.clients.commands.forms import Line

    lines: list[Line] = []
    around: dict[str, Surroundings] = {}
    known: set[str] = set()
    everything = not (patterns or kind or group or activated or problems)
    asked = Round(target)
    for host in target.hosts:
        with asked.asking(host) as node:
            services = {service.name: service for service in node.services()}
            states = node.status()
            known |= {state.name for state in states}
            if form is Form.VOS:
                around[host] = _surroundings(target, node, with_platform=everything)
            lines += [
                Line(host, state, services.get(state.name))
                for state in states
                if _wanted(state, services.get(state.name), patterns, kind, group)
                and not (activated and not state.activated)
                and not (problems and not is_problem(state))
            ]
    printed(lines, form, asked.answered, several=asked.several, around=around)
    for pattern in patterns:
        if asked.answered and not any(_matches(name, pattern) for name in known):
            click.echo(_in_vain(pattern, known), err=True)
    asked.end()


@click.command("status")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--expect", type=click.Choice(EXPECTED), help="End with status 1 unless all services are in this state."
)
@in_one_form(Form.JSON, Form.CSV, Form.VOS)
@speaks_to_nodes
def status(target: Target, names: tuple[str, ...], expect: str | None, form: Form) -> None:
    """Show the states of services by their exact names, of all without a name.

    \b
    Examples:
      ucmsim status 'Cisco Tftp' 'Cisco CallManager'
      ucmsim status 'Cisco Tftp' --expect started --json
    """
    lines: list[Line] = []
    around: dict[str, Surroundings] = {}
    asked = Round(target)
    for host in target.hosts:
        with asked.asking(host) as node:
            states = node.status(*names)
            if form is Form.VOS:
                around[host] = _surroundings(target, node, with_platform=not names)
            lines += chosen(host, states)
    printed(lines, form, asked.answered, several=asked.several, around=around)
    missing = [line for line in lines if not line.state.known]
    for line in missing:
        click.echo(f"{line.node} has no service named {line.state.name!r}; names: ucmsim list", err=True)
    asked.end()
    if missing or (expect and any(line.state.status.value.lower() != expect for line in lines)):
        sys.exit(Exit.NOT_AS_ASKED)


def is_problem(state: ServiceState) -> bool:
    """Whether somebody should look: it does not run, though it is activated."""
    return state.status is not Status.STARTED and state.reason.code != NOT_ACTIVATED


def _surroundings(target: Target, node: ControlCenter, *, with_platform: bool) -> Surroundings:
    """What stands around the services on a node; a real one tells nobody outside what its platform runs."""
    from ucmsim.clients.commands.forms import Surroundings

    platform: list[PlatformService] = []
    if with_platform:
        with suppress(UcmError), target.rest(node.host) as rest:
            platform = rest.platform_services()
    return Surroundings(platform, is_publisher(node))


def is_publisher(node: ControlCenter) -> bool:
    """Whether a node is the publisher: the extended list says so; releases before 10.0 do not have it."""
    try:
        return node.extended_services().primary_node
    except (FaultError, NotServedError):
        return node.product_information().primary_node.partition(".")[0] == node.host.partition(".")[0]


def _wanted(
    state: ServiceState, service: Service | None, patterns: Iterable[str], kind: str | None, group: str | None
) -> bool:
    if patterns and not any(_matches(state.name, pattern) for pattern in patterns):
        return False
    if kind and (service is None or service.deployable is not (kind == "feature")):
        return False
    return not group or (service is not None and _matches(service.group, group))


def _in_vain(pattern: str, names: Iterable[str]) -> str:
    """What is said of a pattern that no name matches: which names are near, if any is."""
    from difflib import get_close_matches

    spelt = {name.lower(): name for name in sorted(names)}
    wanted = pattern.lower().strip("*")
    # Many leave out the vendor's name, which most services begin with.
    near = dict.fromkeys(
        spelt[each]
        for form in (wanted, f"cisco {wanted}")
        for each in get_close_matches(form, spelt, cutoff=0.75)
    )
    return f"nothing matches {pattern!r}" + (f"; near: {', '.join(map(repr, near))}" if near else "")


def _matches(text: str, pattern: str) -> bool:
    return fnmatchcase(text.lower(), pattern.lower())
