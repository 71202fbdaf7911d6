"""What clients send and must be forgiven: a row for each quirk, with the client that it protects (section 6)."""

from __future__ import annotations

import pytest

from tests.api.soap.conversation import ALL, NAMESPACE, envelope, payload
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.states import Action

TFTP = ("Cisco Tftp",)
TWO = ("Cisco Tftp", "A Cisco DB")
EVERYTHING = ()

SOAP_ENV = "http://schemas.xmlsoap.org/soap/envelope/"


def status(inside: str) -> bytes:
    return envelope(f"<ast:soapGetServiceStatus>{inside}</ast:soapGetServiceStatus>")


ASKING = {
    "an empty element: everything (CiscoDevNet sample, checkmk, zabbix)": (
        envelope(ALL),
        EVERYTHING,
    ),
    "no element at all: everything (U-5)": (status(""), EVERYTHING),
    "nil: everything": (
        status(
            '<ast:ServiceStatus xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true">x</ast:ServiceStatus>'
        ),
        EVERYTHING,
    ),
    "nil that says false": (
        status(
            '<ast:ServiceStatus xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="false">'
            "Cisco Tftp</ast:ServiceStatus>"
        ),
        TFTP,
    ),
    "an element for each name": (
        status(
            "<ast:ServiceStatus>Cisco Tftp</ast:ServiceStatus><ast:ServiceStatus>A Cisco DB</ast:ServiceStatus>"
        ),
        TWO,
    ),
    "the same name twice (U-4)": (
        status("<ast:ServiceStatus>Cisco Tftp</ast:ServiceStatus>" * 2),
        TFTP * 2,
    ),
    "empty elements beside names (U-5)": (
        status("<ast:ServiceStatus/><ast:ServiceStatus>Cisco Tftp</ast:ServiceStatus>"),
        TFTP,
    ),
    "item children (calltelemetry/cisco-cucm-mcp)": (
        status(
            "<ast:ServiceStatus><ast:item>Cisco Tftp</ast:item><ast:item>A Cisco DB</ast:item></ast:ServiceStatus>"
        ),
        TWO,
    ),
    "ServiceName children (sieteunoseis/cisco-serviceability)": (
        status("<ast:ServiceStatus><ast:ServiceName>Cisco Tftp</ast:ServiceName></ast:ServiceStatus>"),
        TFTP,
    ),
    "white space, comments and character references (U-3)": (
        status(
            "\n  <!-- one -->\r\n  <ast:ServiceStatus>\n\t Cisco <!-- a joke -->&#84;ftp\n </ast:ServiceStatus>\n<?go on?>"
        ),
        TFTP,
    ),
    "CDATA": (status("<ast:ServiceStatus><![CDATA[Cisco Tftp]]></ast:ServiceStatus>"), TFTP),
    "fields in another namespace (U-35)": (
        status('<ServiceStatus xmlns="urn:other">Cisco Tftp</ServiceStatus>'),
        TFTP,
    ),
    "fields in no namespace (U-35)": (status("<ServiceStatus>Cisco Tftp</ServiceStatus>"), TFTP),
    "default namespaces instead of prefixes": (
        f'<Envelope xmlns="{SOAP_ENV}"><Body><soapGetServiceStatus xmlns="{NAMESPACE}">'
        "<ServiceStatus>Cisco Tftp</ServiceStatus></soapGetServiceStatus></Body></Envelope>".encode(),
        TFTP,
    ),
    "an empty Header, ns1 declared on the Body (zito/cmk-cisco-ucm)": (
        f'<SOAP-ENV:Envelope xmlns:SOAP-ENV="{SOAP_ENV}"><SOAP-ENV:Header></SOAP-ENV:Header>'
        f'<SOAP-ENV:Body xmlns:ns1="{NAMESPACE}"><ns1:soapGetServiceStatus><ns1:ServiceStatus></ns1:ServiceStatus>'
        "</ns1:soapGetServiceStatus></SOAP-ENV:Body></SOAP-ENV:Envelope>".encode(),
        EVERYTHING,
    ),
    "a Header with content, attributes everywhere (SOAP::Lite)": (
        f'<s:Envelope xmlns:s="{SOAP_ENV}" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">'
        '<s:Header><wsse:Security xmlns:wsse="urn:wsse" s:mustUnderstand="0"/></s:Header>'
        f'<s:Body id="b"><a:soapGetServiceStatus xmlns:a="{NAMESPACE}" x="y"><a:ServiceStatus'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xsd:string">Cisco Tftp</a:ServiceStatus>'
        "</a:soapGetServiceStatus></s:Body></s:Envelope>".encode(),
        TFTP,
    ),
    "pretty-printed, with an empty line at the end": (
        b"<?xml version='1.0'?>\n" + envelope(ALL).replace(b"><", b">\n    <") + b"\n\n",
        EVERYTHING,
    ),
    "a second element in the Body": (envelope(ALL + "<ast:getProductInformationList/>"), EVERYTHING),
    "encoding='utf8' (fredless/ciscoPremiseCollabMgmt)": (
        b"<?xml version='1.0' encoding='utf8'?>\n" + envelope(ALL),
        EVERYTHING,
    ),
    "a byte order mark": (b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>" + envelope(ALL), EVERYTHING),
    "UTF-16": (
        ('<?xml version="1.0" encoding="utf-16"?>' + envelope(ALL).decode()).encode("utf-16"),
        EVERYTHING,
    ),
    "ISO-8859-1": (
        b"<?xml version='1.0' encoding='ISO-8859-1'?>"
        + status("<ast:ServiceStatus>Büro</ast:ServiceStatus>").decode().encode("latin-1"),
        ("Büro",),
    ),
}


@pytest.mark.parametrize("quirk", ASKING)
def test_a_question_is_understood(face, engine, quirk):
    request, names = ASKING[quirk]
    answer = face.post(request)
    assert (answer.status, engine.questions) == (200, [names])
    assert payload(answer).tag == f"{{{NAMESPACE}}}soapGetServiceStatusResponse"


LATIN = status("<ast:ServiceStatus>Büro</ast:ServiceStatus>").decode().encode("latin-1")


@pytest.mark.parametrize(
    ("content_type", "request_bytes", "names"),
    [
        (None, envelope(ALL), EVERYTHING),  # fredless/ciscoPremiseCollabMgmt
        ("", envelope(ALL), EVERYTHING),
        ("application/x-www-form-urlencoded", envelope(ALL), EVERYTHING),  # Nessus
        ("text/plain", envelope(ALL), EVERYTHING),
        ("application/soap+xml; charset=utf-8", envelope(ALL), EVERYTHING),
        ("text/xml; charset=utf-16", envelope(ALL), EVERYTHING),
        ("text/xml; charset=no-such-charset", envelope(ALL), EVERYTHING),
        ('text/xml;charset="iso-8859-1"', LATIN, ("Büro",)),
    ],
)
def test_the_content_type_matters_only_where_the_document_needs_it(
    face, engine, content_type, request_bytes, names
):
    """U-50: an XML body is taken as what it is; a charset helps to read what does not name its own."""
    assert face.post(request_bytes, content_type=content_type).status == 200
    assert engine.questions == [names]


@pytest.mark.parametrize(
    "action",
    [
        None,
        "",
        '""',
        "soapGetServiceStatus",
        '"soapGetServiceStatus"',
        '"urn:vim25/5.0"',  # zito/cmk-cisco-ucm
        '"ControlCenterServices#soapGetServiceStatus"',  # a TypeScript client
        "http://schemas.cisco.com/ast/soap/action/#ControlCenterServices#soapGetServiceList",  # zabbix, centreon
        "soapDoControlServices",
    ],
)
def test_the_body_alone_says_which_operation(face, engine, action):
    """U-49: a SOAPAction may be missing, empty, of another style or plainly wrong."""
    assert face.ask(ALL, action=action).status == 200
    assert engine.questions == [EVERYTHING]


def control(inside: str, wrapper: str = "ControlServiceRequest") -> str:
    return f"<ast:soapDoControlServices><ast:{wrapper}>{inside}</ast:{wrapper}></ast:soapDoControlServices>"


def deployment(inside: str, wrapper: str = "DeploymentServiceRequest") -> str:
    return (
        f"<ast:soapDoServiceDeployment><ast:{wrapper}>{inside}</ast:{wrapper}></ast:soapDoServiceDeployment>"
    )


RESTART = "<ast:ControlType>Restart</ast:ControlType>"
LIST = "<ast:ServiceList><ast:item>Cisco Tftp</ast:item></ast:ServiceList>"
NIL = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'

COMMANDING = {
    "as the contract has it": (
        control(f"<ast:NodeName>cucm-pub</ast:NodeName>{RESTART}{LIST}"),
        Action.RESTART,
    ),
    "no NodeName": (control(RESTART + LIST), Action.RESTART),
    "NodeName is nil (zeep)": (control(f"<ast:NodeName {NIL}/>{RESTART}{LIST}"), Action.RESTART),
    "NodeName ends in a newline (phnowicki/serviceabilitytools)": (
        control(f"<ast:NodeName>192.0.2.1\n</ast:NodeName>{RESTART}{LIST}"),
        Action.RESTART,
    ),
    "NodeName of another node (U-34)": (
        control(f"<ast:NodeName>cucm-sub</ast:NodeName>{RESTART}{LIST}"),
        Action.RESTART,
    ),
    "fields in another order": (control(LIST + RESTART + "<ast:NodeName/>"), Action.RESTART),
    "lower case and white space": (
        control("<ast:ControlType>\n restart </ast:ControlType>" + LIST),
        Action.RESTART,
    ),
    "Start": (control(RESTART.replace("Restart", "Start") + LIST), Action.START),
    "Stop": (control(RESTART.replace("Restart", "Stop") + LIST), Action.STOP),
    "an empty item beside a name": (
        control(RESTART + LIST.replace("<ast:item>", "<ast:item/><ast:item>")),
        Action.RESTART,
    ),
    "a nil item beside a name": (
        control(RESTART + LIST.replace("<ast:item>", f"<ast:item {NIL}/><ast:item>")),
        Action.RESTART,
    ),
    "a wrapper of another name (sieteunoseis/cisco-serviceability)": (
        control(RESTART + LIST, "ControlServiceExRequest"),
        Action.RESTART,
    ),
    "no wrapper": (f"<ast:soapDoControlServices>{RESTART}{LIST}</ast:soapDoControlServices>", Action.RESTART),
    "a list of bare text (sieteunoseis/cisco-serviceability)": (
        control(RESTART + "<ast:ServiceList>Cisco Tftp</ast:ServiceList>"),
        Action.RESTART,
    ),
    "ServiceName instead of item (U-35)": (
        control(RESTART + LIST.replace("item", "ServiceName")),
        Action.RESTART,
    ),
    "Deploy": (deployment("<ast:DeployType>Deploy</ast:DeployType>" + LIST), Action.ACTIVATE),
    "Undeploy (phnowicki/serviceabilitytools)": (
        deployment("<ast:DeployType>Undeploy</ast:DeployType>" + LIST),
        Action.DEACTIVATE,
    ),
    "a deployment's wrapper of another name (sieteunoseis/cisco-serviceability)": (
        deployment("<ast:DeployType>Deploy</ast:DeployType>" + LIST, "DeploymentServiceNoDbUpdateRequest"),
        Action.ACTIVATE,
    ),
}


@pytest.mark.parametrize("quirk", COMMANDING)
def test_a_command_is_understood(face, engine, quirk):
    request, action = COMMANDING[quirk]
    assert face.ask(request).status == 200
    (command,) = engine.commands
    assert (command.action, command.names) == (action, TFTP)


def test_a_repeated_list_is_one_list(face, engine):
    """sieteunoseis/cisco-serviceability sends a ServiceList for each service."""
    face.ask(control(RESTART + "".join(f"<ast:ServiceList>{name}</ast:ServiceList>" for name in TWO)))
    assert engine.commands == [Control(engine.commands[0].node, Action.RESTART, TWO)]


NOTHING = {
    "no list": control(RESTART),
    "a nil list": control(f"{RESTART}<ast:ServiceList {NIL}/>"),
    "an empty list": control(RESTART + "<ast:ServiceList/>"),
    "a list of nothing": control(
        RESTART + "<ast:ServiceList><ast:item/><ast:item> </ast:item></ast:ServiceList>"
    ),
    "no action": control(LIST),
    "a nil action": control(f"<ast:ControlType {NIL}/>{LIST}"),
    "an empty action": control(f"<ast:ControlType/>{LIST}"),
    "an empty request": control(""),
    "no deployment list": deployment("<ast:DeployType>Deploy</ast:DeployType>"),
    "no deploy type": deployment(LIST),
    "a nil deploy type": deployment(f"<ast:DeployType {NIL}/>{LIST}"),
    "an empty deployment": deployment(""),
}


@pytest.mark.parametrize("what", NOTHING)
def test_nothing_to_do_is_refused_without_a_fault(face, engine, what):
    """U-31, U-33: HTTP 200, ReturnCode 0, -1012, an empty list, and nothing done."""
    answer = face.ask(NOTHING[what])
    (information,) = payload(answer)
    assert answer.status == 200
    assert [child.text for child in information] == ["0", "-1012", "Bad arguments ", None]
    assert engine.commands == []


def test_commands_carry_who_sent_them(face, engine):
    face.ask(COMMANDING["Undeploy (phnowicki/serviceabilitytools)"][0])
    assert engine.commands == [Deploy(engine.commands[0].node, activate=False, names=TFTP)]
    (origin,) = engine.origins
    assert (origin.user, origin.client, origin.operation) == (
        "administrator",
        "192.0.2.7",
        "soapDoServiceDeployment",
    )
