"""Parts of lists: how many items, from where on (REST specification section 1.5). The cursor is opaque to callers."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from pydantic import Field

from ucmsim.api.rest.documents import Query
from ucmsim.api.rest.problems import VALIDATION_ERROR, Problem

T = TypeVar("T")


class PageQuery(Query):
    """Which part of a list is asked for."""

    limit: int = Field(default=100, ge=1, le=1000, description="How many items at most.")
    cursor: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Where to go on: `next` of the part before. It is opaque.",
    )

    @property
    def place(self) -> str | None:
        """What the cursor stands for; raises Problem."""
        return None if self.cursor is None else opened(self.cursor)


def page(items: Sequence[T], query: PageQuery) -> tuple[Sequence[T], str | None]:
    """Return the part of a whole list that is asked for, and the cursor of the next one; raises Problem."""
    place = query.place
    if place is not None and not place.isdecimal():
        raise _unknown()
    start = int(place or 0)
    end = start + query.limit
    return items[start:end], sealed(str(end)) if end < len(items) else None


def sealed(place: str) -> str:
    """Return a place in a list as a cursor."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def opened(cursor: str) -> str:
    """Return the place that a cursor stands for; raises Problem."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        raise _unknown() from None


def _unknown() -> Problem:
    return Problem(
        VALIDATION_ERROR, "the cursor is none of this list's", errors=[("?cursor", "take it from `next`")]
    )
