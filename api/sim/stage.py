"""The stage: what is done to clusters from outside their own rules – states forced, surroundings changed, holds let go.

Each method is one transaction of the engine on behalf of an origin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ucmsim.api.engine import Engine
from ucmsim.api.origin import Origin
from ucmsim.models.causes import Cause
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.disturbances import Disturbance
from ucmsim.models.forcing import force, release
from ucmsim.models.states import Instant, NodeRef, Status
from ucmsim.models.surroundings import change_conditions


class Stage:
    """Changes clusters of an engine; raises UnknownNodeError for those that do not exist."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def force(self, ref: NodeRef, service: str, status: Status, cause: Cause | None, origin: Origin) -> Node:
        """Put a service of a node, by its exact name, into a state and return the node."""

        def change(cluster: Cluster, now: Instant, chance: int) -> tuple[Cluster, None]:
            return force(cluster, ref.node, service, status, cause, now, chance), None

        self._engine.node(ref)
        self._engine.change(ref.cluster, origin, change)
        return self._engine.node(ref)

    def surround(self, ref: NodeRef, changes: Mapping[str, Any], origin: Origin) -> Node:
        """Change conditions of a node, by the names of `Conditions`' fields, and return the node."""

        def change(cluster: Cluster, now: Instant, chance: int) -> tuple[Cluster, None]:
            return change_conditions(cluster, ref.node, changes, now, chance), None

        self._engine.node(ref)
        self._engine.change(ref.cluster, origin, change)
        return self._engine.node(ref)

    def release(self, freed: Callable[[Disturbance], bool], origin: Origin) -> None:
        """Let every service go on that is held by a disturbance that is `freed`."""

        def change(cluster: Cluster, now: Instant, chance: int) -> tuple[Cluster, None]:
            return release(cluster, freed, now, chance), None

        for cluster in self._engine.clusters:
            held = self._engine.cluster(cluster).nodes.values()
            if any(freed(each) for node in held for each in node.disturbances.values()):
                self._engine.change(cluster, origin, change)
