"""Situations: a cluster as it is at one moment, with the operations under way, and what may be done in it.

Documents are made of a situation alone, so that a precondition inside a transaction is checked on the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ucmsim.api.engine import Engine
from ucmsim.api.operations import troubles
from ucmsim.api.operations.desk import Desk
from ucmsim.api.operations.record import Kind, Operation, Place, by_place
from ucmsim.api.transactions import Transaction
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.commands import Command, Control, Deploy
from ucmsim.models.containers import requirements
from ucmsim.models.control import carry_out
from ucmsim.models.presence import reachable
from ucmsim.models.states import Action, Instant, NodeRef, Status
from ucmsim.models.transitions import Effect, judge


@dataclass(frozen=True)
class Situation:
    """A cluster at `now`, and the operation that runs on each of its places."""

    cluster: Cluster
    now: Instant
    running: Mapping[Place, Operation]

    def ending(self, until: Instant) -> Instant:
        """Return when the first of the operations ends, if that is before `until`."""
        ends = (target.end.at for each in self.running.values() for target in each.targets)
        return min([until, *(end for end in ends if end is not None and end > self.now)])

    def operation(self, node: Node, service: str = "") -> Operation | None:
        """Return the operation under way on a service, or on the node itself."""
        return self.running.get(Place(self.cluster.id, node.id, service))

    def hindrance(self, node: Node, service: str, action: Action) -> troubles.Kind | None:
        """Say what keeps an action from a service now, None if it is allowed."""
        if not reachable(node, self.now):
            return troubles.Kind.NODE_UNREACHABLE
        operation = self.operation(node, service)
        if operation is not None:
            asked = operation.does(Kind(action), Place(self.cluster.id, node.id, service))
            return None if asked else troubles.Kind.OPERATION_IN_PROGRESS
        verdict = judge(node, service, action, self.now)
        if verdict.effect is Effect.ACTIVATE or (
            verdict.effect in (Effect.START, Effect.RESTART) and not self._carried(node, service)
        ):
            # What a service depends on is the business of the whole command: it is tried on a copy.
            _, report = carry_out(self.cluster, _command(self.cluster, node, service, action), self.now, 0)
            verdict = report.outcomes[0].verdict
        return troubles.trouble(verdict, action).kind if verdict.refused else None

    def _carried(self, node: Node, service: str) -> bool:
        """Whether everything that a service requires is up."""
        return all(
            node.instances[needed].at(self.now).status is Status.STARTED
            for needed in requirements(node, service)
        )


def present(engine: Engine, desk: Desk, cluster: Cluster) -> Situation:
    """Return the situation of a cluster now."""
    now = engine.clock.now()
    return Situation(cluster, now, by_place(desk.running(cluster.id), now))


def within(transaction: Transaction, cluster_id: str) -> Situation:
    """Return the situation of a cluster as a transaction finds it."""
    running = by_place(transaction.running(cluster_id), transaction.now)
    return Situation(transaction.cluster(cluster_id), transaction.now, running)


def _command(cluster: Cluster, node: Node, service: str, action: Action) -> Command:
    ref = NodeRef(cluster.id, node.id)
    if action in (Action.ACTIVATE, Action.DEACTIVATE):
        return Deploy(ref, action is Action.ACTIVATE, (service,))
    return Control(ref, action, (service,))
