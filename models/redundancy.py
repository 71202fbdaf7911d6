"""Presence redundancy groups: two nodes of IM and Presence, each ready to serve the users of the other (G-IMP-11).

Looked up, never stored: Server Recovery Manager watches the critical services of both nodes, and what they have been
doing for long enough decides. Which services are critical and how long is long are our choice; no source gives them.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.presence import reachable
from ucmsim.models.states import SECOND, Instant, Product, Status
from ucmsim.models.timeline import Instance

RECOVERY_MANAGER = "Cisco Server Recovery Manager"

CRITICAL = (
    "A Cisco DB",
    "Cisco XCP Router",
    "Cisco Presence Engine",
    "Cisco SIP Proxy",
    "Cisco XCP Connection Manager",
    "Cisco XCP Authentication Service",
    "Cisco XCP Message Archiver",
    "Cisco XCP Text Conference Manager",
    "Cisco Presence Datastore",
    "Cisco Login Datastore",
    "Cisco Route Datastore",
    "Cisco SIP Registration Datastore",
)
_PATIENCE = 90 * SECOND


class Duty(Enum):
    """What a node of a group does."""

    NORMAL = "serves its own users"
    BACKUP = "serves the users of both nodes"
    FAILED_OVER = "is served by its peer"
    FAILED = "serves nobody, and no peer can"


class Member(NamedTuple):
    """A node of a group, its duty, and the critical services that are down."""

    node: str
    duty: Duty
    down: tuple[str, ...]


def groups(cluster: Cluster) -> Iterator[tuple[Node, ...]]:
    """Yield the nodes of IM and Presence two by two, in the order of the inventory; the last may be alone."""
    nodes = [node for node in cluster.nodes.values() if node.spec.product is Product.IMP]
    for first in range(0, len(nodes), 2):
        yield tuple(nodes[first : first + 2])


def duties(cluster: Cluster, now: Instant) -> tuple[tuple[Member, ...], ...]:
    """Return who serves whom at `now`, group by group (G-IMP-11)."""
    return tuple(tuple(_member(node, group, now) for node in group) for group in groups(cluster))


def _member(node: Node, group: tuple[Node, ...], now: Instant) -> Member:
    down = _down(node, now)
    peers = [peer for peer in group if peer.id != node.id]
    if _fit(node, now):
        takes_over = any(not _fit(peer, now) and _watches(node, now) for peer in peers)
        return Member(node.id, Duty.BACKUP if takes_over else Duty.NORMAL, down)
    saved = any(_fit(peer, now) and _watches(peer, now) for peer in peers)
    return Member(node.id, Duty.FAILED_OVER if saved else Duty.FAILED, down)


def _fit(node: Node, now: Instant) -> bool:
    return reachable(node, now) and not _down(node, now)


def _watches(node: Node, now: Instant) -> bool:
    return node.instances[RECOVERY_MANAGER].at(now).status is Status.STARTED


def _down(node: Node, now: Instant) -> tuple[str, ...]:
    """Return the critical services that are activated and have not come up within the patience."""
    return tuple(name for name in CRITICAL if name in node.instances and _gone(node.instances[name], now))


def _gone(instance: Instance, now: Instant) -> bool:
    moment = instance.at(now)
    return instance.activated and moment.status is not Status.STARTED and moment.at <= now - _PATIENCE
