"""The overview: every service of every node of a cluster at one glance, problems first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from ucmsim.api.console.look import IDLE, INACTIVE, LOOKS, Look, look
from ucmsim.api.console.services import ServiceView, view
from ucmsim.api.console.surroundings import engine, here
from ucmsim.models.advice import Severity, advice
from ucmsim.models.catalogue import Service
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.presence import reachability, reachable
from ucmsim.models.states import Instant, Kind, Product

pages = Blueprint("overview", __name__)


@dataclass(frozen=True)
class Problem:
    """A service that somebody should look at."""

    node: Node
    service: ServiceView


@dataclass(frozen=True)
class Line:
    """One service over the nodes of its product."""

    service: Service
    cells: tuple[Look | None, ...]

    @property
    def urgency(self) -> int:
        """The rank of its worst cell that concerns somebody; after them all that is active somewhere, then the rest."""
        concerned = [cell.rank for cell in self.cells if cell and cell.concerns]
        if concerned:
            return min(concerned)
        return len(LOOKS) + all(cell in (None, INACTIVE, IDLE) for cell in self.cells)


@dataclass(frozen=True)
class Matrix:
    """The services of one product over its nodes, the urgent ones first, those that are not activated anywhere last."""

    product: Product
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class NodeSummary:
    """How many services of a node look like what; `away` says why it cannot be reached, if it cannot."""

    node: Node
    counts: Mapping[Look, int]
    away: str | None


@pages.get("/")
def index() -> Answer:
    """Lead to the cluster of the node that was asked."""
    return redirect(url_for("overview.cluster", cluster_id=here().cluster))


@pages.get("/clusters")
def clusters() -> str:
    """List the clusters of this server."""
    return render_template("clusters.html", clusters=engine().clusters.values())


@pages.get("/clusters/<cluster_id>")
def cluster(cluster_id: str) -> str:
    """Show the matrix of a cluster."""
    shown = engine().cluster(cluster_id)
    now = engine().clock.now()
    return render_template(
        "overview.html",
        cluster=shown,
        problems=problems(shown, now),
        summaries=[summary(node, now) for node in shown.nodes.values()],
        matrices=matrices(shown, now),
        findings=[one for one in advice(shown, now) if one.severity is not Severity.NOTE],
        zones={node.id: ZoneInfo(node.spec.timezone) for node in shown.nodes.values()},
    )


@pages.get("/go")
def go() -> Answer:
    """Lead from the server drop-down to the node's page of the same kind."""
    cluster_id, _, node_id = request.args.get("server", "").partition("/")
    engine().cluster(cluster_id)
    page = request.args.get("page", "")
    known = ("control_center.feature", "control_center.network", "activation.show")
    endpoint = page if page in known else known[0]
    return redirect(url_for(endpoint, cluster_id=cluster_id, node_id=node_id))


def problems(cluster: Cluster, now: Instant) -> list[Problem]:
    """Return what needs attention, the most urgent first; a node that cannot be reached is told apart, as a whole."""
    found = [
        Problem(node, view(cluster, node, service, now))
        for node in cluster.nodes.values()
        if reachable(node, now)
        for service in node.services.values()
        if look(node, service, now).concerns
    ]
    return sorted(found, key=lambda problem: problem.service.look.rank)


def summary(node: Node, now: Instant) -> NodeSummary:
    """Count the services of a node by how they look."""
    counts = Counter(look(node, service, now) for service in node.services.values())
    away = None if reachable(node, now) else reachability(node, now).value
    return NodeSummary(node, {seen: counts[seen] for seen in LOOKS if counts[seen]}, away)


def matrices(cluster: Cluster, now: Instant) -> list[Matrix]:
    """Return one matrix for each product of the cluster."""
    by_product = sorted(cluster.nodes.values(), key=lambda node: list(Product).index(node.spec.product))
    return [
        _matrix(product, tuple(nodes), now)
        for product, nodes in groupby(by_product, lambda node: node.spec.product)
    ]


def _matrix(product: Product, nodes: tuple[Node, ...], now: Instant) -> Matrix:
    services = {name: service for node in nodes for name, service in node.services.items()}
    lines = [
        Line(
            service,
            tuple(look(node, service, now) if name in node.services else None for node in nodes),
        )
        for name, service in services.items()
    ]
    lines.sort(key=lambda line: (line.urgency, line.service.kind is Kind.NETWORK))
    return Matrix(product, nodes, tuple(lines))
