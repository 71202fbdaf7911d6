"""The clockwork: sets the clock of a server, and remembers how it stands when the server is started again.

It knows modes and spans; what happens at which time is no business of the clock.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

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


class Clockwork:
    """Sets a clock; each change is stored in the caller's transaction first and takes effect with `apply`."""

    def __init__(self, clock: Clock, connection: sql.Connection) -> None:
        self.clock = clock
        self.regime = Regime()
        stored = values.read(connection, NAME)
        if stored is not None:
            self.regime = Regime(Mode(stored["mode"]), stored["rate"])
            clock.apply(Setting(stored["real"], stored["simulated"], self.regime.speed))
        elif clock.setting.rate == 0:
            self.regime = Regime(Mode.MANUAL)
        else:
            self.regime = Regime(Mode.TIMED, clock.setting.rate)

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

    def forget(self, connection: sql.Connection) -> None:
        """Remember no setting any more: real time."""
        values.write(connection, NAME, None)

    def apply(self, regime: Regime, setting: Setting) -> None:
        """Let the clock go on like this."""
        self.regime = regime
        self.clock.apply(setting)
