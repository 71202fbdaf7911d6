"""Forcing: a service is put into a state at once, without rules and transitions, as only a simulator can.

Also lets go what a fault rule holds. What waits for the service goes on by the ordinary rules.
"""

from __future__ import annotations

from collections.abc import Callable

from ucmsim.models.causes import Cause
from ucmsim.models.cluster import Cluster
from ucmsim.models.disturbances import Disturbance
from ucmsim.models.pace import Pace
from ucmsim.models.plan import Plan
from ucmsim.models.reasons import (
    COMMANDED_OUT_OF_SERVICE,
    INTERNAL_ERROR,
    NOT_ACTIVATED,
    NOT_RUNNING,
    SUCCESS,
    Reason,
)
from ucmsim.models.states import Instant, Status
from ucmsim.models.timeline import Moment, started

_REASONS = {
    Cause.NOT_ACTIVATED: NOT_ACTIVATED,
    Cause.COMMANDED: COMMANDED_OUT_OF_SERVICE,
    Cause.NOT_ON_THIS_NODE: COMMANDED_OUT_OF_SERVICE,
    Cause.CRASHED: NOT_RUNNING,
    Cause.NOT_RUNNING: NOT_RUNNING,
}


def force(
    cluster: Cluster,
    node: str,
    service: str,
    status: Status,
    cause: Cause | None,
    now: Instant,
    chance: int,
) -> Cluster:
    """Return the cluster with one service in a state from `now` on; `cause` says why it is stopped, if it is.

    Without a cause a service that is stopped has crashed. Every state but "stopped, not activated" is that of an
    activated service. One that is starting or stopping stays so until somebody commands it, and an unknown one has an
    internal error (`U-44`).
    """
    plan = Plan(cluster.nodes[node], now, Pace(cluster.durations, chance))
    before = plan.moment(service)
    crashed = cause in (None, Cause.CRASHED) and status is Status.STOPPED
    plan.become(service, _moment(status, cause, now, before), before if crashed else None)
    plan.settle()
    return cluster.with_node(plan.node)


def release(cluster: Cluster, freed: Callable[[Disturbance], bool], now: Instant, chance: int) -> Cluster:
    """Return the cluster with every service going on that is held in a transition by a disturbance that is `freed`."""
    for node in cluster.nodes.values():
        held = [name for name, disturbance in node.disturbances.items() if freed(disturbance)]
        if held:
            plan = Plan(node, now, Pace(cluster.durations, chance))
            for name in held:
                plan.release(name)
            plan.settle()
            cluster = cluster.with_node(plan.node)
    return cluster


def _moment(status: Status, cause: Cause | None, now: Instant, before: Moment) -> Moment:
    match status:
        case Status.STARTED:
            return started(now)
        case Status.STARTING:
            return Moment(now, status, SUCCESS)
        case Status.STOPPING:
            return Moment(now, status, SUCCESS, before.started)
        case Status.STOPPED:
            return Moment(now, status, _reason(cause))
        case Status.UNKNOWN:
            return Moment(now, status, INTERNAL_ERROR)


def _reason(cause: Cause | None) -> Reason:
    return _REASONS[cause or Cause.NOT_RUNNING]
