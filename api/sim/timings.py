"""Timings: how long transitions take from now on, where somebody has changed that since the inventory was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sql

from ucmsim.api.sim import values
from ucmsim.api.sim.clockwork import NAME as CLOCK
from ucmsim.api.sim.clockwork import Mode
from ucmsim.models.catalogue import SERVICES
from ucmsim.models.inventory import ClusterSpec, Durations, ServiceDurations

NAME = "timings"


@dataclass(frozen=True)
class Timings:
    """Durations in seconds: of single services, and of all others; None leaves the catalogue's figure."""

    scale: float = 1.0
    jitter: float = 0.2
    seed: int = 1
    default: ServiceDurations = field(default_factory=ServiceDurations)
    services: Mapping[str, ServiceDurations] = field(default_factory=dict)

    def durations(self) -> Durations:
        """Return the same as the core knows it: a figure for each service that has one."""
        named = {name: self._of(name) for name in _KNOWN}
        given = {name: own for name, own in named.items() if own != ServiceDurations()}
        return Durations(self.scale, self.jitter, self.seed, given)

    def _of(self, service: str) -> ServiceDurations:
        own = self.services.get(service, ServiceDurations())
        return ServiceDurations(
            self.default.start if own.start is None else own.start,
            self.default.stop if own.stop is None else own.stop,
        )


_KNOWN = frozenset(service.name for services in SERVICES.values() for service in services)


def durations(connection: sql.Connection, spec: ClusterSpec) -> Durations:
    """Return how long transitions of a cluster take: as was set last, else as the inventory says; no time if IMMEDIATE."""
    stored = read(connection)
    found = stored.durations() if stored else spec.durations
    clock = values.read(connection, CLOCK)
    immediate = clock is not None and clock["mode"] == Mode.IMMEDIATE.value
    return replace(found, scale=0.0) if immediate else found


def of(found: Durations) -> Timings:
    """Return an inventory's durations as timings."""
    return Timings(found.scale, found.jitter, found.seed, services=found.services)


def read(connection: sql.Connection) -> Timings | None:
    """Return the timings that were set, None if those of the inventory hold."""
    stored = values.read(connection, NAME)
    return None if stored is None else _restored(stored)


def write(connection: sql.Connection, timings: Timings | None) -> None:
    """Set the timings; None: those of the inventory hold."""
    values.write(connection, NAME, None if timings is None else _stored(timings))


def _stored(timings: Timings) -> Any:
    return {
        "scale": timings.scale,
        "jitter": timings.jitter,
        "seed": timings.seed,
        "default": [timings.default.start, timings.default.stop],
        "services": {name: [own.start, own.stop] for name, own in timings.services.items()},
    }


def _restored(stored: Any) -> Timings:
    services = {name: ServiceDurations(*own) for name, own in stored["services"].items()}
    default = ServiceDurations(*stored["default"])
    return Timings(stored["scale"], stored["jitter"], stored["seed"], default, services)
