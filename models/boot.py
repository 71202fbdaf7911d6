"""A node that comes up: what its database says is activated starts, everything else stays down.

Used at installation and whenever a node restarts; what was done without database update is forgotten (`U-28`).
"""

from __future__ import annotations

from dataclasses import replace

from ucmsim.models.catalogue import Service
from ucmsim.models.cluster import Node
from ucmsim.models.interference import Interference
from ucmsim.models.pace import Pace
from ucmsim.models.plan import Plan
from ucmsim.models.states import Instant, Kind
from ucmsim.models.timeline import Instance, Moment, commanded, failed, inactive


def boot(node: Node, at: Instant, pace: Pace, interference: Interference | None = None) -> Node:
    """Return the node with every service down at `at` and those that are activated on their way up (G-ACT-8, G-CTL-2)."""
    instances = {
        name: Instance(instance.recorded, instance.recorded, (down(node, name, instance.recorded, at),))
        for name, instance in node.instances.items()
    }
    plan = Plan(replace(node, instances=instances, disturbances={}), at, pace, interference)
    for name, instance in instances.items():
        if instance.activated and not _idle(node, node.services[name]):
            plan.start(name)
    plan.settle()
    return plan.node


def down(node: Node, name: str, activated: bool, at: Instant) -> Moment:
    """Return how a service stands before its node has booted."""
    if _idle(node, node.services[name]):
        return commanded(at)
    return failed(at) if activated else inactive(at)


def _idle(node: Node, service: Service) -> bool:
    """Whether the service is listed here but left to the publisher (`U-25`, specification section 4.8)."""
    return not node.belongs(service) and (service.kind is Kind.NETWORK or service.idle_on_subscribers)
