"""The bytes of answers: golden files that were checked by hand against the specification, sections 3.1, 5 and 11."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.api.soap.conversation import ALL, payload
from ucmsim.wsdl.contract import load

GOLDEN = Path(__file__).parent / "golden"

# The specification's own sample (section 11.3), which satisfies every known client.
RECONSTRUCTED = (
    "<?xml version='1.0' encoding='UTF-8'?>"
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
    '<ns1:soapGetServiceStatusResponse xmlns:ns1="http://schemas.cisco.com/ast/soap"><ns1:soapGetServiceStatusReturn>'
    "<ns1:ReturnCode>0</ns1:ReturnCode><ns1:ReasonCode>-1</ns1:ReasonCode><ns1:ReasonString> </ns1:ReasonString>"
    "<ns1:ServiceInfoList><ns1:item><ns1:ServiceName>Cisco Tftp</ns1:ServiceName>"
    "<ns1:ServiceStatus>Started</ns1:ServiceStatus><ns1:ReasonCode>-1</ns1:ReasonCode>"
    "<ns1:ReasonCodeString> </ns1:ReasonCodeString><ns1:StartTime>Tue Mar  5 15:53:19 2024</ns1:StartTime>"
    "<ns1:UpTime>4</ns1:UpTime></ns1:item></ns1:ServiceInfoList></ns1:soapGetServiceStatusReturn>"
    "</ns1:soapGetServiceStatusResponse></soapenv:Body></soapenv:Envelope>"
)

QUESTIONS = {
    "status-of-all": ALL,
    "status-of-an-unknown-name": (
        "<ast:soapGetServiceStatus><ast:ServiceStatus>Cisco &lt;Nothing> &amp; Co</ast:ServiceStatus>"
        "</ast:soapGetServiceStatus>"
    ),
    "restart-of-two": (
        "<ast:soapDoControlServices><ast:ControlServiceRequest><ast:NodeName/><ast:ControlType>Restart</ast:ControlType>"
        "<ast:ServiceList><ast:item>Cisco License Manager</ast:item><ast:item>Cisco Tftp</ast:item></ast:ServiceList>"
        "</ast:ControlServiceRequest></ast:soapDoControlServices>"
    ),
    "control-of-nothing": (
        "<ast:soapDoControlServices><ast:ControlServiceRequest><ast:NodeName/><ast:ControlType>Start</ast:ControlType>"
        "<ast:ServiceList/></ast:ControlServiceRequest></ast:soapDoControlServices>"
    ),
    "deployment": (
        "<ast:soapDoServiceDeployment><ast:DeploymentServiceRequest><ast:NodeName/><ast:DeployType>Deploy</ast:DeployType>"
        "<ast:ServiceList><ast:item>Cisco Tftp</ast:item></ast:ServiceList></ast:DeploymentServiceRequest>"
        "</ast:soapDoServiceDeployment>"
    ),
    "static-list": (
        "<ast:soapGetStaticServiceList><ast:ServiceInformationResponse/></ast:soapGetStaticServiceList>"
    ),
    "product-list": "<ast:getProductInformationList><ast:ServiceInfo/></ast:getProductInformationList>",
}


QUESTIONS_EX = {
    "extended-list": (
        "<ast:getStaticServiceListExtended><ast:ServiceInformationResponse/></ast:getStaticServiceListExtended>"
    ),
    "files": (
        "<ast:getFileDirectoryList><ast:DirectoryPath>/var/log/active/cm/trace/ccm/sdl</ast:DirectoryPath>"
        "</ast:getFileDirectoryList>"
    ),
    "no-files": (
        "<ast:getFileDirectoryList><ast:DirectoryPath>/etc</ast:DirectoryPath></ast:getFileDirectoryList>"
    ),
    "unrecorded-deployment": (
        "<ast:soapDoServiceDeploymentNoDbUpdate><ast:DeploymentServiceRequestEx><ast:ProductId>CallManager</ast:ProductId>"
        "<ast:DeployType>Deploy</ast:DeployType><ast:ServiceList><ast:item>Cisco Tftp</ast:item></ast:ServiceList>"
        "</ast:DeploymentServiceRequestEx></ast:soapDoServiceDeploymentNoDbUpdate>"
    ),
    "control-with-dependencies": (
        "<ast:soapDoControlServicesEx><ast:ControlServiceRequestEx><ast:ProductId>CallManager</ast:ProductId>"
        "<ast:DependencyType>Enforce</ast:DependencyType><ast:ControlType>Start</ast:ControlType><ast:ServiceList>"
        "<ast:item>Cisco Tftp</ast:item><ast:item>Cisco Nothing</ast:item></ast:ServiceList>"
        "</ast:ControlServiceRequestEx></ast:soapDoControlServicesEx>"
    ),
}

EVERY = [*QUESTIONS, *QUESTIONS_EX]


@pytest.fixture
def ask(face, face_ex):
    """Asks one of the questions of its own service."""
    return lambda name: face.ask(QUESTIONS[name]) if name in QUESTIONS else face_ex.ask(QUESTIONS_EX[name])


def test_the_sample_of_the_specification(face):
    answer = face.ask(
        ALL.replace("<ast:ServiceStatus/>", "<ast:ServiceStatus>Cisco Tftp</ast:ServiceStatus>")
    )
    assert (answer.status, answer.body.decode()) == (200, RECONSTRUCTED)


@pytest.mark.parametrize("name", EVERY)
def test_answers_keep_their_bytes(ask, name):
    answer = ask(name)
    assert answer.status == 200
    assert answer.body == (GOLDEN / f"{name}.xml").read_bytes()


@pytest.mark.parametrize("name", EVERY)
def test_answers_are_valid(ask, name):
    contract = "ControlCenterServices" if name in QUESTIONS else "ControlCenterServicesEx"
    load(contract).schema().assertValid(payload(ask(name)))


@pytest.mark.parametrize("name", EVERY)
def test_answers_have_the_form_that_naive_clients_cut(ask, name):
    """Section 3.1: nothing stands between elements, every element closes with a tag of its own, ns1 stands on each."""
    text = ask(name).body.decode()
    inside = text.partition("<soapenv:Body>")[2].partition("</soapenv:Body>")[0]
    assert "/>" not in text
    assert not re.search(r">\s+<(?!/)", inside)
    assert re.findall(r"</?(?!ns1:|/)", inside) == []
    assert inside.count("xmlns") == 1


def test_the_expression_of_checkmk_finds_each_item(face):
    """zito/cmk-cisco-ucm cuts the answer with one expression (section 11.2)."""
    expression = "".join(
        f"<ns1:{name}>(.*?)</ns1:{name}>"
        for name in ("ServiceName", "ServiceStatus", "ReasonCode", "ReasonCodeString")
    )
    found = re.findall(expression, face.ask(ALL).body.decode(), re.DOTALL)
    assert found == [
        ("A Cisco DB", "Started", "-1", " "),
        ("Cisco License Manager", "Starting", "-1", " "),
        ("Cisco Tftp", "Started", "-1", " "),
        ("Cisco Wireless Controller Synchronization Service", "Stopped", "-1068", "Service Not Activated "),
    ]


def test_every_golden_file_is_used():
    assert {path.stem for path in GOLDEN.iterdir()} == set(EVERY)
