"""Events as CloudEvents 1.0 in JSON: what the stream, the list and webhooks send (REST specification section 7)."""

from __future__ import annotations

import json
from typing import Any

from ucmsim.api.events.happenings import Event, Type
from ucmsim.api.identifiers import Ulid
from ucmsim.api.instants import rfc3339
from ucmsim.models.catalogue import slug

PREFIX = "ev"
BASE = "/api/v1"


def cloud_event(event: Event) -> dict[str, Any]:
    """Return an event as a CloudEvent."""
    return {
        "specversion": "1.0",
        "id": Ulid(event.at, event.id).text(PREFIX),
        "source": source(event),
        "type": event.type,
        "time": rfc3339(event.at),
        "datacontenttype": "application/json",
        "data": {
            "cluster": event.cluster or None,
            "node": event.node or None,
            "service": slug(event.service) if event.service else None,
            **_data(event),
            "operation": event.operation or None,
            "origin": {
                "face": event.origin.face,
                "user": event.origin.user,
                "client": event.origin.client,
                "soapOperation": event.origin.operation or None,
            },
        },
    }


def encoded(event: Event) -> bytes:
    """Return a CloudEvent as JSON on one line."""
    return json.dumps(cloud_event(event), ensure_ascii=False, separators=(",", ":")).encode()


def source(event: Event) -> str:
    """Return the path of what an event happened to."""
    if event.type in (Type.OPERATION_CREATED, Type.OPERATION_FINISHED):
        return f"{BASE}/operations/{event.operation}"
    path = BASE
    for collection, name in (
        ("clusters", event.cluster),
        ("nodes", event.node),
        ("services", slug(event.service)),
    ):
        if not name:
            break
        path += f"/{collection}/{name}"
    return path


def _data(event: Event) -> dict[str, Any]:
    """The event's own data; targets of an operation are named as REST names them."""
    if "targets" not in event.data:
        return event.data
    targets = [
        {"cluster": cluster, "node": node, "service": slug(service) or None}
        for cluster, node, service in event.data["targets"]
    ]
    return {**event.data, "targets": targets}
