"""Names in paths: clusters, nodes and services by any name that they have, and the canonical one that answers show.

A node is also found by its address, FQDN or alias, a service by its exact name (REST specification section 1).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from ucmsim.api.engine import Engine
from ucmsim.api.rest.problems import CLUSTER_NOT_FOUND, NODE_NOT_FOUND, SERVICE_NOT_FOUND, Problem
from ucmsim.api.rest.routes import Path
from ucmsim.models.catalogue import SERVICES, Service, nearest, slug
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.states import NodeRef

BASE = "/api/v1"

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
    folded = name.lower()
    for node in cluster.nodes.values():
        if folded in {known.lower() for known in (node.id, *aliases(node))}:
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


def wire_names(name: str) -> tuple[str, ...]:
    """Return the wire names of the services that have this id or exact name; the name itself if none has."""
    known = {service.name for services in SERVICES.values() for service in services}
    return tuple(sorted(wire for wire in known if name in (wire, slug(wire)))) or (name,)


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
