"""Quirks of HTTP: paths, SOAPActions, content types, how bodies and credentials travel."""

from __future__ import annotations

from tests.api.compatibility.quirk import ANYBODY, Asks, Cuts, Hears, Quirk, Sent, zipped
from tests.api.soap.conversation import ALL, NAMESPACE, envelope
from ucmsim.api.faces import CONTROL_CENTER, CONTROL_CENTER_EX, CONTROL_CENTER_LEGACY

CHECKMK = (
    '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Header></SOAP-ENV:Header>'
    f'<SOAP-ENV:Body xmlns:ns1="{NAMESPACE}"><ns1:soapGetServiceStatus><ns1:ServiceStatus></ns1:ServiceStatus>'
    "</ns1:soapGetServiceStatus></SOAP-ENV:Body></SOAP-ENV:Envelope>"
).encode()

LATIN = envelope(
    "<ast:soapGetServiceStatus><ast:ServiceStatus>Büro</ast:ServiceStatus></ast:soapGetServiceStatus>"
)
LEGACY_ACTION = "http://schemas.cisco.com/ast/soap/action/#ControlCenterServices#soapGetServiceStatus"


def action(value: str) -> Sent:
    return Sent(headers=(("Content-Type", "text/xml"), ("SOAPAction", value)))


def kind(value: str, body: bytes = envelope(ALL)) -> Sent:
    return Sent(body, headers=(("Content-Type", value),))


def get(path: str) -> Sent:
    return Sent(b"", path, (), method="GET")


PATHS = (
    Quirk(
        "zito/cmk-cisco-ucm",
        "posts to `?wsdl`, with `urn:vim25/5.0` as SOAPAction and a prefix declared on the Body",
        Sent(
            CHECKMK,
            CONTROL_CENTER + "?wsdl",
            (("Content-Type", 'text/xml; charset="utf-8"'), ("SOAPAction", "urn:vim25/5.0")),
        ),
        Asks(),
        "section 6",
    ),
    Quirk(
        "fredless/ciscoPremiseCollabMgmt",
        "a slash at the end of the path, no SOAPAction, no Content-Type, `encoding='utf8'`",
        Sent(b"<?xml version='1.0' encoding='utf8'?>\n" + envelope(ALL), CONTROL_CENTER + "/", ()),
        Asks(),
        "section 6",
    ),
    Quirk(
        "any proxy",
        "the whole URL in the request line",
        Sent(path=f"https://127.0.0.1{CONTROL_CENTER}"),
        Asks(),
        "RFC 9112",
    ),
    Quirk(
        "zeep users, PHP SoapClient",
        "fetches the contract from `?wsdl`",
        get(CONTROL_CENTER + "?wsdl"),
        Cuts(
            r'<soap:address location="(https://127\.0\.0\.1[^"]*)"', (f"https://127.0.0.1{CONTROL_CENTER}",)
        ),
        "section 3.4",
    ),
    Quirk(
        ".NET, SoapUI",
        "fetches the contract from `?WSDL`",
        get(CONTROL_CENTER_EX + "?WSDL"),
        Hears(200, '<w:service name="ControlCenterServicesEx">'),
        "section 3.4",
    ),
    Quirk(
        ANYBODY,
        "asks for the schema alone with `?xsd`",
        get(CONTROL_CENTER + "?xsd=xsd0"),
        Hears(200, f'targetNamespace="{NAMESPACE}"'),
        "Axis2",
    ),
    Quirk(
        "collabapilab/ltrcol-2574-portal",
        "asks for `listServices` to see whether it may",
        get("/controlcenterservice2/services/listServices"),
        Hears(200, "ControlCenterServicesEx", "text/html;charset=utf-8"),
        "section 3.4",
    ),
    Quirk(
        ANYBODY,
        "asks for the legacy application's `/services`",
        get("/controlcenterservice/services"),
        Hears(200, "<h2>And now... Some Services</h2>", "text/html;charset=utf-8"),
        "section 3.4",
    ),
    Quirk(
        "a browser",
        "opens the legacy service",
        get(CONTROL_CENTER_LEGACY),
        Hears(
            200,
            "<h1>ControlCenterServicesPort</h1>\n<p>Hi there, this is an AXIS service!</p>",
            "text/html;charset=utf-8",
        ),
        "section 3.4",
    ),
    Quirk(
        "a browser",
        "opens the service without asking for anything",
        get(CONTROL_CENTER),
        Hears(500, "and the WSA Action = null</faultstring>"),
        "section 3.5",
    ),
    Quirk(
        ANYBODY,
        "asks a service that does not exist",
        Sent(path="/controlcenterservice2/services/RisPort"),
        Hears(404, "The service cannot be found for the endpoint reference (EPR) https://127.0.0.1"),
        "section 3.5",
    ),
)

