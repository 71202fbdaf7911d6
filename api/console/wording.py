"""The console's sentences: what a refusal means to the person who met it, what a command would do to others.

Only words; which rule applies is decided in the core.
"""

from __future__ import annotations

from collections.abc import Mapping

from ucmsim.api.console.rehearsal import Refusal
from ucmsim.models.catalogue import SERVICES, Service
from ucmsim.models.cluster import Change
from ucmsim.models.rules import RULES
from ucmsim.models.states import Action, Product, Status

REFUSALS: Mapping[str, str] = {
    "G-CTL-1": "A feature service has to be activated before it can be started, stopped or restarted. "
    "Activate it in Service Activation.",
    "G-CTL-7": "This service can be neither started nor stopped by hand.",
    "G-ACT-15": "This service belongs on the first node only.",
    "U-14": "The system needs this service: it cannot be stopped or restarted here. "
    "The command line of the node can restart it.",
    "U-16": "A service that this one depends on is down. Start that one first.",
    "U-23": "A service that this one depends on cannot be activated, or is down.",
    "section 13.1": "A service that is starting cannot be restarted until it is up.",
}
"""What is said to the person who met a refusal, where the rule's own line says too little or the guide has no rule."""

DOING: Mapping[Action, str] = {
    Action.START: "Start",
    Action.STOP: "Stop",
    Action.RESTART: "Restart",
    Action.ACTIVATE: "Activate",
    Action.DEACTIVATE: "Deactivate",
}
"""The label of an action."""


def sentence(refusal: Refusal) -> str:
    """Say why an action is refused; without a rule, by the reason that every face gives."""
    return REFUSALS.get(refusal.rule) or RULES.get(refusal.rule) or f"{refusal.reason.text}."


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


def recommendations(service: Service) -> tuple[str, ...]:
    """Return what the guide says of a service's place and its needs (its tables 1 and 2), each for its product."""
    table = ("G-IMP-",) if service.product is Product.IMP else ("G-DEP-", "G-ACT-9", "G-ACT-11")
    about = (rule for rule in service.rules if rule.startswith(table) and not _about_another(service, rule))
    return tuple(RULES[rule] for rule in about)


def _about_another(service: Service, rule: str) -> bool:
    """Whether a rule concerns the service only as what another one needs."""
    if any(need.rule == rule for need in service.needs):
        return False
    others = SERVICES[service.product]
    return any(need.service == service.name and need.rule == rule for other in others for need in other.needs)
