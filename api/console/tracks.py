"""Tracks: the events that told of a service and the moments that its timeline still has, joined to one line through time.

Pure: it knows events, timelines and looks; nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ucmsim.api.console.look import (
    FAILED,
    IDLE,
    INACTIVE,
    STARTED,
    STARTING,
    STOPPED,
    STOPPING,
    UNKNOWN,
    Look,
    look,
    of_moment,
)
from ucmsim.api.console.picture import Stretch, Track, Window
from ucmsim.api.events.happenings import Event, Type
from ucmsim.models.cluster import Node
from ucmsim.models.presence import reachable
from ucmsim.models.states import Instant

_LOOKS = {
    ("STARTED", None): STARTED,
    ("STARTING", None): STARTING,
    ("STOPPING", None): STOPPING,
    ("UNKNOWN", None): UNKNOWN,
    ("STOPPED", None): STOPPED,
    ("STOPPED", "COMMANDED"): STOPPED,
    ("STOPPED", "NOT_ACTIVATED"): INACTIVE,
    ("STOPPED", "NOT_ON_THIS_NODE"): IDLE,
}


@dataclass(frozen=True)
class Coming:
    """A moment that lies ahead."""

    at: Instant
    node: Node
    service: str
    look: Look


def ahead(nodes: Iterable[Node], now: Instant) -> Iterator[Coming]:
    """Yield the moments that the timelines of nodes still have before them."""
    for node in nodes:
        if reachable(node, now):
            for name, instance in node.instances.items():
                at_home = node.belongs(node.services[name])
                for moment in instance.ahead(now):
                    yield Coming(moment.at, node, name, of_moment(moment, instance, at_home=at_home))


def look_of(state: str, cause: str | None) -> Look:
    """Return how a state that an event tells of looks."""
    return _LOOKS.get((state, cause if state == "STOPPED" else None), FAILED)


def tracks(nodes: Iterable[Node], past: Iterable[Event], window: Window, now: Instant) -> Iterator[Track]:
    """Yield a track for each service that changes within the window, node by node."""
    told: dict[tuple[str, str], list[Event]] = {}
    for event in past:
        told.setdefault((event.node, event.service), []).append(event)
    for node in nodes:
        for name in node.services:
            events = told.get((node.id, name), [])
            coming = [one for one in node.instances[name].ahead(now) if one.at <= window.end]
            if events or coming:
                yield Track(
                    f"{name} · {node.id}",
                    [*_behind(node, name, events, window, now), *_before(node, name, now)],
                )


def _behind(node: Node, name: str, events: list[Event], window: Window, now: Instant) -> list[Stretch]:
    present = look(node, node.services[name], now)
    first = _at_first(events[0]) if events else present
    stretches = [_stretch(window.begin, first)]
    stretches += [
        _stretch(event.at, look_of(event.data["to"], event.data.get("cause")))
        for event in events
        if event.type == Type.SERVICE_STATE
    ]
    if stretches[-1].mark != present.mark:
        # What is known now is nearer the truth than what was told: a service may be held back, a node away.
        since = node.instances[name].at(now).at
        stretches.append(_stretch(max(since, stretches[-1].begin), present))
    return stretches


def _before(node: Node, name: str, now: Instant) -> list[Stretch]:
    if not reachable(node, now):
        return []
    instance, at_home = node.instances[name], node.belongs(node.services[name])
    return [_stretch(one.at, of_moment(one, instance, at_home=at_home)) for one in instance.ahead(now)]


def _at_first(event: Event) -> Look:
    """Return how a service looked before the first thing that is told of it."""
    if event.type == Type.SERVICE_ACTIVATION:
        return INACTIVE if event.data["from"] == "DEACTIVATED" else STARTED
    return look_of(event.data["from"], None)


def _stretch(at: Instant, seen: Look) -> Stretch:
    return Stretch(at, seen.mark, seen.word)
