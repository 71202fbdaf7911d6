"""Carries out a command on a cluster: the rules that look at more than one service at a time.

A pure function of the cluster, the command, the time and a chance; refusals are part of its report.
"""

from __future__ import annotations

from collections.abc import Iterator

from ucmsim.models import catalogue
from ucmsim.models.cluster import ENTERED, Cluster
from ucmsim.models.commands import Command, Control, Deploy
from ucmsim.models.pace import Pace
from ucmsim.models.plan import Plan
from ucmsim.models.reasons import DEPENDENCIES_PENDING, DEPENDENCY_NOT_ACTIVE
from ucmsim.models.report import Outcome, Report
from ucmsim.models.states import Action, Instant, Status
from ucmsim.models.transitions import Effect, Verdict, judge, refuse


def carry_out(cluster: Cluster, command: Command, now: Instant, chance: int) -> tuple[Cluster, Report]:
    """Apply `command` at `now` and return the cluster after it, with what became of each name.

    Names are acted on in the order given, each once; a name that is refused keeps none of the others back
    (G-ACT-5, `U-2`, `U-4`). `chance` is a drawn number that fixes the jitter of the durations.
    """
    node = cluster.nodes[command.node.node]
    plan = Plan(node, now, Pace(cluster.durations, chance))
    runner = _Runner(plan, command, now)
    outcomes: dict[str, Outcome] = {}
    for name in command.names:
        if name not in outcomes:
            before = plan.moment(name) if name in node.services else None
            outcomes[name] = Outcome(name, runner.run(name), before)
    plan.settle()
    report = Report(command.node, command.action, tuple(outcomes[name] for name in command.names))
    return cluster.with_node(plan.node), report


class _Runner:
    """Runs one command service by service on a plan."""

    def __init__(self, plan: Plan, command: Command, now: Instant) -> None:
        self._plan = plan
        self._command = command
        self._now = now

    def run(self, name: str) -> Verdict:
        command = self._command
        verdict = self._judge(name, command.action, command.product_id)
        match verdict.effect:
            case Effect.NONE:
                return verdict
            case Effect.STOP:
                self._stop(name)
            case Effect.DEACTIVATE:
                self._deactivate(name)
            case Effect.START | Effect.RESTART:
                return self._start(name, verdict)
            case Effect.ACTIVATE:
                return self._activate(name, verdict)
        return verdict

    def _start(self, name: str, verdict: Verdict) -> Verdict:
        """Start or restart, unless what the service depends on is down (`U-16`); `Enforce` starts that first (`U-19`)."""
        if self._enforced:
            for needed in self._below(name):
                if self._judge(needed, Action.START).effect is Effect.START:
                    self._plan.start(needed)
        missing = self._missing(name)
        if missing:
            return refuse(DEPENDENCY_NOT_ACTIVE, "U-16")
        pending = self._pending(name)
        if verdict.effect is Effect.RESTART:
            above = dict.fromkeys(self._above(name)) if self._enforced else {}
            running = [other for other in above if self._plan.runs(other)]
            for other in (name, *running):
                self._plan.restart(other)
        else:
            self._plan.start(name)
        return verdict._replace(item=DEPENDENCIES_PENDING) if pending else verdict

    def _stop(self, name: str) -> None:
        """Stop; dependents keep running (`U-18`) unless the caller enforces dependencies (`U-19`)."""
        if self._enforced:
            for other in self._above(name):
                if self._judge(other, Action.STOP).effect is Effect.STOP:
                    self._plan.stop(other)
        self._plan.stop(name)

    def _activate(self, name: str, verdict: Verdict) -> Verdict:
        """Activate what the service depends on first (G-ACT-6), then the service; it starts with that (G-ACT-3)."""
        first = [
            needed
            for needed in catalogue.activated_first(self._plan.node.services, name)
            if not self._plan.runs(needed)
        ]
        if any(self._judge(needed, Action.ACTIVATE).refused for needed in first) or self._missing(name):
            return self._refuse_activation(name)
        for needed in first:
            if self._missing(needed):
                return self._refuse_activation(name)
        for needed in (*first, name):
            self._plan.activate(needed, recorded=self._recorded)
            self._keep_entry(needed, activated=True)
        return verdict

    def _deactivate(self, name: str) -> None:
        self._plan.deactivate(name, recorded=self._recorded)
        self._keep_entry(name, activated=False)

    def _refuse_activation(self, name: str) -> Verdict:
        """The item keeps its own reason, -1068 for what is not activated; the call says why (`U-23`)."""
        own = self._plan.moment(name).reason
        return refuse(DEPENDENCY_NOT_ACTIVE, "U-23", item=own)

    def _keep_entry(self, name: str, *, activated: bool) -> None:
        if name in ENTERED and self._recorded:
            self._plan.enter(name, self._plan.node.server_entry if activated else None)

    def _missing(self, name: str) -> list[str]:
        """Return what the service requires and nobody is going to bring up."""
        activating = (
            catalogue.activated_first(self._plan.node.services, name)
            if self._command.action is Action.ACTIVATE
            else ()
        )
        return [
            needed
            for needed in self._plan.requirements(name)
            if not self._plan.awaited(needed) and needed not in activating
        ]

    def _pending(self, name: str) -> bool:
        return any(self._plan.moment(n).status is not Status.STARTED for n in self._plan.requirements(name))

    def _below(self, name: str) -> Iterator[str]:
        """Yield what `name` depends on, directly or not, the lowest first."""
        for needed in self._plan.requirements(name):
            yield from self._below(needed)
            yield needed

    def _above(self, name: str) -> Iterator[str]:
        """Yield what depends on `name`, directly or not, the highest first."""
        for other in self._plan.node.services:
            if name in self._plan.requirements(other):
                yield from self._above(other)
                yield other

    def _judge(self, name: str, action: Action, product_id: str | None = None) -> Verdict:
        return judge(self._plan.node, name, action, self._now, self._command.via, product_id)

    @property
    def _enforced(self) -> bool:
        return isinstance(self._command, Control) and self._command.enforce

    @property
    def _recorded(self) -> bool:
        return not isinstance(self._command, Deploy) or self._command.recorded
