"""Scenarios: steps that happen one after the other, each at its time, upon an event or upon a request.

They say when a step is due; what it does is a value that others carry out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from ucmsim.models.faults import Match, Subject, like
from ucmsim.models.states import Instant


@dataclass(frozen=True)
class After:
    """So many milliseconds after the step before was done, or after the scenario was started."""

    milliseconds: int


@dataclass(frozen=True)
class OnEvent:
    """When an event is recorded that has these values; `*` in a value stands for any characters."""

    values: Mapping[str, str]

    def fits(self, event: Mapping[str, object]) -> bool:
        """Whether an event has the values."""
        return all(key in event and like(wanted, str(event[key])) for key, wanted in self.values.items())


@dataclass(frozen=True)
class OnRequest:
    """When a request comes in that fits."""

    match: Match


When = After | OnEvent | OnRequest


@dataclass(frozen=True)
class Step:
    """When to do what. `do` holds actions in a form that this module does not know."""

    when: When
    do: tuple[object, ...]


class Progress(Enum):
    """How far a scenario is."""

    NEW = "NEW"
    RUNNING = "RUNNING"
    FINISHED = "FINISHED"
    STOPPED = "STOPPED"


@dataclass(frozen=True)
class Scenario:
    """Steps by name, and how far they are: `current` is the step waited for, `since` when the wait began."""

    id: str
    steps: tuple[Step, ...]
    progress: Progress = Progress.NEW
    current: int = 0
    since: Instant = 0

    @property
    def awaited(self) -> When | None:
        """What a running scenario waits for."""
        return self.steps[self.current].when if self.progress is Progress.RUNNING else None

    @property
    def due(self) -> Instant | None:
        """When the step waited for comes by itself, None if it does not."""
        awaited = self.awaited
        return self.since + awaited.milliseconds if isinstance(awaited, After) else None

    def started(self, now: Instant) -> Scenario:
        """Return the scenario begun anew; without steps it is finished at once."""
        progress = Progress.RUNNING if self.steps else Progress.FINISHED
        return replace(self, progress=progress, current=0, since=now)

    def stopped(self) -> Scenario:
        """Return the scenario as somebody stopped it; one that does not run stays as it is."""
        return replace(self, progress=Progress.STOPPED) if self.progress is Progress.RUNNING else self

    def reset(self) -> Scenario:
        """Return the scenario as if it had never been started."""
        return replace(self, progress=Progress.NEW, current=0, since=0)

    def stepped(self, now: Instant) -> Scenario:
        """Return the scenario with the step waited for done at `now`."""
        following = self.current + 1
        if following == len(self.steps):
            return replace(self, progress=Progress.FINISHED, current=following, since=now)
        return replace(self, current=following, since=now)

    def reached(self, now: Instant) -> bool:
        """Whether the step waited for has come by its time."""
        return self.due is not None and self.due <= now

    def roused(self, event: Mapping[str, object]) -> bool:
        """Whether the step waited for comes with this event."""
        return isinstance(self.awaited, OnEvent) and self.awaited.fits(event)

    def called(self, subject: Subject) -> bool:
        """Whether the step waited for comes with this request."""
        return isinstance(self.awaited, OnRequest) and self.awaited.match.concerns(subject)