ACTIONS = (
    Quirk("fredless/ciscoPremiseCollabMgmt", "sends no SOAPAction", Sent(), Asks(), "section 6"),
    Quirk(ANYBODY, "sends an empty SOAPAction", action(""), Asks(), "section 6"),
    Quirk(ANYBODY, 'sends `""` as SOAPAction', action('""'), Asks(), "section 6"),
    Quirk(
        "curl scripts",
        "sends the SOAPAction without quotes",
        action("soapGetServiceStatus"),
        Asks(),
        "section 6",
    ),
    Quirk(
        "zeep, node-soap, PHP SoapClient",
        "sends the SOAPAction in quotes",
        action('"soapGetServiceStatus"'),
        Asks(),
        "section 6",
    ),
    Quirk(
        "a TypeScript client",
        "sends `ControlCenterServices#soapGetServiceStatus`",
        action('"ControlCenterServices#soapGetServiceStatus"'),
        Asks(),
        "section 6",
    ),
    Quirk(
        ANYBODY,
        "sends the SOAPAction of the legacy endpoint",
        action(LEGACY_ACTION),
        Asks(),
        "section 6",
    ),
    Quirk(
        ANYBODY,
        "sends the SOAPAction of another operation: the body wins",
        action("soapDoControlServices"),
        Asks(),
        "U-49",
    ),
    Quirk(ANYBODY, "sends a SOAPAction in another alphabet", action("über"), Asks(), "U-49"),
)

CONTENT_TYPES = (
    Quirk("a shell script", "sends `text/xml` without a charset", kind("text/xml"), Asks(), "U-50"),
    Quirk(
        "curl --data",
        "sends a form's content type",
        kind("application/x-www-form-urlencoded"),
        Asks(),
        "U-50",
    ),
    Quirk(ANYBODY, "sends `application/xml`", kind("application/xml"), Asks(), "U-50"),
    Quirk(ANYBODY, "sends `text/plain`", kind("text/plain"), Asks(), "U-50"),
    Quirk(
        "SOAP 1.2 toolkits",
        "sends the content type of SOAP 1.2 around a SOAP 1.1 envelope",
        kind("application/soap+xml"),
        Asks(),
        "U-50",
    ),
    Quirk(ANYBODY, "sends something that is no content type", kind(";;;"), Asks(), "U-50"),
    Quirk(
        ANYBODY,
        "names another charset than the document is in",
        kind("text/xml; charset=utf-16"),
        Asks(),
        "U-50",
    ),
    Quirk(ANYBODY, "names a charset that nobody knows", kind("text/xml; charset=klingon"), Asks(), "U-50"),
    Quirk(
        ANYBODY,
        "names the document's charset only in the header",
        kind('text/xml;charset="iso-8859-1"', LATIN.decode().encode("latin-1")),
        Asks(("Büro",)),
        "U-50",
    ),
)

TRANSFERS = (
    Quirk(
        "ab, old wget",
        "speaks HTTP/1.0 and does not say to whom",
        Sent(version="HTTP/1.0", host=None),
        Asks(),
        "RFC 1945",
    ),
    Quirk("Go, node fetch", "sends the body in chunks", Sent(chunked=True), Asks(), "RFC 9112"),
    Quirk(
        "curl, .NET",
        "waits for `100 Continue` before it sends the body",
        Sent(expects=True),
        Asks(),
        "RFC 9110",
    ),
    Quirk(
        "curl, .NET",
        "waits for `100 Continue` and sends chunks",
        Sent(expects=True, chunked=True),
        Asks(),
        "RFC 9110",
    ),
    Quirk(ANYBODY, "sends head and body in many small pieces", Sent(in_pieces=True), Asks(), "RFC 9112"),
    Quirk(
        "zeep (requests)",
        "accepts compressed answers",
        Sent(headers=(("Content-Type", "text/xml"), ("Accept-Encoding", "gzip, deflate"))),
        Asks(),
        "RFC 9110",
    ),
    Quirk("Axis2 clients that are told to", "sends the request in gzip", zipped(Sent()), Asks(), "RFC 9110"),
    Quirk(
        "Axis2 clients that are told to",
        "sends the request in gzip and in chunks",
        zipped(Sent(chunked=True)),
        Asks(),
        "RFC 9110",
    ),
    Quirk(
        "HTTP libraries of node",
        "writes header names in lower case, values with spaces around them",
        Sent(headers=(("content-type", "  text/xml  "), ("soapaction", " x "), ("accept", "*/*"))),
        Asks(),
        "RFC 9110",
    ),
    Quirk(
        "a shell script",
        "closes the connection after each call",
        Sent(headers=(("Connection", "close"),)),
        Asks(),
        "RFC 9112",
    ),
    Quirk(
        ANYBODY,
        "asks by a name that no node has",
        Sent(host="ucm.invalid:443"),
        Asks(),
        "section 4.1",
    ),
)

CREDENTIALS = (
    Quirk(
        "sieteunoseis/cisco-serviceability",
        "sends the session cookie and an empty Authorization header",
        Sent(headers=(("Authorization", ""),), credentials="cookie"),
        Asks(),
        "section 3.2",
    ),
    Quirk(
        "requests.Session users",
        "sends the session cookie alone",
        Sent(credentials="cookie"),
        Asks(),
        "section 3.2",
    ),
    Quirk(
        "checkmk",
        "tells 401 by its status",
        Sent(credentials="none"),
        Hears(401, "HTTP Status 401", "text/html;charset=utf-8"),
        "section 3.2",
    ),
)
