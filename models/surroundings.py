"""How a node's services answer when the conditions around it change.

What was held back starts by itself, what was going to fail may now come up; what runs goes on. The conditions themselves
are in `ucmsim.models.conditions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ucmsim.models import gates
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.containers import dependents
from ucmsim.models.installation import fitted
from ucmsim.models.pace import Pace
from ucmsim.models.plan import Plan
from ucmsim.models.states import Instant, Kind


def change_conditions(
    cluster: Cluster, node_id: str, changes: Mapping[str, Any], now: Instant, chance: int
) -> Cluster:
    """Return the cluster with some conditions of a node changed at `now`, by the names of `Conditions`' fields.

    When replication comes up or the Sync Agent is done, what the Data Monitor held starts (G-IMP-7), on this node alone
    (G-IMP-8); a start under way then ends as the new conditions say (G-IMP-2 to G-IMP-5). A node that can no longer be
    reached goes on running. A change of `virtual` shows or hides services (G-DEP-24). Raises TypeError for a condition
    that does not exist.
    """
    before = cluster.nodes[node_id]
    node = fitted(replace(before, conditions=replace(before.conditions, **changes)), now)
    plan = Plan(node, now, Pace(cluster.durations, chance))
    for name in node.instances:
        if name not in before.instances:
            _join(plan, node, name, now)
        elif _differs(before, node, name):
            for other in (name, *dependents(node, name)):
                plan.reconsider(other)
    plan.settle()
    return cluster.with_node(plan.node)


def _differs(before: Node, after: Node, name: str) -> bool:
    """Whether a start of the service would go otherwise than before."""
    one, other = before.services[name], after.services[name]
    return gates.opens(before, one, 0) != gates.opens(after, other, 0) or gates.fate(
        before, one
    ) != gates.fate(after, other)


def _join(plan: Plan, node: Node, name: str, now: Instant) -> None:
    """Start a network service that the node has just come to show, at once or when it boots."""
    service = node.services[name]
    if service.kind is Kind.FEATURE or node.barred(service):
        return
    if node.outage is None or not node.outage.covers(now):
        plan.start(name)
    elif node.outage.until is not None:
        plan.begin_at(name, node.outage.until)
