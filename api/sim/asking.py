"""What a request asks for: its API, operation, node and services, as rules, journal and scenarios want to know it.

It reads paths and messages and changes nothing; what it cannot read it takes for a request that names nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from ucmsim.api.soap import envelope, faults
from ucmsim.models.faults import CONTRACT

APIS = {
    "/controlcenterservice2/services/ControlCenterServices": "CONTROLCENTER",
    "/controlcenterservice2/services/ControlCenterServicesEx": "CONTROLCENTER_EX",
    "/controlcenterservice/services/ControlCenterServicesPort": "CONTROLCENTER",
}
"""The SOAP APIs by their path; an API of two paths is one API."""

REST = "REST"
CONTROL_CENTER = frozenset(APIS.values())

_NAMING = ("item", "ServiceName", "ServiceStatus")
"""What holds a service's name in the messages of Control Center; below `item` the APIs agree on nothing else."""

_BELOW = re.compile(r"/(clusters|nodes|services)/([^/]+)")


class Asked(NamedTuple):
    """An operation, and the services that the request names; none named means all, or none at all."""

    operation: str
    services: tuple[str, ...] = ()
    cluster: str | None = None
    node: str | None = None


@lru_cache(maxsize=256)
def api_of(path: str) -> str | None:
    """Return the API that a path belongs to, None for a path of no API."""
    if path == "/api/v1" or path.startswith("/api/v1/"):
        return REST
    return APIS.get(path.rstrip("/"))


def asked(method: str, path: str, query: str, body: bytes, content_type: str | None) -> Asked:
    """Return what a request asks for, whichever face it goes to."""
    match api_of(path):
        case None:
            return Asked("")
        case "REST":
            return rest(method, path)
        case api:
            return soap(api, method, query, body, content_type)


def soap(api: str, method: str, query: str, body: bytes, content_type: str | None) -> Asked:
    """Return what a request to a SOAP endpoint asks for; without a message that is the contract, or nothing."""
    if method != "POST":
        return Asked(CONTRACT if query.lower().partition("=")[0] == "wsdl" else "")
    try:
        element = envelope.unwrap(body, envelope.charset(content_type))
    except faults.SoapFault:
        return Asked("")
    if element is None:
        return Asked("")
    services: tuple[str, ...] = ()
    if api in CONTROL_CENTER:
        named = (
            (leaf.text or "").strip()
            for leaf in element.iter("*")
            if len(leaf) == 0 and _local(leaf.tag) in _NAMING
        )
        services = tuple(dict.fromkeys(name for name in named if name))
    return Asked(_local(element.tag), services)


def rest(method: str, path: str) -> Asked:
    """Return what a request to the operator's API asks for: method and path, and what stands in the path."""
    found = {kind: unquote(name) for kind, name in _BELOW.findall(path)}
    services = (found["services"],) if "services" in found else ()
    return Asked(f"{method} {path}", services, found.get("clusters"), found.get("nodes"))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
