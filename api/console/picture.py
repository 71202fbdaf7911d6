"""The picture of a timeline: which bar of which state goes where, in percent of the width and pixels of the height.

Geometry only: it knows times, names and marks, and no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from ucmsim.models.states import SECOND, Instant

LANE = 38
"""The height of a lane with its label, in pixels."""
HEAD = 26
"""The height of the axis above the lanes."""

_STEPS = [
    s * SECOND for s in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
]
_TICKS = 6


class Stretch(NamedTuple):
    """From `begin` on a service looks like `mark`, which is said as `word`."""

    begin: Instant
    mark: str
    word: str


class Track(NamedTuple):
    """The stretches of one service in the order of time; the last one lasts."""

    label: str
    stretches: Sequence[Stretch]


class Window(NamedTuple):
    """The time that a picture shows."""

    begin: Instant
    end: Instant

    def share(self, at: Instant) -> float:
        """Where a time stands, in percent of the width."""
        share = 100 * (at - self.begin) / (self.end - self.begin)
        return round(min(max(share, 0.0), 100.0), 3)


@dataclass(frozen=True)
class Bar:
    """A stretch in the picture; `named` says that there is room for its mark."""

    x: float
    width: float
    mark: str
    word: str
    named: bool


@dataclass(frozen=True)
class Lane:
    """A track in the picture: its bars, and where its top is."""

    label: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Tick:
    """A time on the axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Picture:
    """Everything in its place; `now` is where the present stands."""

    window: Window
    now: float
    height: int
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]


def draw(tracks: Iterable[Track], window: Window, now: Instant, zone: tzinfo = UTC) -> Picture:
    """Put tracks into a picture, one lane each in the order given."""
    lanes = tuple(
        Lane(track.label, HEAD + index * LANE, tuple(_bars(track.stretches, window)))
        for index, track in enumerate(tracks)
    )
    return Picture(window, window.share(now), HEAD + len(lanes) * LANE, lanes, tuple(_ticks(window, zone)))


def _bars(stretches: Sequence[Stretch], window: Window) -> Iterable[Bar]:
    ends = [*(stretch.begin for stretch in stretches[1:]), window.end]
    for stretch, end in zip(stretches, ends, strict=True):
        left, right = window.share(stretch.begin), window.share(end)
        if right > left:
            yield Bar(left, round(right - left, 3), stretch.mark, stretch.word, right - left > 3)


def _ticks(window: Window, zone: tzinfo) -> Iterable[Tick]:
    length = window.end - window.begin
    step = next(
        (step for step in _STEPS if length / step <= _TICKS),
        _STEPS[-1] * (1 + length // _STEPS[-1] // _TICKS),
    )
    pattern = "%H:%M:%S" if step < 60 * SECOND else "%H:%M" if step < 86_400 * SECOND else "%Y-%m-%d"
    at = -(-window.begin // step) * step
    while at <= window.end:
        x = window.share(at)
        if x < 94:  # a label needs room to its right
            yield Tick(x, f"{datetime.fromtimestamp(at // SECOND, zone):{pattern}}")
        at += step
