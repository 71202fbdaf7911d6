"""A cluster and its nodes as they are: frozen values, replaced as a whole when something changes.

They answer questions about themselves; what a command does to them is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from ucmsim.models import catalogue
from ucmsim.models.catalogue import Service
from ucmsim.models.conditions import Conditions
from ucmsim.models.configuration import Subject
from ucmsim.models.disturbances import Disturbance
from ucmsim.models.inventory import Durations, NodeSpec
from ucmsim.models.outage import Outage
from ucmsim.models.states import Instant, Kind, Placement, Product, Restrict, Role
from ucmsim.models.timeline import Instance, inactive

ENTERED = ("Cisco CallManager", "Cisco CTIManager")
"""The services whose activation keeps their server in the database (G-ACT-12)."""


@dataclass(frozen=True)
class Node:
    """One node: what it is, the conditions around it, and each service's timeline by wire name.

    `server_entries` holds, by service, the name of the server that configuration can choose (G-ACT-12);
    `disturbances`, by service, what a fault rule has done to the last transition that it began.
    `outage` is the last time in which it was switched off, or the one planned; `active_version` is what it runs since
    its version was switched (empty: what the inventory says), `inactive_version` what it could switch to.
    `configured` says when the configuration of a subject was last changed (G-CTL-17, G-IMP-10).
    """

    spec: NodeSpec
    conditions: Conditions
    instances: Mapping[str, Instance]
    server_entries: Mapping[str, str] = field(default_factory=dict)
    disturbances: Mapping[str, Disturbance] = field(default_factory=dict)
    outage: Outage | None = None
    active_version: str = ""
    inactive_version: str | None = None
    configured: Mapping[Subject, Instant] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The host name, which identifies the node in its cluster."""
        return self.spec.id

    @property
    def version(self) -> str:
        """The version that the node runs."""
        return self.active_version or self.spec.version

    @cached_property
    def services(self) -> Mapping[str, Service]:
        """What this node offers, in the order of its static list."""
        return self.spec.listed or catalogue.offered(self.spec.product, self.version, self.conditions.virtual)

    @property
    def is_publisher(self) -> bool:
        """Whether this is the first node of its product."""
        return self.spec.role is Role.PUBLISHER

    @property
    def server_entry(self) -> str:
        """The name under which activation enters this server in the database (G-ACT-12)."""
        return f"CM_{self.spec.fqdn or self.spec.address}"

    def belongs(self, service: Service) -> bool:
        """Whether the service belongs on this node (G-ACT-15)."""
        return self.is_publisher or service.placement is Placement.ANY

    def barred(self, service: Service) -> bool:
        """Whether the service can never run here: first-node-only, on another node (G-ACT-15, `U-23`, `U-25`)."""
        if self.belongs(service):
            return False
        return service.kind is Kind.NETWORK or service.restrict is Restrict.PRIMARY_NODE

    def dependencies(self, service: Service) -> tuple[str, ...]:
        """Return what `service` depends on, as far as this node offers it."""
        return tuple(name for name in service.depends if name in self.services)


@dataclass(frozen=True)
class Cluster:
    """Nodes that belong together, by id, in the order of the inventory."""

    id: str
    name: str
    nodes: Mapping[str, Node]
    durations: Durations

    def publisher(self, product: Product) -> Node | None:
        """Return the first node of `product`, or None when the cluster has no node of it."""
        return next(
            (node for node in self.nodes.values() if node.spec.product is product and node.is_publisher), None
        )

    def with_node(self, node: Node) -> Cluster:
        """Return the cluster with one node replaced."""
        return replace(self, nodes={**self.nodes, node.id: node})


class Change(NamedTuple):
    """One service instance that differs between two states of a cluster; one that is new was not activated before."""

    node: str
    service: str
    before: Instance
    after: Instance


def changes(before: Cluster, after: Cluster) -> Iterator[Change]:
    """Yield every instance that differs, node by node."""
    for node_id, node in after.nodes.items():
        old = before.nodes[node_id]
        if old is node:
            continue
        for name, instance in node.instances.items():
            was = old.instances.get(name)
            if was is None:
                was = Instance(False, False, (inactive(instance.moments[0].at),))
            if was is not instance and was != instance:
                yield Change(node_id, name, was, instance)
