"""ControlCenterServicesEx: what its requests ask of the engine, and what clients read out of its answers."""

from __future__ import annotations

import pytest
import zeep

from tests.api.soap.conversation import Request, envelope, fault, payload
from tests.api.soap.test_zeep import InProcess
from ucmsim import wsdl
from ucmsim.api.origin import Origin
from ucmsim.api.soap import SoapApi, control_center_ex, functions
from ucmsim.models.boot import boot
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.pace import Pace
from ucmsim.models.states import Action, NodeRef
from ucmsim.wsdl.contract import load

CONTRACT = load("ControlCenterServicesEx")
PUB, SUB = NodeRef("lab", "cucm-pub"), NodeRef("lab", "cucm-sub")
NIL = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'
LIST = "<ast:ServiceList><ast:item>Cisco Tftp</ast:item></ast:ServiceList>"
RESTART = "<ast:ControlType>Restart</ast:ControlType>" + LIST
DEPLOY = "<ast:DeployType>Deploy</ast:DeployType>" + LIST


def control(inside: str, wrapper: str = "ControlServiceRequestEx") -> str:
    return (
        f"<ast:soapDoControlServicesEx><ast:{wrapper}>{inside}</ast:{wrapper}></ast:soapDoControlServicesEx>"
    )


def deployment(inside: str, wrapper: str = "DeploymentServiceRequestEx") -> str:
    operation = "soapDoServiceDeploymentNoDbUpdate"
    return f"<ast:{operation}><ast:{wrapper}>{inside}</ast:{wrapper}></ast:{operation}>"


def listing(directory: str) -> str:
    return f"<ast:getFileDirectoryList><ast:DirectoryPath>{directory}</ast:DirectoryPath></ast:getFileDirectoryList>"


def test_every_operation_of_the_contract_has_its_function():
    assert set(functions(control_center_ex)) == set(CONTRACT.operations)


@pytest.mark.parametrize(
    ("request_", "command"),
    [
        (control(RESTART), {}),
        (control("<ast:ProductId>CallManager</ast:ProductId>" + RESTART), {"product_id": "CallManager"}),
        (control(f"<ast:ProductId {NIL}/>{RESTART}"), {}),
        (control("<ast:ProductId/>" + RESTART), {}),
        (control("<ast:DependencyType>Enforce</ast:DependencyType>" + RESTART), {"enforce": True}),
        (control("<ast:DependencyType>None</ast:DependencyType>" + RESTART), {}),
        (control("<ast:DependencyType>whatever</ast:DependencyType>" + RESTART), {}),
        (control(f"<ast:DependencyType {NIL}/>{RESTART}"), {}),
        # sieteunoseis/cisco-serviceability
        (control(RESTART, "ControlServiceExRequest"), {}),
    ],
)
def test_control_with_product_and_dependencies(face_ex, engine, request_, command):
    """U-19, U-20: empty and nil mean the plain operation for any product."""
    assert face_ex.ask(request_).status == 200
    assert engine.commands == [
        Control(engine.commands[0].node, Action.RESTART, ("Cisco Tftp",), **command),
    ]


@pytest.mark.parametrize(
    "request_",
    [
        deployment("<ast:ProductId>CallManager</ast:ProductId>" + DEPLOY),
        # sieteunoseis/cisco-serviceability
        deployment(
            "<ast:ProductId>CallManager</ast:ProductId>" + DEPLOY, "DeploymentServiceNoDbUpdateRequest"
        ),
    ],
)
def test_a_deployment_without_database_update(face_ex, engine, request_):
    assert face_ex.ask(request_).status == 200
    assert engine.commands == [
        Deploy(
            engine.commands[0].node,
            activate=True,
            names=("Cisco Tftp",),
            recorded=False,
            product_id="CallManager",
        )
    ]
    assert engine.origins[0].operation == "soapDoServiceDeploymentNoDbUpdate"


@pytest.mark.parametrize(
    "request_",
    [
        control("<ast:ControlType>Stop</ast:ControlType>"),
        control(LIST),
        deployment("<ast:DeployType>UnDeploy</ast:DeployType><ast:ServiceList/>"),
        deployment(f"<ast:DeployType {NIL}/>{LIST}"),
    ],
)
def test_nothing_to_do_is_refused_without_a_fault(face_ex, engine, request_):
    """U-31, U-33."""
    answer = face_ex.ask(request_)
    (information,) = payload(answer)
    assert [child.text for child in information] == ["0", "-1012", "Bad arguments ", None]
    assert engine.commands == []


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (control(RESTART.replace("Restart", "Halt")), "unknown"),
        (
            control("<ast:NodeName>cucm-pub</ast:NodeName>" + RESTART),
            (
                "org.apache.axis2.databinding.ADBException: Unexpected subelement "
                "{http://schemas.cisco.com/ast/soap}NodeName"
            ),
        ),
        (
            "<ast:getFileDirectoryList/>",
            "org.apache.axis2.databinding.ADBException: DirectoryPath cannot be null!!",
        ),
    ],
)
def test_a_request_that_makes_no_sense_does_nothing(face_ex, engine, body, text):
    assert fault(face_ex.ask(body)) == ("soapenv:Server", text)
    assert engine.commands == []


