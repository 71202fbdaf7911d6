"""A cluster as it stands after installation: what is activated at first, and every node booted.

It turns the inventory's description into state; nothing later than the boot is known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from ucmsim.models import catalogue
from ucmsim.models.boot import boot, down
from ucmsim.models.catalogue import Service
from ucmsim.models.cluster import ENTERED, Cluster, Node
from ucmsim.models.inventory import ClusterSpec, Durations, NodeSpec
from ucmsim.models.pace import Pace
from ucmsim.models.states import SECOND, Instant, Kind
from ucmsim.models.timeline import Instance, commanded, failed


def install(spec: ClusterSpec, now: Instant) -> Cluster:
    """Return the cluster at its first start: every node booted `uptime` seconds before `now`.

    Feature services are not activated (G-ACT-1), but for those that are by default (G-ACT-9) and those that
    the inventory names, with what they depend on (G-ACT-6). Network services start by themselves (G-CTL-2),
    among them Cisco XCP Router (G-ACT-10).
    """
    nodes = {node.id: _up(node, spec.durations, now - node.uptime * SECOND) for node in spec.nodes}
    return Cluster(spec.id, spec.name, nodes, spec.durations)


def _up(spec: NodeSpec, durations: Durations, since: Instant) -> Node:
    """Return a node that booted at `since`."""
    return replace(installed(spec), instances=_instances(_anonymous(spec), durations, since))


def _anonymous(spec: NodeSpec) -> NodeSpec:
    """Return what nodes have in common that come up alike: in a fleet, there are thousands of each kind."""
    return replace(spec, id="", address="", fqdn="", aliases=(), timezone="UTC", uptime=0)


@lru_cache(maxsize=64)
def _instances(kind: NodeSpec, durations: Durations, since: Instant) -> Mapping[str, Instance]:
    """Return the services of every node of a kind that booted at `since`: the very same for all of them."""
    return {
        name: replace(instance, moments=tuple(moment.later(since) for moment in instance.moments))
        for name, instance in _booted(kind, durations).instances.items()
    }


@lru_cache(maxsize=64)  # a reset installs the same nodes again and again
def _booted(spec: NodeSpec, durations: Durations) -> Node:
    """Return a node that booted at 0."""
    return _standing(boot(installed(spec), 0, Pace(durations, durations.seed)))


def _standing(node: Node) -> Node:
    """Return the node with those of its services down that the inventory says were stopped or had failed."""
    instances = dict(node.instances)
    for names, moment in ((node.spec.stopped, commanded), (node.spec.failed, failed)):
        for name in names:
            instance = instances[name]
            instances[name] = replace(instance, moments=(moment(instance.moments[0].at),))
    return replace(node, instances=instances)


def installed(spec: NodeSpec) -> Node:
    """Return a node with its first activations, not booted yet."""
    bare = Node(spec, spec.conditions, {})
    wanted = {first for name in spec.activated for first in catalogue.activated_first(bare.services, name)}
    wanted.update(spec.activated)
    active = {name: _active(bare, service, wanted) for name, service in bare.services.items()}
    instances = {name: Instance(is_active, is_active, ()) for name, is_active in active.items()}
    entries = {name: bare.server_entry for name in ENTERED if active.get(name)}
    return Node(spec, spec.conditions, instances, entries)


def fitted(node: Node, at: Instant) -> Node:
    """Return the node with the services that it offers now: one that is new is as after an installation, and down."""
    if node.instances.keys() == node.services.keys():
        return node
    wanted = set(node.spec.activated)
    instances = {
        name: node.instances[name] if name in node.instances else _new(node, service, wanted, at)
        for name, service in node.services.items()
    }
    entries = {name: entry for name, entry in node.server_entries.items() if name in instances}
    return replace(node, instances=instances, server_entries=entries)


def _new(node: Node, service: Service, wanted: set[str], at: Instant) -> Instance:
    active = _active(node, service, wanted)
    return Instance(active, active, (down(node, service.name, active, at),))


def _active(node: Node, service: Service, wanted: set[str]) -> bool:
    if service.kind is Kind.NETWORK:
        return True
    if service.name in wanted:
        return not node.barred(service)  # a captured subscriber names those, too: it shows them as stopped
    if service.name in node.spec.deactivated:
        return False
    return service.activated and (node.belongs(service) or service.idle_on_subscribers)
