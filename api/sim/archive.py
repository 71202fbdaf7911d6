"""The archive: saves everything under a name, brings it back, and puts a server back to its inventory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum

from ucmsim.api.clock import Setting
from ucmsim.api.engine import Engine
from ucmsim.api.events.happenings import Happening, Type
from ucmsim.api.operations import ledger
from ucmsim.api.origin import Origin
from ucmsim.api.sim import playbook, snapshots, timings, values
from ucmsim.api.sim.clockwork import NAME as CLOCK
from ucmsim.api.sim.clockwork import Clockwork, Mode, Regime
from ucmsim.api.sim.director import Director
from ucmsim.api.sim.preferences import NAME as SETTINGS
from ucmsim.api.sim.rulebook import Rulebook
from ucmsim.api.sim.snapshots import Snapshot
from ucmsim.api.subscriptions import shelf
from ucmsim.api.transactions import Transaction


class Keep(Enum):
    """What a reset may leave alone."""

    FAULTS = "FAULTS"
    JOURNAL = "JOURNAL"
    CLOCK = "CLOCK"
    SUBSCRIPTIONS = "SUBSCRIPTIONS"
    SETTINGS = "SETTINGS"


class Archive:
    """Snapshots and resets. KeyError for names that no snapshot has.

    `forget` drops what was asked so far, `refresh` lets every part read its rows anew.
    """

    def __init__(
        self,
        engine: Engine,
        clockwork: Clockwork,
        rulebook: Rulebook,
        director: Director,
        forget: Callable[[], None],
        refresh: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._clockwork = clockwork
        self._rulebook = rulebook
        self._director = director
        self._forget_requests = forget
        self._refresh = refresh

    def all(self) -> list[Snapshot]:
        """Return all snapshots by name."""
        with self._engine.reading() as connection:
            return snapshots.index(connection)

    def get(self, name: str) -> Snapshot:
        """Return a snapshot."""
        with self._engine.reading() as connection:
            found = snapshots.find(connection, name)
        if found is None:
            raise KeyError(name)
        return found

    def save(self, name: str, origin: Origin) -> Snapshot:
        """Keep how everything stands; a snapshot of the same name is replaced."""
        with self._engine.transaction(self._engine.clusters, origin) as transaction:
            self._clockwork.store(transaction.connection, self._clockwork.regime, self._engine.clock.setting)
            return snapshots.save(transaction, name, self._engine.clusters)

    def remove(self, name: str, origin: Origin) -> None:
        """Forget a snapshot."""
        with self._engine.transaction((), origin) as transaction:
            if not snapshots.remove(transaction.connection, name):
                raise KeyError(name)

    def restore(self, name: str, origin: Origin) -> None:
        """Bring back what was kept; the clock shows the time of the snapshot again."""
        found = self.get(name)
        with self._director.alone():
            with self._at(self._clockwork.setting(self._clockwork.regime, found.at)):
                with self._engine.transaction(self._engine.clusters, origin) as transaction:
                    snapshots.restore(transaction, self._engine, name)
                    kept = values.read(transaction.connection, CLOCK)
                    regime = Regime.stored(kept)
                    setting = self._clockwork.setting(regime, found.at)
                    self._clockwork.store(transaction.connection, regime, setting)
                    _tell(transaction, {"snapshot": name})
                self._clockwork.apply(regime, setting)
            self._refresh()

    def reset(self, keep: frozenset[Keep], origin: Origin, mode: Mode | None = None) -> None:
        """Install every cluster anew, now, and forget what is not to be kept; snapshots stay, scenarios stop.

        A clock that is not kept goes on as it did at first, or in `mode`.
        """
        with self._director.alone():
            clock = self._engine.clock.setting if Keep.CLOCK in keep else self._clockwork.seed
            with self._at(clock):
                anew = (Regime(mode), self._clockwork.setting(Regime(mode))) if mode else None
                with self._engine.transaction(self._engine.clusters, origin) as transaction:
                    self._forget(transaction, keep)
                    if anew:
                        self._clockwork.store(transaction.connection, *anew)
                    for cluster in self._engine.clusters:
                        snapshots.reinstall(transaction, self._engine, cluster, transaction.now)
                    _tell(transaction, {"kept": sorted(each.value for each in keep)})
                if anew:
                    self._clockwork.apply(*anew)
                elif Keep.CLOCK not in keep:
                    self._clockwork.rewind()
            if Keep.JOURNAL not in keep:
                self._forget_requests()
            self._refresh()

    def _forget(self, transaction: Transaction, keep: frozenset[Keep]) -> None:
        connection = transaction.connection
        ledger.forget_all(connection)
        timings.write(connection, None)
        playbook.reset(connection)
        if Keep.CLOCK not in keep:
            values.write(connection, CLOCK, None)
        if Keep.SETTINGS not in keep:
            values.write(connection, SETTINGS, None)
        if Keep.SUBSCRIPTIONS not in keep:
            shelf.clear(connection)
        if Keep.FAULTS not in keep:
            self._rulebook.remove(connection)

    @contextmanager
    def _at(self, setting: Setting) -> Iterator[None]:
        """Let the clock show another time; if what is done then fails, it goes on as before."""
        before = self._engine.clock.setting
        self._engine.clock.apply(setting)
        try:
            yield
        except BaseException:
            self._engine.clock.apply(before)
            raise


def _tell(transaction: Transaction, data: dict[str, object]) -> None:
    transaction.tell(Happening(transaction.now, Type.SIM_RESET, transaction.origin, data))
