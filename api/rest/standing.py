"""Standing answers: what a reading was answered is its answer until something changes, or until a time that it names.

It tells whether an answer still stands; what it says, and who may have it, is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import NamedTuple

from ucmsim.api.ring.reply import Reply
from ucmsim.models.states import Instant

KEPT = 128
"""So many answers are kept: those to the questions of a fleet's monitors are not held in memory in their written form."""

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


class _Answer(NamedTuple):
    reply: Reply
    look: Look
    until: Instant

    @property
    def stands(self) -> bool:
        return self.look.holds(self.until)


class Answers:
    """The last answers that stand. One that is gone is made again. For use by the event loop's thread."""

    def __init__(self) -> None:
        self._kept: dict[object, _Answer] = {}

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)

    def keep(self, reply: Reply, look: Look, until: Instant) -> Callable[[], Reply | None]:
        """Keep an answer, made after `look`; return what gives it again, or None once it does not stand or is gone."""
        for key, oldest in list(self._kept.items()):
            if oldest.stands and len(self._kept) < KEPT:
                break
            del self._kept[key]
        key = object()
        self._kept[key] = _Answer(reply, look, until)

        def again() -> Reply | None:
            answer = self._kept.get(key)
            if answer is None or answer.stands:
                return answer and answer.reply
            del self._kept[key]
            return None

        return again