def test_files_are_names_only(face_ex):
    answer = payload(face_ex.ask(listing(" /var/log/active/tomcat/logs/ccmservice\n")))
    assert [file.text for file in answer.iter("{*}File")] == [
        "ccmservice00001.log",
        "ccmservice00002.log",
        "ccmservice00003.log",
    ]


@pytest.mark.parametrize("directory", ["", "/etc", "/var/log/active/../../../etc", "/var/log/active/nowhere"])
def test_no_file_is_anywhere_else(face_ex, directory):
    """U-52: not a fault, and never the host's own files."""
    answer = face_ex.ask(listing(directory))
    assert answer.status == 200
    assert b"<ns1:ListOfFiles></ns1:ListOfFiles>" in answer.body


def test_what_zeep_makes_of_the_answers(face_ex):
    """Section 2.3: ReturnCode is a number here, and dependent services stand in items."""
    transport = InProcess(face_ex.api)
    client = zeep.Client(
        str(wsdl.path("ControlCenterServicesEx")), transport=transport, settings=zeep.Settings(strict=True)
    )
    answer = client.service.soapDoControlServicesEx(
        {"ProductId": "CallManager", "ControlType": "Start", "ServiceList": {"item": ["Cisco Tftp"]}}
    )
    assert (answer.ReturnCode, answer.ReasonCode, answer.ReasonString) == (0, -1, " ")
    assert answer.ServiceInfoList.item[0].ServiceStatus == "Started"
    listed = client.service.getStaticServiceListExtended("")
    assert (listed.PrimaryNode, listed.SecondaryNode) == (True, False)
    assert listed.Services.item[1].DependentServices.item == ["Cisco CAR DB", "A Cisco DB"]
    found = client.service.getFileDirectoryList("/var/log/active/cm/trace/ccm/sdl")
    assert found[0] == "SDL001_100_000001.txt.gz"
    transport.session.close()


@pytest.fixture
def on_lab(lab):
    return SoapApi(CONTRACT, functions(control_center_ex, lab))


def test_every_node_lists_itself_by_the_contract(lab, on_lab):
    schema = CONTRACT.schema()
    for cluster in lab.clusters.values():
        for node in cluster.nodes:
            ref = NodeRef(cluster.id, node.id)
            body = "<ast:getStaticServiceListExtended><ast:ServiceInformationResponse/></ast:getStaticServiceListExtended>"
            element = payload(on_lab.answer(Request(envelope(body), node=ref)))
            schema.assertValid(element)
            assert len([*element.iter("{*}ServiceName")]) == len(lab.static_list(ref))
            is_primary = str(lab.node(ref).is_publisher).lower()
            assert element.findtext(".//{*}PrimaryNode") == is_primary


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Cisco Tomcat", ("no", "DoNotStop", "no")),
        ("Cisco Unified Mobile Voice Access Service", ("yes", "PrimaryNode", "yes")),
        ("Cisco Tftp", ("no", "none", "yes")),
    ],
)
def test_the_extended_list_says_what_the_product_knows(lab, on_lab, name, values):
    """U-38: RestrictServer, Restrict and SetDefault from the catalogue; two numbers from its order."""
    body = "<ast:getStaticServiceListExtended><ast:ServiceInformationResponse/></ast:getStaticServiceListExtended>"
    items = {
        item.findtext("{*}ServiceName"): item
        for item in payload(on_lab.answer(Request(envelope(body)))).iter("{*}item")
        if len(item)
    }
    found = items[name]
    assert (
        tuple(found.findtext(f"{{*}}{field}") for field in ("RestrictServer", "Restrict", "SetDefault"))
        == values
    )
    order = lab.node(PUB).services[name].order
    assert found.findtext("{*}ServiceEnum") == str(order)
    assert found.findtext("{*}SequenceNumber") == str(200_000 + 100 * order)


def test_a_deployment_without_database_update_is_forgotten_when_the_node_restarts(lab, on_lab):
    """U-28: until then the service is as activated as any other."""

    def activated() -> dict[str, bool]:
        return {
            name: lab.node(PUB).instances[name].activated for name in ("Cisco Tftp", "Cisco CTL Provider")
        }

    unrecorded = deployment(DEPLOY)
    assert b"<ns1:ReasonCode>-1</ns1:ReasonCode>" in on_lab.answer(Request(envelope(unrecorded))).body
    lab.deploy(Deploy(PUB, activate=True, names=("Cisco CTL Provider",)), Origin("SOAP", "a", "b"))
    lab.clock.advance(600_000)
    assert activated() == {"Cisco Tftp": True, "Cisco CTL Provider": True}

    lab.change(
        "lab",
        Origin("SYSTEM", "", ""),
        lambda cluster, now, chance: (
            cluster.with_node(boot(cluster.nodes["cucm-pub"], now, Pace(cluster.durations, chance))),
            None,
        ),
    )
    assert activated() == {"Cisco Tftp": False, "Cisco CTL Provider": True}


def test_a_wrong_product_is_refused_and_nothing_moves(lab, on_lab):
    """U-20: HTTP 200, -1012 for the item and for the call."""
    before = lab.cluster("lab")
    body = control("<ast:ProductId>Elm</ast:ProductId>" + RESTART.replace("Cisco Tftp", "Cisco CallManager"))
    answer = on_lab.answer(Request(envelope(body)))
    assert (answer.status, answer.body.count(b"<ns1:ReasonCode>-1012</ns1:ReasonCode>")) == (200, 2)
    assert lab.cluster("lab") == before
