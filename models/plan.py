"""The working copy of one node while a command is carried out: timelines are replaced one service at a time.

It knows how services start, stop and wait for each other; what a command may ask is judged elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ucmsim.models import gates
from ucmsim.models.cluster import Node
from ucmsim.models.containers import carried, container, requirements
from ucmsim.models.disturbances import CrashesAfter, Disturbance, FailsToStart, StuckTransition
from ucmsim.models.gates import Fate
from ucmsim.models.interference import Interference
from ucmsim.models.pace import Pace
from ucmsim.models.reasons import COMMANDED_OUT_OF_SERVICE, NOT_ACTIVATED, NOT_RUNNING, Reason
from ucmsim.models.states import SECOND, Instant, Status
from ucmsim.models.timeline import Instance, Moment, commanded, failed, inactive, started, starting, stopping

_GIVES_UP_AFTER = 8 * SECOND
"""How long a service that stops again stays up (G-IMP-4); no source gives the time."""

_UP = (Status.STARTED, Status.STARTING)

Last = Callable[[Instant], Moment]


class Plan:
    """Replaces timelines of one node from `now` on; `interference` disturbs the transitions that it begins."""

    def __init__(
        self, node: Node, now: Instant, pace: Pace, interference: Interference | None = None
    ) -> None:
        self._was = node
        self._now = now
        self._pace = pace
        self._instances = dict(node.instances)
        self._entries = dict(node.server_entries)
        self._disturbances = dict(node.disturbances)
        self._interference = interference or Interference()

    @property
    def node(self) -> Node:
        """The node with everything planned so far."""
        return replace(
            self._was,
            instances=self._instances,
            server_entries=self._entries,
            disturbances=self._disturbances,
        )

    def moment(self, name: str) -> Moment:
        """Return the state of a service at the time of the command."""
        return self._instances[name].at(self._now)

    def runs(self, name: str) -> bool:
        """Whether the service is up or on its way."""
        return self.moment(name).status in _UP

    def is_up(self, name: str) -> bool:
        """Whether the service is up at the time of the command."""
        return self.moment(name).status is Status.STARTED

    def awaited(self, name: str) -> bool:
        """Whether the service is up or will be without anybody's help, as far as one can tell.

        That includes a restart under way, also one that is held back after its stop.
        """
        return any(moment.status in _UP for moment in self._coming(name))

    def start(self, name: str) -> None:
        """Start a service, and with it what went down because it did (G-CTL-12)."""
        self._begin(name, Status.STARTING)
        self._put(name, (starting(self._now), *self._arrival(name, self._now)))
        for other in carried(self._was, name):
            if self.moment(other).reason == NOT_RUNNING and self._instances[other].activated:
                self.start(other)

    def stop(self, name: str, last: Last = commanded) -> None:
        """Stop a service, and with it what it carries (G-CTL-8, G-CTL-12)."""
        for other in carried(self._was, name):
            if self.awaited(other):
                self.stop(other, failed if container(self._was, other) == name else commanded)
        head, down = self._way_down(name, last(self._now).reason)
        self._put(name, head if down is None else (*head, last(down)))

    def restart(self, name: str) -> None:
        """Stop a service and start it again, and with it what it carries, as far as that runs."""
        along = [other for other in carried(self._was, name) if self.runs(other)]
        for other in (name, *along):
            self._down_and_up(other)

    def activate(self, name: str) -> None:
        """Mark a service as activated and start it unless it is on its way (G-ACT-3)."""
        self._instances[name] = replace(self._instances[name], activated=True)
        if not self.awaited(name):
            self.start(name)

    def deactivate(self, name: str) -> None:
        """Stop a service and mark it as not activated (G-ACT-4)."""
        self.stop(name, inactive)
        self._instances[name] = replace(self._instances[name], activated=False)

    def record(self, name: str, *, activated: bool) -> None:
        """Note in the node's database whether a service is activated: that holds at its next restart (`U-28`)."""
        self._instances[name] = replace(self._instances[name], recorded=activated)

    def enter(self, name: str, entry: str | None) -> None:
        """Set or remove the server entry that a service keeps in the database (G-ACT-12)."""
        if entry is None:
            self._entries.pop(name, None)
        else:
            self._entries[name] = entry

    def hasten(self, name: str) -> None:
        """Plan anew the arrival of a service that is starting: what held it back has changed (G-IMP-7)."""
        moment = self.moment(name)
        if moment.status is Status.STARTING:
            self._put(name, (moment, *self._arrival(name, moment.at)))

    def begin_at(self, name: str, begin: Instant) -> None:
        """Let a service start at a time to come."""
        self._begin(name, Status.STARTING)
        self._put(name, (starting(begin), *self._arrival(name, begin)))

    def reconsider(self, name: str) -> None:
        """Forget when a start, begun or to come, was to end: `settle` plans that anew under what has changed (G-IMP-7)."""
        coming = self._coming(name)
        begun = [index for index, moment in enumerate(coming) if moment.status is Status.STARTING]
        if begun:
            self._put(name, coming[: begun[-1] + 1])

    def become(self, name: str, moment: Moment, before: Moment | None = None) -> None:
        """Put a service into a state at once, whatever the rules are; it stays there. `before` is remembered with it."""
        self._disturbances.pop(name, None)
        if moment.status in (Status.STARTING, Status.STOPPING):
            held = StuckTransition(moment.status)
            self._disturbances[name] = Disturbance("", held, then=COMMANDED_OUT_OF_SERVICE)
        active = moment.reason != NOT_ACTIVATED
        self._instances[name] = Instance(active, active, (moment,) if before is None else (before, moment))

    def release(self, name: str) -> None:
        """Let a service that a fault rule held in a transition go on."""
        disturbance = self._disturbances.pop(name)
        moment = self.moment(name)
        if not disturbance.holds(moment.status) or self._instances[name].ahead(self._now):
            return
        if moment.status is Status.STARTING:
            self.hasten(name)
        elif disturbance.then is None:
            self._down_and_up(name)
        else:
            down = self._now + self._pace.stop(self._was.services[name])
            self._put(name, (moment, Moment(down, Status.STOPPED, disturbance.then)))

    def settle(self) -> None:
        """Let everything that is starting wait for what it requires, and go on when that comes up (`U-16`)."""
        again = True
        while again:
            again = False
            for name in self._was.services:  # each has its turn before any has another
                again = self._wait(name) or again

    def _wait(self, name: str) -> bool:
        """Plan a start anew if it would end before what it requires is up; return whether that was so."""
        coming = self._coming(name)
        index = next((i for i, moment in enumerate(coming) if moment.status is Status.STARTING), None)
        if index is None:
            return False
        head, tail = coming[: index + 1], coming[index + 1 :]
        ready = self._ready(name, head[-1].at)
        if ready is None:
            in_order = not tail
        else:
            in_order = bool(tail) and tail[0].at >= ready
        if not in_order:
            self._put(name, (*head, *self._arrival(name, head[-1].at)))
        return not in_order

    def _down_and_up(self, name: str) -> None:
        """Stop one service and start it again."""
        head, down = self._way_down(name, None)
        if down is None:
            self._put(name, head)
            return
        self._begin(name, Status.STARTING)
        self._put(name, (*head, starting(down), *self._arrival(name, down)))

    def _way_down(self, name: str, then: Reason | None) -> tuple[tuple[Moment, ...], Instant | None]:
        """Return the moments until a service is down, and when it is: None while a fault rule holds it.

        `then` is what it is to be down for, None if it is to start again.
        """
        moment = self.moment(name)
        if moment.status is Status.STOPPED:
            return (), self._now
        ahead = self._instances[name].ahead(self._now)
        head = moment
        if moment.status is not Status.STOPPING:
            self._begin(name, Status.STOPPING)
            head = stopping(self._now, moment.started)
        elif ahead:
            return (moment,), ahead[0].at
        if self._held(name, Status.STOPPING):
            self._disturbances[name] = replace(self._disturbances[name], then=then)
            return (head,), None
        return (head,), self._now + self._pace.stop(self._was.services[name])

    def _begin(self, name: str, status: Status) -> None:
        """Ask what disturbs the transition that a service begins; what disturbed the one before is forgotten."""
        disturbance = self._interference.begins(name, status)
        if disturbance is None:
            self._disturbances.pop(name, None)
        else:
            self._disturbances[name] = disturbance

    def _held(self, name: str, status: Status) -> bool:
        return name in self._disturbances and self._disturbances[name].holds(status)

    def _arrival(self, name: str, begin: Instant) -> tuple[Moment, ...]:
        """Return what follows a start begun at `begin`: nothing while it is held back."""
        ready = self._ready(name, begin)
        if ready is None:
            return ()
        service = self._was.services[name]
        end = ready + self._pace.start(service)
        disturbance = self._disturbances.get(name)
        match disturbance and disturbance.effect:
            case FailsToStart():
                return (failed(end),)
            case CrashesAfter(milliseconds):
                return (started(end), failed(end + milliseconds))
        match gates.fate(self._was, service)[0]:
            case Fate.FAILS:
                return (failed(end),)
            case Fate.STOPS_AGAIN:
                return (started(end), failed(end + _GIVES_UP_AFTER))
            case Fate.COMES_UP:
                return (started(end),)

    def _ready(self, name: str, begin: Instant) -> Instant | None:
        """Return when everything that a start waits for is there, or None while that is open."""
        opens = gates.opens(self._was, self._was.services[name], begin)
        if opens is None or self._held(name, Status.STARTING):
            return None
        ready = max(opens, self._now)
        for other in requirements(self._was, name):
            up = self._instances[other].up_from(self._now)
            if up is None:
                return None
            ready = max(ready, up)
        return ready

    def _coming(self, name: str) -> tuple[Moment, ...]:
        """Return the present moment of a service and those ahead."""
        instance = self._instances[name]
        return instance.at(self._now), *instance.ahead(self._now)

    def _put(self, name: str, moments: tuple[Moment, ...]) -> None:
        self._instances[name] = self._instances[name].followed_by(self._now, *moments)
