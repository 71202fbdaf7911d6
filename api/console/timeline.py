"""The timeline page: what has happened to services and what will, as a picture and in words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from ucmsim.api.console.picture import Window, draw
from ucmsim.api.console.surroundings import engine, latest_events
from ucmsim.api.console.tracks import Coming, ahead, look_of, tracks
from ucmsim.api.events.happenings import Event, Type
from ucmsim.api.events.log import Filter
from ucmsim.models.states import SECOND, Instant

pages = Blueprint("timeline", __name__)

SPANS = {"1": "1 minute", "5": "5 minutes", "15": "15 minutes", "60": "1 hour", "1440": "1 day"}
"""How far back the page can look, in minutes."""

USUAL = "5"

LANES = 40
"""How many services the picture and the lists show at most."""

_LEAST_AHEAD = 30 * SECOND
_READ = 2_000
_TOLD = (Type.SERVICE_STATE, Type.SERVICE_ACTIVATION)


@pages.get("/clusters/<cluster_id>/timeline")
def show(cluster_id: str) -> str:
    """Show the services that have changed lately or are about to, of one node or of all."""
    cluster = engine().cluster(cluster_id)
    back = request.args.get("back", USUAL)
    back = back if back in SPANS else USUAL
    chosen = request.args.get("node", "")
    nodes = [node for node in cluster.nodes.values() if chosen in ("", node.id)]
    now = engine().clock.now()
    coming = sorted(ahead(nodes, now), key=lambda moment: moment.at)
    begin = now - int(back) * 60 * SECOND
    past = _told(cluster_id, tuple(node.id for node in nodes), begin)
    window = Window(begin, _end(begin, now, coming))
    found = list(tracks(nodes, past, window, now))
    return render_template(
        "timeline.html",
        cluster=cluster,
        nodes=cluster.nodes.values(),
        chosen=chosen,
        back=back,
        spans=SPANS,
        picture=draw(found[:LANES], window, now),
        more=max(len(found) - LANES, 0),
        coming=coming[:LANES],
        past=[event for event in reversed(past) if event.type == Type.SERVICE_STATE][:LANES],
        zones={node.id: ZoneInfo(node.spec.timezone) for node in cluster.nodes.values()},
        look_of=look_of,
    )


def _told(cluster: str, nodes: tuple[str, ...], begin: Instant) -> list[Event]:
    """Return what is told of services since `begin`, in the order of time."""
    latest = latest_events(Filter(_TOLD, (cluster,), nodes), _READ)
    return [event for event in reversed(latest) if event.at >= begin]


def _end(begin: Instant, now: Instant, coming: list[Coming]) -> Instant:
    """Leave room for what lies ahead, but not more than for what lies behind."""
    last = coming[-1].at if coming else now
    room = max(last - now + 5 * SECOND, _LEAST_AHEAD, (now - begin) // 10)
    return now + min(room, max(now - begin, _LEAST_AHEAD))
