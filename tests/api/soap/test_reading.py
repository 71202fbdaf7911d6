"""Requests as objects of the contract's classes, for the kinds of values that today's requests lack too."""

from __future__ import annotations

import pytest
from lxml import etree
from spyne.model.complex import ComplexModel

from tests.api.soap.conversation import NAMESPACE
from ucmsim import wsdl
from ucmsim.api.soap.faults import SoapFault
from ucmsim.api.soap.reading import read
from ucmsim.wsdl.contract import parse


def control_request(node_name_type: str, text: str):
    """Read a control request from a contract in which NodeName is of another type."""
    document = wsdl.read("ControlCenterServices").replace(
        b'name="NodeName" type="xs:string"', f'name="NodeName" type="{node_name_type}"'.encode()
    )
    message = parse("Changed", document).operations["soapDoControlServices"].request
    request = (
        f'<soapDoControlServices xmlns="{NAMESPACE}"><ControlServiceRequest><NodeName>{text}</NodeName>'
        "</ControlServiceRequest></soapDoControlServices>"
    )
    return read(message, etree.fromstring(request))


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("xs:string", " cucm-pub\n", "cucm-pub"),
        ("xs:string", "", ""),
        ("xs:integer", " -12 ", -12),
        ("xs:unsignedInt", "4294967295", 4294967295),
        ("xs:integer", "", None),
        ("xs:boolean", "true", True),
        ("xs:boolean", "1", True),
        ("xs:boolean", "False", False),
        ("xs:boolean", "0", False),
        ("ast:ControlType", "RESTART", "Restart"),
        ("ast:ControlType", "", None),
        ("ast:ReturnCode", "0", "0"),
    ],
)
def test_values_are_those_of_their_type(type_, text, value):
    assert control_request(type_, text).ControlServiceRequest.NodeName == value


@pytest.mark.parametrize(
    ("type_", "text", "fault"),
    [
        ("xs:integer", "many", 'java.lang.NumberFormatException: For input string: "many"'),
        ("xs:integer", "9" * 10_000, 'java.lang.NumberFormatException: For input string: "999'),
        ("ast:ControlType", "Halt", "unknown"),
    ],
)
def test_a_text_that_is_no_such_value(type_, text, fault):
    with pytest.raises(SoapFault) as raised:
        control_request(type_, text)
    assert raised.value.text.startswith(fault)


def test_a_request_is_an_object_of_the_contracts_class():
    request = control_request("xs:string", "x")
    assert isinstance(request, ComplexModel)
    assert type(request.ControlServiceRequest).__name__ == "ControlServiceRequest"
    assert (request.ControlServiceRequest.ControlType, request.ControlServiceRequest.ServiceList) == (
        None,
        None,
    )
