"""A node as a document, and what a real one would say of its platform (REST specification section 3)."""

from __future__ import annotations

from pydantic import Field

from ucmsim.api.operations import troubles
from ucmsim.api.operations.record import Kind
from ucmsim.api.rest.documents import Document, Page
from ucmsim.api.rest.resources.names import BASE, aliases, node_path
from ucmsim.api.rest.resources.service_documents import ActionDocument
from ucmsim.api.rest.resources.situations import Situation
from ucmsim.api.rest.resources.words import DbReplication, ProductName, Reachability, RoleName
from ucmsim.models import presence
from ucmsim.models.cluster import Node
from ucmsim.models.conditions import Replication
from ucmsim.models.states import NodeRef

VERBS = {
    "restart": Kind.NODE_RESTART,
    "shutdown": Kind.NODE_SHUTDOWN,
    "switch-version": Kind.NODE_SWITCH_VERSION,
}
"""What can be done to a node."""

_REACHABILITY = {
    presence.Reachability.REACHABLE: Reachability.REACHABLE,
    presence.Reachability.UNREACHABLE: Reachability.UNREACHABLE,
    presence.Reachability.RESTARTING: Reachability.RESTARTING,
    presence.Reachability.OFF: Reachability.UNREACHABLE,
}
_REPLICATION = {
    Replication.UP: DbReplication.OK,
    Replication.SETUP: DbReplication.SETUP,
    Replication.BROKEN: DbReplication.BROKEN,
}


class LockDocument(Document):
    """Who holds a node's platform lock."""

    resource: str = Field(examples=["platform.api.network.address"])
    holder: str = Field(examples=["27543@cucm-pub"])
    thread: str = Field(examples=["Thread-1"])


class NodeDocument(Document):
    """A node of a cluster."""

    id: str = Field(description="The host name.", examples=["cucm-pub"])
    cluster: str = Field(examples=["lab"])
    address: str = Field(examples=["192.0.2.10"])
    fqdn: str | None = Field(examples=["cucm-pub.lab.example"])
    aliases: list[str] = Field(
        description="The other names under which it is found.", examples=[["192.0.2.10"]]
    )
    product: ProductName
    role: RoleName
    active_version: str = Field(examples=["15.0.1.12900-43"])
    inactive_version: str | None = Field(description="The version that it could be switched to.")
    timezone: str = Field(examples=["Europe/Berlin"])
    reachability: Reachability
    db_replication: DbReplication
    lock: LockDocument | None = Field(description="The platform lock, null while nobody holds it.")
    actions: dict[str, ActionDocument] = Field(description="What may be asked for now, by verb.")
    links: dict[str, str]


class NodePage(Page[NodeDocument]):
    """All nodes of a cluster, the publisher first, then by id."""


def node_document(situation: Situation, node: Node) -> NodeDocument:
    """Return a node as it is in a situation."""
    spec = node.spec
    path = node_path(NodeRef(situation.cluster.id, node.id))
    return NodeDocument(
        id=node.id,
        cluster=situation.cluster.id,
        address=spec.address,
        fqdn=spec.fqdn or None,
        aliases=list(aliases(node)),
        product=ProductName[spec.product.name],
        role=RoleName[spec.role.name],
        active_version=node.version,
        inactive_version=node.inactive_version,
        timezone=spec.timezone,
        reachability=_REACHABILITY[presence.reachability(node, situation.now)],
        db_replication=_REPLICATION[node.conditions.replication],
        lock=None,
        actions={verb: _action(situation, node, verb, path) for verb in VERBS},
        links={
            "self": path,
            "cluster": f"{BASE}/clusters/{situation.cluster.id}",
            "services": f"{path}/services",
            "platform": f"{path}/platform",
            "operations": f"{BASE}/operations?cluster={situation.cluster.id}&node={node.id}",
            "events": f"{BASE}/events?cluster={situation.cluster.id}&node={node.id}",
        },
    )


def hindrance(situation: Situation, node: Node, kind: Kind) -> troubles.Kind | None:
    """Say what keeps work on a whole node from being begun, None if nothing does."""
    operation = situation.operation(node)
    if operation is not None:
        return None if operation.kind is kind else troubles.Kind.OPERATION_IN_PROGRESS
    if not presence.reachable(node, situation.now):
        return troubles.Kind.NODE_UNREACHABLE
    if kind is Kind.NODE_SWITCH_VERSION and node.inactive_version is None:
        return troubles.Kind.NO_INACTIVE_VERSION
    return None


def _action(situation: Situation, node: Node, verb: str, path: str) -> ActionDocument:
    found = hindrance(situation, node, VERBS[verb])
    return ActionDocument(
        href=f"{path}/actions/{verb}", allowed=found is None, reason=found.name if found else None
    )
