"""Every fault that a SOAP face answers with, in the vendor's exact words (specification section 3.5).

The words are those of Apache Axis2, Axiom and Woodstox, which the vendor's server is built of. A refusal that UCM
reports inside a normal answer is no fault and is not here.
"""

from __future__ import annotations

from lxml import etree

from ucmsim.api.soap.text import escape

ADB = "org.apache.axis2.databinding.ADBException"
WOODSTOX = "com.ctc.wstx.exc"
SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"


class SoapFault(Exception):  # noqa: N818  a fault is what SOAP calls it
    """A fault: its text and its code. `payload` is the element that stands in the Body; it goes out with HTTP 500."""

    def __init__(self, text: str, code: str = "soapenv:Server", declarations: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.code = code
        self.declarations = declarations

    @property
    def payload(self) -> str:
        """The Fault element as the captured ones stand on the wire, `<detail />` included."""
        return (
            f"<soapenv:Fault{self.declarations}><faultcode>{self.code}</faultcode>"
            f"<faultstring>{escape(self.text)}</faultstring><detail /></soapenv:Fault>"
        )


def unknown_operation(address: str, action: str | None) -> SoapFault:
    """Return the fault for a Body that means no operation of the service at `address`; `action` is the SOAPAction."""
    named = (action or "").strip('"') or "null"
    return SoapFault(
        f"The endpoint reference (EPR) for the Operation not found is {address} and the WSA Action = {named}",
        "axis2ns1:Client",
        f' xmlns:axis2ns1="{SOAP_11}"',
    )


def unknown_service(address: str) -> SoapFault:
    """Return the fault for an address at which there is no service; it goes out with HTTP 404."""
    return SoapFault(
        f"The service cannot be found for the endpoint reference (EPR) {address}",
        "axis2ns1:Client",
        f' xmlns:axis2ns1="{SOAP_11}"',
    )


def unexpected(element: etree._Element) -> SoapFault:
    """Return the fault for an element that has no place where it stands."""
    return SoapFault(f"{ADB}: Unexpected subelement {element.tag}")


def missing(name: str) -> SoapFault:
    """Return the fault for a mandatory element that is not there."""
    return SoapFault(f"{ADB}: {name} cannot be null!!")


def unknown_value() -> SoapFault:
    """Return the fault for a text outside its enumeration: the exception behind it carries no message (`U-33`)."""
    return SoapFault("unknown")


def not_a_number(text: str) -> SoapFault:
    """Return the fault for a text where a number is expected."""
    return SoapFault(f'java.lang.NumberFormatException: For input string: "{text}"')


def document_type() -> SoapFault:
    """Return the fault for a document that declares a document type, with entities or without."""
    return SoapFault("SOAP message MUST NOT contain a Document Type Declaration(DTD)")


def not_an_envelope(name: str) -> SoapFault:
    """Return the fault for a document whose root is called `name`."""
    return SoapFault(f"First Element must contain the local name, Envelope , but found {name}")


def other_soap_version() -> SoapFault:
    """Return the fault for a SOAP 1.2 envelope: the contracts are bound to SOAP 1.1 alone."""
    return SoapFault(
        "Transport level information does not match with SOAP Message namespace URI",
        "soapenv:VersionMismatch",
    )


def unknown_soap_version() -> SoapFault:
    """Return the fault for an envelope of no known version."""
    return SoapFault(
        "Only SOAP 1.1 or SOAP 1.2 messages are supported in the system", "soapenv:VersionMismatch"
    )


def no_body() -> SoapFault:
    """Return the fault for an envelope without a Body."""
    return SoapFault(
        "Envelope must contain a body element which is either first or second child element of the SOAPEnvelope."
    )


def malformed(document: bytes, error: etree.XMLSyntaxError) -> SoapFault:
    """Return the fault for a document that is not XML; `error` says where (`U-51`)."""
    line, column = error.position
    code: int = getattr(error, "code", 0)
    character = _character(document, line, column)
    if not document.strip():
        complaint, line, column = "WstxEOFException: Unexpected EOF in prolog", 1, 0
    elif code == etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING:
        complaint = "WstxIOException: Unsupported encoding"
    elif code == etree.ErrorTypes.ERR_TAG_NAME_MISMATCH:
        complaint = "WstxParsingException: Unexpected close tag"
    elif not character:
        complaint = "WstxEOFException: Unexpected EOF"
    else:
        prolog = " in prolog; expected '<'" if code == etree.ErrorTypes.ERR_DOCUMENT_EMPTY else ""
        complaint = (
            f"WstxUnexpectedCharException: Unexpected character '{character}' (code {ord(character)}){prolog}"
        )
    return SoapFault(f"{WOODSTOX}.{complaint}\n at [row,col {{unknown-source}}]: [{line},{column}]")


def not_implemented(operation: str, service: str) -> SoapFault:
    """Return the fault for an operation of the contract that this server lacks: our words, as the vendor lacks none."""
    return SoapFault(f"{operation} of {service} is not implemented by this simulator")


def internal(incident: str) -> SoapFault:
    """Return the fault for what is nobody's business but the log's, which has the same `incident`."""
    return SoapFault(f"Internal error {incident}: see the server's log")


def _character(document: bytes, line: int, column: int) -> str:
    """Return the character at that place, nothing behind the end."""
    lines = document.decode(errors="replace").split("\n")
    return lines[line - 1][column - 1 : column] if 0 < line <= len(lines) else ""
