"""The tide: whether anybody has committed anything to the database since it was looked at last.

It tells that something has changed, never what: what a process keeps in memory is good as long as the tide is the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable
from typing import Protocol

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
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection: sql.Connection | None = None

    def look(self) -> Hashable:
        """Return the snapshot as text; something new whenever the connection had to be made again."""
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            found: str = self._connection.exec_driver_sql("SELECT pg_current_snapshot()::text").scalar_one()
        except sql.exc.DBAPIError as error:
            self.close()
            if not error.connection_invalidated:
                raise
            return object()
        return found

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
