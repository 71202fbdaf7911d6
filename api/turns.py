"""Turns: who writes to a database file next, among the threads of all processes. Waiting costs nothing, and ends in order.

SQLite itself lets those that wait look again and again, after ever longer pauses.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """The turns of writing to the database file at `path`; beside it stands a file that is locked meanwhile."""

    def __init__(self, path: str) -> None:
        self._thread = threading.Lock()
        self._file = os.open(f"{path}.turn", os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until it is the caller's turn, and keep it."""
        with self._thread:
            _lock(self._file)
            try:
                yield
            finally:
                _unlock(self._file)

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


if sys.platform == "win32":  # where there is one process only

    def _lock(_file: int) -> None: ...

    def _unlock(_file: int) -> None: ...

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def _unlock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
