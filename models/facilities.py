"""What a node can do for its people at a time: pages, traces, monitoring, backups, by the services behind each.

Facts that pages and tools ask for; the web paths are in `ucmsim.models.presence`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.presence import reachable
from ucmsim.models.states import SECOND, Instant, Product, Status

CAPF = "Cisco Certificate Authority Proxy Function"
REPORTER = "Cisco Serviceability Reporter"

_FIRST_REPORT = 24 * 3600 * SECOND


class Facility(Enum):
    """Something that a node offers while the services behind it run."""

    ADMINISTRATION = "administration pages"
    SERVICEABILITY = "serviceability pages"
    TRACES = "trace collection, SysLog Viewer, Trace & Log Central"
    CALL_RECORDS = "call records in real-time tools"
    CERTIFICATES = "synchronisation of certificates"
    SNMP = "monitoring over SNMP"
    CALL_PROCESSING = "call processing"
    BACKUP = "backup and restore"


class Need(NamedTuple):
    """The services behind a facility, and the rule that says so."""

    rule: str
    services: tuple[str, ...]


BEHIND: Mapping[Facility, Need] = {
    Facility.ADMINISTRATION: Need(
        "G-CTL-11", ("Cisco CallManager Admin", "Cisco IM and Presence Admin", "Connection Administration")
    ),
    Facility.SERVICEABILITY: Need("G-CTL-11", ("Cisco CallManager Serviceability",)),
    Facility.TRACES: Need("G-CTL-14", ("Cisco Trace Collection Service", "Cisco Trace Collection Servlet")),
    Facility.CALL_RECORDS: Need("G-CTL-21", ("SOAP - Diagnostic Portal Database Service",)),
    Facility.CERTIFICATES: Need("G-CTL-19", ("Cisco Certificate Change Notification",)),
    Facility.SNMP: Need("G-CTL-17", ("SNMP Master Agent",)),
    Facility.CALL_PROCESSING: Need("G-CTL-10", ("Cisco CallManager",)),
    Facility.BACKUP: Need("G-DEP-25", ("Cisco DRF Local",)),
}
"""What must run on the node itself, of what its product has."""


def offers(node: Node, facility: Facility) -> bool:
    """Whether a node has the facility at all: its product has the services behind it."""
    return any(name in node.services for name in BEHIND[facility].services)


def missing(node: Node, facility: Facility, now: Instant) -> tuple[str, ...]:
    """Return the services behind a facility that do not run (G-CTL-11, G-CTL-14, G-CTL-17, G-CTL-19, G-CTL-21)."""
    behind = (name for name in BEHIND[facility].services if name in node.instances)
    return tuple(name for name in behind if node.instances[name].at(now).status is not Status.STARTED)


def present(cluster: Cluster, node_id: str, facility: Facility, now: Instant) -> bool:
    """Whether a facility of a node can be used at `now`.

    A backup also needs Cisco DRF Master, which runs on a publisher and on none of IM and Presence (G-DEP-25).
    """
    node = cluster.nodes[node_id]
    if not offers(node, facility) or not reachable(node, now) or missing(node, facility, now):
        return False
    return facility is not Facility.BACKUP or _master_runs(cluster, node.spec.product, now)


def shown_in_real_time_tools(node: Node, name: str) -> bool:
    """Whether real-time tools show a service of a node: CAPF for the first node only (G-DEP-26)."""
    return name in node.services and (name != CAPF or node.is_publisher)


class Reporting(NamedTuple):
    """What a running Cisco Serviceability Reporter reports on, and when its first report is due at the latest."""

    nodes: tuple[str, ...]
    due: Instant


def reporting(cluster: Cluster, node_id: str, now: Instant) -> Reporting | None:
    """Return what the reporter of a node reports, None while it does not run.

    On the publisher it reports on all nodes of its product, elsewhere on the publisher alone (G-DEP-16, G-IMP-9).
    """
    node = cluster.nodes[node_id]
    instance = node.instances.get(REPORTER)
    started = instance.at(now).started if instance else None
    if started is None:
        return None
    peers = [other for other in cluster.nodes.values() if other.spec.product is node.spec.product]
    covered = tuple(other.id for other in peers if node.is_publisher or other.is_publisher)
    return Reporting(covered, started + _FIRST_REPORT)


def _master_runs(cluster: Cluster, product: Product, now: Instant) -> bool:
    publisher = cluster.publisher(Product.UCM if product is Product.IMP else product)
    master = publisher.instances.get("Cisco DRF Master") if publisher else None
    return master is not None and master.at(now).status is Status.STARTED
