"""Rehearsals: what a command would do, found by carrying it out on a copy that is thrown away.

So a page never has a rule of its own: what it forbids and what it announces is what the core decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ucmsim.models.cluster import Change, Cluster, changes
from ucmsim.models.commands import Command, Control, Deploy
from ucmsim.models.control import carry_out
from ucmsim.models.reasons import Reason
from ucmsim.models.report import Report
from ucmsim.models.states import Action, Instant, NodeRef
from ucmsim.models.transitions import Effect


class Refusal(NamedTuple):
    """Why an action is of no use: the rule behind it, if there is one, and the reason that its caller would get."""

    rule: str
    reason: Reason

    @property
    def key(self) -> str:
        """What tells it from other refusals, fit for an identifier."""
        return re.sub(r"[^A-Za-z0-9]+", "-", self.rule or f"reason{self.reason.code}")


@dataclass(frozen=True)
class Rehearsal:
    """A command that was tried: what would be decided, and which timelines would be replaced."""

    report: Report
    changes: tuple[Change, ...]

    @property
    def refusals(self) -> dict[str, Refusal]:
        """The services that would be refused, by name."""
        return {
            outcome.name: Refusal(outcome.verdict.rule or "", outcome.verdict.cause)
            for outcome in self.report.outcomes
            if outcome.verdict.refused
        }

    @property
    def along(self) -> tuple[Change, ...]:
        """The services that nobody named and that would move as well: dependencies and cascades."""
        named = {outcome.name for outcome in self.report.outcomes}
        return tuple(change for change in self.changes if change.service not in named)

    def takes(self, now: Instant) -> int | None:
        """Return after how many milliseconds everything has arrived; None while something would be held back."""
        ends = [change.after.moments[-1] for change in self.changes]
        if any(end.status.value.endswith("ing") for end in ends):
            return None
        return max((end.at - now for end in ends), default=0)


def command(ref: NodeRef, action: Action, names: Iterable[str]) -> Command:
    """Return the command that asks for `action`."""
    match action:
        case Action.ACTIVATE | Action.DEACTIVATE:
            return Deploy(ref, action is Action.ACTIVATE, tuple(names))
        case _:
            return Control(ref, action, tuple(names))


def rehearse(cluster: Cluster, asked: Command, now: Instant) -> Rehearsal:
    """Try a command; the chance of its durations is left at nought, so times are close but not exact."""
    after, report = carry_out(cluster, asked, now, 0)
    return Rehearsal(report, tuple(changes(cluster, after)))


def refusal(cluster: Cluster, ref: NodeRef, name: str, action: Action, now: Instant) -> Refusal | None:
    """Return why `action` on one service is of no use now: a rule forbids it, or it would change nothing. None if it is."""
    (outcome,) = rehearse(cluster, command(ref, action, (name,)), now).report.outcomes
    verdict = outcome.verdict
    if verdict.refused:
        return Refusal(verdict.rule or "", verdict.cause)
    if verdict.effect is Effect.NONE and verdict.item is not None:
        return Refusal("", verdict.item)
    return None
