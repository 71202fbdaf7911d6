"""The timeline: what has happened to services and what will, as a picture and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

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
from ucmsim.api.console.picture import Stretch, Track, Window, draw
from ucmsim.api.console.surroundings import engine, latest_events
from ucmsim.api.events.happenings import Event, Type
from ucmsim.api.events.log import Filter
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.states import SECOND, Instant

pages = Blueprint("timeline", __name__)

SPANS = {"1": "1 minute", "5": "5 minutes", "15": "15 minutes", "60": "1 hour", "1440": "1 day"}
"""How far back the page can look, in minutes."""

LANES = 40
"""How many services the picture shows at most."""

_LEAST_AHEAD = 30 * SECOND
_READ = 2_000

_LOOKS = {
    ("STARTED", None): STARTED,
    ("STARTING", None): STARTING,
    ("STOPPING", None): STOPPING,
    ("STOPPED", "NOT_ACTIVATED"): INACTIVE,
    ("STOPPED", "COMMANDED"): STOPPED,
    ("STOPPED", "NOT_ON_THIS_NODE"): IDLE,
}


@dataclass(frozen=True)
class Coming:
    """A moment that lies ahead."""

    at: Instant
    node: Node
    service: str
    look: Look


@pages.get("/clusters/<cluster_id>/timeline")
def show(cluster_id: str) -> str:
    """Show the services that have changed lately or are about to, of one node or of all."""
    cluster = engine().cluster(cluster_id)
    back = request.args.get("back", "15")
    back = back if back in SPANS else "15"
    chosen = request.args.get("node", "")
    nodes = [node for node in cluster.nodes.values() if chosen in ("", node.id)]
    now = engine().clock.now()
    coming = sorted(ahead(nodes, now), key=lambda moment: moment.at)
    begin = now - int(back) * 60 * SECOND
    past = [event for event in recent(cluster, nodes) if event.at >= begin]
    window = Window(begin, _end(begin, now, coming))
    tracks = list(lanes(nodes, past, window, now))
    return render_template(
        "timeline.html",
        cluster=cluster,
        nodes=cluster.nodes.values(),
        chosen=chosen,
        back=back,
        spans=SPANS,
        picture=draw(tracks[:LANES], window, now),
        more=max(len(tracks) - LANES, 0),
        coming=coming[:LANES],
        past=list(reversed(past))[:LANES],
        zones={node.id: ZoneInfo(node.spec.timezone) for node in cluster.nodes.values()},
        look_of=look_of,
    )


def ahead(nodes: Iterable[Node], now: Instant) -> Iterator[Coming]:
    """Yield the moments that the timelines of nodes still have before them."""
    for node in nodes:
        if node.conditions.reachable:
            for name, instance in node.instances.items():
                at_home = node.belongs(node.services[name])
                for moment in instance.ahead(now):
                    yield Coming(moment.at, node, name, of_moment(moment, instance, at_home=at_home))


def recent(cluster: Cluster, nodes: Iterable[Node]) -> list[Event]:
    """Return the latest changes of state of services, in the order of time."""
    wanted = Filter((Type.SERVICE_STATE,), (cluster.id,), tuple(node.id for node in nodes))
    return list(reversed(latest_events(wanted, _READ)))


def lanes(nodes: Iterable[Node], past: Iterable[Event], window: Window, now: Instant) -> Iterator[Track]:
    """Yield a track for each service that changes within the window, node by node."""
    changes: dict[tuple[str, str], list[Event]] = {}
    for event in past:
        changes.setdefault((event.node, event.service), []).append(event)
    for node in nodes:
        for name, service in node.services.items():
            events = changes.get((node.id, name), [])
            instance = node.instances[name]
            coming = [moment for moment in instance.ahead(now) if moment.at <= window.end]
            if not events and not coming:
                continue
            present = look(node, service, now)
            stretches = [
                _stretch(event.at, look_of(event.data["to"], event.data.get("cause"))) for event in events
            ]
            first = look_of(events[0].data["from"], None) if events else present
            stretches.insert(0, _stretch(window.begin, first))
            if stretches[-1].mark != present.mark:
                # What is known now is nearer the truth than what was told: a service may be held back, a node away.
                stretches.append(_stretch(max(instance.at(now).at, stretches[-1].begin), present))
            if node.conditions.reachable:
                at_home = node.belongs(service)
                stretches += [_stretch(m.at, of_moment(m, instance, at_home=at_home)) for m in coming]
            yield Track(f"{name} · {node.id}", stretches)


def look_of(state: str, cause: str | None) -> Look:
    """Return how a state that an event tells of looks."""
    if state == "STOPPED" and cause is None:
        return STOPPED
    if state == "UNKNOWN":
        return UNKNOWN
    return _LOOKS.get((state, cause if state == "STOPPED" else None), FAILED)


def _stretch(at: Instant, seen: Look) -> Stretch:
    return Stretch(at, seen.mark, seen.word)


def _end(begin: Instant, now: Instant, coming: list[Coming]) -> Instant:
    """Leave room for what lies ahead, but not more than for what lies behind."""
    last = coming[-1].at if coming else now
    room = max(last - now + 5 * SECOND, _LEAST_AHEAD, (now - begin) // 10)
    return now + min(room, max(now - begin, _LEAST_AHEAD))
