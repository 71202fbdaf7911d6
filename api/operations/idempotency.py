"""Idempotency: which keys callers have used, for what, and what they were answered, in the transaction of the command itself.

It knows no request: what is asked is a fingerprint, what is answered a JSON value.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sql

from ucmsim.api.rows import Json
from ucmsim.api.schema import idempotency
from ucmsim.models.states import Instant

KEPT_FOR = 24 * 3600 * 1000
"""How long a key stands for its request."""


class Key(NamedTuple):
    """A key as its user gave it for a path."""

    user: str
    path: str
    key: str


class Used(NamedTuple):
    """What a key was used for; `answer` is missing when the server ended before it was given."""

    fingerprint: str
    operation: int
    answer: Json | None


def recall(connection: sql.Connection, key: Key, now: Instant) -> Used | None:
    """Return what a key was used for within the last 24 hours."""
    query = sql.select(idempotency).where(*_is(key), idempotency.c.at > now - KEPT_FOR)
    row = connection.execute(query).first()
    return Used(row.fingerprint, row.operation, row.answer) if row else None


def remember(connection: sql.Connection, key: Key, fingerprint: str, operation: int, now: Instant) -> None:
    """Note what a key is used for, and drop what is too old."""
    connection.execute(
        sql.delete(idempotency).where(sql.or_(sql.and_(*_is(key)), idempotency.c.at <= now - KEPT_FOR))
    )
    row = {**key._asdict(), "fingerprint": fingerprint, "operation": operation, "at": now}
    connection.execute(sql.insert(idempotency).values(row))


def answered(connection: sql.Connection, key: Key, answer: Json) -> None:
    """Note what the user of a key was answered."""
    connection.execute(sql.update(idempotency).where(*_is(key)).values(answer=answer))


def _is(key: Key) -> list[Any]:
    return [idempotency.c[name] == value for name, value in key._asdict().items()]
