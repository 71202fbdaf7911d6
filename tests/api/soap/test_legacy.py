"""The legacy endpoint (section 9, U-53): what its clients send, and the bytes that they cut their answers out of."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from lxml import etree

from tests.api.soap.conversation import CALLER, NODE, Face, FixedEngine, Request, envelope
from ucmsim import wsdl
from ucmsim.api.soap import control_center, functions, legacy
from ucmsim.api.soap.legacy import LegacyApi
from ucmsim.api.soap.legacy_writing import RETURNED
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.states import Action
from ucmsim.wsdl.contract import load

CONTRACT = load("ControlCenterServices")
GOLDEN = Path(__file__).parent / "golden-legacy"
TYPES = "http://cisco.com/ccm/serviceability/soap/ControlCenterServices/"
XSD, WSDL = "{http://www.w3.org/2001/XMLSchema}", "{http://schemas.xmlsoap.org/wsdl/}"

# As centreon-plugins and the zabbix community template send it.
STATUS_OF_ALL = b"""<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:soap="http://schemas.cisco.com/ast/soap">
   <soapenv:Header/>
   <soapenv:Body>
      <soapGetServiceStatus>
        <ServiceStatus></ServiceStatus>
      </soapGetServiceStatus>
   </soapenv:Body>
</soapenv:Envelope>"""

ENCODED = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:ast="http://schemas.cisco.com/ast/soap/"'
    f' xmlns:cc="{TYPES}"><soapenv:Body>{{}}</soapenv:Body></soapenv:Envelope>'
)


@pytest.fixture
def face(engine: FixedEngine) -> Face:
    api = LegacyApi(CONTRACT, functions(control_center, engine))
    return Face(engine, api)  # type: ignore[arg-type]  # it stands in for the current one


def asked(body: str) -> bytes:
    return ENCODED.format(body).encode()


QUESTIONS = {
    "status-of-all": STATUS_OF_ALL,
    "status-in-a-namespace": asked(
        "<ast:soapGetServiceStatus><ServiceStatus><item>Cisco Tftp</item></ServiceStatus></ast:soapGetServiceStatus>"
    ),
    "product-list": asked("<GetProductInformationList><ServiceInfo/></GetProductInformationList>"),
    "static-list": asked("<soapGetStaticServiceList/>"),
    "restart": asked(
        "<soapDoControlServices><ControlServiceRequest><ControlType>Restart</ControlType><ServiceList>"
        "<item>Cisco License Manager</item></ServiceList></ControlServiceRequest></soapDoControlServices>"
    ),
    "deployment": asked(
        "<soapDoServiceDeployment><DeploymentServiceRequest><DeployType>Deploy</DeployType><ServiceList>"
        "<item>Cisco &lt;Tftp></item></ServiceList></DeploymentServiceRequest></soapDoServiceDeployment>"
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_answers_keep_their_bytes(face, name):
    answer = face.post(QUESTIONS[name])
    assert (answer.status, answer.content_type) == (200, "text/xml;charset=UTF-8")
    assert answer.body == (GOLDEN / f"{name}.xml").read_bytes()


def test_every_golden_file_is_used():
    assert {path.stem for path in GOLDEN.iterdir()} == set(QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_answers_have_the_form_that_naive_clients_cut(face, name):
    """Section 9: no prefix, a type on every leaf, nothing between elements, nothing moved into a reference."""
    text = face.post(QUESTIONS[name]).body.decode()
    assert re.match(r"^<\?xml version=.1\.0. encoding=.UTF-8.\?><soapenv:Envelope", text)  # Nessus
    inside = text.partition("<soapenv:Body>")[2].partition("</soapenv:Body>")[0]
    assert not re.search(r">\s+<(?!/)", inside)
    assert "multiRef" not in inside
    assert "href" not in inside
    leaves = re.findall(r"<([\w:]+)([^<>]*)>[^<>]*</\1>", inside)
    assert leaves
    for leaf, attributes in leaves:
        assert ":" not in leaf
        assert re.search(r'xsi:type="(xsd:\w+|soapenc:Array)"', attributes)


def test_centreon_and_zabbix_find_each_item(face):
    answer = face.post(STATUS_OF_ALL).body
    body = etree.fromstring(answer)[0]
    path = "soapGetServiceStatusResponse/ServiceInformationResponse/ServiceInfoList/item"
    found = [(item.findtext("ServiceName"), item.findtext("ServiceStatus"), item.findtext("ReasonCode"))
             for item in body.findall(path)]  # fmt: skip
    assert found == [
        ("A Cisco DB", "Started", "-1"),
        ("Cisco License Manager", "Starting", "-1"),
        ("Cisco Tftp", "Started", "-1"),
        ("Cisco Wireless Controller Synchronization Service", "Stopped", "-1068"),
    ]
    assert len(re.findall(rb"</ServiceName><ServiceStatus [^>]*>", answer)) == 4


def test_nessus_finds_the_version(face):
    found = re.search(
        rb'<ActiveServerVersion xsi:type="xsd:string">([^<]+)<', face.post(QUESTIONS["product-list"]).body
    )
    assert found
    assert found[1] == b"15.0.1.12900-43"


ASKING = {
    "an empty element: everything": ("<soapGetServiceStatus><ServiceStatus/></soapGetServiceStatus>", ()),
    "no argument at all": ("<soapGetServiceStatus/>", ()),
    "a namespace of its own": (
        '<x:soapGetServiceStatus xmlns:x="urn:x"><ServiceStatus>Cisco Tftp</ServiceStatus></x:soapGetServiceStatus>',
        ("Cisco Tftp",),
    ),
    "a capital letter": (
        "<SoapGetServiceStatus><ServiceStatus>Cisco Tftp</ServiceStatus></SoapGetServiceStatus>",
        ("Cisco Tftp",),
    ),
    "an array (suds)": (
        (
            '<ast:soapGetServiceStatus><ServiceStatus xsi:type="cc:ArrayOfString" enc:arrayType="xsd:string[2]">'
            '<item xsi:type="xsd:string">Cisco Tftp</item><item xsi:type="xsd:string">A Cisco DB</item></ServiceStatus>'
            "</ast:soapGetServiceStatus>"
        ),
        ("Cisco Tftp", "A Cisco DB"),
    ),
    "an array of one empty name (suds)": (
        (
            '<ast:soapGetServiceStatus><ServiceStatus xsi:type="cc:ArrayOfString" enc:arrayType="xsd:string[1]">'
            '<item xsi:type="xsd:string"></item></ServiceStatus></ast:soapGetServiceStatus>'
        ),
        (),
    ),
    "an array whose entries are called otherwise": (
        (
            '<soapGetServiceStatus><ServiceStatus xsi:type="enc:Array"><string>Cisco Tftp</string></ServiceStatus>'
            "</soapGetServiceStatus>"
        ),
        ("Cisco Tftp",),
    ),
    "an argument without a name (SOAP::Lite)": (
        (
            '<soapGetServiceStatus xmlns="http://schemas.cisco.com/ast/soap/"><c-gensym5 xsi:type="xsd:string">Cisco Tftp'
            "</c-gensym5></soapGetServiceStatus>"
        ),
        ("Cisco Tftp",),
    ),
    "a reference (Axis)": (
        (
            '<soapGetServiceStatus><ServiceStatus href="#id0"/></soapGetServiceStatus><multiRef id="id0"'
            ' enc:root="0" xsi:type="enc:Array" enc:arrayType="xsd:string[1]"><multiRef xsi:type="xsd:string">Cisco Tftp'
            "</multiRef></multiRef>"
        ),
        ("Cisco Tftp",),
    ),
    "nil": ('<soapGetServiceStatus><ServiceStatus xsi:nil="true"/></soapGetServiceStatus>', ()),
}


@pytest.mark.parametrize("quirk", ASKING)
def test_a_question_is_understood(face, engine, quirk):
    body, names = ASKING[quirk]
    assert face.post(asked(body)).status == 200
    assert engine.questions == [names]


REQUEST = "<NodeName>cucm-pub</NodeName><ControlType>Stop</ControlType>"

COMMANDING = {
    "plain": f"<ControlServiceRequest>{REQUEST}<ServiceList><item>Cisco Tftp</item></ServiceList></ControlServiceRequest>",
    "typed": (
        f'<ControlServiceRequest xsi:type="cc:ControlServiceRequest">{REQUEST}'
        '<ServiceList xsi:type="cc:ArrayOfString" enc:arrayType="xsd:string[1]"><x>Cisco Tftp</x></ServiceList>'
        "</ControlServiceRequest>"
    ),
    "without a name": f"<c-gensym1>{REQUEST}<ServiceList><item>Cisco Tftp</item></ServiceList></c-gensym1>",
    "without a wrapper": f"{REQUEST}<ServiceList><item>Cisco Tftp</item></ServiceList>",
}


@pytest.mark.parametrize("form", COMMANDING)
def test_a_command_is_understood(face, engine, form):
    answer = face.post(asked(f"<soapDoControlServices>{COMMANDING[form]}</soapDoControlServices>"))
    assert answer.status == 200
    assert engine.commands == [Control(NODE, Action.STOP, ("Cisco Tftp",))]
    assert engine.origins[0].operation == "soapDoControlServices"
    assert engine.origins[0].user == CALLER.user


def test_a_command_in_references(face, engine):
    """An Axis client puts every structure behind the call; a text that occurs twice may be written once."""
    body = (
        '<ast:soapDoServiceDeployment><DeploymentServiceRequest href="#id0"/></ast:soapDoServiceDeployment>'
        '<multiRef id="id0"><DeployType>UnDeploy</DeployType><ServiceList href="#id1"/></multiRef>'
        '<multiRef id="id1" enc:arrayType="xsd:string[3]"><item href="#id2"/><item>A Cisco DB</item><item href="#id2"/>'
        '</multiRef><multiRef id="id2">Cisco Tftp</multiRef>'
    )
    assert face.post(asked(body)).status == 200
    assert engine.commands == [
        Deploy(NODE, activate=False, names=("Cisco Tftp", "A Cisco DB", "Cisco Tftp")),
    ]


def test_nothing_to_do_is_refused_without_a_fault(face, engine):
    answer = face.post(
        asked("<soapDoControlServices><ControlServiceRequest/></soapDoControlServices>")
    ).body.decode()
    assert '<ReasonCode xsi:type="xsd:integer">-1012</ReasonCode>' in answer
    assert engine.commands == []


def fault(answer) -> tuple[str, str]:
    """Code and text of a fault, whose bytes are formed as those of the sister service."""
    assert answer.status == 500
    found = re.search(
        r"<soapenv:Body><soapenv:Fault><faultcode[^>]*>([^<]+)</faultcode><faultstring>([^<]*)</faultstring><detail>"
        r'<ns2:hostname xmlns:ns2="http://xml.apache.org/axis/">cucm-pub</ns2:hostname></detail></soapenv:Fault>'
        r"</soapenv:Body></soapenv:Envelope>$",
        answer.body.decode(),
    )
    assert found
    etree.fromstring(answer.body)
    return found[1], found[2]


USER = "soapenv:Server.userException"
SAX = "org.xml.sax.SAXException: "
TWICE = "".join(
    f'<multiRef id="i{n}"><item href="#i{n + 1}"/><item href="#i{n + 1}"/></multiRef>' for n in range(30)
)

FAULTS = {
    "an unknown operation": ("<stopEverything/>", "ns1:Client", "No such operation 'stopEverything'"),
    "an empty Body": ("", "ns1:Client", "No such operation 'null'"),
    "an operation of the other contract": (
        "<getFileDirectoryList/>",
        "ns1:Client",
        "No such operation 'getFileDirectoryList'",
    ),
    "an unknown field": (
        (
            "<soapDoControlServices><ControlServiceRequest><ControlType>Stop</ControlType><Colour/></ControlServiceRequest>"
            "</soapDoControlServices>"
        ),
        USER,
        SAX + "Unexpected subelement Colour",
    ),
    "no request": ("<soapDoControlServices/>", USER, SAX + "ControlServiceRequest cannot be null!!"),
    "an unknown action": (
        (
            "<soapDoControlServices><ControlServiceRequest><ControlType>Halt</ControlType></ControlServiceRequest>"
            "</soapDoControlServices>"
        ),
        USER,
        "unknown",
    ),
    "a reference to nothing": (
        '<soapGetServiceStatus><ServiceStatus href="#x"/></soapGetServiceStatus>',
        USER,
        "No such reference #x",
    ),
    "a reference to another document": (
        '<soapGetServiceStatus><ServiceStatus href="http://127.0.0.1:1/x"/></soapGetServiceStatus>',
        USER,
        "No such reference http://127.0.0.1:1/x",
    ),
    "a reference to itself": (
        '<soapGetServiceStatus><ServiceStatus href="#x"/></soapGetServiceStatus><multiRef id="x"><item href="#x"/></multiRef>',
        USER,
        "References lead to too much",
    ),
    "references that double": (
        f'<soapGetServiceStatus><ServiceStatus href="#i0"/></soapGetServiceStatus>{TWICE}',
        USER,
        "References lead to too much",
    ),
    "a long text many times": (
        "<soapGetServiceStatus>"
        + '<ServiceStatus href="#t"/>' * 500
        + f'</soapGetServiceStatus><multiRef id="t">{"x" * 5_000}</multiRef>',
        USER,
        "References lead to too much",
    ),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_call_that_makes_no_sense_does_nothing(face, engine, what):
    body, code, text = FAULTS[what]
    assert fault(face.post(asked(body))) == (code, text)
    assert engine.commands == engine.questions == []


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (b"", SAX + "Unexpected EOF in prolog"),
        (b"x=y", SAX + "Unexpected character 'x' (code 120) in prolog; expected '&lt;'"),
        (b"<html/>", "First Element must contain the local name, Envelope , but found html"),
        (
            b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + STATUS_OF_ALL,
            "SOAP message MUST NOT contain a Document Type Declaration(DTD)",
        ),
    ],
)
def test_a_document_that_makes_no_sense(face, engine, document, text):
    assert fault(face.post(document)) == (USER, text)
    assert engine.questions == []


def test_a_bug_becomes_a_neutral_fault_and_its_story_goes_to_the_log(caplog):
    api = LegacyApi(CONTRACT, {"soapGetServiceStatus": lambda call, request: 1 / 0})  # type: ignore[dict-item,return-value]
    code, text = fault(api.answer(Request(STATUS_OF_ALL)))
    incident = re.fullmatch(r"Internal error ([0-9a-f]{8}): see the server's log", text)
    assert code == USER
    assert incident
    (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert incident[1] in record.getMessage()


def test_an_operation_without_a_function_says_so():
    code, text = fault(LegacyApi(CONTRACT, {}).answer(Request(STATUS_OF_ALL)))
    assert (code, text) == (
        USER,
        "soapGetServiceStatus of ControlCenterServicesPort is not implemented by this simulator",
    )


@pytest.mark.parametrize(
    ("request_bytes", "operation"),
    [
        (STATUS_OF_ALL, "soapGetServiceStatus"),
        (asked("<SoapDoControlServices/>"), "soapDoControlServices"),
        (envelope("<ast:soapDoServiceDeployment/>"), "soapDoServiceDeployment"),
        (asked("<x/>"), None),
        (asked(""), None),
        (b"", None),
    ],
)
def test_the_operation_of_a_request_is_told_without_answering_it(request_bytes, operation):
    """On this depends who may call: the roles of soapDo… are asked for however it is spelled."""
    assert LegacyApi(CONTRACT, {}).operation(request_bytes) == operation


def test_a_browser_is_greeted():
    page = LegacyApi(CONTRACT, {}).nothing_asked("https://192.0.2.1:8443/x")
    assert (page.status, page.content_type) == (200, "text/html;charset=utf-8")
    assert page.body.startswith(
        b"<h1>ControlCenterServicesPort</h1>\n<p>Hi there, this is an AXIS service!</p>"
    )


def test_the_contract_is_served_with_the_callers_address_and_the_schema_that_it_needs():
    api = LegacyApi(CONTRACT, {})
    address = "https://127.0.0.2:18443" + legacy.LOCATION.removeprefix("https://localhost:8443")
    served = etree.fromstring(api.wsdl(address))
    (located,) = served.iter("{http://schemas.xmlsoap.org/wsdl/soap/}address")
    assert located.get("location") == address
    (imported,) = served.iter(f"{XSD}import")
    assert imported.get("schemaLocation") == f"{address}?xsd=SoapEncoding.xsd"
    assert b"localhost" not in api.wsdl(address)
    schema = api.schema("SoapEncoding.xsd")
    assert schema
    assert etree.fromstring(schema).get("targetNamespace") == imported.get("namespace")
    assert api.schema("../contract.py") is None
    assert api.schema("") is None


def test_the_legacy_contract_names_what_the_current_one_names():
    """The two describe the same messages: every parameter, part and field, in the same order."""
    document = etree.fromstring(wsdl.read("ControlCenterServicesPort"))
    types = {node.get("name"): node for node in document.iter(f"{XSD}complexType")}
    parts = {
        message.get("name"): [{str(name): str(value) for name, value in part.items()} for part in message]
        for message in document.iter(f"{WSDL}message")
    }

    def fields(kind: str):
        """The fields of a type; those of an array's entries where it is one."""
        of = types[kind.removeprefix("cc:")].find(f".//{XSD}attribute")
        if of is None:
            return [
                (node.get("name"), node.get("type"))
                for node in types[kind.removeprefix("cc:")].iter(f"{XSD}element")
            ]
        entry = of.get(f"{WSDL}arrayType", "").removesuffix("[]")
        return fields(entry) if entry.startswith("cc:") else None

    def agree(member, kind: str) -> None:
        if member.kind != "object":
            assert kind == {"number": "xs:integer", "truth": "xs:boolean"}.get(member.kind, "xs:string")
            return
        if member.is_list and member.members[0].kind != "object":
            assert fields(kind) is None
            return
        described = member.members[0] if member.is_list else member
        assert [name for name, _ in fields(kind)] == [field.name for field in described.members]
        for field, (_, type_) in zip(described.members, fields(kind), strict=True):
            agree(field, type_)

    for operation in CONTRACT.operations.values():
        name = operation.name.replace("getProduct", "GetProduct")
        (argument,), (result,) = parts[f"{name}Request"], parts[f"{name}Response"]
        (parameter,), (returned,) = operation.request.members, operation.response.members
        assert argument["name"] == parameter.name
        assert result["name"] == RETURNED.get(operation.name, returned.name)
        if parameter.kind == "object":
            agree(parameter, argument["type"])
        agree(returned, result["type"])
