"""An inventory file out of what nodes told: the counterpart of what `ucmsim serve --inventory` reads.

Values in, TOML out; asking the nodes is the command's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any

import tomli_w

from ucmsim.clients.results import (
    NOT_ACTIVATED,
    SUCCESS,
    ProductInformation,
    Service,
    ServiceState,
    Status,
)

PRODUCTS = {"CallManager": "UCM", "Cups": "IMP", "Connection": "CUC"}
"""The product of a node by the id that its product list has (specification section 4.5)."""


@dataclass(frozen=True)
class Told:
    """Everything that one node told. `publisher` is None when its release cannot say."""

    host: str
    information: ProductInformation
    services: Sequence[Service]
    states: Sequence[ServiceState]
    publisher: bool | None = None

    @property
    def product(self) -> str:
        """UCM, IMP or CUC."""
        known = (PRODUCTS[product.id] for product in self.information.products if product.id in PRODUCTS)
        return next(known, "UCM")

    @property
    def version(self) -> str:
        """The full version, without the architecture that releases 10 append."""
        return self.information.version.removesuffix(".i386").removesuffix(".x86_64")

    @property
    def is_publisher(self) -> bool:
        """What the node says of itself, or whether it is the one that its product list names."""
        if self.publisher is not None:
            return self.publisher
        return label(self.information.primary_node) == label(self.host)

    @property
    def name(self) -> str:
        """What the node is called: as it was asked, or a publisher that was asked by address as its server table says."""
        primary = self.information.primary_node
        if self.is_publisher and self.product != "IMP" and primary and label(primary) != label(self.host):
            return primary
        return self.host

    @property
    def offset(self) -> str | None:
        """The fixed-offset zone of its start times, such as `Etc/GMT-2`; None when it is no whole hour."""
        started = next((state.started for state in self.states if state.started), None)
        return _zone(started) if started else None


def label(host: str) -> str:
    """The first part of a host name in lower case, or an address with hyphens: what an inventory takes as an id."""
    try:
        ip_address(host)
    except ValueError:
        return host.partition(".")[0].lower()
    return "node-" + host.replace(".", "-").replace(":", "-").strip("-")


def document(cluster: str, told: Iterable[Told], timezone: str | None) -> dict[str, Any]:
    """The inventory of a cluster of these nodes; each gets a loopback address, its real names become aliases."""
    nodes = list(told)
    first = nodes[0]
    return {
        "clusters": [
            {
                "id": cluster,
                "version": first.version,
                "timezone": timezone or first.offset or "UTC",
                "nodes": [_node(number, node, first) for number, node in enumerate(nodes, start=1)],
            }
        ]
    }


def _node(number: int, node: Told, first: Told) -> dict[str, Any]:
    states = {state.name: state for state in node.states}
    features = [service.name for service in node.services if service.deployable and service.name in states]
    activated = [name for name in features if states[name].reason.code != NOT_ACTIVATED]
    down = [
        state
        for state in node.states
        if state.status is Status.STOPPED and state.reason.code not in {NOT_ACTIVATED, SUCCESS}
    ]
    fqdn = node.name.lower() if "." in node.name or ":" in node.name else ""
    up = max((int(state.up_time.total_seconds()) for state in node.states if state.up_time), default=0)
    written: dict[str, Any] = {
        "id": label(node.name),
        "product": node.product,
        "role": "publisher" if node.is_publisher else "subscriber",
        "address": f"127.0.0.{number}",
        "fqdn": fqdn,
        "aliases": [] if node.host.lower() in {fqdn, label(node.name), f"127.0.0.{number}"} else [node.host],
        "version": node.version if node.version != first.version else "",
        "uptime": up,
        "activated": activated,
        "deactivated": [name for name in features if name not in activated],
        "stopped": [state.name for state in down if state.reason.code == -1069],
        "failed": [state.name for state in down if state.reason.code != -1069],
        "listing": [_listed(service) for service in node.services],
    }
    return {key: value for key, value in written.items() if value not in ("", [])}


def _listed(service: Service) -> dict[str, Any]:
    written = {
        "name": service.name,
        "form": service.form.value,
        "deployable": service.deployable,
        "group": service.group,
        "product": service.product_id,
        "depends": list(service.depends),
    }
    return {key: value for key, value in written.items() if value not in ("", [])}


def _zone(started: datetime) -> str | None:
    offset = started.utcoffset()
    hours, rest = divmod(offset.total_seconds() if offset else 0, 3600)
    if rest:
        return None
    return f"Etc/GMT{-int(hours):+d}" if hours else "UTC"  # these names count westwards


def dumps(document: dict[str, Any], heading: str) -> str:
    """The document as TOML below a comment."""
    comment = "".join(f"# {line}\n" for line in heading.splitlines())
    return f"{comment}\n{tomli_w.dumps(document)}"
