"""Neighbours: the other server processes over the same database. They tell each other that there is something new.

Nothing depends on what is said here but how soon events and waiting calls in one process hear of the work of another.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol

import sqlalchemy as sql

log = logging.getLogger(__name__)

CHANNEL = "ucmsim"
POLLED_EVERY = 0.05
"""Seconds between two looks at a file, which can tell nobody by itself."""
TOLD_EVERY = 0.02
"""Seconds between two notices: under load, each of the others would otherwise look after every single commit."""
_LISTENED_FOR = 1.0
_PAUSE_AFTER_FAILURE = 1.0


class Hearing(Protocol):
    """Who wants to know: the engine."""

    @property
    def stale(self) -> bool: ...
    def refresh(self) -> None: ...
    def wake(self) -> None: ...


class Neighbours(Protocol):
    """Between `start` and `stop` the engine hears of the others, and the others hear what the engine does."""

    def start(self) -> None:
        """Begin to listen."""

    def tell(self) -> None:
        """There is something new; called after every commit, must not wait."""

    def stop(self) -> None:
        """End."""


class Watch:
    """Neighbours over a SQLite file: each looks at it."""

    def __init__(self, engine: Hearing) -> None:
        self._engine = engine
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ucmsim-neighbours", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def tell(self) -> None:
        """Do nothing: who looks will see it."""

    def stop(self) -> None:
        """End."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(POLLED_EVERY):
            try:
                if self._engine.stale:
                    self._engine.refresh()
                    self._engine.wake()
            except Exception:
                log.exception("what other processes did could not be read; trying again")
                self._ended.wait(_PAUSE_AFTER_FAILURE)


class Notices:
    """Neighbours over a PostgreSQL server, which passes notices on. Many commits in a row are told of once."""

    def __init__(self, engine: Hearing, url: sql.URL) -> None:
        self._engine = engine
        self._conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._ended = threading.Event()
        self._new = threading.Event()
        self._own = 0  # the number under which the server knows whoever tells for us
        self._threads = [
            threading.Thread(target=self._until_ended, args=(work,), name=name, daemon=True)
            for name, work in (("ucmsim-listening", self._listen), ("ucmsim-telling", self._keep_telling))
        ]

    def start(self) -> None:
        """Begin to listen and to tell."""
        for thread in self._threads:
            thread.start()

    def tell(self) -> None:
        """Let the others know soon."""
        self._new.set()

    def stop(self) -> None:
        """End."""
        self._ended.set()
        self._new.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    def _until_ended(self, work: Callable[[], None]) -> None:
        """Work over one connection after the other."""
        while not self._ended.is_set():
            try:
                work()
            except Exception:
                log.exception("the connection to other processes was lost; trying again")
                self._ended.wait(_PAUSE_AFTER_FAILURE)

    def _listen(self) -> None:
        import psycopg

        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self._hear()  # what was said before, nobody has heard
            while not self._ended.is_set():
                for notice in connection.notifies(timeout=_LISTENED_FOR, stop_after=1):
                    if notice.pid != self._own:
                        self._hear()

    def _hear(self) -> None:
        self._engine.refresh()
        self._engine.wake()

    def _keep_telling(self) -> None:
        import psycopg

        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            self._own = connection.info.backend_pid
            while not self._ended.is_set():
                self._new.wait()
                self._new.clear()
                connection.execute(f"NOTIFY {CHANNEL}")
                self._ended.wait(TOLD_EVERY)
