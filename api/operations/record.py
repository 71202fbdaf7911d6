"""An operation and its targets as they are kept, and how they stand at a given time.

Pure values; who stores them and what a target's service does is known elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from ucmsim.api.identifiers import Ulid, parse
from ucmsim.api.operations import troubles
from ucmsim.api.operations.troubles import Trouble
from ucmsim.api.origin import Origin
from ucmsim.models.states import Action, Instant, NodeRef, Status
from ucmsim.models.timeline import Instance, Moment

PREFIX = "op"
_MOST_OPERATIONS = 1 << 63  # what a database counts to


class Kind(Enum):
    """What an operation does (REST specification section 4)."""

    SERVICE_START = Action.START
    SERVICE_STOP = Action.STOP
    SERVICE_RESTART = Action.RESTART
    SERVICE_ACTIVATE = Action.ACTIVATE
    SERVICE_DEACTIVATE = Action.DEACTIVATE
    NODE_RESTART = "restart"
    NODE_SHUTDOWN = "shutdown"
    NODE_SWITCH_VERSION = "switch-version"

    @property
    def action(self) -> Action | None:
        """What it asks of services; None for an operation on nodes."""
        return self.value if isinstance(self.value, Action) else None


class Standing(Enum):
    """How an operation or one of its targets stands."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing changes any more."""
        return self not in (Standing.PENDING, Standing.RUNNING)


class End(NamedTuple):
    """How something ends, and when: None while nothing says when. `moment` is the service's state then."""

    at: Instant | None
    standing: Standing
    moment: Moment | None = None
    trouble: Trouble | None = None


class Place(NamedTuple):
    """A service (wire name) on a node; without a service, the node itself."""

    cluster: str
    node: str
    service: str = ""

    @property
    def ref(self) -> NodeRef:
        """The node."""
        return NodeRef(self.cluster, self.node)


@dataclass(frozen=True)
class Target:
    """One service that an operation concerns. `wanted` is where it is to arrive, `found` where it was.

    A `cascade` target was not asked for: it moved because another did. `superseded_by` is the operation that turned it
    away from its goal.
    """

    place: Place
    wanted: Status | None
    found: Status | None
    changed: bool
    end: End
    cascade: bool = False
    superseded_by: str | None = None

    def standing(self, now: Instant) -> Standing:
        """How the target stands at `now`."""
        if self.end.at is None or now < self.end.at:
            return Standing.RUNNING
        return self.end.standing

    def within(self, deadline: Instant | None) -> Target:
        """The target with its end not after the operation's deadline (`timeoutSeconds`)."""
        if deadline is None or (self.end.at is not None and self.end.at <= deadline):
            return self
        return replace(
            self, end=End(deadline, Standing.FAILED, None, Trouble(troubles.Kind.OPERATION_TIMEOUT))
        )

    def followed(self, after: Instance, now: Instant) -> Target:
        """The target on a new timeline that leads on from where the old one was."""
        return replace(self, end=foresee(after, self.wanted, now))

    def superseded(self, now: Instant, by: str) -> Target:
        """The target turned away from its goal by another operation."""
        return replace(self, end=End(now, Standing.CANCELLED), superseded_by=by)


@dataclass(frozen=True)
class Operation:
    """A command that was accepted: who asked for what and when, its targets, and when it is over at the latest."""

    number: int
    kind: Kind
    at: Instant
    origin: Origin
    targets: tuple[Target, ...] = ()
    reason: str | None = None
    deadline: Instant | None = None

    @property
    def id(self) -> str:
        """The identifier."""
        return Ulid(self.at, self.number).text(PREFIX)

    @property
    def asked(self) -> Iterator[Target]:
        """The targets that were asked for."""
        return (target for target in self.targets if not target.cascade)

    @property
    def end(self) -> End:
        """How the whole ends, and when: FAILED if any target that was asked for fails."""
        ends = [target.end for target in self.targets]
        times = [end.at for end in ends if end.at is not None]
        at = max(times, default=self.at) if len(times) == len(ends) else None
        found = {target.end.standing for target in self.asked}
        for standing in (Standing.FAILED, Standing.CANCELLED):
            if standing in found:
                return End(at, standing)
        return End(at, Standing.SUCCEEDED)

    def does(self, kind: Kind, place: Place) -> bool:
        """Whether this is what the operation was asked to do."""
        return self.kind is kind and any(target.place == place for target in self.asked)

    def standing(self, now: Instant) -> Standing:
        """How the operation stands at `now`."""
        end = self.end
        return end.standing if end.at is not None and end.at <= now else Standing.RUNNING

    def percent(self, now: Instant) -> int:
        """How much of the time until the end has passed; 0 for a target whose end is open."""
        if not self.targets:
            return 100
        return round(sum(self._share(target, now) for target in self.targets) / len(self.targets))

    def cancellable(self, now: Instant) -> bool:
        """Whether it can be given up: it runs, and something holds a target back for who knows how long."""
        return self.standing(now) is Standing.RUNNING and any(
            target.end.at is None for target in self.targets
        )

    def cancelled(self, now: Instant) -> Operation:
        """The operation given up: what has not ended is CANCELLED; the services carry on."""
        given_up = End(now, Standing.CANCELLED)
        targets = (
            target if target.standing(now).over else replace(target, end=given_up) for target in self.targets
        )
        return replace(self, targets=tuple(targets))

    def _share(self, target: Target, now: Instant) -> int:
        if target.end.at is None:
            return 0
        length = target.end.at - self.at
        return 100 if now >= target.end.at else 100 * (now - self.at) // length


def by_place(operations: Iterable[Operation], now: Instant) -> dict[Place, Operation]:
    """Return the operation that runs on each place; the last one where several do."""
    return {
        target.place: operation
        for operation in operations
        for target in operation.targets
        if not target.standing(now).over
    }


def number_of(identifier: str) -> int | None:
    """The number in an operation's id, None if it is no such id."""
    ulid = parse(PREFIX, identifier)
    return ulid.number if ulid and ulid.number < _MOST_OPERATIONS else None


def foresee(instance: Instance, wanted: Status | None, now: Instant) -> End:
    """Say how and when a service's timeline leads to where it is wanted, as far as one can tell at `now`."""
    for moment in (instance.at(now), *instance.ahead(now)):
        if moment.status is wanted:
            return End(max(moment.at, now), Standing.SUCCEEDED, moment)
    last = instance.moments[-1]
    if last.status in (Status.STARTING, Status.STOPPING):
        return End(None, Standing.SUCCEEDED)
    return End(max(last.at, now), Standing.FAILED, last, Trouble(troubles.Kind.SERVICE_FAILED))


def goal(instance: Instance) -> Status:
    """Where a service that nobody asked for is on its way to."""
    last = instance.moments[-1].status
    return {Status.STARTING: Status.STARTED, Status.STOPPING: Status.STOPPED}.get(last, last)
