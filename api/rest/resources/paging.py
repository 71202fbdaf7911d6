"""Parts of lists: how many items, from where on (REST specification section 1.5). What a cursor means is each list's own business."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pydantic import Field

from ucmsim.api.rest.documents import Query

T = TypeVar("T")


class PageQuery(Query):
    """Which part of a list is asked for."""

    limit: int = Field(default=100, ge=1, le=1000, description="How many items at most.")
    cursor: str | None = Field(
        default=None,
        pattern="^[0-9]{1,18}$",
        description="Where to go on: `next` of the part before. What it says is of no meaning to the caller.",
    )

    @property
    def place(self) -> int | None:
        """What the cursor stands for."""
        return None if self.cursor is None else int(self.cursor)


def page(items: Sequence[T], query: PageQuery) -> tuple[Sequence[T], str | None]:
    """Return the part of a whole list that is asked for, and the cursor of the next one."""
    start = query.place or 0
    end = start + query.limit
    return items[start:end], str(end) if end < len(items) else None
