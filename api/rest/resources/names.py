"""Names in paths: clusters, nodes and services by any name that they have, and the canonical one that answers show.

A node is also found by its address, FQDN or alias, a service by its exact name (REST specification section 1).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from ucmsim.api.engine import Engine
from ucmsim.api.rest.prefixes import OPERATOR
from ucmsim.api.rest.problems import CLUSTER_NOT_FOUND, NODE_NOT_FOUND, SERVICE_NOT_FOUND, Problem
from ucmsim.api.rest.routes import Path
from ucmsim.models.catalogue import SERVICES, Service, nearest
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.states import NodeRef

BASE = OPERATOR

OPERATION_ID = "^op_[0-9A-HJKMNP-TV-Z]{26}$"
UNKNOWN_NAMES = (CLUSTER_NOT_FOUND, NODE_NOT_FOUND, SERVICE_NOT_FOUND)
"""What a filter is answered with that names something which does not exist."""

ClusterName = Annotated[str, Path("The cluster's id.", "lab")]
NodeName = Annotated[
    str, Path("The node's host name; its address, FQDN or an alias lead there too.", "cucm-pub")
]
ServiceName = Annotated[
    str, Path("The service's id; its exact name, percent-encoded, leads there too.", "cisco-cdp")
]


def find_cluster(engine: Engine, name: str) -> Cluster:
    """Return the cluster of this id; raises Problem."""
    if name not in engine.clusters:
        raise Problem(CLUSTER_NOT_FOUND, unknown("cluster", name, engine.clusters), cluster=name)
    return engine.cluster(name)


def find_node(cluster: Cluster, name: str) -> Node:
    """Return the node that has this name or address; raises Problem."""
    if name in cluster.nodes:
        return cluster.nodes[name]
    for node in cluster.nodes.values():
        if _is_called(node, name):
            return node
    raise Problem(NODE_NOT_FOUND, unknown("node", name, cluster.nodes), cluster=cluster.id, node=name)


def find_service(cluster: Cluster, node: Node, name: str) -> Service:
    """Return the service of a node that has this id or exact name; raises Problem."""
    by_slug = {service.slug: service for service in node.services.values()}
    service = by_slug.get(name) or node.services.get(name)
    if service is None:
        text = unknown("service", name, node.services if name[:1].isupper() else by_slug)
        raise Problem(
            SERVICE_NOT_FOUND,
            f"{text} on {node.id}",
            cluster=cluster.id,
            node=node.id,
            service=name,
            rule="U-2",
        )
    return service


def cluster_ids(engine: Engine, names: Iterable[str]) -> tuple[str, ...]:
    """Return the clusters that a filter names; raises Problem for one that does not exist."""
    return tuple(find_cluster(engine, name).id for name in names)


def node_ids(clusters: Iterable[Cluster], names: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of the nodes that a filter names, in whichever cluster; raises Problem for one that does not exist."""
    known = [node for cluster in clusters for node in cluster.nodes.values()]
    found: list[str] = []
    for name in names:
        ids = {node.id for node in known if _is_called(node, name)}
        if not ids:
            raise Problem(NODE_NOT_FOUND, unknown("node", name, [node.id for node in known]), node=name)
        found += sorted(ids)
    return tuple(found)


def wire_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the wire names of the services that a filter names by id or exact name; raises Problem for an unknown one."""
    known = {service.name: service.slug for services in SERVICES.values() for service in services}
    found: list[str] = []
    for name in names:
        wires = sorted(wire for wire, short in known.items() if name in (wire, short))
        if not wires:
            near = known if name[:1].isupper() else known.values()
            raise Problem(SERVICE_NOT_FOUND, unknown("service", name, near), service=name)
        found += wires
    return tuple(found)


def everywhere(engine: Engine) -> list[Cluster]:
    """Return all clusters."""
    return [engine.cluster(name) for name in engine.clusters]


def _is_called(node: Node, name: str) -> bool:
    return name.lower() in {known.lower() for known in (node.id, *aliases(node))}


def aliases(node: Node) -> tuple[str, ...]:
    """Return the other names under which a node is found, each once."""
    spec = node.spec
    return tuple(dict.fromkeys(name for name in (spec.address, spec.fqdn, *spec.aliases) if name))


def node_path(ref: NodeRef) -> str:
    """Return the canonical path of a node."""
    return f"{BASE}/clusters/{ref.cluster}/nodes/{ref.node}"


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Say that there is no such thing, and which one was probably meant."""
    close = nearest(name, known)
    return f"no {what} named {name!r}" + (f"; closest: {close!r}" if close else "")
