"""The timekeeper: what testers do to the clock, told as events; scenarios take their steps at the times that lie on the way."""

from __future__ import annotations

from dataclasses import replace

from ucmsim.api.engine import Engine
from ucmsim.api.events.happenings import Happening, Type
from ucmsim.api.instants import rfc3339
from ucmsim.api.origin import Origin
from ucmsim.api.sim import timings
from ucmsim.api.sim.clockwork import Clockwork, Mode, Regime
from ucmsim.api.sim.director import Director
from ucmsim.api.transactions import Transaction
from ucmsim.models.states import Instant

LATEST = 253_402_300_799_000
"""The end of the year 9999: later times cannot be written."""


class Timekeeper:
    """Sets and advances the clock of an engine."""

    def __init__(self, engine: Engine, clockwork: Clockwork, director: Director) -> None:
        self._engine = engine
        self._clockwork = clockwork
        self._director = director

    @property
    def regime(self) -> Regime:
        """How the clock is set."""
        return self._clockwork.regime

    @property
    def now(self) -> Instant:
        """The simulated time."""
        return self._engine.clock.now()

    @property
    def next_change(self) -> Instant | None:
        """When the next planned change or step of a scenario comes, None when nothing is planned."""
        self._engine.publish()
        planned = (self._engine.next_change(), self._director.due)
        return min((at for at in planned if at is not None), default=None)

    def change(self, mode: Mode | None, rate: float | None, origin: Origin) -> None:
        """Let the clock go on in another mode or at another rate; what shows now stays."""
        with self._director.alone():
            before = self._clockwork.regime
            regime = Regime(mode or before.mode, before.rate if rate is None else rate)
            setting = self._clockwork.setting(regime)
            repaced = Mode.IMMEDIATE in (before.mode, regime.mode) and before.mode is not regime.mode
            clusters = self._engine.clusters
            with self._engine.transaction(clusters if repaced else (), origin) as transaction:
                self._clockwork.store(transaction.connection, regime, setting)
                _tell(transaction, regime, transaction.now)
                for spec in clusters.values() if repaced else ():
                    durations = timings.durations(transaction.connection, spec)
                    transaction.replace(replace(transaction.cluster(spec.id), durations=durations))
            self._clockwork.apply(regime, setting)
            self._director.take()
        self._engine.wake()

    def advance(self, milliseconds: int, origin: Origin) -> None:
        """Put the clock forward; raises ValueError for a negative span."""
        self.advance_to(self.now + milliseconds, origin)

    def advance_to_next_change(self, origin: Origin) -> None:
        """Put the clock forward to the next planned change or step of a scenario; where nothing is planned, not at all."""
        self.advance_to(max(self.next_change or 0, self.now), origin)

    def advance_to(self, target: Instant, origin: Origin) -> None:
        """Put the clock forward to a time; raises ValueError if that has passed, or is after the year 9999."""
        clock = self._engine.clock
        with self._director.alone():
            if not clock.now() <= target <= LATEST:
                raise ValueError("the clock is not put back, nor beyond the year 9999")
            self._director.take()
            while (stop := self._stop_before(target)) is not None:
                clock.advance(max(stop - clock.now(), 0))
                self._director.take()
            clock.advance(max(target - clock.now(), 0))
            with self._engine.transaction((), origin) as transaction:
                self._clockwork.store(transaction.connection, self.regime, clock.setting)
                _tell(transaction, self.regime, transaction.now)
            self._director.take()
        self._engine.wake()

    def _stop_before(self, target: Instant) -> Instant | None:
        """Return the next time up to `target` at which a scenario may take a step."""
        times = [self._director.due]
        if self._director.listens:
            times.append(self._engine.next_change())
        now = self.now
        return min((at for at in times if at is not None and now < at <= target), default=None)


def _tell(transaction: Transaction, regime: Regime, now: Instant) -> None:
    data = {"mode": regime.mode.value, "rate": regime.rate, "now": rfc3339(now)}
    transaction.tell(Happening(transaction.now, Type.SIM_CLOCK, transaction.origin, data))
