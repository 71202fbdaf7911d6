"""Clusters over REST, and the matrix of their services by their nodes."""

from __future__ import annotations

from pydantic import Field

from ucmsim.api.engine import Engine
from ucmsim.api.rest.documents import Document, Page
from ucmsim.api.rest.problems import CLUSTER_NOT_FOUND, NODE_NOT_FOUND
from ucmsim.api.rest.resources.names import BASE, ClusterName, find_cluster
from ucmsim.api.rest.resources.paging import PageQuery, page
from ucmsim.api.rest.resources.service_documents import MatrixPage, MatrixRow, cell_document
from ucmsim.api.rest.resources.service_filters import MatrixQuery
from ucmsim.api.rest.resources.situations import Situation
from ucmsim.api.rest.resources.words import ProductName, ServiceType
from ucmsim.api.rest.routes import JSON, Content, Link, Reply, Resource, get
from ucmsim.api.views import ClusterView
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.states import Product


class ClusterDocument(Document):
    """A cluster."""

    id: str = Field(examples=["lab"])
    name: str = Field(examples=["Lab"])
    product: ProductName = Field(description="What its first node runs.")
    version: str = Field(description="The version of its publisher.", examples=["15.0.1.12900-43"])
    publisher: str = Field(description="The id of its first node.", examples=["cucm-pub"])
    node_count: int = Field(examples=[5])
    links: dict[str, str]


class ClusterPage(Page[ClusterDocument]):
    """A part of the clusters, in the order of the inventory."""


class Clusters(Resource):
    """Clusters, each with its nodes and the matrix of its services: every service on every node in one answer."""

    name = "clusters"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @get(
        "/clusters",
        links={
            "read": Link("clusters_read", {"cluster": "$response.body#/items/0/id"}, "The first cluster."),
            "nodes": Link("nodes_index", {"cluster": "$response.body#/items/0/id"}, "Its nodes."),
            "matrix": Link("clusters_matrix", {"cluster": "$response.body#/items/0/id"}, "Its services."),
            "advice": Link(
                "advice_index", {"cluster": "$response.body#/items/0/id"}, "What the guide says of it."
            ),
        },
    )
    def index(self, query: PageQuery) -> ClusterPage:
        """List the clusters.

        In the order of the inventory.
        """
        chosen, following = page(list(self._engine.clusters), query)
        return ClusterPage(items=[_document(self._engine.cluster(name)) for name in chosen], next=following)

    @get("/clusters/{cluster}", versioned=True, problems=(CLUSTER_NOT_FOUND,))
    def read(self, cluster: ClusterName) -> ClusterDocument:
        """Read a cluster."""
        return _document(find_cluster(self._engine, cluster))

    @get("/clusters/{cluster}/services", problems=(CLUSTER_NOT_FOUND, NODE_NOT_FOUND))
    def matrix(self, cluster: ClusterName, query: MatrixQuery) -> Reply[MatrixPage]:
        """Read the matrix of services by nodes.

        Over SOAP the same takes a call to each node. Services are in the order of the catalogue; a service is listed when
        at least one node that passes the filters has it.
        """
        view = self._engine.cluster_view(find_cluster(self._engine, cluster).id)
        if query == MatrixQuery():  # what monitors ask for, again and again
            return Reply(content=Content(JSON, view.once(_written)), stands=view.until)
        return Reply(_matrix(view, query), stands=view.until)


def ordered(cluster: Cluster) -> list[Node]:
    """Return the nodes of a cluster, the publisher first, then by id."""
    first = first_node(cluster)
    return sorted(cluster.nodes.values(), key=lambda node: (node is not first, node.id))


def first_node(cluster: Cluster) -> Node:
    """Return the publisher of a cluster: that of UCM if it has nodes of several products."""
    publishers = (cluster.publisher(product) for product in Product)
    return next(node for node in publishers if node is not None)


def _document(cluster: Cluster) -> ClusterDocument:
    first = first_node(cluster)
    path = f"{BASE}/clusters/{cluster.id}"
    return ClusterDocument(
        id=cluster.id,
        name=cluster.name,
        product=ProductName[first.spec.product.name],
        version=first.version,
        publisher=first.id,
        node_count=len(cluster.nodes),
        links={
            "self": path,
            "nodes": f"{path}/nodes",
            "services": f"{path}/services",
            "advice": f"{path}/advice",
            "operations": f"{BASE}/operations?cluster={cluster.id}",
            "events": f"{BASE}/events?cluster={cluster.id}",
        },
    )


def _matrix(view: ClusterView, query: MatrixQuery) -> MatrixPage:
    situation = Situation(view.subject, view.at, {})
    rows: dict[str, MatrixRow] = {}
    wanted = query.nodes(view.subject)
    for node in ordered(view.subject):
        if wanted and node.id not in wanted:
            continue
        for service in node.services.values():
            cell = cell_document(situation, node, service)
            if not query.passes(service, cell.state, cell.activation):
                continue
            row = rows.setdefault(
                service.name,
                MatrixRow(
                    id=service.slug,
                    name=service.name,
                    type=ServiceType[service.kind.name],
                    group=service.group,
                    nodes={},
                ),
            )
            row.nodes[node.id] = cell
    return MatrixPage(items=list(rows.values()), next=None)


def _written(view: ClusterView) -> bytes:
    return _matrix(view, MatrixQuery()).json()
