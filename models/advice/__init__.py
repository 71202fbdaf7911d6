"""What the guide recommends for a cluster, as findings: nothing here refuses, nothing here changes anything (`U-17`, `U-24`).

The layout comes from the guide's two tables of recommendations, the rest from what the services and nodes do right now.
"""

from __future__ import annotations

from itertools import chain

from ucmsim.models.advice.finding import Finding, Severity
from ucmsim.models.advice.imp import table_2
from ucmsim.models.advice.needs import unmet
from ucmsim.models.advice.placement import off_the_publisher
from ucmsim.models.advice.scene import Scene
from ucmsim.models.advice.ucm import table_1
from ucmsim.models.advice.upkeep import upkeep
from ucmsim.models.cluster import Cluster
from ucmsim.models.states import Instant

__all__ = ["Finding", "Severity", "advice"]

_GRAVEST_FIRST = (Severity.WARNING, Severity.ADVICE, Severity.NOTE)


def advice(cluster: Cluster, now: Instant) -> tuple[Finding, ...]:
    """Return every finding about a cluster at `now`: node by node, the gravest first, each once."""
    scene = Scene(cluster, now)
    parts = (upkeep, unmet, off_the_publisher, table_1, table_2)
    found = dict.fromkeys(chain.from_iterable(part(scene) for part in parts))
    order = list(cluster.nodes)
    return tuple(sorted(found, key=lambda one: (order.index(one.node), _GRAVEST_FIRST.index(one.severity))))
