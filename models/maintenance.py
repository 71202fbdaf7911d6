"""Work on a whole node: restarting it, switching its version, shutting it down and switching it on.

A node that is worked on is away for a while; its services go down and come up again along their timelines. Nothing here
waits: when the node is back is planned at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from ucmsim.models.boot import boot
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.installation import fitted
from ucmsim.models.outage import Outage, Work
from ucmsim.models.pace import Pace
from ucmsim.models.plan import Plan
from ucmsim.models.states import SECOND, Instant
from ucmsim.models.timeline import Instance, failed

_POWER_CYCLE = 90 * SECOND
"""How long a node is off between its last service and its first; no source gives the time."""


class Obstacle(Enum):
    """Why nothing was done."""

    NODE_IS_OFF = "the node is switched off"
    NODE_IS_ON = "the node is switched on"
    NO_INACTIVE_VERSION = "there is no version to switch to"


@dataclass(frozen=True)
class WorkReport:
    """What became of work on a node: the time in which it is away, or the obstacle."""

    node: str
    outage: Outage | None
    obstacle: Obstacle | None = None


def restart(cluster: Cluster, node_id: str, now: Instant, chance: int) -> tuple[Cluster, WorkReport]:
    """Restart a node: what its database says is activated starts again (G-ACT-8), the rest is forgotten (`U-28`)."""
    return _cycle(cluster, cluster.nodes[node_id], Work.RESTART, now, chance)


def install_version(cluster: Cluster, node_id: str, version: str) -> Cluster:
    """Install a version beside the one that runs; nothing else changes until it is switched to."""
    return cluster.with_node(replace(cluster.nodes[node_id], inactive_version=version))


def switch_version(cluster: Cluster, node_id: str, now: Instant, chance: int) -> tuple[Cluster, WorkReport]:
    """Restart a node with the version that was installed beside the running one, which becomes the inactive one.

    What was activated before starts after it (G-ACT-8); a service that the new version brings is as after its
    installation (G-ACT-1), one that it does not have is gone, with its activation.
    """
    node = cluster.nodes[node_id]
    if node.inactive_version is None:
        return cluster, WorkReport(node_id, None, Obstacle.NO_INACTIVE_VERSION)
    switched = replace(node, active_version=node.inactive_version, inactive_version=node.version)
    return _cycle(cluster, switched, Work.SWITCH_VERSION, now, chance)


def upgrade(
    cluster: Cluster, node_id: str, version: str, now: Instant, chance: int
) -> tuple[Cluster, WorkReport]:
    """Install a version and switch to it at once (G-ACT-8)."""
    after, report = switch_version(install_version(cluster, node_id, version), node_id, now, chance)
    return (cluster if report.obstacle else after), report


def shut_down(cluster: Cluster, node_id: str, now: Instant, chance: int) -> tuple[Cluster, WorkReport]:
    """Switch a node off until somebody switches it on."""
    node = cluster.nodes[node_id]
    if _is_off(node, now):
        return cluster, WorkReport(node_id, node.outage, Obstacle.NODE_IS_OFF)
    outage = Outage(Work.SHUTDOWN, now, None)
    down = _down(node, now, Pace(cluster.durations, chance))
    return cluster.with_node(replace(down, outage=outage)), WorkReport(node_id, outage)


def switch_on(cluster: Cluster, node_id: str, now: Instant, chance: int) -> tuple[Cluster, WorkReport]:
    """Switch a node on that was shut down: it boots at once."""
    node = cluster.nodes[node_id]
    if node.outage is None or not node.outage.covers(now) or node.outage.until is not None:
        return cluster, WorkReport(node_id, None, Obstacle.NODE_IS_ON)
    pace = Pace(cluster.durations, chance)
    outage = replace(node.outage, until=now)
    return cluster.with_node(replace(boot(node, now, pace), outage=outage)), WorkReport(node_id, outage)


def _cycle(cluster: Cluster, node: Node, work: Work, now: Instant, chance: int) -> tuple[Cluster, WorkReport]:
    if _is_off(node, now):
        return cluster, WorkReport(node.id, node.outage, Obstacle.NODE_IS_OFF)
    pace = Pace(cluster.durations, chance)
    down = _down(cluster.nodes[node.id], now, pace)
    last = max(instance.moments[-1].at for instance in down.instances.values())
    back = max(last, now) + pace.span(f"{node.id}/power cycle", _POWER_CYCLE)
    off = fitted(replace(node, instances=down.instances), now)
    up = boot(off, back, pace)
    instances = {name: _joined(off.instances[name], instance) for name, instance in up.instances.items()}
    outage = Outage(work, now, back)
    return cluster.with_node(replace(up, instances=instances, outage=outage)), WorkReport(node.id, outage)


def _joined(off: Instance, up: Instance) -> Instance:
    """Return the timeline of a service that goes down with its node and comes up with it, if it does."""
    last, first = off.moments[-1], up.moments[0]
    stays = (last.status, last.reason) == (first.status, first.reason)
    return replace(up, moments=(*off.moments, *up.moments[stays:]))


def _is_off(node: Node, now: Instant) -> bool:
    return node.outage is not None and node.outage.covers(now)


def _down(node: Node, now: Instant, pace: Pace) -> Node:
    """Return the node with every service stopped; what was down already stays as it is."""
    plan = Plan(node, now, pace)
    for name in node.instances:
        if plan.awaited(name):
            plan.stop(name, failed)
    return plan.node
