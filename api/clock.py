"""The clock of the simulation: real time by default, shifted, scaled or frozen at will.

The only source of simulated time; it knows nobody who reads it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from ucmsim.models.states import Instant

RealTime = Callable[[], int]


def real_time() -> int:
    """Return the real time in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


class Setting(NamedTuple):
    """From the real moment `real` on, simulated time runs from `simulated` at `rate` (0: it stands still)."""

    real: Instant
    simulated: Instant
    rate: float


class Clock:
    """Simulated time in milliseconds; never runs backwards unless the machine's clock is put back."""

    def __init__(self, setting: Setting | None = None, real: RealTime = real_time) -> None:
        self._real = real
        self._lock = threading.Lock()
        self._setting = setting or Setting(0, 0, 1.0)

    @classmethod
    def frozen(cls, at: Instant) -> Clock:
        """Return a clock that stands at `at` until it is advanced."""
        return cls(Setting(0, at, 0.0))

    @property
    def setting(self) -> Setting:
        """The present setting."""
        return self._setting

    def real(self) -> Instant:
        """Return the real time."""
        return self._real()

    def now(self) -> Instant:
        """Return the simulated time."""
        setting = self._setting
        if setting.rate == 1.0:
            return setting.simulated + self._real() - setting.real
        return setting.simulated + int((self._real() - setting.real) * setting.rate)

    def advance(self, milliseconds: int) -> Instant:
        """Put the clock forward and return the new time; raises ValueError for a negative span."""
        if milliseconds < 0:
            raise ValueError("the clock cannot be put back")
        with self._lock:
            self._setting = self._setting._replace(simulated=self._setting.simulated + milliseconds)
        return self.now()

    def run(self, rate: float) -> None:
        """Go on from now at `rate` simulated seconds a real second; 0 freezes the clock."""
        if rate < 0:
            raise ValueError("the rate of the clock cannot be negative")
        with self._lock:
            self._setting = Setting(self._real(), self.now(), rate)

    def apply(self, setting: Setting) -> None:
        """Take over a setting as a whole."""
        self._setting = setting

    def real_seconds_until(self, instant: Instant) -> float | None:
        """Return how many real seconds pass until simulated `instant`, or None while the clock is frozen."""
        rate = self._setting.rate
        return max(0.0, (instant - self.now()) / rate / 1000) if rate else None
