"""The tide: whether anybody has committed anything to the database since it was looked at last.

It tells that something has changed, never what: what a process keeps in memory is good as long as the tide is the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable
from typing import Any, Protocol

import sqlalchemy as sql


class Tide(Protocol):
    """One look at a time; whoever looks from several threads takes turns."""

    @property
    def prompt(self) -> bool:
        """Whether a look takes no longer than a few microseconds."""

    def look(self) -> Hashable:
        """Return a token that is the same as before only if nothing was committed in between."""

    def close(self) -> None:
        """Let go of the database."""


class FileTide:
    """The tide of a SQLite file. SQLite counts what other connections commit, and keeps the count in shared memory."""

    prompt = True

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    def look(self) -> Hashable:
        """Return SQLite's count."""
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        return int(version)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class ServerTide:
    """The tide of a PostgreSQL server: which transactions a statement would see now."""

    prompt = False

    def __init__(self, engine: sql.Engine) -> None:
        self._engine = engine
        self._cursor: Any = None

    def look(self) -> Hashable:
        """Return the snapshot as text; something new as long as the server cannot be asked."""
        try:
            if self._cursor is None:
                self._cursor = self._connected()
            # The driver's own cursor: this is asked before every request.
            self._cursor.execute("SELECT pg_current_snapshot()::text")
            (snapshot,) = self._cursor.fetchone()
        except self._engine.dialect.loaded_dbapi.Error:
            self.close()
            return object()
        return str(snapshot)

    def close(self) -> None:
        """Let go of the connection."""
        if self._cursor is not None:
            self._cursor.connection.close()
            self._cursor = None

    def _connected(self) -> Any:
        pooled = self._engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()  # it is ours from now on
        connection.autocommit = True
        return connection.cursor()
