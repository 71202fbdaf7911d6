"""The requests that are measured: the same question over SOAP and over REST, for every service of a node and for one."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

USER = "administrator"
PASSWORD = "correct horse battery staple"
SOAP_PATH = "/controlcenterservice2/services/ControlCenterServices"
SERVICE = "Cisco CallManager"

AUTHORIZATION = "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()

_ENVELOPE = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns:ns="http://schemas.cisco.com/ast/soap"><soapenv:Body>{}</soapenv:Body></soapenv:Envelope>'
)


@dataclass(frozen=True)
class Message:
    """A request: what it is called in the tables, and how it is sent."""

    name: str
    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Authorization", AUTHORIZATION),)
    answered: str = "application/json"  # the content type of the answer


def soap(name: str, payload: str) -> Message:
    """Return a call of ControlCenterServices."""
    headers = (
        ("Authorization", AUTHORIZATION),
        ("Content-Type", "text/xml;charset=UTF-8"),
        ("SOAPAction", '""'),
    )
    return Message(name, "POST", SOAP_PATH, _ENVELOPE.format(payload).encode(), headers, headers[1][1])


def status(name: str, *services: str) -> Message:
    """Return the question for the state of services; of all if none is named."""
    asked = "".join(f"<ns:ServiceStatus>{service}</ns:ServiceStatus>" for service in services or ("",))
    return soap(name, f"<ns:soapGetServiceStatus>{asked}</ns:soapGetServiceStatus>")


def control(verb: str, service: str) -> Message:
    """Return a command for one service."""
    return soap(
        f"SOAP {verb}",
        "<ns:soapDoControlServices><ns:ControlServiceRequest><ns:NodeName></ns:NodeName>"
        f"<ns:ControlType>{verb}</ns:ControlType><ns:ServiceList><ns:item>{service}</ns:item></ns:ServiceList>"
        "</ns:ControlServiceRequest></ns:soapDoControlServices>",
    )


def rest(name: str, path: str) -> Message:
    """Return a question to the operator's API."""
    return Message(name, "GET", f"/api/v1{path}")


ALL = status("SOAP, all services of a node")
ONE = status("SOAP, one service", SERVICE)
REST_ALL = rest("REST, all services of a node", "/clusters/lab/nodes/cucm-pub/services")
REST_ONE = rest("REST, one service", "/clusters/lab/nodes/cucm-pub/services/cisco-callmanager")
