"""What must hold between the values of an inventory: ids and addresses are unique, publishers single, services known.

The values are already of the right form. Each rule is a function that yields the problems it finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ucmsim.api.inventory.documents import ClusterTable, DurationsTable, NodeTable
from ucmsim.api.inventory.problems import Path, Problem, choice, quoted
from ucmsim.models import catalogue
from ucmsim.models.catalogue import Listed, Service
from ucmsim.models.states import Form, Placement, Product, Restrict


@dataclass(frozen=True)
class PlacedNode:
    """A node with the place where it stands; `version` is its own or its cluster's, None when that is at fault."""

    path: Path
    table: NodeTable
    version: str | None

    @property
    def names(self) -> set[str]:
        """The names and addresses by which a request can reach the node."""
        return {self.table.address, self.table.fqdn or self.table.id, *self.table.aliases}


def unique_ids(items: Iterable[tuple[Path, str]], what: str) -> Iterator[Problem]:
    """Ids are unique among their neighbours."""
    first: dict[str, Path] = {}
    for path, name in items:
        if name in first:
            yield Problem(
                path, f"{quoted(name)} names a second {what}; the first is {Problem(first[name], '').key}"
            )
        first.setdefault(name, path)


def unique_names(nodes: Iterable[PlacedNode]) -> Iterator[Problem]:
    """Addresses, FQDNs and aliases are unique over all clusters, since a request finds its node by them."""
    owner: dict[str, PlacedNode] = {}
    for node in nodes:
        for name in sorted(node.names):
            if name in owner:
                key = "address" if name == node.table.address else "aliases"
                if name == (node.table.fqdn or node.table.id):
                    key = "fqdn"
                other = Problem(owner[name].path, "").key
                yield Problem(
                    (*node.path, key),
                    f"{quoted(name)} already leads to {quoted(owner[name].table.id)} ({other})",
                )
            owner.setdefault(name, node)


def single_publishers(path: Path, cluster: ClusterTable) -> Iterator[Problem]:
    """Each product that has nodes in a cluster has exactly one publisher there."""
    for product in Product:
        nodes = [(index, node) for index, node in enumerate(cluster.nodes) if node.product == product.value]
        publishers = [(index, node) for index, node in nodes if node.role == "publisher"]
        if nodes and not publishers:
            names = ", ".join(node.id for _, node in nodes)
            yield Problem(
                (*path, "nodes"), f"{product.value} has no publisher: give one of {names} the role publisher"
            )
        for index, _ in publishers[1:]:
            yield Problem(
                (*path, "nodes", index, "role"),
                f"{product.value} has its publisher already: {publishers[0][1].id}; make this node a subscriber",
            )


def known_services(node: PlacedNode) -> Iterator[Problem]:
    """A node (de)activates, once each, only feature services that its product and release have (G-ACT-2, G-ACT-14)."""
    if node.version is None:
        return
    product = Product(node.table.product)
    own = {service.name: service for service in listed(node.table)}
    offered = own or catalogue.offered(product, node.version, node.table.conditions.virtual)
    yield from down_services(node, offered)
    seen: set[str] = set()
    for key in ("activated", "deactivated"):
        for index, name in enumerate(getattr(node.table, key)):
            path = (*node.path, key, index)
            if name in seen:
                yield Problem(path, f"{quoted(name)} is listed twice")
            seen.add(name)
            service = offered.get(name)
            if service is None:
                yield Problem(
                    path, unknown_service(name, offered.values(), f"{product.value} {node.version}")
                )
            elif not service.deployable:
                yield Problem(
                    path, f"{quoted(name)} is a network service, which is always activated (G-ACT-2)"
                )
            # A captured subscriber lists such services as stopped, which looks like activated (specification section 4.8).
            elif key == "activated" and not own and barred(service, node.table):
                yield Problem(path, f"{quoted(name)} can be activated on the publisher only (G-ACT-15)")


def listed(node: NodeTable) -> tuple[Service, ...]:
    """Return the services of a node's own list, none if it has no such list."""
    rows = (
        Listed(row.name, Form(row.form), row.deployable, row.group, row.product, tuple(row.depends))
        for row in node.listing
    )
    return catalogue.listed(Product(node.product), rows)


def down_services(node: PlacedNode, offered: Mapping[str, Service]) -> Iterator[Problem]:
    """What is stopped or has failed at first is something that the node has, once; so is every row of its list."""
    seen: set[str] = set()
    for key in ("stopped", "failed"):
        for index, name in enumerate(getattr(node.table, key)):
            path = (*node.path, key, index)
            if name in seen:
                yield Problem(path, f"{quoted(name)} is listed twice")
            seen.add(name)
            if name not in offered:
                yield Problem(path, choice(name, list(offered), "a service of this node", show=False))
    rows: set[str] = set()
    for index, row in enumerate(node.table.listing):
        if row.name in rows:
            yield Problem((*node.path, "listing", index, "name"), f"{quoted(row.name)} is listed twice")
        rows.add(row.name)


def barred(service: Service, node: NodeTable) -> bool:
    """Say whether the service cannot be activated on this node since it is not the publisher."""
    first_only = service.placement is Placement.PUBLISHER and service.restrict is Restrict.PRIMARY_NODE
    return first_only and node.role != "publisher"


def unknown_service(name: str, offered: Iterable[Service], where: str) -> str:
    """Say that no such feature service is there, with the one that was probably meant."""
    features = [service for service in offered if service.deployable]
    by_alias = next((service.name for service in features if name in service.aliases), None)
    if by_alias:
        return f"{quoted(name)} is called {quoted(by_alias)} in this file"
    return choice(name, [service.name for service in features], f"a feature service of {where}", show=False)


def timed_services(path: Path, durations: DurationsTable) -> Iterator[Problem]:
    """Durations are given for services that exist on some product."""
    known = {service.name for services in catalogue.SERVICES.values() for service in services}
    for name in durations.services:
        if name not in known:
            yield Problem((*path, "services", name), choice(name, sorted(known), "a service", show=False))
