"""News: whether anything of the simulation's own has changed in the store, in one question.

Other processes change clusters all the time, and the simulation hardly ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sql

from ucmsim.api.sim import schema


class News:
    """What the store had when it was asked last. Its caller sees to it that one thread asks at a time."""

    def __init__(self) -> None:
        self._known: Sequence[tuple[Any, ...]] | None = None

    def come(self, connection: sql.Connection) -> bool:
        """Whether something is different from the last time; the first time it is."""
        found = [tuple(row) for row in connection.execute(_EVERYTHING)]
        changed = found != self._known
        self._known = found
        return changed


def _rows(name: sql.ColumnElement[Any], *columns: sql.ColumnElement[Any]) -> sql.Select[Any]:
    """A thing by name, with all that may change of it as one text."""
    texts = [sql.cast(column, sql.Text) for column in columns]
    joined: sql.ColumnElement[str] = texts[0]
    for text in texts[1:]:
        joined = joined + sql.literal_column("'|'") + text
    return sql.select(sql.literal_column(f"'{name.table.name}'"), name, joined)


_EVERYTHING = sql.union_all(
    _rows(schema.values.c.name, schema.values.c.value),
    _rows(
        schema.rules.c.id,
        schema.rules.c.definition,
        schema.rules.c.position,
        schema.rules.c.matched,
        schema.rules.c.applied,
    ),
    _rows(
        schema.scenarios.c.id,
        schema.scenarios.c.definition,
        schema.scenarios.c.position,
        schema.scenarios.c.progress,
        schema.scenarios.c.current,
        schema.scenarios.c.since,
    ),
).order_by(sql.literal_column("1"), sql.literal_column("2"))
