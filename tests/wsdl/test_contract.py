"""The contracts as they are read: every message of the specification's section 2, and what cannot be read."""

from __future__ import annotations

import pytest
from lxml import etree

from ucmsim import wsdl
from ucmsim.wsdl.contract import SOAP, WSDL, ContractError, Member, load, parse

# In the notation of the specification: n is nillable, [0..*] and [1..*] are how often.

SERVICE_INFORMATION = """
    ReturnCode text n
    ReasonCode number n
    ReasonString text n
    ServiceInfoList object n
      item object [0..*]
        ServiceName text n
        ServiceStatus Started|Stopped|Starting|Stopping|Unknown n
        ReasonCode number n
        ReasonCodeString text n
        StartTime text n
        UpTime number n
"""
EXTENDED_INFORMATION = SERVICE_INFORMATION.replace("ReturnCode text", "ReturnCode number")

SERVICE_LIST = """
    ServiceList object n
      item text n [0..*]
"""

MESSAGES = {
    ("ControlCenterServices", "soapGetStaticServiceList"): (
        "ServiceInformationResponse text",
        """
        soapGetStaticServiceListReturn object
          Services object n
            item object [0..*]
              ServiceName text n
              ServiceType Service|Servlet n
              Deployable truth
              GroupName text n
              DependentServices object n
                Service text [0..*]
        """,
    ),
    ("ControlCenterServices", "soapGetServiceStatus"): (
        "ServiceStatus text [1..*]",
        "  soapGetServiceStatusReturn object" + SERVICE_INFORMATION,
    ),
    ("ControlCenterServices", "soapDoServiceDeployment"): (
        """
  DeploymentServiceRequest object
    NodeName text n
    DeployType Deploy|UnDeploy n"""
        + SERVICE_LIST,
        "  soapDoServiceDeploymentReturn object" + SERVICE_INFORMATION,
    ),
    ("ControlCenterServices", "soapDoControlServices"): (
        """
  ControlServiceRequest object
    NodeName text n
    ControlType Start|Stop|Restart n"""
        + SERVICE_LIST,
        "  soapDoControlServicesReturn object" + SERVICE_INFORMATION,
    ),
    ("ControlCenterServices", "getProductInformationList"): (
        "ServiceInfo text",
        """
        getProductInformationListReturn object
          ActiveServerVersion text n
          PrimaryNode text n
          SecondaryNode text n
          Products object n
            item object [0..*]
              ProductName text n
              ProductVersion text n
              ProductDescription text n
              ProductID text n
              ShortName text n
          Services object n
            item object [0..*]
              ServiceName text n
              ServiceType Service|Servlet n
              Deployable truth
              GroupName text n
              ProductID text n
              DependentServices object n
                Service text [0..*]
        """,
    ),
    ("ControlCenterServicesEx", "getStaticServiceListExtended"): (
        "ServiceInformationResponse text",
        """
        getStaticServiceListExtendedReturn object
          PrimaryNode truth
          SecondaryNode truth
          Services object n
            item object [0..*]
              ServiceName text n
              DependentServices object n
                item text n [0..*]
              ProductID text n
              ServiceType Service|Servlet n
              RestrictServer yes|no n
              Restrict none|PrimaryNode|DoNotStop n
              SetDefault yes|no n
              SequenceNumber text n
              ServiceEnum text n
              GroupName text n
              Deployable truth
        """,
    ),
    ("ControlCenterServicesEx", "getFileDirectoryList"): (
        "DirectoryPath text",
        """
        ListOfFiles object n
          File text n [0..*]
        """,
    ),
    ("ControlCenterServicesEx", "soapDoServiceDeploymentNoDbUpdate"): (
        """
  DeploymentServiceRequestEx object
    ProductId text n
    DeployType Deploy|UnDeploy n"""
        + SERVICE_LIST,
        "  soapDoServiceDeploymentNoDbUpdateReturn object" + EXTENDED_INFORMATION,
    ),
    ("ControlCenterServicesEx", "soapDoControlServicesEx"): (
        """
  ControlServiceRequestEx object
    ProductId text n
    DependencyType text n
    ControlType Start|Stop|Restart n"""
        + SERVICE_LIST,
        "  soapDoControlServicesExReturn object" + EXTENDED_INFORMATION,
    ),
}


