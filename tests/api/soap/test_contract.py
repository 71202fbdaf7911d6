"""Every operation of every contract: asked as zeep asks it from our WSDL, answered byte by byte and by the schema."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import zeep
from lxml import etree
from requests import Response as HttpResponse
from zeep.transports import Transport

from tests.api.soap.conversation import NODE, FixedEngine, Request
from tests.api.soap.test_golden import GOLDEN
from tests.api.soap.test_legacy import GOLDEN as GOLDEN_LEGACY
from ucmsim import wsdl
from ucmsim.api.faces import CONTROL_CENTER, CONTROL_CENTER_EX, CONTROL_CENTER_LEGACY, faces
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.states import Action
from ucmsim.wsdl.contract import load

ASKED = {
    CONTROL_CENTER: {
        "soapGetStaticServiceList": ("", "static-list"),
        "soapGetServiceStatus": ("", "status-of-all"),
        "soapDoServiceDeployment": (
            {"DeployType": "Deploy", "ServiceList": {"item": ["Cisco Tftp"]}},
            "deployment",
        ),
        "soapDoControlServices": (
            {"ControlType": "Restart", "ServiceList": {"item": ["Cisco License Manager", "Cisco Tftp"]}},
            "restart-of-two",
        ),
        "getProductInformationList": ("", "product-list"),
    },
    CONTROL_CENTER_EX: {
        "getStaticServiceListExtended": ("", "extended-list"),
        "getFileDirectoryList": ("/var/log/active/cm/trace/ccm/sdl", "files"),
        "soapDoServiceDeploymentNoDbUpdate": (
            {"ProductId": "CallManager", "DeployType": "Deploy", "ServiceList": {"item": ["Cisco Tftp"]}},
            "unrecorded-deployment",
        ),
        "soapDoControlServicesEx": (
            {
                "ProductId": "CallManager",
                "DependencyType": "Enforce",
                "ControlType": "Start",
                "ServiceList": {"item": ["Cisco Tftp", "Cisco Nothing"]},
            },
            "control-with-dependencies",
        ),
    },
}
OPERATIONS = [(path, operation) for path, asked in ASKED.items() for operation in asked]


class Overheard(Transport):  # type: ignore[misc]  # zeep has no types
    """Hands zeep's requests to the faces and keeps the answers."""

    def __init__(self, engine: FixedEngine) -> None:
        super().__init__()
        self.faces = faces(engine)  # type: ignore[arg-type]
        self.answers: list[bytes] = []

    def post(self, address, message, headers):
        path = "/" + address.partition("://")[2].partition("/")[2]
        answer = self.faces[path].answer(Request(message, headers["Content-Type"], headers["SOAPAction"]))  # type: ignore[arg-type]
        self.answers.append(answer.body)
        response = HttpResponse()
        response.status_code, response._content = answer.status, answer.body
        response.headers["Content-Type"] = answer.content_type
        return response


@pytest.fixture
def transport(engine):
    transport = Overheard(engine)
    yield transport
    transport.session.close()


@pytest.fixture
def service(transport) -> Callable:
    """A strict client of the service at a path."""

    def client(path: str):
        document = str(wsdl.path(path.rpartition("/")[2]))
        return zeep.Client(document, transport=transport, settings=zeep.Settings(strict=True)).service

    return client


def test_every_operation_is_asked():
    for path, asked in ASKED.items():
        assert set(asked) == set(load(path.rpartition("/")[2]).operations)


@pytest.mark.parametrize(("path", "operation"), OPERATIONS, ids=lambda value: value.rpartition("/")[2])
def test_an_operation_keeps_its_contract(service, transport, path, operation):
    argument, golden = ASKED[path][operation]
    read = service(path)[operation](argument)
    assert read is not None
    (answer,) = transport.answers
    assert answer == (GOLDEN / f"{golden}.xml").read_bytes()
    (body,) = etree.fromstring(answer)
    load(path.rpartition("/")[2]).schema().assertValid(body[0])


LEGACY = {
    "soapGetStaticServiceList": ("", "static-list"),
    "soapGetServiceStatus": ([], "status-of-all"),
    "soapDoServiceDeployment": ({"DeployType": "Deploy", "ServiceList": []}, None),
    "soapDoControlServices": ({"ControlType": "Restart", "ServiceList": []}, None),
    "GetProductInformationList": ("", "product-list"),
}


@pytest.mark.parametrize("operation", LEGACY)
def test_a_legacy_operation_is_read_strictly(service, transport, operation):
    """Under zeep's own namespace the answer's root has a prefix; what stands in it are the golden bytes."""
    argument, golden = LEGACY[operation]
    assert service(CONTROL_CENTER_LEGACY)[operation](argument) is not None
    (answer,) = transport.answers
    if golden is not None:
        inside = (GOLDEN_LEGACY / f"{golden}.xml").read_bytes().partition(b'/soap/encoding/">')[2]
        assert (
            answer.partition(b'/ast/soap/">')[2].partition(b"</ns1:")[0]
            == inside.partition(f"</{operation}Response>".encode())[0]
        )


@pytest.mark.parametrize(
    ("operation", "wrapper", "kind", "command"),
    [
        ("soapDoControlServices", "ControlType", "Start", Control(NODE, Action.START, ("Cisco Tftp",))),
        ("soapDoControlServices", "ControlType", "Stop", Control(NODE, Action.STOP, ("Cisco Tftp",))),
        ("soapDoControlServices", "ControlType", "Restart", Control(NODE, Action.RESTART, ("Cisco Tftp",))),
        (
            "soapDoServiceDeployment",
            "DeployType",
            "Deploy",
            Deploy(NODE, activate=True, names=("Cisco Tftp",)),
        ),
        (
            "soapDoServiceDeployment",
            "DeployType",
            "UnDeploy",
            Deploy(NODE, activate=False, names=("Cisco Tftp",)),
        ),
    ],
)
def test_every_word_of_a_command_means_what_it_says(service, engine, operation, wrapper, kind, command):
    service(CONTROL_CENTER)[operation]({wrapper: kind, "ServiceList": {"item": ["Cisco Tftp"]}})
    assert engine.commands == [command]
    (origin,) = engine.origins
    assert (origin.face, origin.user, origin.client, origin.operation) == (
        "SOAP",
        "administrator",
        "192.0.2.7",
        operation,
    )
