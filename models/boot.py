"""A node that comes up: what its database says is activated starts, everything else stays down.

Used at installation and whenever a node restarts; what was done without database update is forgotten (`U-28`).
"""

from __future__ import annotations

from dataclasses import replace

from ucmsim.models.catalogue import Service
from ucmsim.models.cluster import Node
from ucmsim.models.pace import Pace
from ucmsim.models.plan import Plan
from ucmsim.models.states import Instant, Kind
from ucmsim.models.timeline import Instance, Moment, commanded, failed, inactive


def boot(node: Node, at: Instant, pace: Pace) -> Node:
    """Return the node with every service down at `at` and those that are activated on their way up (G-ACT-8, G-CTL-2)."""
    down = {
        name: Instance(
            instance.recorded, instance.recorded, (_down(node, node.services[name], instance, at),)
        )
        for name, instance in node.instances.items()
    }
    plan = Plan(replace(node, instances=down), at, pace)
    for name, instance in down.items():
        if instance.activated and not _idle(node, node.services[name]):
            plan.start(name)
    plan.settle()
    return plan.node


def _down(node: Node, service: Service, instance: Instance, at: Instant) -> Moment:
    if _idle(node, service):
        return commanded(at)
    return failed(at) if instance.recorded else inactive(at)


def _idle(node: Node, service: Service) -> bool:
    """Whether the service is listed here but left to the publisher (`U-25`, specification section 4.8)."""
    return not node.belongs(service) and (service.kind is Kind.NETWORK or service.idle_on_subscribers)
