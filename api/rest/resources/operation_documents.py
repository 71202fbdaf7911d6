"""An operation as a document (REST specification section 4)."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from pydantic import Field

from ucmsim.api.operations.record import Operation, Place, Target
from ucmsim.api.rest.documents import Document, Page, Timestamp
from ucmsim.api.rest.problems import ProblemDocument
from ucmsim.api.rest.resources.names import BASE
from ucmsim.api.rest.resources.refusals import problem
from ucmsim.api.rest.resources.service_documents import ActionDocument, WireDocument, wire_document
from ucmsim.api.rest.resources.words import FaceName, OperationKind, OperationStatus, State
from ucmsim.models.catalogue import slug
from ucmsim.models.cluster import Node
from ucmsim.models.report import Row
from ucmsim.models.states import Instant

Find = Callable[[Place], Node | None]
"""Finds the node of a place; None for one that the inventory no longer has."""


class TargetDocument(Document):
    """What an operation was asked to act on."""

    cluster: str = Field(examples=["lab"])
    node: str = Field(examples=["cucm-pub"])
    service: str | None = Field(description="Null in an operation on nodes.", examples=["cisco-tftp"])


class ResultDocument(Document):
    """What became of one target, or of a service that moved along with one."""

    cluster: str = Field(examples=["lab"])
    node: str = Field(examples=["cucm-pub"])
    service: str | None = Field(examples=["cisco-tftp"])
    status: OperationStatus
    changed: bool | None = Field(description="Whether anything had to be done; null while it runs.")
    from_: State | None = Field(alias="from", description="The state in which the service was found.")
    to: State | None = Field(description="The state in which the operation left it; null while it runs.")
    wire: WireDocument | None = Field(description="What SOAP said of it when the target had finished.")
    problem: ProblemDocument | None = Field(description="Why it failed.")
    cascade: bool = Field(description="Whether nobody asked for it: it moved because another did.")
    superseded_by: str | None = Field(description="The operation that turned it away from its goal.")


class OriginDocument(Document):
    """Where a command came from."""

    face: FaceName
    user: str = Field(examples=["administrator"])
    client: str = Field(description="The address of the caller.", examples=["192.0.2.77"])
    soap_operation: str | None = Field(examples=["soapDoControlServices"])


class ProgressDocument(Document):
    """How far an operation is."""

    percent: int = Field(
        ge=0, le=100, description="Of the time that it takes as a whole, as far as that is known."
    )
    stage: str | None = Field(
        description="The state of the first target that is under way; null when none is.",
        examples=["STOPPING"],
    )


class OperationDocument(Document):
    """An operation."""

    id: str = Field(examples=["op_01J8Z3K5V7Q2XN4T6B8M0C9D1E"])
    kind: OperationKind
    status: OperationStatus
    reason: str | None = Field(description="What the caller gave as the reason.", examples=["patch day"])
    created_at: Timestamp
    started_at: Timestamp
    finished_at: Timestamp | None = Field(description="Null until it is over.")
    origin: OriginDocument
    progress: ProgressDocument
    targets: list[TargetDocument] = Field(description="What was asked for.")
    results: list[ResultDocument] = Field(description="Every target, then what moved along with one.")
    actions: dict[str, ActionDocument] = Field(description="What may be asked for now, by verb.")
    links: dict[str, str]


class OperationPage(Page[OperationDocument]):
    """A part of the operations, newest first."""


def operation_document(operation: Operation, now: Instant, find: Find) -> OperationDocument:
    """Return an operation as it stands at `now`."""
    path = f"{BASE}/operations/{operation.id}"
    standing = operation.standing(now)
    cancellable = operation.cancellable(now)
    origin = operation.origin
    return OperationDocument(
        id=operation.id,
        kind=OperationKind[operation.kind.name],
        status=OperationStatus[standing.name],
        reason=operation.reason,
        created_at=operation.at,
        started_at=operation.at,
        finished_at=operation.end.at if standing.over else None,
        origin=OriginDocument(
            face=FaceName(origin.face),
            user=origin.user,
            client=origin.client,
            soap_operation=origin.operation or None,
        ),
        progress=ProgressDocument(percent=operation.percent(now), stage=_stage(operation, now, find)),
        targets=[_target(target.place) for target in operation.asked],
        results=[_result(operation, target, now, find) for target in operation.targets],
        actions={
            "cancel": ActionDocument(
                href=f"{path}/actions/cancel",
                allowed=cancellable,
                reason=None if cancellable else "OPERATION_NOT_CANCELLABLE",
            )
        },
        links={"self": path, "events": f"{BASE}/events?operation={operation.id}"},
    )


def _target(place: Place) -> TargetDocument:
    return TargetDocument(cluster=place.cluster, node=place.node, service=slug(place.service) or None)


def _result(operation: Operation, target: Target, now: Instant, find: Find) -> ResultDocument:
    standing = target.standing(now)
    place, end = target.place, target.end
    node = find(place)
    wire = None
    if standing.over and end.moment is not None and node is not None:
        up = -1 if end.moment.started is None else (end.at or now) // 1000 - end.moment.started // 1000
        row = Row(place.service, end.moment.status, end.moment.reason, end.moment.started, up)
        wire = wire_document(row, ZoneInfo(node.spec.timezone))
    trouble = end.trouble if standing.over else None
    return ResultDocument(
        cluster=place.cluster,
        node=place.node,
        service=slug(place.service) or None,
        status=OperationStatus[standing.name],
        changed=target.changed if standing.over else None,
        **{"from": State[target.found.name] if target.found else None},
        to=State[end.moment.status.name] if standing.over and end.moment else None,
        wire=wire,
        problem=problem(place, trouble).document(f"{BASE}/operations/{operation.id}", operation.id)
        if trouble
        else None,
        cascade=target.cascade,
        superseded_by=target.superseded_by,
    )


def _stage(operation: Operation, now: Instant, find: Find) -> str | None:
    for target in operation.targets:
        node = find(target.place)
        if not target.standing(now).over and node is not None:
            instance = node.instances.get(target.place.service)
            return instance.at(now).status.name if instance else "RESTARTING"
    return None
