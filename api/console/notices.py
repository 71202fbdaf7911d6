"""What a page says after a command: kept from the answer to the form until the page that it leads to has been seen.

A bounded memory of this process; it knows nobody's name and no session.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from typing import Generic, TypeVar

BOUND = 500

T = TypeVar("T")


class Notices(Generic[T]):
    """The last notices by a key that nobody can guess. Thread-safe."""

    def __init__(self, bound: int = BOUND) -> None:
        self._bound = bound
        self._kept: OrderedDict[str, T] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, notice: T) -> str:
        """Keep a notice and return its key; the oldest make room for new ones."""
        key = secrets.token_urlsafe(9)
        with self._lock:
            self._kept[key] = notice
            if len(self._kept) > self._bound:
                self._kept.popitem(last=False)
        return key

    def find(self, key: str) -> T | None:
        """Return the notice of a key, None if it is not known any more."""
        with self._lock:
            return self._kept.get(key)
