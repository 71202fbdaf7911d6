"""The clockwork: sets the clock of a server, and remembers how it stands when the server is started again.

It knows modes and spans; what happens at which time is no business of the clock.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

import sqlalchemy as sql

from ucmsim.api.clock import Clock, Setting
from ucmsim.api.sim import values
from ucmsim.models.states import Instant

NAME = "clock"


class Mode(Enum):
    """TIMED runs at a rate, MANUAL stands still, IMMEDIATE runs in real time but nothing planned takes any."""

    TIMED = "TIMED"
    MANUAL = "MANUAL"
    IMMEDIATE = "IMMEDIATE"


class Regime(NamedTuple):
    """How the clock is set: `rate` counts in TIMED mode and is kept for it in the others."""

    mode: Mode = Mode.TIMED
    rate: float = 1.0

    @property
    def speed(self) -> float:
        """Simulated seconds a real second."""
        match self.mode:
            case Mode.TIMED:
                return self.rate
            case Mode.MANUAL:
                return 0.0
            case Mode.IMMEDIATE:
                return 1.0

    @classmethod
    def stored(cls, value: Any) -> Regime:
        """Return the regime of a stored value."""
        return cls(Mode(value["mode"]), value["rate"])

    @classmethod
    def of(cls, setting: Setting) -> Regime:
        """Return the regime of a clock that nobody has set yet."""
        return cls(Mode.TIMED, setting.rate) if setting.rate else cls(Mode.MANUAL)


class Clockwork:
    """Sets a clock; each change is stored in the caller's transaction first and takes effect with `apply`.

    `seed` is how the clock was set before anybody had set it, here or in an earlier run of the server.
    """

    def __init__(self, clock: Clock, connection: sql.Connection) -> None:
        self.clock = clock
        self.seed = clock.setting
        self.regime = Regime.of(self.seed)
        self._stored: Any = None
        self.follow(connection)

    def follow(self, connection: sql.Connection) -> None:
        """Let the clock go on as the store has it."""
        stored = values.read(connection, NAME)
        if stored == self._stored:
            return
        self._stored = stored
        if stored is None:
            self.rewind()
        else:
            regime = Regime.stored(stored)
            self.apply(regime, Setting(stored["real"], stored["simulated"], regime.speed))

    def setting(self, regime: Regime, now: Instant | None = None) -> Setting:
        """Return how the clock has to be set to go on in `regime` at `now`; None: at the time that it shows."""
        real = self.clock.real()
        return Setting(real, self.clock.now() if now is None else now, regime.speed)

    def store(self, connection: sql.Connection, regime: Regime, setting: Setting) -> None:
        """Remember a setting."""
        value = {
            "mode": regime.mode.value,
            "rate": regime.rate,
            "real": setting.real,
            "simulated": setting.simulated,
        }
        values.write(connection, NAME, value)

    def apply(self, regime: Regime, setting: Setting) -> None:
        """Let the clock go on like this."""
        self.regime = regime
        self.clock.apply(setting)

    def rewind(self) -> None:
        """Let the clock go on as if nobody had ever set it."""
        self.apply(Regime.of(self.seed), self.seed)
