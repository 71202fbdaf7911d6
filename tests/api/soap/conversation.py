"""An engine with fixed values behind a SOAP face, how to ask it, and how to read what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from ucmsim.api.origin import Origin
from ucmsim.api.soap import Response, SoapApi
from ucmsim.models.catalogue import Service
from ucmsim.models.cluster import Node
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.installation import installed
from ucmsim.models.inventory import NodeSpec
from ucmsim.models.product_information import ProductInformation
from ucmsim.models.products import Installed
from ucmsim.models.reasons import NO_SUCH_SERVICE, NOT_ACTIVATED, SUCCESS
from ucmsim.models.report import Answer, Row
from ucmsim.models.states import Form, Kind, NodeRef, Product, Role, Status

NODE = NodeRef("lab", "cucm-pub")
CALLER = Origin("SOAP", "administrator", "192.0.2.7")
ZONE = ZoneInfo("America/New_York")
ADDRESS = "https://192.0.2.1:8443/controlcenterservice2/services/ControlCenterServices"
NAMESPACE = "http://schemas.cisco.com/ast/soap"

ENVELOPE = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ast="{namespace}">'
    "<soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
)
ALL = "<ast:soapGetServiceStatus><ast:ServiceStatus/></ast:soapGetServiceStatus>"


def envelope(body: str) -> bytes:
    """A request as most clients write it; `ast` is the contract's namespace."""
    return ENVELOPE.format(body=body, namespace=NAMESPACE).encode()


NIL = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'


def control(inside: str, wrapper: str = "ControlServiceRequest") -> str:
    """A soapDoControlServices around its fields."""
    return f"<ast:soapDoControlServices><ast:{wrapper}>{inside}</ast:{wrapper}></ast:soapDoControlServices>"


def deployment(inside: str, wrapper: str = "DeploymentServiceRequest") -> str:
    """A soapDoServiceDeployment around its fields."""
    return (
        f"<ast:soapDoServiceDeployment><ast:{wrapper}>{inside}</ast:{wrapper}></ast:soapDoServiceDeployment>"
    )


def local(moment: str) -> int:
    """A moment of the node's local time as the engine counts it."""
    return int(datetime.fromisoformat(moment).replace(tzinfo=ZONE).timestamp()) * 1000


# The answers of a real server (specification section 11.1).
TFTP = Row("Cisco Tftp", Status.STARTED, SUCCESS, local("2024-03-05 15:53:19"), 4)
DATABASE = Row("A Cisco DB", Status.STARTED, SUCCESS, local("2024-03-05 13:01:39"), 10012)
LICENSES = Row("Cisco License Manager", Status.STARTING, SUCCESS, None, -1)
WIRELESS = Row("Cisco Wireless Controller Synchronization Service", Status.STOPPED, NOT_ACTIVATED, None, -1)
KNOWN = {row.name: row for row in (DATABASE, LICENSES, TFTP, WIRELESS)}

SERVICES = (
    Service("Cisco Tftp", Product.UCM, 24, "CM Services", Kind.FEATURE, "CallManager"),
    Service(
        "Cisco CAR Web Service",
        Product.UCM,
        23,
        "CDR Services",
        Kind.FEATURE,
        "CallManager",
        Form.SERVLET,
        depends=("Cisco CAR DB", "A Cisco DB"),
    ),
    Service("A Cisco DB", Product.UCM, 36, "Platform Services", Kind.NETWORK, "Common"),
)


PUBLISHER = installed(
    NodeSpec(
        NODE.node,
        Product.UCM,
        Role.PUBLISHER,
        "192.0.2.1",
        "cucm-pub.example.com",
        "15.0.1.12900-43",
        activated=("Cisco CallManager",),
    )
)


@dataclass
class FixedEngine:
    """Knows four services that never change, and notes what it is told to do."""

    commands: list[Control | Deploy] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    questions: list[tuple[str, ...]] = field(default_factory=list)

    def view(self, node: NodeRef) -> FixedView:
        assert node == NODE
        return FixedView(self.questions)

    def control(self, command: Control, origin: Origin) -> Answer:
        return self._carry_out(command, origin)

    def deploy(self, command: Deploy, origin: Origin) -> Answer:
        return self._carry_out(command, origin)

    def node(self, node: NodeRef) -> Node:
        assert node == NODE
        return PUBLISHER

    def static_list(self, node: NodeRef) -> tuple[Service, ...]:
        assert node == NODE
        return SERVICES

    def product_information(self, node: NodeRef) -> ProductInformation:
        assert node == NODE
        products = (
            Installed(
                "Cisco Unified Communications Manager",
                "Cisco Unified Communications Manager",
                "CallManager",
                "UCM",
            ),
            Installed("Common Services", "Common Services for all Products", "Common", "SYS"),
        )
        return ProductInformation("15.0.1.12900-43", "cucm-pub.example.com", "", products, SERVICES)

    def timezone(self, node: NodeRef) -> ZoneInfo:
        assert node == NODE
        return ZONE

    def _carry_out(self, command: Control | Deploy, origin: Origin) -> Answer:
        assert command.node == NODE
        self.commands.append(command)
        self.origins.append(origin)
        known = all(name in KNOWN for name in command.names)
        return Answer(SUCCESS if known else NO_SUCH_SERVICE, _rows(command.names))


@dataclass
class FixedView:
    """How those services look: always the same, and made afresh each time."""

    questions: list[tuple[str, ...]]
    zone = ZONE

    def status(self, names: tuple[str, ...]) -> Answer:
        self.questions.append(names)
        return Answer(SUCCESS, _rows(names or tuple(KNOWN)))

    def once(self, make: Callable[..., Any], *about: Any) -> Any:
        return make(self, *about)


def _rows(names: tuple[str, ...]) -> tuple[Row, ...]:
    return tuple(KNOWN.get(name, Row(name, Status.STOPPED, NO_SUCH_SERVICE, None, -1)) for name in names)


@dataclass(frozen=True)
class Request:
    """What a face is handed."""

    body: bytes
    content_type: str | None = "text/xml"
    action: str | None = None
    address: str = ADDRESS
    node: NodeRef = NODE
    origin: Origin = CALLER


@dataclass
class Face:
    """The face under test with its engine; `ask` puts a Body's content into an envelope, `post` sends bytes as they are."""

    engine: FixedEngine
    api: SoapApi

    def ask(self, body: str, **more: Any) -> Response:
        return self.post(envelope(body), **more)

    def post(self, request: bytes, **more: Any) -> Response:
        return self.api.answer(Request(request, **more))


def payload(response: Response) -> etree._Element:
    """The element in the Body of an answer, which must be well-formed."""
    (body,) = etree.fromstring(response.body)
    (element,) = body
    return element


def fault(response: Response) -> tuple[str, str]:
    """Code and text of an answer that must be a fault, its bytes being those of the captured ones."""
    element = payload(response)
    assert response.status == 500
    assert element.tag == "{http://schemas.xmlsoap.org/soap/envelope/}Fault"
    assert [child.tag for child in element] == ["faultcode", "faultstring", "detail"]
    assert response.body.endswith(
        b"</faultstring><detail /></soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    )
    return element.findtext("faultcode", ""), element.findtext("faultstring", "")
