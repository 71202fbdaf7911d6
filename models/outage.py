"""A time in which a node is switched off: restarted, switched to its other version, or shut down.

A span of time and its cause; what it does to services is said by the maintenance (`ucmsim.models.maintenance`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ucmsim.models.states import Instant


class Work(Enum):
    """Why a node is switched off."""

    RESTART = "restart"
    SWITCH_VERSION = "switch version"
    SHUTDOWN = "shutdown"


@dataclass(frozen=True, slots=True)
class Outage:
    """From `since` on the node is away, until it boots at `until`; None: until somebody switches it on."""

    work: Work
    since: Instant
    until: Instant | None

    def covers(self, now: Instant) -> bool:
        """Whether the node is off at `now`."""
        return self.since <= now and (self.until is None or now < self.until)
