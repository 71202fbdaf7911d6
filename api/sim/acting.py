"""Acting: carries out what a scenario's step does, by the same means that testers have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ucmsim.api.engine import Engine
from ucmsim.api.origin import Origin
from ucmsim.api.sim.fault_rules import FaultRules
from ucmsim.api.sim.stage import Stage
from ucmsim.api.sim.timekeeper import Timekeeper
from ucmsim.models.cluster import Node
from ucmsim.models.commands import Command, Control, Deploy
from ucmsim.models.states import SECOND, Action, NodeRef, Via

if TYPE_CHECKING:
    from ucmsim.api.sim.documents.scenarios import ActionBody, CommandAction


class UnknownNameError(LookupError):
    """A step names a service that its node does not have."""


class Actor:
    """Carries out actions on behalf of scenarios, which appear as the user of what they do."""

    def __init__(self, engine: Engine, stage: Stage, rules: FaultRules, timekeeper: Timekeeper) -> None:
        self._engine = engine
        self._stage = stage
        self._rules = rules
        self._timekeeper = timekeeper

    def perform(self, scenario: str, action: ActionBody) -> None:
        """Carry out one action. Raises UnknownNodeError, UnknownNameError or KeyError for what does not exist."""
        origin = Origin("SIM", scenario, "")
        if action.state is not None:
            ref = self._place(action.state.cluster, action.state.node)
            service = wire_name(self._engine.node(ref), action.state.service)
            self._stage.force(ref, service, action.state.status, action.state.why, origin)
        if action.node is not None:
            ref = self._place(action.node.cluster, action.node.node)
            self._stage.surround(ref, action.node.changes(), origin)
        if action.command is not None:
            self._engine.execute(self._command(action.command), origin)
        if action.fault is not None:
            self._rules.put(action.fault, origin)
        if action.remove_fault is not None:
            self._rules.remove(action.remove_fault, origin)
        if action.advance is not None:
            self._timekeeper.advance(round(action.advance.seconds * SECOND), origin)

    def check(self, action: ActionBody) -> None:
        """Raise what `perform` would raise for clusters, nodes and services that do not exist."""
        for place in (action.state, action.node, action.command):
            if place is not None:
                node = self._engine.node(self._place(place.cluster, place.node))
                services = [action.state.service] if action.state else []
                for name in action.command.services if action.command else services:
                    wire_name(node, name)

    def _command(self, asked: CommandAction) -> Command:
        ref = self._place(asked.cluster, asked.node)
        node = self._engine.node(ref)
        names = tuple(wire_name(node, name) for name in asked.services)
        action, via = Action[asked.action], Via[asked.via]
        if action in (Action.ACTIVATE, Action.DEACTIVATE):
            return Deploy(ref, action is Action.ACTIVATE, names, via=via)
        return Control(ref, action, names, via=via)

    def _place(self, cluster: str | None, node: str) -> NodeRef:
        return NodeRef(cluster or next(iter(self._engine.clusters)), node)


def wire_name(node: Node, name: str) -> str:
    """Return the exact name of a service that is called by it or by its id; raises UnknownNameError."""
    if name in node.services:
        return name
    found = next((each.name for each in node.services.values() if each.slug == name), None)
    if found is None:
        raise UnknownNameError(f"no service named {name!r} on {node.id}")
    return found
