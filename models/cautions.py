"""What a person is told before a command is carried out: consequences, never refusals.

Texts for operators' interfaces; a program that calls an API is told nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.commands import Command
from ucmsim.models.containers import TOMCAT, XCP_ROUTER, carried, requirements
from ucmsim.models.facilities import BEHIND, Facility
from ucmsim.models.states import Action, Instant, Status

SNMP_SERVICES = (
    "SNMP Master Agent",
    "MIB2 Agent",
    "Host Resources Agent",
    "System Application Agent",
    "Cisco CDP Agent",
    "Cisco Syslog Agent",
    "Native Agent Adaptor",
    "Cisco CallManager SNMP Service",
    "Connection SNMP Agent",
)

_LOST = {
    Facility.ADMINISTRATION: "The administration pages of this node cannot be reached while it is stopped.",
    Facility.SERVICEABILITY: "The serviceability pages of this node cannot be reached while it is stopped.",
    Facility.TRACES: "Traces of this node can be neither collected nor viewed while it is stopped.",
    Facility.CALL_RECORDS: "Real-time tools cannot collect call records while it is stopped.",
    Facility.CERTIFICATES: "Certificates that are regenerated meanwhile have to be uploaded to the other nodes by hand.",
}


class Caution(NamedTuple):
    """One sentence about one service of a command, and the rule behind it."""

    rule: str
    service: str
    text: str


def cautions(cluster: Cluster, command: Command, now: Instant) -> tuple[Caution, ...]:
    """Return what a person should know before `command` is carried out at `now`, in the order of its names.

    That a restart takes a while (G-CTL-6); what goes down with a service or is lost without it (G-CTL-8 to G-CTL-14,
    G-CTL-19, G-CTL-21); that one had better not be stopped (G-CTL-20).
    """
    node = cluster.nodes[command.node.node]
    known = [name for name in dict.fromkeys(command.names) if name in node.services]
    match command.action:
        case Action.RESTART:
            found = (caution for name in known for caution in _restarting(name))
            return (*found, *(caution for name in known for caution in _stopping(node, name, now)))
        case Action.STOP | Action.DEACTIVATE:
            return tuple(caution for name in known for caution in _stopping(node, name, now))
        case _:
            return ()


def _restarting(name: str) -> Iterator[Caution]:
    yield Caution("G-CTL-6", name, "A restart can take a while.")


def _stopping(node: Node, name: str, now: Instant) -> Iterator[Caution]:
    if node.instances[name].at(now).status is not Status.STARTED:
        return
    if name == "Cisco CallManager":
        yield Caution(
            "G-CTL-10",
            name,
            "Call processing stops for the devices that it controls: they fail over to their secondary server. Calls "
            "between IP phones and through MGCP gateways go on, others drop.",
        )
    if name in SNMP_SERVICES:
        yield Caution(
            "G-CTL-20", name, "Monitoring data is lost. Do not stop it unless support tells you to."
        )
    if name == "Cisco Tomcat Stats Servlet":
        yield Caution("G-CTL-20", name, "Do not stop it unless it takes too much of the machine.")
    for facility, text in _LOST.items():
        if name in BEHIND[facility].services:
            yield Caution(BEHIND[facility].rule, name, text)
    if name == TOMCAT:
        yield Caution("G-CTL-12", name, "Every page and web service of this node is away meanwhile.")
    elif name.startswith("SOAP -") or name == "Cisco SOAP - CDRonDemand Service":
        yield Caution("G-CTL-13", name, "Its web services do not answer on this node meanwhile.")
    yield from _along(node, name, now)


def _along(node: Node, name: str, now: Instant) -> Iterator[Caution]:
    """Say what goes down with a service, and what goes on without something that it depends on."""
    with_it = carried(node, name)
    running = [
        other
        for other in node.services
        if name in requirements(node, other) and node.instances[other].at(now).status is Status.STARTED
    ]
    if going := [other for other in running if other in with_it]:
        rule = "G-CTL-8" if name == XCP_ROUTER else "G-CTL-9"
        yield Caution(rule, name, f"Goes down with it: {', '.join(going)}.")
    if staying := [other for other in running if other not in with_it]:
        yield Caution("G-CTL-9", name, f"Depends on it and goes on running: {', '.join(staying)}.")
