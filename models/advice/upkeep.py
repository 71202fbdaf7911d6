"""What an administrator has to look after: nodes that are away, services that are held or cannot start, due restarts.

Findings about the present; the recommendations for a cluster's layout are in the tables.
"""

from __future__ import annotations

from collections.abc import Iterator

from ucmsim.models import gates
from ucmsim.models.advice.finding import Finding, Severity
from ucmsim.models.advice.scene import Scene, advise, warn
from ucmsim.models.cautions import SNMP_SERVICES
from ucmsim.models.cluster import Node
from ucmsim.models.facilities import BEHIND, Facility, missing
from ucmsim.models.gates import Fate
from ucmsim.models.notices import notices
from ucmsim.models.presence import REMOTE_NODE_AWAY, reachable
from ucmsim.models.redundancy import Duty, duties
from ucmsim.models.states import Status

COLLECTION = "Cisco Trace Collection Service"
COLLECTION_SERVLET = "Cisco Trace Collection Servlet"

_REMEDIES = {
    "G-IMP-2": "Configure an external database, then start the service.",
    "G-IMP-3": "Configure an external database that can be reached, then start the service.",
    "G-IMP-4": "Configure LDAP contact search, then start the service.",
    "G-IMP-5": "Turn on XMPP federation for the node, then start the service.",
}

_FACILITIES = (Facility.CERTIFICATES, Facility.CALL_RECORDS)


def upkeep(scene: Scene) -> Iterator[Finding]:
    """Find what is to be done on each node, then in each redundancy group."""
    for node in scene.cluster.nodes.values():
        if not reachable(node, scene.now):
            yield warn("G-CTL-16", node, None, REMOTE_NODE_AWAY, f"Make {node.id} reachable again.")
        else:
            yield from _gated(scene, node)
            yield from _due(scene, node)
            yield from _lost(scene, node)
    yield from _recovery(scene)


def _gated(scene: Scene, node: Node) -> Iterator[Finding]:
    """Services that cannot start (G-IMP-2 to G-IMP-5), or wait for the Data Monitor (G-IMP-7, on a subscriber G-IMP-8)."""
    for name, service in node.services.items():
        instance = node.instances[name]
        fate, rule = gates.fate(node, service)
        if instance.activated and fate is not Fate.COMES_UP:
            message = f"{name} cannot start as the node is configured."
            yield warn(rule, node, name, message, _REMEDIES[rule])
        moment = instance.at(scene.now)
        opens = gates.opens(node, service, moment.at)
        if moment.status is Status.STARTING and (opens is None or opens > scene.now):
            message = f"{name} waits until database replication is up and the Sync Agent is done."
            rule = "G-IMP-7" if node.is_publisher else "G-IMP-8"
            yield warn(rule, node, name, message, f"Repair database replication of {node.id}.")


def _due(scene: Scene, node: Node) -> Iterator[Finding]:
    """Restarts that are due: after configuration changes (G-CTL-17, G-IMP-10), and of the trace servlet (G-CTL-14)."""
    for notice in notices(node, scene.now):
        message = f"{notice.service} runs with {notice.subject.value} settings that have changed since."
        yield warn(notice.rule, node, notice.service, message, f"Restart {notice.service}.")
    times = [
        node.instances[name].at(scene.now).started if name in node.instances else None
        for name in (COLLECTION, COLLECTION_SERVLET)
    ]
    match times:
        case (int(service), int(servlet)) if servlet < service:
            message = f"{COLLECTION} was restarted after {COLLECTION_SERVLET}."
            remedy = f"Restart {COLLECTION_SERVLET} once {COLLECTION} has had time to come up."
            yield advise("G-CTL-14", node, COLLECTION_SERVLET, message, remedy)


def _lost(scene: Scene, node: Node) -> Iterator[Finding]:
    """What does not work while a service is down (G-CTL-19, G-CTL-20, G-CTL-21)."""
    for facility in _FACILITIES:
        for name in missing(node, facility, scene.now):
            message = f"While {name} is down there is no {facility.value} on this node."
            yield warn(BEHIND[facility].rule, node, name, message, f"Start {name}.")
    for name in SNMP_SERVICES:
        instance = node.instances.get(name)
        if instance and instance.activated and instance.at(scene.now).status is Status.STOPPED:
            message = f"While {name} is down monitoring data is lost."
            yield warn("G-CTL-20", node, name, message, f"Start {name}, unless support told you to stop it.")


def _recovery(scene: Scene) -> Iterator[Finding]:
    """Nodes whose users are served by their peer, or by nobody (G-IMP-11)."""
    for group in duties(scene.cluster, scene.now):
        for member in group:
            if member.duty not in (Duty.FAILED_OVER, Duty.FAILED):
                continue
            down = ", ".join(member.down) or "the node cannot be reached"
            message = f"This node {member.duty.value}: {down}."
            remedy = "Start what is down, then fall back."
            yield Finding("G-IMP-11", member.node, None, Severity.WARNING, message, remedy)
