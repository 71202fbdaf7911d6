"""A service instance as its timeline: the moments it has passed and those still to come.

Nothing here advances: what a client sees is a look-up by time. It knows no rule and no other service.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from ucmsim.models.reasons import COMMANDED_OUT_OF_SERVICE, NOT_ACTIVATED, NOT_RUNNING, SUCCESS, Reason
from ucmsim.models.states import Instant, Status


class Moment(NamedTuple):
    """From `at` on the service has this status, for this reason.

    `started` is when the process that still runs came up: set while Started and while Stopping (`U-43`).
    """

    at: Instant
    status: Status
    reason: Reason
    started: Instant | None = None

    def later(self, span: Instant) -> Moment:
        """Return the same moment so much later."""
        started = None if self.started is None else self.started + span
        return Moment(self.at + span, self.status, self.reason, started)


@dataclass(frozen=True, slots=True)
class Instance:
    """A service on a node: whether it is activated, and its moments in the order of time.

    The first moment has passed when the instance is made; the others may lie ahead. `recorded` is what the
    node's database says of the activation; the two differ after a deployment without database update (`U-28`).
    """

    activated: bool
    recorded: bool
    moments: tuple[Moment, ...]

    def at(self, now: Instant) -> Moment:
        """Return the last moment that is not after `now`."""
        for moment in reversed(self.moments):
            if moment.at <= now:
                return moment
        return self.moments[0]

    def ahead(self, now: Instant) -> tuple[Moment, ...]:
        """Return the moments after `now`."""
        return tuple(moment for moment in self.moments if moment.at > now)

    def up_from(self, now: Instant) -> Instant | None:
        """Return when the service runs, seen from `now`: `now` if it does, else a moment to come, else None."""
        if self.at(now).status is Status.STARTED:
            return now
        return next((moment.at for moment in self.ahead(now) if moment.status is Status.STARTED), None)

    def followed_by(self, now: Instant, *moments: Moment) -> Instance:
        """Keep what was true until now and replace everything after it."""
        if moments and moments[0].at <= now:
            return replace(self, moments=moments)
        return replace(self, moments=(self.at(now), *moments))


def starting(at: Instant) -> Moment:
    """The service begins to start."""
    return Moment(at, Status.STARTING, SUCCESS)


def started(at: Instant) -> Moment:
    """The service is up."""
    return Moment(at, Status.STARTED, SUCCESS, at)


def stopping(at: Instant, started_at: Instant | None) -> Moment:
    """The service begins to stop; it keeps its start time while it does (`U-43`)."""
    return Moment(at, Status.STOPPING, SUCCESS, started_at)


def commanded(at: Instant) -> Moment:
    """The service was stopped by an administrator."""
    return Moment(at, Status.STOPPED, COMMANDED_OUT_OF_SERVICE)


def inactive(at: Instant) -> Moment:
    """The service is not activated."""
    return Moment(at, Status.STOPPED, NOT_ACTIVATED)


def failed(at: Instant) -> Moment:
    """The service does not run although it should (`U-29`)."""
    return Moment(at, Status.STOPPED, NOT_RUNNING)
