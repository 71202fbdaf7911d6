"""Quirks of the document: encodings, prefixes, what stands around and between the elements."""

from __future__ import annotations

from tests.api.compatibility.quirk import ANYBODY, Asks, Hears, Quirk, Sent
from tests.api.soap.conversation import ALL, NAMESPACE, envelope

SOAP_ENV = "http://schemas.xmlsoap.org/soap/envelope/"
TFTP = ("Cisco Tftp",)


def status(inside: str) -> bytes:
    return envelope(f"<ast:soapGetServiceStatus>{inside}</ast:soapGetServiceStatus>")


def around(prefix: str) -> bytes:
    """A request with a prefix for the envelope, and the same for everything in it that has a namespace."""
    return (
        f'<{prefix}:Envelope xmlns:{prefix}="{SOAP_ENV}"><{prefix}:Body><q:soapGetServiceStatus xmlns:q="{NAMESPACE}">'
        f"<q:ServiceStatus/></q:soapGetServiceStatus></{prefix}:Body></{prefix}:Envelope>"
    ).encode()


ENCODINGS = (
    Quirk(
        ".NET",
        "begins with a byte order mark",
        Sent(b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>" + envelope(ALL)),
        Asks(),
        "section 6",
    ),
    Quirk(
        ANYBODY,
        "writes UTF-16",
        Sent(('<?xml version="1.0" encoding="utf-16"?>' + envelope(ALL).decode()).encode("utf-16")),
        Asks(),
        "XML 1.0",
    ),
    Quirk(
        ANYBODY,
        "writes ISO-8859-1",
        Sent(
            b"<?xml version='1.0' encoding='ISO-8859-1'?>"
            + status("<ast:ServiceStatus>Büro</ast:ServiceStatus>").decode().encode("latin-1")
        ),
        Asks(("Büro",)),
        "XML 1.0",
    ),
    Quirk("curl scripts", "leaves the declaration out", Sent(), Asks(), "XML 1.0"),
    Quirk(
        "here-documents of shell scripts",
        "indents everything and ends with empty lines",
        Sent(b"<?xml version='1.0'?>\n" + envelope(ALL).replace(b"><", b">\n    <") + b"\n\n"),
        Asks(),
        "section 6",
    ),
)

PREFIXES = (
    *(
        Quirk(client, f"calls the envelope's namespace `{prefix}`", Sent(around(prefix)), Asks(), "section 6")
        for client, prefix in (
            ("PHP SoapClient, checkmk", "SOAP-ENV"),
            ("zeep", "soap-env"),
            ("node-soap, calltelemetry/cisco-cucm-mcp", "soap"),
            (".NET (WCF)", "s"),
        )
    ),
    Quirk(
        "hand-written requests",
        "uses default namespaces and no prefix",
        Sent(
            f'<Envelope xmlns="{SOAP_ENV}"><Body><soapGetServiceStatus xmlns="{NAMESPACE}">'
            "<ServiceStatus>Cisco Tftp</ServiceStatus></soapGetServiceStatus></Body></Envelope>".encode()
        ),
        Asks(TFTP),
        "section 6",
    ),
    Quirk(
        "sieteunoseis/cisco-serviceability",
        "leaves the fields in no namespace",
        Sent(status("<ServiceStatus>Cisco Tftp</ServiceStatus>")),
        Asks(TFTP),
        "U-35",
    ),
    Quirk(
        ANYBODY,
        "puts the fields into another namespace",
        Sent(status('<ServiceStatus xmlns="urn:other">Cisco Tftp</ServiceStatus>')),
        Asks(TFTP),
        "U-35",
    ),
    Quirk(
        "SOAP::Lite",
        "sends a Header, an encodingStyle, ids and types that nobody asked for",
        Sent(
            (
                f'<s:Envelope xmlns:s="{SOAP_ENV}" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">'
                '<s:Header><wsse:Security xmlns:wsse="urn:wsse" s:mustUnderstand="0"/></s:Header>'
                f'<s:Body id="b"><a:soapGetServiceStatus xmlns:a="{NAMESPACE}" x="y"><a:ServiceStatus'
                ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xsd:string">Cisco Tftp</a:ServiceStatus>'
                "</a:soapGetServiceStatus></s:Body></s:Envelope>"
            ).encode()
        ),
        Asks(TFTP),
        "section 6",
    ),
    Quirk(
        "zeep with WS-Addressing",
        "sends addressing headers",
        Sent(
            envelope(ALL).replace(
                b"<soapenv:Body>",
                b'<soapenv:Header><wsa:Action xmlns:wsa="http://www.w3.org/2005/08/addressing">soapGetServiceStatus</wsa:Action></soapenv:Header><soapenv:Body>',
            )
        ),
        Asks(),
        "section 6",
    ),
    Quirk(
        ANYBODY,
        "sends a second element in the Body",
        Sent(envelope(ALL + "<ast:getProductInformationList/>")),
        Asks(),
        "section 3.3",
    ),
    Quirk(
        ANYBODY,
        "writes comments and processing instructions between, and character references in a name",
        Sent(
            status(
                "\n  <!-- one -->\r\n  <ast:ServiceStatus>\n\t Cisco <!-- two -->&#84;ftp\n </ast:ServiceStatus>\n<?go on?>"
            )
        ),
        Asks(TFTP),
        "U-3",
    ),
    Quirk(
        ANYBODY,
        "puts a name into CDATA",
        Sent(status("<ast:ServiceStatus><![CDATA[Cisco Tftp]]></ast:ServiceStatus>")),
        Asks(TFTP),
        "XML 1.0",
    ),
    Quirk(
        "SOAP 1.2 toolkits",
        "sends a SOAP 1.2 envelope: the contract knows SOAP 1.1 alone",
        Sent(
            envelope(ALL).replace(SOAP_ENV.encode(), b"http://www.w3.org/2003/05/soap-envelope"),
            headers=(("Content-Type", "application/soap+xml"),),
        ),
        Hears(500, "<faultcode>soapenv:VersionMismatch</faultcode>"),
        "section 3.5",
    ),
)
