"""What the console works with, and how a request gets at it: the engine, the accounts, its sessions and notices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from flask import current_app, request

from ucmsim.api.accounts import Accounts
from ucmsim.api.console.notices import Notices
from ucmsim.api.engine import Engine
from ucmsim.api.events import log
from ucmsim.api.events.happenings import Event
from ucmsim.api.events.log import Filter
from ucmsim.api.sessions import Sessions
from ucmsim.api.sim.near_misses import NearMisses
from ucmsim.api.sim.simulation import Simulation
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.report import Report
from ucmsim.models.states import NodeRef, Role

_KEY = "ucmsim.console"


@dataclass(frozen=True)
class Surroundings:
    """The server around the console. `accounts` returns those that count now.

    Without `simulation` there are no pages about it; `near_misses` say what requests in its journal meant. `reports` and
    `sentences` wait for the page that tells of them.
    """

    engine: Engine
    accounts: Callable[[], Accounts]
    sessions: Sessions
    simulation: Simulation | None = None
    near_misses: NearMisses | None = None
    reports: Notices[tuple[Report, ...]] = field(default_factory=Notices)
    sentences: Notices[str] = field(default_factory=Notices)


def surround(extensions: dict[str, object], surroundings: Surroundings) -> None:
    """Let the pages of an application find their surroundings."""
    extensions[_KEY] = surroundings


def surroundings() -> Surroundings:
    """Return what the application of the present request works with."""
    return cast(Surroundings, current_app.extensions[_KEY])


def engine() -> Engine:
    """Return the engine behind the present request."""
    return surroundings().engine


def latest_events(wanted: Filter, limit: int, before: int | None = None) -> list[Event]:
    """Return the latest events asked for, newest first, of those with an id below `before`."""
    engine().publish()
    with engine().reading() as connection:
        return log.latest(connection, before, limit, wanted)


def here() -> NodeRef:
    """Return the node on which the present request came in; the first publisher where nobody says."""
    scope = request.environ.get("asgi.scope") or {}
    found = scope.get("state", {}).get("node")
    if isinstance(found, NodeRef):
        return found
    first = next(iter(engine().clusters.values()))
    publisher = next(node for node in first.nodes if node.role is Role.PUBLISHER)
    return NodeRef(first.id, publisher.id)


def found(cluster_id: str, node_id: str) -> tuple[Cluster, Node]:
    """Return a node with its cluster; raises UnknownNodeError."""
    return engine().cluster(cluster_id), engine().node(NodeRef(cluster_id, node_id))
