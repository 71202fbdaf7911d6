"""A subscription as it is kept, and what it wants to hear of."""

from __future__ import annotations

from dataclasses import dataclass, field

from ucmsim.api.events.log import EVERYTHING, Filter
from ucmsim.api.identifiers import Ulid, parse
from ucmsim.models.states import Instant

PREFIX = "sub"
_MOST = 1 << 63  # what a database counts to

RETRIES = (1_000, 5_000, 25_000, 125_000)
"""After how many real milliseconds an event that did not arrive is sent again; after the last one the subscription ends."""


@dataclass(frozen=True)
class Subscription:
    """Where to send which events. `cursor` is the last event that was dealt with.

    `failures` counts attempts for the next one; it is tried again at `due`, in real milliseconds.
    """

    number: int
    at: Instant
    url: str
    secret: str = field(repr=False)
    wanted: Filter = EVERYTHING
    enabled: bool = True
    cursor: int = 0
    failures: int = 0
    due: int = 0

    @property
    def id(self) -> str:
        """The identifier."""
        return Ulid(self.at, self.number).text(PREFIX)


def number_of(identifier: str) -> int | None:
    """The number in a subscription's id, None if it is no such id."""
    ulid = parse(PREFIX, identifier)
    return ulid.number if ulid and ulid.number < _MOST else None
