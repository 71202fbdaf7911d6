"""Delivery: hands every event to whoever listens, once and in order, as soon as its time has come.

One thread, asleep until the next planned change or until something is done. No state depends on it: without it, events
are published when somebody reads them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from ucmsim.api.events.happenings import Event
from ucmsim.models.states import Instant

log = logging.getLogger(__name__)

BATCH = 1000
PAUSE = 0.02
"""Seconds between two looks: under load, there would otherwise be one after every single command."""
_PAUSE_AFTER_FAILURE = 1.0

Listener = Callable[[Sequence[Event]], None]


class Source(Protocol):
    """Where events come from: the engine."""

    def events(self, after: int, limit: int) -> list[Event]: ...
    def event_range(self) -> tuple[int, int]: ...
    def next_change(self) -> Instant | None: ...
    def rest(self, seen: int) -> int | None: ...


class Delivery:
    """Tells listeners what happens from now on. They are called in its thread and must not block."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._listeners: tuple[Listener, ...] = ()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        _, self.last = source.event_range()

    def listen(self, listener: Listener) -> None:
        """Tell `listener` about every batch of events from now on."""
        self._listeners += (listener,)

    def start(self) -> None:
        """Begin; ends by itself when the source is closed."""
        self._thread = threading.Thread(target=self._run, name="ucmsim-events", daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Wait for the end; call it when the source has been closed."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def deliver(self) -> None:
        """Hand on what has happened since the last time."""
        full = True
        while full:
            batch = self._source.events(self.last, BATCH)
            full = len(batch) == BATCH
            if batch:
                self.last = batch[-1].id
                for listener in self._listeners:
                    listener(batch)

    def _run(self) -> None:
        seen: int | None = 0
        while seen is not None:
            try:
                self.deliver()
                self._ended.wait(PAUSE)
                seen = self._source.rest(seen)
            except Exception:
                log.exception("events could not be delivered; trying again")
                if self._ended.wait(_PAUSE_AFTER_FAILURE):
                    return
