"""What goes up and down with what: web applications with their Tomcat, XCP services with the XCP Router.

Relations of services on one node, read off the catalogue; it does not know their states.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from ucmsim.models import catalogue
from ucmsim.models.catalogue import Service
from ucmsim.models.cluster import Node
from ucmsim.models.states import Form, Product

TOMCAT = "Cisco Tomcat"
XCP_ROUTER = "Cisco XCP Router"

TOMCATS = (TOMCAT, "Cisco AXL Tomcat", "Cisco UDS Tomcat", "Cisco SSOSP Tomcat", "Connection REST Tomcat")


def container(node: Node, name: str) -> str | None:
    """Return the Tomcat that carries a web application of this node (G-CTL-12), or None for a process of its own."""
    services = node.services
    host = _carriers(node.spec.product, node.version, node.conditions.virtual).get(name)
    if host is None and node.spec.listing and name not in TOMCATS and services[name].form is Form.SERVLET:
        host = TOMCAT
    return host if host in services else None


def carried(node: Node, name: str) -> tuple[str, ...]:
    """Return the services that stop and restart with `name`: those inside a Tomcat, or behind the XCP Router.

    Rules G-CTL-8, G-CTL-9 and G-CTL-12. "Every XCP service" is taken to be those that depend on the router;
    Cisco XCP Config Manager, which watches the others restart (G-IMP-10), goes on.
    """
    if name == XCP_ROUTER:
        return tuple(other.name for other in node.services.values() if XCP_ROUTER in other.depends)
    if name not in TOMCATS:
        return ()
    return tuple(other for other in node.services if container(node, other) == name)


def requirements(node: Node, name: str) -> tuple[str, ...]:
    """Return what must be up before `name` comes up: its dependencies (`U-16`) and the Tomcat that carries it."""
    needed = node.dependencies(node.services[name])
    host = container(node, name)
    return needed if host is None or host in needed else (*needed, host)


def dependents(node: Node, name: str) -> frozenset[str]:
    """Return what comes up only after `name`, directly or not."""
    found: set[str] = set()
    ahead = {name}
    while ahead:
        ahead = {other for other in node.services if ahead.intersection(requirements(node, other))} - found
        found |= ahead
    return frozenset(found)


@lru_cache(maxsize=64)
def _carriers(product: Product, version: str, virtual: bool) -> Mapping[str, str]:
    services = catalogue.offered(product, version, virtual)
    tomcats = [services[name] for name in TOMCATS[1:] if name in services]
    return MappingProxyType(
        {
            service.name: _carrier(service, tomcats)
            for service in services.values()
            if service not in tomcats
            and service.name != TOMCAT
            and (service.form is Form.SERVLET or service.pages)
        }
    )


def _carrier(service: Service, tomcats: list[Service]) -> str:
    paths = {path for page in service.pages for path in page.paths}
    for tomcat in tomcats:
        if any(paths.intersection(page.paths) for page in tomcat.pages):
            return tomcat.name
    return TOMCAT
