"""Actions on one service over REST: short forms of an operation with one target."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ucmsim.api.engine import Engine
from ucmsim.api.operations.desk import Condition, Desk
from ucmsim.api.operations.record import Kind, Place
from ucmsim.api.operations.requests import Request
from ucmsim.api.rest.calls import IF_MATCH, Call
from ucmsim.api.rest.documents import Body
from ucmsim.api.rest.problems import (
    ALREADY_IN_STATE,
    CLUSTER_NOT_FOUND,
    DEPENDENCY_NOT_ACTIVE,
    IDEMPOTENCY_KEY_REUSED,
    NODE_NOT_FOUND,
    NODE_UNREACHABLE,
    OPERATION_IN_PROGRESS,
    PRECONDITION_FAILED,
    SERVICE_NOT_ACTIVATED,
    SERVICE_NOT_CONTROLLABLE,
    SERVICE_NOT_DEPLOYABLE,
    SERVICE_NOT_FOUND,
    SERVICE_NOT_ON_THIS_NODE,
    Problem,
)
from ucmsim.api.rest.resources.asking import ANSWER_HEADERS, ASKING_HEADERS, OPERATION_LINKS, Asking
from ucmsim.api.rest.resources.names import (
    ClusterName,
    NodeName,
    ServiceName,
    find_cluster,
    find_node,
    find_service,
)
from ucmsim.api.rest.resources.operation_documents import OperationDocument
from ucmsim.api.rest.resources.service_documents import service_document
from ucmsim.api.rest.resources.situations import within
from ucmsim.api.rest.resources.words import State, ViaName
from ucmsim.api.rest.routes import Path, Reply, Resource, post
from ucmsim.api.transactions import Transaction
from ucmsim.models.states import Action, Status, Via

Verb = Annotated[
    Literal["start", "stop", "restart", "activate", "deactivate"], Path("What to do.", "restart")
]

RULES = (
    SERVICE_NOT_ACTIVATED,
    SERVICE_NOT_DEPLOYABLE,
    SERVICE_NOT_CONTROLLABLE,
    SERVICE_NOT_ON_THIS_NODE,
    DEPENDENCY_NOT_ACTIVE,
    ALREADY_IN_STATE,
    OPERATION_IN_PROGRESS,
    NODE_UNREACHABLE,
    IDEMPOTENCY_KEY_REUSED,
)


class Conditions(Body):
    """Under which conditions something is to be done."""

    reason: str | None = Field(
        default=None,
        max_length=500,
        description="Kept in the operation and its events.",
        examples=["patch day"],
    )
    if_state: list[State] | None = Field(
        default=None,
        min_length=1,
        description="Act only if the service is in one of these states; otherwise `already-in-state`.",
        examples=[["STARTED"]],
    )
    via: ViaName = Field(
        default=ViaName.API,
        description="By whose rules: the API's, or those of the node's command line, which may control more.",
    )
    timeout_seconds: int | None = Field(
        default=None,
        ge=1,
        le=86_400,
        description="After this the operation is FAILED with `operation-timeout`; the service carries on.",
        examples=[180],
    )

    def request(self, kind: Kind, places: tuple[Place, ...], *, single: bool) -> Request:
        """Return what is asked of some places."""
        return Request(
            kind,
            places,
            single=single,
            via=Via[self.via.name],
            reason=self.reason,
            if_state=frozenset(Status[state.name] for state in self.if_state or ()),
            timeout=None if self.timeout_seconds is None else self.timeout_seconds * 1000,
        )


class ActionRequest(Conditions):
    """How to act on one service. Every field is optional, and so is the body."""


class ServiceActions(Resource):
    """What can be done to a service. Each action begins an operation, which tells how it goes."""

    name = "serviceActions"

    def __init__(self, engine: Engine, desk: Desk) -> None:
        self._engine = engine
        self._asking = Asking(engine, desk)

    @post(
        "/clusters/{cluster}/nodes/{node}/services/{service}/actions/{verb}",
        statuses=(202, 200),
        headers=(*ASKING_HEADERS, IF_MATCH),
        answers=ANSWER_HEADERS,
        links=OPERATION_LINKS,
        problems=(CLUSTER_NOT_FOUND, NODE_NOT_FOUND, SERVICE_NOT_FOUND, PRECONDITION_FAILED, *RULES),
        example={"reason": "certificate renewal", "ifState": ["STARTED"], "timeoutSeconds": 180},
    )
    def act(
        self,
        cluster: ClusterName,
        node: NodeName,
        service: ServiceName,
        verb: Verb,
        body: ActionRequest,
        call: Call,
    ) -> Reply[OperationDocument]:
        """Start, stop, restart, activate or deactivate a service.

        What the rules forbid is refused at once, and nothing is begun. Otherwise the answer is 202 with the operation;
        with `Prefer: wait=N` it is 200 when the operation ends in time. Starting a started service, stopping a stopped
        one and activating an activated one succeed with `changed: false`. An operation under way that does the same is
        answered in place of a new one.
        """
        found = find_node(find_cluster(self._engine, cluster), node)
        name = find_service(self._engine.cluster(cluster), found, service).name
        place = Place(cluster, found.id, name)
        request = body.request(Kind(Action(verb)), (place,), single=True)
        return self._asking.ask(call, request, body, _unchanged(call, place) if call.conditional else None)


def _unchanged(call: Call, place: Place) -> Condition:
    """The condition that the service still has the ETag that the caller names, looked at inside the transaction."""

    def check(transaction: Transaction) -> None:
        situation = within(transaction, place.cluster)
        node = situation.cluster.nodes[place.node]
        document = service_document(situation, node, node.services[place.service])
        if not call.matches(document.etag()):
            raise Problem(
                PRECONDITION_FAILED,
                f"{place.service} on {place.node} has changed",
                cluster=place.cluster,
                node=place.node,
                service=document.id,
            )

    return check
