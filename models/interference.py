"""The fault rules while one command is carried out: consulted at every transition it begins, counted as they act.

It hands out disturbances and refusals; what they do to a timeline is the plan's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from ucmsim.models.disturbances import (
    CrashesAfter,
    Disturbance,
    FailsToStart,
    Refusal,
    StuckTransition,
    concerns,
)
from ucmsim.models.faults import Effect, Rule, Subject, consult
from ucmsim.models.reasons import Reason
from ucmsim.models.states import Status

NOBODY = Subject("", "", "", "", "")


class Interference:
    """A working copy of the rules for one caller; without rules it never interferes.

    `rules` are counted as they go, `before` are as they were given; `acted` lists, rule by rule, the services on which
    it acted.
    """

    def __init__(self, rules: Iterable[Rule] = (), caller: Subject = NOBODY, seed: int = 0) -> None:
        self.before = self.rules = tuple(rules)
        self.acted: dict[str, list[str]] = {}
        self._caller = caller
        self._seed = seed

    def begins(self, service: str, status: Status) -> Disturbance | None:
        """Return what disturbs a transition of `service` that begins with `status`, Starting or Stopping."""
        rule = self._consult((service,), lambda effect: concerns(effect, status))
        if rule is None:
            return None
        match rule.effect:
            case StuckTransition() | FailsToStart() | CrashesAfter() as effect:
                self.acted.setdefault(rule.id, []).append(service)
                return Disturbance(rule.id, effect)
        return None

    def refusals(self, services: tuple[str, ...]) -> Mapping[str, Reason]:
        """Return the services of a command that a rule refuses, each with its reason; one match for the whole command."""
        rule = self._consult(services, lambda effect: isinstance(effect, Refusal))
        if rule is None or not isinstance(rule.effect, Refusal):
            return {}
        match = replace(rule.match, service=rule.effect.service or rule.match.service)
        refused = [name for name in services if match.meets(name)]
        self.acted.setdefault(rule.id, []).extend(refused)
        return dict.fromkeys(refused, rule.effect.reason)

    def _consult(self, services: tuple[str, ...], wanted: Callable[[Effect], bool]) -> Rule | None:
        if not self.rules:
            return None
        subject = replace(self._caller, services=services)
        self.rules, acting = consult(self.rules, subject, self._seed, wanted)
        return acting[0] if acting else None
