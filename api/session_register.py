"""The register of sessions in the database: by it processes tell each other when a session was used, and when it ended.

It keeps digests of identifiers, which nobody can sign in with.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import Executor

import sqlalchemy as sql

from ucmsim.api.schema import sessions
from ucmsim.api.sessions import IDLE_SECONDS, Use
from ucmsim.api.store import Store


class SessionRegister:
    """A register in the tables of `store`; notes are written in `executor`."""

    def __init__(self, store: Store, executor: Executor) -> None:
        self._store = store
        self._executor = executor

    def look(self, session: str) -> Use | None:
        """Return when a session was last used and whether it ended, None if nobody has noted anything."""
        query = sql.select(sessions.c.used, sessions.c.ended).where(sessions.c.digest == _digest(session))
        with self._store.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Use(row.used, row.ended)

    def note(self, session: str, use: Use) -> None:
        """Tell the others, as soon as a thread is free; a session that has ended stays so."""
        self._executor.submit(self._write, _digest(session), use)

    def _write(self, digest: str, use: Use) -> None:
        with self._store.writing() as connection:
            ended = connection.scalar(sql.select(sessions.c.ended).where(sessions.c.digest == digest))
            outlived = sessions.c.used < use.at - 2 * IDLE_SECONDS
            connection.execute(sql.delete(sessions).where(sql.or_(outlived, sessions.c.digest == digest)))
            row = {"digest": digest, "used": use.at, "ended": bool(ended) or use.ended}
            connection.execute(sql.insert(sessions), row)


def _digest(session: str) -> str:
    return hashlib.blake2b(session.encode(), digest_size=16).hexdigest()
