"""Troubles: why a target fails or is refused, in the words that REST uses as problem types.

The words only; what a face says about them is its own business.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from ucmsim.models import reasons
from ucmsim.models.reasons import Reason
from ucmsim.models.states import Action
from ucmsim.models.transitions import Verdict


class Kind(Enum):
    """What can go wrong with one target; the values name problem types (REST specification section 6)."""

    SERVICE_NOT_FOUND = "service-not-found"
    SERVICE_NOT_ACTIVATED = "service-not-activated"
    SERVICE_NOT_DEPLOYABLE = "service-not-deployable"
    SERVICE_NOT_CONTROLLABLE = "service-not-controllable"
    SERVICE_NOT_ON_THIS_NODE = "service-not-on-this-node"
    DEPENDENCY_NOT_ACTIVE = "dependency-not-active"
    ALREADY_IN_STATE = "already-in-state"
    OPERATION_IN_PROGRESS = "operation-in-progress"
    NODE_UNREACHABLE = "node-unreachable"
    NO_INACTIVE_VERSION = "no-inactive-version"
    OPERATION_TIMEOUT = "operation-timeout"
    SERVICE_FAILED = "service-failed"
    VALIDATION_ERROR = "validation-error"


class Trouble(NamedTuple):
    """What went wrong: its kind, the guide's rule behind it, what the wire says, and the operation that is in the way."""

    kind: Kind
    rule: str | None = None
    reason: Reason | None = None
    operation: str | None = None


_BY_CAUSE = {
    reasons.NO_SUCH_SERVICE: Kind.SERVICE_NOT_FOUND,
    reasons.NOT_ACTIVATED: Kind.SERVICE_NOT_ACTIVATED,
    reasons.DEPENDENCY_NOT_ACTIVE: Kind.DEPENDENCY_NOT_ACTIVE,
    reasons.TRANSITION_NOT_ALLOWED: Kind.OPERATION_IN_PROGRESS,
    reasons.BAD_ARGUMENTS: Kind.VALIDATION_ERROR,
    reasons.SHUTDOWN_IN_PROGRESS: Kind.NODE_UNREACHABLE,
}


def trouble(verdict: Verdict, action: Action) -> Trouble:
    """Name the reason for which a verdict refuses `action`."""
    return Trouble(_kind(verdict, action), verdict.rule, verdict.cause)


def _kind(verdict: Verdict, action: Action) -> Kind:
    if verdict.cause in _BY_CAUSE:
        return _BY_CAUSE[verdict.cause]
    if verdict.rule == "G-ACT-15":
        return Kind.SERVICE_NOT_ON_THIS_NODE
    if verdict.rule == "G-ACT-2" and action in (Action.ACTIVATE, Action.DEACTIVATE):
        return Kind.SERVICE_NOT_DEPLOYABLE
    return Kind.SERVICE_NOT_CONTROLLABLE
