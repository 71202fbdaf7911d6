"""Operations over REST: begin one over several targets, follow it, give it up, look back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from ucmsim.api.engine import Engine
from ucmsim.api.operations.desk import Desk, OverError
from ucmsim.api.operations.ledger import Search
from ucmsim.api.operations.record import Kind, Operation, Place, Standing, number_of
from ucmsim.api.rest.calls import IF_MATCH, PREFER, Call
from ucmsim.api.rest.documents import Body
from ucmsim.api.rest.problems import (
    CLUSTER_NOT_FOUND,
    IDEMPOTENCY_KEY_REUSED,
    NODE_NOT_FOUND,
    OPERATION_NOT_CANCELLABLE,
    OPERATION_NOT_FOUND,
    PRECONDITION_FAILED,
    SERVICE_NOT_FOUND,
    VALIDATION_ERROR,
    Problem,
)
from ucmsim.api.rest.resources.asking import ANSWER_HEADERS, ASKING_HEADERS, OPERATION_LINKS, Asking
from ucmsim.api.rest.resources.names import (
    UNKNOWN_NAMES,
    cluster_ids,
    everywhere,
    find_cluster,
    find_node,
    find_service,
    node_ids,
    unknown,
    wire_names,
)
from ucmsim.api.rest.resources.operation_documents import OperationDocument, OperationPage
from ucmsim.api.rest.resources.paging import PageQuery
from ucmsim.api.rest.resources.service_actions import RULES, Conditions
from ucmsim.api.rest.resources.words import FaceName, OnError, OperationKind, OperationStatus, ServiceKind
from ucmsim.api.rest.routes import Path, Reply, Resource, get, post

MOST_TARGETS = 500

_FIELDS = {
    CLUSTER_NOT_FOUND.name: "cluster",
    NODE_NOT_FOUND.name: "node",
    SERVICE_NOT_FOUND.name: "service",
}

OperationId = Annotated[str, Path("The operation's id.", "op_01J8Z3K5V7Q2XN4T6B8M0C9D1E")]


class TargetRequest(Body):
    """A service on a node, or on every node that has it."""

    cluster: str = Field(examples=["lab"])
    node: str = Field(description="`*` stands for every node that has the service.", examples=["cucm-sub"])
    service: str = Field(examples=["cisco-tftp"])


class OperationRequest(Conditions):
    """What to do to which services."""

    kind: ServiceKind
    targets: list[TargetRequest] = Field(
        min_length=1,
        max_length=MOST_TARGETS,
        description="At most 500 services, `*` counted as the nodes it means.",
    )
    on_error: OnError = Field(
        default=OnError.CONTINUE, description="What becomes of the targets after one that is refused."
    )


class OperationQuery(PageQuery):
    """Which operations are asked for. Filters may be repeated."""

    status: list[OperationStatus] = Field(
        default=[], description="Only operations that stand so.", examples=[["RUNNING"]]
    )
    kind: list[OperationKind] = Field(default=[], description="Only operations of these kinds.")
    cluster: list[str] = Field(
        default=[], description="Only operations on these clusters.", examples=[["lab"]]
    )
    node: list[str] = Field(
        default=[], description="Only operations on these nodes.", examples=[["cucm-pub"]]
    )
    service: list[str] = Field(
        default=[], description="Only operations on these services.", examples=[["cisco-tftp"]]
    )
    origin: list[FaceName] = Field(
        default=[], description="Only operations that came over these faces.", examples=[["SOAP"]]
    )

    def wanted(self, engine: Engine) -> Search:
        """What to look for; raises Problem for a name that means nothing."""
        return Search(
            tuple(Standing[status.name] for status in self.status),
            tuple(Kind[kind.name] for kind in self.kind),
            tuple(face.value for face in self.origin),
            cluster_ids(engine, self.cluster),
            node_ids(everywhere(engine), self.node),
            wire_names(self.service),
        )


class Operations(Resource):
    """What was asked for, over whichever face, and how it goes.

    An operation is what a command planned, looked up at the present time, so it needs nobody to progress and survives a
    restart of the server. `results` has every service that was touched; those with `cascade` moved along with another.
    """

    name = "operations"

    def __init__(self, engine: Engine, desk: Desk) -> None:
        self._engine = engine
        self._desk = desk
        self._asking = Asking(engine, desk)

    @post(
        "/operations",
        statuses=(202, 200),
        headers=ASKING_HEADERS,
        answers=ANSWER_HEADERS,
        links=OPERATION_LINKS,
        problems=(*RULES, IDEMPOTENCY_KEY_REUSED, VALIDATION_ERROR),
        example={
            "kind": "SERVICE_RESTART",
            "reason": "patch day",
            "onError": "CONTINUE",
            "targets": [
                {"cluster": "lab", "node": "cucm-sub", "service": "cisco-cdp"},
                {"cluster": "lab", "node": "*", "service": "cisco-drf-local"},
            ],
        },
    )
    def create(self, body: OperationRequest, call: Call) -> Reply[OperationDocument]:
        """Act on several services at once.

        Targets that do not exist are all named (422), and nothing is done. What the rules forbid for one of several
        targets makes that target FAILED with its problem. All targets are acted on at once, those of one node in the
        order given. A single target, not given with `*`, is refused as its action would be.
        """
        places = self._places(body)
        single = len(body.targets) == 1 and body.targets[0].node != "*"
        request = replace(
            body.request(Kind[body.kind.name], places, single=single),
            stop_on_error=body.on_error is OnError.STOP,
        )
        return self._asking.ask(call, request, body)

    @get("/operations", problems=UNKNOWN_NAMES)
    def index(self, query: OperationQuery) -> OperationPage:
        """List operations.

        Newest first. Kept for 24 hours, and the last 10000 in any case.
        """
        found = self._desk.search(query.wanted(self._engine), query.place, query.limit + 1)
        items = found[: query.limit]
        following = str(items[-1].number) if len(found) > query.limit else None
        return OperationPage(items=[self._asking.document(one) for one in items], next=following)

    @get("/operations/{operation}", versioned=True, headers=(PREFER,), problems=(OPERATION_NOT_FOUND,))
    def read(self, operation: OperationId, call: Call) -> Reply[OperationDocument]:
        """Read how an operation stands.

        With `Prefer: wait=N` the answer comes when the operation ends, or after N real seconds.
        """
        found = self._find(operation)
        if call.wait is not None:
            found = self._desk.wait(found, call.wait)
        return Reply(self._asking.document(found), headers=self._asking.retry_after(found))

    @post(
        "/operations/{operation}/actions/cancel",
        headers=(IF_MATCH,),
        problems=(OPERATION_NOT_FOUND, OPERATION_NOT_CANCELLABLE, PRECONDITION_FAILED),
    )
    def cancel(self, operation: OperationId, call: Call) -> OperationDocument:
        """Give an operation up.

        Only an operation that something holds back for an unknown time can be given up, such as a start that waits for
        database replication. Its services carry on; others may then act on them.
        """
        found = self._find(operation)
        if not call.matches(self._asking.document(found).etag()):
            raise Problem(PRECONDITION_FAILED, f"{found.id} has changed", operation=found.id)
        try:
            cancelled = self._desk.cancel(found.number, call.origin)
        except OverError:
            raise Problem(
                OPERATION_NOT_CANCELLABLE, OPERATION_NOT_CANCELLABLE.meaning, operation=found.id
            ) from None
        return self._asking.document(cancelled or found)

    def _find(self, identifier: str) -> Operation:
        number = number_of(identifier)
        found = self._desk.find(number) if number is not None else None
        if found is None or found.id != identifier:
            raise Problem(OPERATION_NOT_FOUND, f"there is no operation {identifier!r}")
        return found

    def _places(self, body: OperationRequest) -> tuple[Place, ...]:
        """Return the places that a request names, each once; raises Problem with everything that does not exist."""
        places: dict[Place, None] = {}
        wrong: list[tuple[str, str]] = []
        for index, target in enumerate(body.targets):
            try:
                places |= dict.fromkeys(self._meant(target))
            except Problem as problem:
                wrong.append((f"#/targets/{index}/{_FIELDS[problem.type.name]}", problem.detail))
        if wrong:
            raise Problem(VALIDATION_ERROR, "some targets do not exist", status=422, errors=wrong)
        if len(places) > MOST_TARGETS:
            raise Problem(
                VALIDATION_ERROR,
                f"the targets are {len(places)} services; at most {MOST_TARGETS} are accepted",
                status=422,
                errors=[("#/targets", "too many")],
            )
        return tuple(places)

    def _meant(self, target: TargetRequest) -> Iterator[Place]:
        cluster = find_cluster(self._engine, target.cluster)
        if target.node != "*":
            node = find_node(cluster, target.node)
            yield Place(cluster.id, node.id, find_service(cluster, node, target.service).name)
            return
        names = set(wire_names([target.service]))
        having = [(node, names & node.services.keys()) for node in cluster.nodes.values()]
        if not any(found for _, found in having):
            known = [service.slug for node in cluster.nodes.values() for service in node.services.values()]
            raise Problem(SERVICE_NOT_FOUND, unknown("service", target.service, known))
        for node, found in having:
            for name in found:
                yield Place(cluster.id, node.id, name)
