"""How long a transition takes: the catalogue's figure, scaled, replaced or jittered as the inventory says.

The chance is a number drawn by the caller; the same number gives the same durations.
"""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

from ucmsim.models.catalogue import Service
from ucmsim.models.inventory import Durations, ServiceDurations
from ucmsim.models.states import SECOND


@dataclass(frozen=True)
class Pace:
    """The durations that hold for one command."""

    durations: Durations
    chance: int

    def start(self, service: Service) -> int:
        """Return how long `service` takes to start, in milliseconds."""
        return self._length(service, "start", service.start, self._own(service).start)

    def stop(self, service: Service) -> int:
        """Return how long `service` takes to stop, in milliseconds."""
        return self._length(service, "stop", service.stop, self._own(service).stop)

    def span(self, what: str, usual: int) -> int:
        """Return how long something other than a service takes, `usual` in milliseconds."""
        return self._drawn(what, usual)

    def _own(self, service: Service) -> ServiceDurations:
        return self.durations.services.get(service.name, ServiceDurations())

    def _length(self, service: Service, what: str, usual: int, own: float | None) -> int:
        length = usual if own is None else own * SECOND
        return self._drawn(f"{service.name}/{what}", length)

    def _drawn(self, what: str, length: float) -> int:
        # crc32 spreads names over 32 bits; the same command gives every service a chance of its own.
        drawn = crc32(f"{self.chance}/{what}".encode()) / 0xFFFFFFFF
        return round(length * self.durations.scale * (1 + self.durations.jitter * (2 * drawn - 1)))
