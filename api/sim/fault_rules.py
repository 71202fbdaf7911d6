"""Fault rules as testers handle them: made, changed and removed; what a rule held in a transition goes on without it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ucmsim.api.engine import Engine
from ucmsim.api.identifiers import unguessable
from ucmsim.api.origin import Origin
from ucmsim.api.sim.rulebook import Kept, Rulebook
from ucmsim.api.sim.stage import Stage

if TYPE_CHECKING:
    from ucmsim.api.sim.documents.faults import RuleBody, RulePatch


class FaultRules:
    """The rules of a server. KeyError for names that no rule has."""

    def __init__(self, engine: Engine, rulebook: Rulebook, stage: Stage) -> None:
        self._engine = engine
        self._rulebook = rulebook
        self._stage = stage

    def all(self) -> tuple[Kept, ...]:
        """Return all rules, the oldest first."""
        return self._rulebook.all()

    def get(self, name: str) -> Kept:
        """Return a rule."""
        return self._rulebook.get(name) or _missing(name)

    def put(self, body: RuleBody, origin: Origin) -> tuple[Kept, bool]:
        """Keep a rule under its name, or one made for it; return it and whether it is new."""
        name = body.id or unguessable("flt", self._engine.clock.now())
        new = self._rulebook.get(name) is None
        with self._engine.transaction((), origin) as transaction:
            self._rulebook.put(transaction.connection, name, body)
        self._let_go(origin)
        return self.get(name), new

    def patch(self, name: str, patch: RulePatch, origin: Origin) -> Kept:
        """Change a rule; its counters stay, but a spent rule that is enabled may act again."""
        rule, body = self.get(name)
        if patch.enabled and rule.spent:
            rule = replace(rule, applied=0)
        with self._engine.transaction((), origin) as transaction:
            self._rulebook.put(transaction.connection, name, patch.onto(body), rule)
        self._let_go(origin)
        return self.get(name)

    def remove(self, name: str, origin: Origin) -> None:
        """Remove a rule."""
        self.get(name)
        with self._engine.transaction((), origin) as transaction:
            self._rulebook.remove(transaction.connection, name)
        self._let_go(origin)

    def clear(self, origin: Origin) -> None:
        """Remove all rules."""
        with self._engine.transaction((), origin) as transaction:
            self._rulebook.remove(transaction.connection)
        self._let_go(origin)

    def _let_go(self, origin: Origin) -> None:
        """Let every service go on that is held by a rule which is disabled or no more; forced states have no rule."""
        holding = {kept.rule.id for kept in self._rulebook.all() if kept.rule.enabled}
        self._stage.release(
            lambda disturbance: disturbance.rule != "" and disturbance.rule not in holding, origin
        )


def _missing(name: str) -> Kept:
    raise KeyError(name)
