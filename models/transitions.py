"""The table of transitions: what each verb does to a service in each state (specification section 13.1).

A literal table and the guards that go before it; it judges one service at a time and changes nothing.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from ucmsim.models.catalogue import Service
from ucmsim.models.cluster import Node
from ucmsim.models.reasons import (
    ALREADY_STARTED,
    ALREADY_STOPPED,
    BAD_ARGUMENTS,
    NO_SUCH_SERVICE,
    NOT_ACTIVATED,
    NOT_SUPPORTED,
    PENDING,
    SHUTDOWN_IN_PROGRESS,
    SUCCESS,
    TRANSITION_NOT_ALLOWED,
    Reason,
)
from ucmsim.models.states import Action, Kind, Restrict, Status, Via
from ucmsim.models.timeline import Moment


class State(Enum):
    """The rows of the table."""

    INACTIVE = "not activated"
    STOPPED = "stopped"
    STARTING = "starting"
    STARTED = "started"
    STOPPING = "stopping"


class Effect(Enum):
    """What a verb comes down to."""

    NONE = "none"
    START = "start"
    STOP = "stop"
    RESTART = "restart"
    ACTIVATE = "activate"
    DEACTIVATE = "deactivate"


class Verdict(NamedTuple):
    """What becomes of one service of a command.

    `item` is the reason its item carries in the answer instead of its state's own (None: the state's own);
    `cause` is what the call as a whole is told when the service was refused; `rule` is the rule behind it.
    """

    effect: Effect
    item: Reason | None = None
    cause: Reason = SUCCESS
    rule: str | None = None

    @property
    def refused(self) -> bool:
        """Whether nothing was done because a rule forbids it."""
        return self.cause != SUCCESS


def _do(effect: Effect) -> Verdict:
    return Verdict(effect)


def _note(reason: Reason) -> Verdict:
    return Verdict(Effect.NONE, item=reason)


def refuse(reason: Reason, rule: str, item: Reason | None = None) -> Verdict:
    """Refuse with `reason` for the call; the item carries it too unless `item` says otherwise."""
    return Verdict(Effect.NONE, item=item or reason, cause=reason, rule=rule)


_NOT_ACTIVATED = refuse(NOT_ACTIVATED, "G-CTL-1")
_STOPPING = refuse(TRANSITION_NOT_ALLOWED, "G-CTL-3")
_STARTING = refuse(TRANSITION_NOT_ALLOWED, "section 13.1")

TABLE: dict[State, dict[Action, Verdict]] = {
    State.INACTIVE: {
        Action.START: _NOT_ACTIVATED,
        Action.STOP: _NOT_ACTIVATED,
        Action.RESTART: _NOT_ACTIVATED,
        Action.ACTIVATE: _do(Effect.ACTIVATE),
        Action.DEACTIVATE: _do(Effect.NONE),
    },
    State.STOPPED: {
        Action.START: _do(Effect.START),
        Action.STOP: _note(ALREADY_STOPPED),
        Action.RESTART: _do(Effect.START),
        Action.ACTIVATE: _do(Effect.ACTIVATE),
        Action.DEACTIVATE: _do(Effect.DEACTIVATE),
    },
    State.STARTING: {
        Action.START: _note(PENDING),
        Action.STOP: _do(Effect.STOP),
        Action.RESTART: _STARTING,
        Action.ACTIVATE: _do(Effect.NONE),
        Action.DEACTIVATE: _do(Effect.DEACTIVATE),
    },
    State.STARTED: {
        Action.START: _note(ALREADY_STARTED),
        Action.STOP: _do(Effect.STOP),
        Action.RESTART: _do(Effect.RESTART),
        Action.ACTIVATE: _do(Effect.NONE),
        Action.DEACTIVATE: _do(Effect.DEACTIVATE),
    },
    State.STOPPING: {
        Action.START: _STOPPING,
        Action.STOP: _note(PENDING),
        Action.RESTART: _STOPPING,
        Action.ACTIVATE: _STOPPING,
        Action.DEACTIVATE: _do(Effect.DEACTIVATE),
    },
}
"""The five ordinary rows of section 13.1; the exceptional ones are the guards below.

What is not activated cannot be controlled (G-CTL-1), what is stopping not be started (G-CTL-3); activating starts
(G-ACT-3), deactivating stops (G-ACT-4).
"""


def state(moment: Moment) -> State:
    """Return the table's row for a moment of a timeline."""
    match moment.status:
        case Status.STARTED | Status.UNKNOWN:
            return State.STARTED
        case Status.STARTING:
            return State.STARTING
        case Status.STOPPING:
            return State.STOPPING
        case Status.STOPPED:
            return State.INACTIVE if moment.reason == NOT_ACTIVATED else State.STOPPED


def judge(
    node: Node, name: str, action: Action, now: int, via: Via = Via.API, product_id: str | None = None
) -> Verdict:
    """Say what `action` means for one service of `node` at `now`, before its dependencies are looked at.

    The table's row for its state, unless a guard goes before it: a name that the node does not offer (G-ACT-14), what
    nobody controls by hand (G-CTL-7), a network service to be activated (G-ACT-2), a first-node-only service elsewhere
    (G-ACT-15), a node that is off (G-CTL-16).
    """
    service = node.services.get(name)
    if service is None:
        return refuse(NO_SUCH_SERVICE, "U-2")
    if product_id and product_id != service.product_id:
        return refuse(BAD_ARGUMENTS, "U-20")
    if node.outage is not None and node.outage.covers(now):
        return refuse(SHUTDOWN_IN_PROGRESS, "G-CTL-16")
    if via is Via.CLI and node.conditions.upgrade:
        return refuse(TRANSITION_NOT_ALLOWED, "section 10")
    moment = node.instances[name].at(now)
    return _guard(node, service, action, moment, via) or TABLE[state(moment)][action]


def _guard(node: Node, service: Service, action: Action, moment: Moment, via: Via) -> Verdict | None:
    deployment = action in (Action.ACTIVATE, Action.DEACTIVATE)
    by_hand = service.manual_control or (via is Via.CLI and service.cli_control)
    if not by_hand:
        # The DoNotStop row goes first: starting what runs is answered as for any other service.
        if (
            service.restrict is Restrict.DO_NOT_STOP
            and action is Action.START
            and moment.status is Status.STARTED
        ):
            return _note(ALREADY_STARTED)
        rule = "U-14" if service.restrict is Restrict.DO_NOT_STOP else "G-CTL-7"
        return refuse(NOT_SUPPORTED, rule)
    if service.kind is Kind.NETWORK and deployment:
        return refuse(NOT_SUPPORTED, "G-ACT-2")
    if node.barred(service):
        if service.kind is Kind.FEATURE and action is Action.ACTIVATE:
            return refuse(NOT_SUPPORTED, "G-ACT-15", item=moment.reason)
        if action in (Action.START, Action.RESTART) and moment.reason != NOT_ACTIVATED:
            return refuse(NOT_SUPPORTED, "G-ACT-15")
    return None
