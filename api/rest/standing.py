"""Standing answers: what a reading was answered is its answer until something changes, or until a time that it names.

It tells whether an answer still stands; what the answer is, and who may have it, is the gate's business.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from ucmsim.models.states import Instant

UNTIL = "stands_until"
"""Where a route leaves in `scope["state"]` until when its answer stands, if nothing changes before."""


@dataclass(frozen=True)
class World:
    """What answers follow from: `revision` is another one after every change, None while there is one; `now` is simulated."""

    revision: Callable[[], Hashable | None]
    now: Callable[[], Instant]

    def look(self) -> Look:
        """Return the present, to be asked later how long it lasts; take it before anything is read."""
        return Look(self, self.revision(), self.now())


@dataclass(frozen=True)
class Look:
    """The world as somebody found it."""

    world: World
    revision: Hashable | None
    at: Instant

    def holds(self, until: Instant) -> bool:
        """Whether everything is still as it was found, and it is not `until` yet; nor before it was found."""
        world = self.world
        return (
            self.revision is not None and self.at <= world.now() < until and world.revision() == self.revision
        )
