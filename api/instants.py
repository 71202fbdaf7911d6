"""Moments of simulated time as text, and back; they know no clock."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from ucmsim.models.states import Instant


def rfc3339(instant: Instant) -> str:
    """Milliseconds since the epoch as RFC 3339 in UTC; the fraction is left out when it is zero."""
    moment = datetime.fromtimestamp(instant // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = instant % 1000
    return f"{moment}.{fraction:03}Z" if fraction else f"{moment}Z"


@lru_cache(maxsize=4096)
def ctime(at: Instant, zone: ZoneInfo) -> str:
    """Return a time in a node's zone as C writes it: `Tue Mar  5 13:01:39 2024` (section 5.2)."""
    return datetime.fromtimestamp(at // 1000, zone).ctime()
