"""Disturbances: what fault rules do to services themselves – a start that fails, a transition that sticks, a crash.

The effects that act in the core, as values; requests and answers are none of its business.
"""

from __future__ import annotations

from dataclasses import dataclass

from ucmsim.models.faults import Effect
from ucmsim.models.reasons import Reason
from ucmsim.models.states import Status


@dataclass(frozen=True)
class StuckTransition(Effect):
    """The service stays Starting or Stopping until the rule is gone; None: whichever comes."""

    status: Status | None = None


@dataclass(frozen=True)
class FailsToStart(Effect):
    """The service stops when its start should be over (`U-29`)."""


@dataclass(frozen=True)
class CrashesAfter(Effect):
    """The service stops by itself so many milliseconds after it has come up."""

    milliseconds: int


@dataclass(frozen=True)
class Refusal(Effect):
    """A command is refused with this reason and nothing is done; `service` narrows it to one of several."""

    reason: Reason
    service: str | None = None


Transition = StuckTransition | FailsToStart | CrashesAfter


@dataclass(frozen=True)
class Disturbance:
    """What happens to a transition that a service has begun, and by which rule.

    `then` is the reason that a stop held back will end with; None: the service is to start again after it.
    """

    rule: str
    effect: Transition
    then: Reason | None = None

    def holds(self, status: Status) -> bool:
        """Whether the service stays in `status`, Starting or Stopping."""
        return isinstance(self.effect, StuckTransition) and self.effect.status in (None, status)


def concerns(effect: Effect, status: Status) -> bool:
    """Whether the effect disturbs transitions that begin with `status`."""
    match effect:
        case StuckTransition():
            return effect.status in (None, status)
        case FailsToStart() | CrashesAfter():
            return status is Status.STARTING
    return False
