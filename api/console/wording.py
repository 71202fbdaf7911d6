"""The console's sentences: what a refusal means to the person who met it, and what to do about it.

Only words; which rule applies is decided in the core.
"""

from __future__ import annotations

from collections.abc import Mapping

from ucmsim.api.console.rehearsal import Refusal
from ucmsim.models.catalogue import Service
from ucmsim.models.cluster import Change
from ucmsim.models.states import Action, Status

REFUSALS: Mapping[str, str] = {
    "G-CTL-1": "A feature service has to be activated before it can be started, stopped or restarted. "
    "Activate it in Service Activation.",
    "G-CTL-3": "A service that is stopping cannot be started until it has stopped.",
    "G-CTL-7": "This service can be neither started nor stopped by hand.",
    "G-CTL-15": "Only administrators with the serviceability role may control services.",
    "G-ACT-2": "A network service is installed running; it cannot be activated or deactivated.",
    "G-ACT-15": "This service belongs on the first node only.",
    "U-14": "The system needs this service: it cannot be stopped or restarted here. "
    "The command line of the node can restart it.",
    "U-16": "A service that this one depends on is down. Start that one first.",
    "U-23": "A service that this one depends on cannot be activated, or is down.",
    "section 13.1": "A service that is starting cannot be restarted until it is up.",
}
"""What is said for a rule. Rules that no page can break have no sentence."""

CONSEQUENCES: Mapping[str, str] = {
    "G-CTL-10": "Devices that this service controls fail over to their secondary. Calls between IP phones and calls through "
    "MGCP gateways stay up, other calls drop.",
    "G-CTL-11": "The pages of this application cannot be reached on this node while the service is down.",
    "G-CTL-12": "Every web page and web service of this node is away while Cisco Tomcat is.",
    "G-CTL-13": "This API does not answer on this node while its service is down.",
    "G-CTL-14": "Traces cannot be collected without both Trace Collection services. Restart Cisco Trace Collection Service "
    "first, and give it time before the Servlet.",
    "G-CTL-17": "Monitoring data is lost while an SNMP service is down. Stop it only when support says so.",
    "G-CTL-19": "Certificates that are regenerated while this service is down do not reach the other nodes.",
}
"""What stopping a service brings with it, by the rule among those of the service that says so."""

ADVICE: Mapping[str, str] = {}
"""What the guide advises on a service, by the rule among those of the service that says so."""

DOING: Mapping[Action, str] = {
    Action.START: "Start",
    Action.STOP: "Stop",
    Action.RESTART: "Restart",
    Action.ACTIVATE: "Activate",
    Action.DEACTIVATE: "Deactivate",
}
"""The label of an action."""


def sentence(refusal: Refusal) -> str:
    """Say why an action is refused; a rule without a sentence gives the reason that every face gives."""
    return REFUSALS.get(refusal.rule) or f"{refusal.reason.text}."


def becomes(change: Change) -> str:
    """Say what a command would make of a service that it does not name."""
    if change.after.activated and not change.before.activated:
        return "will be activated and started first"
    states = [moment.status for moment in change.after.moments[1:]] or [change.after.moments[0].status]
    if Status.STARTED in states:
        return "will be restarted" if Status.STOPPING in _statuses(change) else "will be started"
    return "will be stopped" if Status.STOPPED in states else "will wait"


def _statuses(change: Change) -> list[Status]:
    return [moment.status for moment in change.after.moments]


def advice(service: Service) -> tuple[str, ...]:
    """Return what the guide advises on activating a service (its tables 1 and 2)."""
    return tuple(ADVICE[rule] for rule in service.rules if rule in ADVICE)
