"""Fault rules: what a rule matches, when it acts, and which of several rules act together.

Matching, counting and choosing only; what an effect does is known by those who carry it out. The same rules,
subjects and seed give the same choices, so that a run can be repeated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from typing import ClassVar, NamedTuple

from ucmsim.models.catalogue import slug

CONTRACT = "?wsdl"
"""The operation of a request for a contract: only rules that name an operation act on it, or a client that fetches
the contract first would use up what is meant for its calls."""


@dataclass(frozen=True)
class Subject:
    """What rules are held against: one request or one command, by whom, and the services it concerns."""

    api: str
    operation: str
    cluster: str
    node: str
    client: str
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """What a rule asks of a subject. None asks nothing; `*` in a text stands for any characters.

    Services match by wire name or by slug; `ANY` is every API.
    """

    api: str | None = None
    operation: str | None = None
    cluster: str | None = None
    node: str | None = None
    service: str | None = None
    client: str | None = None

    def fits(self, subject: Subject) -> bool:
        """Whether the subject is what the rule asks for; of several services one is enough."""
        return (
            (self.api == "ANY" or like(self.api, subject.api))
            and like(self.operation, subject.operation)
            and like(self.cluster, subject.cluster)
            and like(self.node, subject.node)
            and like(self.client, subject.client)
            and (self.service is None or any(self.meets(name) for name in subject.services))
        )

    def concerns(self, subject: Subject) -> bool:
        """Whether a rule acts on the subject: it fits, and is a call unless the rule names its operation."""
        return self.fits(subject) and (subject.operation != CONTRACT or self.operation is not None)

    def meets(self, service: str) -> bool:
        """Whether the rule is about this service."""
        return like(self.service, service) or like(self.service, slug(service))


@dataclass(frozen=True)
class Effect:
    """What a rule does. Of the terminal effects at most one acts on a request; others combine with it."""

    terminal: ClassVar[bool] = True


@dataclass(frozen=True)
class Rule:
    """A fault: what it matches, what it does, and how often.

    It skips the first `after_matches` matches, acts on the following ones with `probability`, and is spent when it
    has acted `times` times (None: never). `matched` and `applied` count both.
    """

    id: str
    match: Match
    effect: Effect
    enabled: bool = True
    priority: int = 0
    times: int | None = None
    probability: float = 1.0
    after_matches: int = 0
    matched: int = 0
    applied: int = 0

    @property
    def spent(self) -> bool:
        """Whether the rule has acted as often as it may."""
        return self.times is not None and self.applied >= self.times

    @property
    def armed(self) -> bool:
        """Whether the rule can act."""
        return self.enabled and not self.spent

    def met(self, seed: int) -> tuple[Rule, bool]:
        """Count a match; return the rule after it and whether it acts this time."""
        due = self.matched >= self.after_matches
        acts = due and self.draw(seed) < self.probability
        return replace(self, matched=self.matched + 1, applied=self.applied + acts), acts

    def draw(self, seed: int, purpose: str = "chance") -> float:
        """Return a number from 0 up to, but not including, 1: its own for each match and `purpose`."""
        drawn = blake2b(f"{seed}/{self.id}/{self.matched}/{purpose}".encode(), digest_size=4).digest()
        return int.from_bytes(drawn) / 2**32


class Ruling(NamedTuple):
    """What came of holding rules against a subject: all rules, counted, and those that act, in their order."""

    rules: tuple[Rule, ...]
    acting: tuple[Rule, ...]


def consult(
    rules: Iterable[Rule], subject: Subject, seed: int, wanted: Callable[[Effect], bool] = lambda _: True
) -> Ruling:
    """Hold the rules with a wanted effect against a subject, the highest priority first, then the oldest.

    A rule whose terminal effect would come second is passed over and not counted.
    """
    kept = tuple(rules)
    counted: dict[str, Rule] = {}
    acting: list[Rule] = []
    ended = False
    for rule in sorted(kept, key=lambda rule: -rule.priority):
        if not (rule.armed and wanted(rule.effect) and rule.match.concerns(subject)):
            continue
        if ended and rule.effect.terminal:
            continue
        counted[rule.id], acts = rule.met(seed)
        if acts:
            acting.append(counted[rule.id])
            ended = ended or rule.effect.terminal
    return Ruling(tuple(counted.get(rule.id, rule) for rule in kept), tuple(acting))


def like(pattern: str | None, text: str) -> bool:
    """Say whether `text` is as the pattern has it: `*` stands for any characters, None for any text."""
    return pattern is None or _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)
