"""Pacing: changes how long the transitions of all clusters take, from now on."""

from __future__ import annotations

from dataclasses import replace

from ucmsim.api.engine import Engine
from ucmsim.api.origin import Origin
from ucmsim.api.sim import timings
from ucmsim.api.sim.timings import Timings


class Pacing:
    """The timings of an engine's clusters."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self) -> Timings:
        """Return the timings that hold now; those of the first cluster where the inventory has different ones."""
        with self._engine.reading() as connection:
            stored = timings.read(connection)
        return stored or timings.of(next(iter(self._engine.clusters.values())).durations)

    def set(self, wanted: Timings, origin: Origin) -> None:
        """Let these timings hold for every cluster; what is under way ends as planned."""
        clusters = self._engine.clusters
        with self._engine.transaction(clusters, origin) as transaction:
            timings.write(transaction.connection, wanted)
            for spec in clusters.values():
                durations = timings.durations(transaction.connection, spec)
                transaction.replace(replace(transaction.cluster(spec.id), durations=durations))
