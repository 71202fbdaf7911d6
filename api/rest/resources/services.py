"""Services of a node over REST."""

from __future__ import annotations

from ucmsim.api.engine import Engine
from ucmsim.api.operations.desk import Desk
from ucmsim.api.operations.record import Operation, Place, by_place
from ucmsim.api.rest.problems import CLUSTER_NOT_FOUND, NODE_NOT_FOUND, SERVICE_NOT_FOUND
from ucmsim.api.rest.resources.names import (
    ClusterName,
    NodeName,
    ServiceName,
    find_cluster,
    find_node,
    find_service,
    node_path,
)
from ucmsim.api.rest.resources.service_documents import ServiceDocument, ServicePage, service_document
from ucmsim.api.rest.resources.service_filters import ServiceQuery
from ucmsim.api.rest.resources.situations import Situation
from ucmsim.api.rest.routes import JSON, Content, Link, Reply, Resource, get
from ucmsim.api.views import ClusterView
from ucmsim.models.states import NodeRef

Running = tuple[tuple[Place, Operation], ...]
"""The operation under way on each place."""

_PROBLEMS = (CLUSTER_NOT_FOUND, NODE_NOT_FOUND)

_FIRST = {
    "cluster": "$response.body#/items/0/cluster",
    "node": "$response.body#/items/0/node",
    "service": "$response.body#/items/0/id",
}


class Services(Resource):
    """The services of a node: whether each is activated, its state, what SOAP says of it, and what may be done now."""

    name = "services"

    def __init__(self, engine: Engine, desk: Desk) -> None:
        self._engine = engine
        self._desk = desk

    @get(
        "/clusters/{cluster}/nodes/{node}/services",
        problems=_PROBLEMS,
        links={
            "read": Link("services_read", _FIRST, "The first service."),
            "act": Link("serviceActions_act", {**_FIRST, "verb": "restart"}, "Restart it."),
        },
    )
    def index(self, cluster: ClusterName, node: NodeName, query: ServiceQuery) -> Reply[ServicePage]:
        """List the services of a node.

        All in one answer, in the order of the catalogue.
        """
        view = self._engine.cluster_view(find_cluster(self._engine, cluster).id)
        found = find_node(view.subject, node)
        running = self._running(view)
        headers = canonical(f"{node_path(NodeRef(view.subject.id, found.id))}/services", found.id == node)
        stands = _situation(view, running).ending(view.until)
        if query == ServiceQuery():  # what monitors ask for, again and again
            content = Content(JSON, view.once(_written, found.id, running))
            return Reply(content=content, headers=headers, stands=stands)
        documents = _documents(view, found.id, running)
        items = [
            one for one in documents if query.passes(found.services[one.name], one.state, one.activation)
        ]
        return Reply(ServicePage(items=items, next=None), headers=headers, stands=stands)

    @get(
        "/clusters/{cluster}/nodes/{node}/services/{service}",
        versioned=True,
        problems=(*_PROBLEMS, SERVICE_NOT_FOUND),
    )
    def read(self, cluster: ClusterName, node: NodeName, service: ServiceName) -> Reply[ServiceDocument]:
        """Read a service of a node."""
        view = self._engine.cluster_view(find_cluster(self._engine, cluster).id)
        found = find_node(view.subject, node)
        chosen = find_service(view.subject, found, service)
        running = self._running(view)
        document = view.once(_document, found.id, chosen.name, running)
        same = (found.id, chosen.slug) == (node, service)
        headers = canonical(document.links["self"], same)
        return Reply(document, headers=headers, stands=_situation(view, running).ending(view.until))

    def _running(self, view: ClusterView) -> Running:
        return tuple(by_place(self._desk.running(view.subject.id), self._engine.clock.now()).items())


def canonical(path: str, same: bool) -> dict[str, str]:
    """Return the header that names the canonical path, for a caller who used another one."""
    return {} if same else {"Content-Location": path}


def _situation(view: ClusterView, running: Running) -> Situation:
    return Situation(view.subject, view.at, dict(running))


def _document(view: ClusterView, node_id: str, name: str, running: Running) -> ServiceDocument:
    node = view.subject.nodes[node_id]
    return service_document(_situation(view, running), node, node.services[name])


def _documents(view: ClusterView, node_id: str, running: Running) -> list[ServiceDocument]:
    situation, node = _situation(view, running), view.subject.nodes[node_id]
    return [service_document(situation, node, service) for service in node.services.values()]


def _written(view: ClusterView, node_id: str, running: Running) -> bytes:
    return ServicePage(items=_documents(view, node_id, running), next=None).json()