def outline(member: Member, depth: int = 0) -> list[tuple[int, str]]:
    """The elements inside a message with their depth, in the notation above."""
    lines = []
    for inner in member.members:
        often = (f" [{int(inner.required)}..*]") if inner.repeated else ""
        kind = "|".join(inner.values) or inner.kind
        assert inner.repeated or inner.required
        lines.append((depth, f"{inner.name} {kind}{' n' if inner.nillable else ''}{often}"))
        lines += outline(inner, depth + 1)
    return lines


def drawn(text: str) -> list[tuple[int, str]]:
    lines = [line for line in text.splitlines() if line.strip()]
    indents = [len(line) - len(line.lstrip()) for line in lines]
    return [((indent - min(indents)) // 2, line.strip()) for line, indent in zip(lines, indents, strict=True)]


@pytest.mark.parametrize(("service", "operation"), MESSAGES)
def test_messages_are_those_of_the_specification(service, operation):
    request, response = MESSAGES[service, operation]
    found = load(service).operations[operation]
    assert outline(found.request) == drawn(request)
    assert outline(found.response) == drawn(response)
    assert (found.request.name, found.response.name) == (operation, f"{operation}Response")


@pytest.mark.parametrize("service", ["ControlCenterServices", "ControlCenterServicesEx"])
def test_names_by_which_clients_find_a_service(service):
    """Section 1: nothing may be renamed, and operations stand in this order."""
    document = etree.fromstring(wsdl.read(service))
    names = {
        etree.QName(node).localname: node.get("name")
        for node in document.iter(f"{WSDL}portType", f"{WSDL}binding")
    }
    assert names == {"portType": f"{service}Port", "binding": f"{service}Binding"}
    assert [node.get("name") for node in document.iter(f"{WSDL}port")] == [f"{service}Port"]
    operations = [operation for name, operation in MESSAGES if name == service]
    contract = load(service)
    assert list(contract.operations) == operations
    assert [node.get("soapAction") for node in document.iter(f"{SOAP}operation")] == operations
    assert contract.name == service
    assert contract.namespace == "http://schemas.cisco.com/ast/soap"
    assert contract.address == f"https://localhost:8443/controlcenterservice2/services/{service}"


def test_the_address_is_that_of_the_caller():
    contract = load("ControlCenterServices")
    served = contract.addressed('https://ucm.example:18443/x?a=1&b="2"')
    location = next(etree.fromstring(served).iter(f"{SOAP}address")).get("location")
    assert location == 'https://ucm.example:18443/x?a=1&b="2"'
    assert served.replace(
        b"'https://ucm.example:18443/x?a=1&amp;b=\"2\"'", f'"{contract.address}"'.encode()
    ) == (contract.document)


def test_the_schema_tells_a_message_from_another():
    schema = load("ControlCenterServices").schema()
    message = '<{0} xmlns="http://schemas.cisco.com/ast/soap"><ServiceInfo/></{0}>'
    assert schema.validate(etree.fromstring(message.format("getProductInformationList")))
    assert not schema.validate(etree.fromstring(message.format("soapGetServiceStatus")))


def test_a_contract_is_read_once():
    assert load("ControlCenterServices") is load("ControlCenterServices")


def test_a_contract_that_we_do_not_publish():
    with pytest.raises(FileNotFoundError):
        load("NoSuchServices")


@pytest.mark.parametrize(
    ("what", "instead", "named"),
    [
        (b'type="ast:ReturnCode"', b'type="ast:Elsewhere"', "Elsewhere"),
        (b'type="xs:boolean"', b'type="xs:duration"', "duration"),
        (b"xs:sequence>", b"xs:choice>", "choice"),
        (b'<xs:element name="UpTime" type="xs:integer" nillable="true"/>', b"<xs:any/>", "any"),
        (b'message="ast:soapGetServiceStatusRequest"', b'message="ast:Lost"', "Lost"),
        (b'element="ast:soapGetServiceStatus"', b'element="ast:Lost"', "Lost"),
        (b"w:service", b"w:disservice", "service"),
    ],
)
def test_what_is_not_understood_is_named(what, instead, named):
    document = wsdl.read("ControlCenterServices")
    assert what in document
    with pytest.raises(ContractError, match=rf"^Changed\.wsdl: .*{named}"):
        parse("Changed", document.replace(what, instead))
