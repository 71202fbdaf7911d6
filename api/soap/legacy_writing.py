"""Writes answers in SOAP encoding, as Axis1 does: no prefix on any element, and on each the type of what it holds.

Lists are arrays, and nothing is moved out of its place into a reference (specification section 9).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from ucmsim.api.soap.faults import SOAP_11, SoapFault
from ucmsim.api.soap.reading import Element, local_name
from ucmsim.api.soap.text import escape
from ucmsim.api.soap.writing import Writer, written
from ucmsim.wsdl.contract import Contract, Member

ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
TYPES = "http://cisco.com/ccm/serviceability/soap/ControlCenterServices/"
AXIS = "http://xml.apache.org/axis/"

OPENING = (
    f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{SOAP_11}"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<soapenv:Body>"
)
CLOSING = "</soapenv:Body></soapenv:Envelope>"

RETURNED = {"soapGetServiceStatus": "ServiceInformationResponse"}
"""What the answer stands in where that is not the name of the current contract (`U-53`)."""

LEAVES = {"text": "xsd:string", "word": "xsd:string", "number": "xsd:integer", "truth": "xsd:boolean"}

_OTHER_STACK = re.compile(r"^(?:\w+\.)+\w+: ")
"""The exception that the current stack complains with."""


class LegacyWriting:
    """Writes the answers to the operations of a contract, envelope and all."""

    def __init__(self, contract: Contract) -> None:
        self._writers = {name: _returned(name, found.response) for name, found in contract.operations.items()}

    def __call__(self, operation: str, asked: Element, answer: Mapping[str, Any]) -> bytes:
        """Return the bytes of the answer; it is called as the request's element is, and in the same namespace."""
        name = f"{local_name(asked)}Response"
        content = written(answer, self._writers[operation])
        namespace = asked.tag[1:].partition("}")[0] if asked.tag.startswith("{") else ""
        encoded = f'soapenv:encodingStyle="{ENCODING}"'
        if namespace:
            name = f"ns1:{name}"
            encoded += f" xmlns:ns1={quoteattr(namespace)}"
        return f"{OPENING}<{name} {encoded}>{content}</{name}>{CLOSING}".encode()


def fault(refused: SoapFault, host: str) -> bytes:
    """Return the bytes of a fault, which names the host that it happened on, as those of the sister services do."""
    code = "soapenv:Server.userException" if refused.code == "soapenv:Server" else refused.code
    text = _OTHER_STACK.sub("org.xml.sax.SAXException: ", refused.text.partition("\n")[0])
    return (
        f"{OPENING}<soapenv:Fault><faultcode{refused.declarations}>{code}</faultcode>"
        f"<faultstring>{escape(text)}</faultstring><detail>"
        f'<ns2:hostname xmlns:ns2="{AXIS}">{escape(host)}</ns2:hostname></detail></soapenv:Fault>{CLOSING}'
    ).encode()


def _returned(operation: str, message: Member) -> Writer:
    (only,) = message.members
    write = _writer(only, RETURNED.get(operation, only.name), f' xmlns:ns2="{TYPES}"')
    return lambda answer: write(answer[only.name])


def _writer(member: Member, name: str, declared: str = "") -> Writer:
    """Return what writes one element, tags included; `declared` is what else its start tag holds."""
    end = f"</{name}>"
    if member.is_list:
        return _array(member, name)
    if member.kind != "object":
        start = f'<{name} xsi:type="{LEAVES[member.kind]}">'
        return lambda value: f"{start}{_leaf(value)}{end}"
    start = f'<{name} xsi:type="{_type(member)}"{declared}>'
    fields = [(field.name, _writer(field, field.name)) for field in member.members]
    return lambda value: f"{start}{''.join([write(value[key]) for key, write in fields])}{end}"


def _array(member: Member, name: str) -> Writer:
    (entry,) = member.members
    of = _type(entry) if entry.kind == "object" else LEAVES[entry.kind]
    write = _writer(entry, entry.name)

    def array(value: Any) -> str:
        entries = value[entry.name]
        start = f'<{name} soapenc:arrayType="{of}[{len(entries)}]" xsi:type="soapenc:Array" xmlns:soapenc="{ENCODING}">'
        return f"{start}{''.join([write(one) for one in entries])}</{name}>"

    return array


def _type(member: Member) -> str:
    return f"ns2:{member.type.get_type_name()}"


def _leaf(value: Any) -> str:
    """Write a text, number or truth; what is none is empty, as in the current messages (`U-40`)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else escape(str(value))
