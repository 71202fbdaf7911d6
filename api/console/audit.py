"""Events and audit: what happened, who caused it and over which face, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for

from ucmsim.api.console.surroundings import engine, latest_events
from ucmsim.api.events.happenings import Event, Type
from ucmsim.api.events.log import Filter

pages = Blueprint("audit", __name__)

FACES = ("SOAP", "REST", "CONSOLE", "CLI", "SIM", "SYSTEM")
PAGE = 50


@dataclass(frozen=True)
class Told:
    """An event in words."""

    event: Event
    words: str


@pages.get("/clusters/<cluster_id>/events")
def show(cluster_id: str) -> str:
    """List events of a cluster, and those of the server that concern every cluster."""
    cluster = engine().cluster(cluster_id)
    before = request.args.get("before", "")
    chosen = {
        name: request.args.get(name, "").strip()
        for name in ("type", "node", "service", "operation", "face", "user")
    }
    wanted = Filter(
        types=_one(chosen["type"]),
        clusters=(cluster.id, ""),
        nodes=_one(chosen["node"]),
        services=_one(chosen["service"]),
        operations=_one(chosen["operation"]),
        faces=_one(chosen["face"]),
        users=_one(chosen["user"]),
    )
    cursor = int(before) if before.isdecimal() else None
    found = latest_events(wanted, PAGE + 1, cursor)
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    older = None
    if len(found) > PAGE:
        older = url_for("audit.show", cluster_id=cluster.id, before=found[PAGE - 1].id, **kept)
    services = dict.fromkeys(name for node in cluster.nodes.values() for name in node.services)
    return render_template(
        "events.html",
        cluster=cluster,
        events=[Told(event, words(event)) for event in found[:PAGE]],
        chosen=chosen,
        types=[str(kind) for kind in Type],
        faces=FACES,
        services=sorted(services),
        older=older,
        newest=url_for("audit.show", cluster_id=cluster.id, **kept) if cursor is not None else None,
    )


def words(event: Event) -> str:
    """Say what happened: from what to what, and why; or whatever else the event carries."""
    data = event.data
    if "from" in data and "to" in data:
        why = f" ({_word(data['cause'])})" if data.get("cause") else ""
        return f"{_word(data['from'])} → {_word(data['to'])}{why}"
    if "kind" in data:
        targets = data.get("targets", ())
        whole = f" of {len(targets)} services" if len(targets) > 1 else ""
        return f"{_word(data['kind'])}{whole}" + (f": {_word(data['status'])}" if "status" in data else "")
    return ", ".join(
        f"{name} {_word(value)}" for name, value in data.items() if isinstance(value, str | int | float)
    )


def _word(value: object) -> str:
    return str(value).replace("_", " ").lower()


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()
