"""Rate limits: how many calls an API of a node accepts in a minute of simulated time (`U-47`).

It counts; what a refused call is told is said by the injection. Counters are those of one process.
"""

from __future__ import annotations

from collections import defaultdict, deque

from ucmsim.models.states import SECOND, Instant

MINUTE = 60 * SECOND


class Limits:
    """Calls of the last minute, by key; for one thread."""

    def __init__(self) -> None:
        self._calls: defaultdict[tuple[str, str, str], deque[Instant]] = defaultdict(deque)

    def refused(self, key: tuple[str, str, str], allowed: int, now: Instant) -> Instant | None:
        """Count a call; if it is one too many, return when the next one is accepted and do not count it."""
        calls = self._calls[key]
        # Time may have been put back by a reset.
        while calls and not now - MINUTE < calls[0] <= now:
            calls.popleft()
        if len(calls) >= allowed:
            return calls[0] + MINUTE
        calls.append(now)
        return None

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()
