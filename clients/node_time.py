"""A node's local time: Control Center tells start times as `ctime` text without a zone (specification section 5.2).

Text and numbers in, aware times out; it asks nobody what time it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_CTIME = re.compile(r"\w{3} (\w{3}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})")

_QUARTER = timedelta(minutes=15)
_WESTERNMOST, _EASTERNMOST = timedelta(hours=-12), timedelta(hours=14)


class NodeTime:
    """Makes a node's start times aware.

    With a zone (`Europe/Berlin`, or a tzinfo) its times are read in that. Without one the offset is guessed for each
    service: the start was `up time` ago, so what is missing between that and the text is the zone, to the quarter of
    an hour. This holds while the clocks of node and caller differ by less than seven minutes; a guess that no zone on
    earth has is taken as UTC.
    """

    def __init__(self, zone: tzinfo | str | None, now: Callable[[], datetime]) -> None:
        """`now` returns the aware present time of the caller. Raises ZoneInfoNotFoundError."""
        self._zone = ZoneInfo(zone) if isinstance(zone, str) else zone
        self._now = now

    def started(self, text: str | None, up_time: timedelta | None) -> datetime | None:
        """The start time in `text`; None if there is none, or none that can be read."""
        local = _naive(text or "")
        if local is None:
            return None
        zone = self._zone or self._guess(local, up_time)
        return local.replace(tzinfo=zone)

    def _guess(self, local: datetime, up_time: timedelta | None) -> tzinfo:
        if up_time is None:
            return UTC
        start = self._now().astimezone(UTC).replace(tzinfo=None) - up_time
        offset = round((local - start) / _QUARTER) * _QUARTER
        if not offset or not _WESTERNMOST <= offset <= _EASTERNMOST:
            return UTC
        return timezone(offset)


def _naive(text: str) -> datetime | None:
    # Not strptime: the names of months are English whatever the caller's locale.
    found = _CTIME.fullmatch(text.strip())
    if found is None or found[1] not in _MONTHS:
        return None
    day, hour, minute, second, year = (int(part) for part in found.groups()[1:])
    try:
        return datetime(year, _MONTHS.index(found[1]) + 1, day, hour, minute, second)  # noqa: DTZ001 (made aware above)
    except ValueError:
        return None
