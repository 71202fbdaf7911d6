"""The way around: the windows of the console and where each is for the cluster and node that are being looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import request, url_for

from ucmsim.api.console.surroundings import engine, here, surroundings
from ucmsim.api.console.visitor import Visitor
from ucmsim.models.states import NodeRef, Role

WINDOWS: Mapping[str, str] = {
    "activation.show": "Service Activation",
    "control_center.feature": "Control Center – Feature Services",
    "control_center.network": "Control Center – Network Services",
}
"""The windows that are about one node."""


class Entry(NamedTuple):
    """One entry of the navigation."""

    label: str
    address: str
    here: bool


def entries(visitor: Visitor) -> list[Entry]:
    """Return the entries for the present page, as far as the visitor may follow them."""
    ref = shown()
    found: list[Entry] = []
    if visitor.watches:
        if len(engine().clusters) > 1:
            found.append(_entry("Clusters", "overview.clusters"))
        found.append(_entry("Overview", "overview.cluster", cluster_id=ref.cluster))
        for endpoint, label in WINDOWS.items():
            found.append(_entry(label, endpoint, cluster_id=ref.cluster, node_id=ref.node))
        found.append(_entry("Timeline", "timeline.show", cluster_id=ref.cluster))
        found.append(_entry("Events", "audit.show", cluster_id=ref.cluster))
    if visitor.simulates and surroundings().simulation is not None:
        here = request.blueprint == "simulation"
        found.append(Entry("Simulation", url_for("simulation.clock"), here))
    return found


def shown() -> NodeRef:
    """Return the node that the present page is about: named by it, else the one that was asked, else the first."""
    arguments = request.view_args or {}
    asked = here()
    cluster = engine().clusters.get(arguments.get("cluster_id", asked.cluster))
    if cluster is None:
        return asked
    names = [node.id for node in sorted(cluster.nodes, key=lambda node: node.role is not Role.PUBLISHER)]
    wanted = arguments.get("node_id", asked.node)
    return NodeRef(cluster.id, wanted if wanted in names else names[0])


def _entry(label: str, endpoint: str, **values: Any) -> Entry:
    return Entry(label, url_for(endpoint, **values), request.endpoint == endpoint)
