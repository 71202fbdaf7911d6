"""A service on a node as a document, alone and as a cell of the matrix (REST specification section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import Field

from ucmsim.api.instants import ctime
from ucmsim.api.rest.documents import Document, Page, Timestamp
from ucmsim.api.rest.resources.names import node_path
from ucmsim.api.rest.resources.situations import Situation
from ucmsim.api.rest.resources.words import Activation, Implementation, ServiceType, State, StopCause
from ucmsim.models.catalogue import Service, slug
from ucmsim.models.causes import cause
from ucmsim.models.cluster import Node
from ucmsim.models.presence import reachable
from ucmsim.models.report import Row, rows
from ucmsim.models.states import Action, Kind, NodeRef


class WireDocument(Document):
    """What SOAP says of a service."""

    service_status: str = Field(examples=["Started"])
    reason_code: int = Field(description="-1 is success.", examples=[-1])
    reason_code_string: str = Field(description="With the trailing space of the wire.", examples=[" "])
    start_time: str | None = Field(
        description="In the node's time zone, as C writes it.", examples=["Sun Mar  2 10:11:12 2025"]
    )
    up_time: int = Field(description="Seconds; -1 while the service does not run.", examples=[8123])


class ActionDocument(Document):
    """Something that can be asked for."""

    href: str = Field(description="Where to POST.")
    allowed: bool = Field(description="Whether it would be accepted now.")
    reason: str | None = Field(
        description="The code of the problem that it would give, null if it is allowed.",
        examples=["SERVICE_NOT_ACTIVATED"],
    )


class ServiceDocument(Document):
    """A service on a node."""

    volatile: ClassVar[Mapping[str, Any]] = {"uptime_seconds": True, "wire": {"up_time"}}

    id: str = Field(examples=["cisco-callmanager"])
    name: str = Field(description="As SOAP spells it.", examples=["Cisco CallManager"])
    cluster: str = Field(examples=["lab"])
    node: str = Field(examples=["cucm-pub"])
    type: ServiceType
    implementation: Implementation
    group: str = Field(examples=["CM Services"])
    product: str = Field(description="The ProductID of the wire.", examples=["CallManager"])
    activation: Activation
    state: State
    cause: StopCause | None = Field(description="Why it is STOPPED, otherwise null.")
    start_time: Timestamp | None = Field(description="When the running process came up.")
    uptime_seconds: int | None = Field(description="How long it has been up, null while it is not.")
    pending_operation: str | None = Field(description="The operation under way on this service.")
    depends_on: list[str] = Field(description="The ids of the services that it depends on, on the same node.")
    wire: WireDocument | None = Field(
        description="What `soapGetServiceStatus` says of it now; null while the node cannot be reached."
    )
    actions: dict[str, ActionDocument] = Field(description="What may be asked for now, by verb.")
    links: dict[str, str]


class ServicePage(Page[ServiceDocument]):
    """All services of a node, in the order of the catalogue."""


class CellDocument(Document):
    """A service on one of the nodes that have it."""

    activation: Activation
    state: State
    cause: StopCause | None = Field(description="Why it is STOPPED, otherwise null.")
    wire: WireDocument | None = Field(
        description="What SOAP says of it; null while the node cannot be reached."
    )


class MatrixRow(Document):
    """A service on all nodes that have it."""

    id: str = Field(examples=["cisco-tftp"])
    name: str = Field(examples=["Cisco Tftp"])
    type: ServiceType
    group: str = Field(examples=["CM Services"])
    nodes: dict[str, CellDocument] = Field(
        description="By node; a node that does not offer the service is left out."
    )


class MatrixPage(Page[MatrixRow]):
    """Services by nodes."""


def service_document(situation: Situation, node: Node, service: Service) -> ServiceDocument:
    """Return a service as it is in a situation."""
    row, cell = _cell(situation, node, service)
    answers = reachable(node, situation.now)
    ref = NodeRef(situation.cluster.id, node.id)
    path = f"{node_path(ref)}/services/{service.slug}"
    operation = situation.operation(node, service.name)
    return ServiceDocument(
        id=service.slug,
        name=service.name,
        cluster=ref.cluster,
        node=ref.node,
        type=ServiceType[service.kind.name],
        implementation=Implementation[service.form.name],
        group=service.group,
        product=service.product_id,
        activation=cell.activation,
        state=cell.state,
        cause=cell.cause,
        start_time=row.started if answers else None,
        uptime_seconds=row.uptime if answers and row.started is not None else None,
        pending_operation=operation.id if operation else None,
        depends_on=[slug(name) for name in node.dependencies(service)],
        wire=cell.wire,
        actions={action.value: _action(situation, node, service, action, path) for action in Action},
        links={
            "self": path,
            "node": node_path(ref),
            "operations": f"/api/v1/operations?service={service.slug}&node={node.id}",
            "events": f"/api/v1/events?service={service.slug}&node={node.id}",
        },
    )


def cell_document(situation: Situation, node: Node, service: Service) -> CellDocument:
    """Return a service as one cell of the matrix."""
    return _cell(situation, node, service)[1]


def wire_document(row: Row, zone: ZoneInfo) -> WireDocument:
    """Return what SOAP says in a row of its answer."""
    return WireDocument(
        service_status=row.status.value,
        reason_code=row.reason.code,
        reason_code_string=row.reason.wire,
        start_time=None if row.started is None else ctime(row.started, zone),
        up_time=row.uptime,
    )


def activation(node: Node, service: Service) -> Activation:
    """Return whether a service is activated, in REST's words."""
    if service.kind is Kind.NETWORK:
        return Activation.NOT_APPLICABLE
    return Activation.ACTIVATED if node.instances[service.name].activated else Activation.DEACTIVATED


def _cell(situation: Situation, node: Node, service: Service) -> tuple[Row, CellDocument]:
    (row,) = rows(node, (service.name,), situation.now)
    if not reachable(node, situation.now):
        unknown = CellDocument(
            activation=activation(node, service), state=State.UNKNOWN, cause=None, wire=None
        )
        return row, unknown
    why = cause(node, service.name, situation.now)
    return row, CellDocument(
        activation=activation(node, service),
        state=State[row.status.name],
        cause=StopCause[why.name] if why else None,
        wire=wire_document(row, ZoneInfo(node.spec.timezone)),
    )


def _action(situation: Situation, node: Node, service: Service, action: Action, path: str) -> ActionDocument:
    hindrance = situation.hindrance(node, service.name, action)
    return ActionDocument(
        href=f"{path}/actions/{action.value}",
        allowed=hindrance is None,
        reason=hindrance.name if hindrance else None,
    )
