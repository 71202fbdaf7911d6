"""Nodes over REST, what can be done to a whole node, and what its platform says."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ucmsim.api.engine import Engine
from ucmsim.api.operations.desk import Condition, Desk
from ucmsim.api.operations.record import Place
from ucmsim.api.operations.requests import Request
from ucmsim.api.rest.calls import IF_MATCH, Call
from ucmsim.api.rest.documents import Body
from ucmsim.api.rest.problems import (
    CLUSTER_NOT_FOUND,
    IDEMPOTENCY_KEY_REUSED,
    NODE_NOT_FOUND,
    NODE_UNREACHABLE,
    NOT_FOUND,
    OPERATION_IN_PROGRESS,
    PRECONDITION_FAILED,
    Problem,
)
from ucmsim.api.rest.resources.asking import ANSWER_HEADERS, ASKING_HEADERS, OPERATION_LINKS, Asking
from ucmsim.api.rest.resources.clusters import ordered
from ucmsim.api.rest.resources.names import ClusterName, NodeName, find_cluster, find_node, node_path
from ucmsim.api.rest.resources.node_documents import VERBS, NodeDocument, NodePage, node_document
from ucmsim.api.rest.resources.operation_documents import OperationDocument
from ucmsim.api.rest.resources.platform import PlatformDocument, platform_document
from ucmsim.api.rest.resources.refusals import NO_INACTIVE_VERSION
from ucmsim.api.rest.resources.services import canonical
from ucmsim.api.rest.resources.situations import present, within
from ucmsim.api.rest.routes import Link, Path, Reply, Resource, get, post
from ucmsim.api.transactions import Transaction
from ucmsim.models.states import NodeRef

_PROBLEMS = (CLUSTER_NOT_FOUND, NODE_NOT_FOUND)

_FIRST = {"cluster": "$response.body#/items/0/cluster", "node": "$response.body#/items/0/id"}

NodeVerb = Annotated[Literal["restart", "shutdown", "switch-version"], Path("What to do.", "restart")]


class NodeActionRequest(Body):
    """How to act on a node. Every field is optional, and so is the body."""

    reason: str | None = Field(
        default=None,
        max_length=500,
        description="Kept in the operation and its events.",
        examples=["patch day"],
    )
    timeout_seconds: int | None = Field(
        default=None,
        ge=1,
        le=86_400,
        description="After this the operation is FAILED with `operation-timeout`; the node carries on.",
        examples=[600],
    )


class Nodes(Resource):
    """The nodes of a cluster, what can be done to one as a whole, and what its platform says of itself."""

    name = "nodes"

    def __init__(self, engine: Engine, desk: Desk) -> None:
        self._engine = engine
        self._desk = desk
        self._asking = Asking(engine, desk)

    @get(
        "/clusters/{cluster}/nodes",
        problems=(CLUSTER_NOT_FOUND,),
        links={
            "read": Link("nodes_read", _FIRST, "The first node."),
            "platform": Link("nodes_platform", _FIRST, "Its platform."),
            "upgrade": Link("nodes_upgrade", _FIRST, "Its upgrade."),
            "services": Link("services_index", _FIRST, "Its services."),
            "act": Link("nodes_act", {**_FIRST, "verb": "restart"}, "Restart it."),
        },
    )
    def index(self, cluster: ClusterName) -> Reply[NodePage]:
        """List the nodes of a cluster.

        All in one answer, the publisher first, then by id.
        """
        view = self._engine.cluster_view(find_cluster(self._engine, cluster).id)
        situation = present(self._engine, self._desk, view.subject)
        items = [node_document(situation, node) for node in ordered(situation.cluster)]
        return Reply(NodePage(items=items, next=None), stands=situation.ending(view.until))

    @get("/clusters/{cluster}/nodes/{node}", versioned=True, problems=_PROBLEMS)
    def read(self, cluster: ClusterName, node: NodeName) -> Reply[NodeDocument]:
        """Read a node."""
        view = self._engine.cluster_view(find_cluster(self._engine, cluster).id)
        situation = present(self._engine, self._desk, view.subject)
        found = find_node(situation.cluster, node)
        document = node_document(situation, found)
        headers = canonical(document.links["self"], found.id == node)
        return Reply(document, headers=headers, stands=situation.ending(view.until))

    @get("/clusters/{cluster}/nodes/{node}/platform", versioned=True, problems=_PROBLEMS)
    def platform(self, cluster: ClusterName, node: NodeName) -> Reply[PlatformDocument]:
        """Read what a node's platform says of itself."""
        found = find_node(find_cluster(self._engine, cluster), node)
        path = f"{node_path(NodeRef(cluster, found.id))}/platform"
        return Reply(platform_document(found), headers=canonical(path, found.id == node))

    @get("/clusters/{cluster}/nodes/{node}/upgrades/current", statuses=(), problems=(*_PROBLEMS, NOT_FOUND))
    def upgrade(self, cluster: ClusterName, node: NodeName) -> None:
        """Read the upgrade under way on a node.

        Remote upgrades are not simulated: no node ever has one, so this is always 404.
        """
        found = find_node(find_cluster(self._engine, cluster), node)
        raise Problem(NOT_FOUND, f"no upgrade is under way on {found.id}", cluster=cluster, node=found.id)

    @post(
        "/clusters/{cluster}/nodes/{node}/actions/{verb}",
        statuses=(202, 200),
        headers=(*ASKING_HEADERS, IF_MATCH),
        answers=ANSWER_HEADERS,
        links=OPERATION_LINKS,
        problems=(
            *_PROBLEMS,
            NO_INACTIVE_VERSION,
            OPERATION_IN_PROGRESS,
            NODE_UNREACHABLE,
            PRECONDITION_FAILED,
            IDEMPOTENCY_KEY_REUSED,
        ),
        example={"reason": "maintenance window"},
    )
    def act(
        self, cluster: ClusterName, node: NodeName, verb: NodeVerb, body: NodeActionRequest, call: Call
    ) -> Reply[OperationDocument]:
        """Restart a node, shut it down, or switch it to its inactive version.

        The operation ends when the node is back, or when it is down. `results` has every service that goes with it.
        """
        found = find_node(find_cluster(self._engine, cluster), node)
        place = Place(cluster, found.id)
        timeout = None if body.timeout_seconds is None else body.timeout_seconds * 1000
        request = Request(VERBS[verb], (place,), single=True, reason=body.reason, timeout=timeout)
        return self._asking.ask(call, request, body, _unchanged(call, place) if call.conditional else None)


def _unchanged(call: Call, place: Place) -> Condition:
    """The condition that the node still has the ETag that the caller names, looked at inside the transaction."""

    def check(transaction: Transaction) -> None:
        situation = within(transaction, place.cluster)
        document = node_document(situation, situation.cluster.nodes[place.node])
        if not call.matches(document.etag()):
            raise Problem(
                PRECONDITION_FAILED, f"{place.node} has changed", cluster=place.cluster, node=place.node
            )

    return check
