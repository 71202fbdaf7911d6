"""Revisions: whether anything may have changed since somebody looked, told without asking anybody.

It counts changes; what changes and why is not known here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Revisions:
    """Counts the changes that this process makes. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way = 0
        self._done = 0

    @property
    def current(self) -> int | None:
        """The number of the present revision; None while a change is under way, of which some may be seen already."""
        done = self._done
        return None if self._under_way else done

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Change something; there is another revision afterwards, even if it fails."""
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._done += 1
                self._under_way -= 1
