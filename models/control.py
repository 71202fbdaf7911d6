"""Carries out a command on a cluster: the rules that look at more than one service at a time.

A pure function of the cluster, the command, the time and a chance; refusals are part of its report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ucmsim.models import catalogue
from ucmsim.models.cluster import ENTERED, Cluster, Node
from ucmsim.models.commands import Command, Control, Deploy
from ucmsim.models.containers import requirements
from ucmsim.models.interference import Interference
from ucmsim.models.pace import Pace
from ucmsim.models.plan import Plan
from ucmsim.models.reasons import DEPENDENCIES_PENDING, DEPENDENCY_NOT_ACTIVE, TRANSITION_NOT_ALLOWED, Reason
from ucmsim.models.report import Outcome, Report
from ucmsim.models.states import Action, Instant
from ucmsim.models.transitions import Effect, Verdict, judge, refuse


def carry_out(
    cluster: Cluster, command: Command, now: Instant, chance: int, interference: Interference | None = None
) -> tuple[Cluster, Report]:
    """Apply `command` at `now` and return the cluster after it, with what became of each name.

    Names are acted on in the order given, each once; a name that is refused keeps none of the others back
    (G-ACT-5, `U-2`, `U-4`). `chance` is a drawn number that fixes the jitter of the durations; `interference` are the
    fault rules that refuse services and disturb their transitions.
    """
    interference = interference or Interference()
    node = cluster.nodes[command.node.node]
    known = tuple(dict.fromkeys(name for name in command.names if name in node.services))
    refused = interference.refusals(known)
    plan = Plan(node, now, Pace(cluster.durations, chance), interference)
    runner = _Runner(node, plan, command, now, refused)
    outcomes: dict[str, Outcome] = {}
    for name in command.names:
        if name not in outcomes:
            before = node.instances[name].at(now) if name in node.services else None
            outcomes[name] = Outcome(name, runner.run(name), before)
    plan.settle()
    report = Report(command.node, command.action, tuple(outcomes[name] for name in command.names))
    return cluster.with_node(plan.node), report


class _Runner:
    """Runs one command service by service on a plan."""

    def __init__(
        self, node: Node, plan: Plan, command: Command, now: Instant, refused: Mapping[str, Reason]
    ) -> None:
        self._node = node
        self._plan = plan
        self._command = command
        self._now = now
        self._refused = refused

    def run(self, name: str) -> Verdict:
        command = self._command
        if name in self._refused:
            return Verdict(Effect.NONE, item=self._refused[name], cause=self._refused[name])
        if self._moved_along(name):
            return self._along(name)
        verdict = self._judge(name, command.action, command.product_id)
        match verdict.effect:
            case Effect.NONE:
                if isinstance(command, Deploy) and not verdict.refused:
                    self._confirm(name, activated=command.activate)
            case Effect.STOP:
                self._stop(name)
            case Effect.DEACTIVATE:
                self._plan.deactivate(name)
                self._record(name, activated=False)
            case Effect.START | Effect.RESTART:
                return self._start(name, verdict)
            case Effect.ACTIVATE:
                return self._activate(name, verdict)
        return verdict

    def _moved_along(self, name: str) -> bool:
        """Whether this very command has moved the service already, together with another one that it names."""
        return (
            isinstance(self._command, Control)
            and name in self._node.services
            and self._plan.moment(name) != self._node.instances[name].at(self._now)
        )

    def _along(self, name: str) -> Verdict:
        """Judge a service that is moved already: what was asked is being done, unless it could not be asked for."""
        command = self._command
        found = judge(self._node, name, command.action, self._now, command.via, command.product_id)
        if found.refused and found.cause != TRANSITION_NOT_ALLOWED:
            return found
        return Verdict(Effect(command.action.value))

    def _start(self, name: str, verdict: Verdict) -> Verdict:
        """Start or restart, unless what the service depends on is down (`U-16`); `Enforce` starts that first (`U-19`)."""
        if not all(self._comes(needed) for needed in requirements(self._node, name)):
            return refuse(DEPENDENCY_NOT_ACTIVE, "U-16")
        pending = any(not self._plan.is_up(needed) for needed in requirements(self._node, name))
        if self._enforced:
            for needed in self._below(name):
                if not self._plan.awaited(needed):
                    self._plan.start(needed)
        if verdict.effect is Effect.RESTART:
            above = dict.fromkeys(self._above(name)) if self._enforced else {}
            running = [other for other in above if self._plan.runs(other)]
            for other in (name, *running):
                self._plan.restart(other)
        else:
            self._plan.start(name)
        return verdict._replace(item=DEPENDENCIES_PENDING) if pending else verdict

    def _comes(self, name: str) -> bool:
        """Whether a service is up or on its way, or with `Enforce` can be started together with what it requires."""
        return self._plan.awaited(name) or (
            self._enforced
            and self._judge(name, Action.START).effect is Effect.START
            and all(self._comes(needed) for needed in requirements(self._node, name))
        )

    def _stop(self, name: str) -> None:
        """Stop; dependents keep running (`U-18`) unless the caller enforces dependencies (`U-19`)."""
        if self._enforced:
            for other in self._above(name):
                if self._judge(other, Action.STOP).effect is Effect.STOP:
                    self._plan.stop(other)
        self._plan.stop(name)

    def _activate(self, name: str, verdict: Verdict) -> Verdict:
        """Activate what the service depends on first (G-ACT-6), then the service; it starts with that (G-ACT-3)."""
        first = catalogue.activated_first(self._node.services, name)
        if not all(self._can_be_activated(needed) for needed in first) or any(
            not self._plan.awaited(required) and required not in first
            for needed in (*first, name)
            for required in requirements(self._node, needed)
        ):
            # The item keeps its own reason, -1068 for what is not activated; the call says why (`U-23`).
            return refuse(DEPENDENCY_NOT_ACTIVE, "U-23", item=self._plan.moment(name).reason)
        for needed in (*first, name):
            self._plan.activate(needed)
            self._record(needed, activated=True)
        return verdict

    def _can_be_activated(self, name: str) -> bool:
        return self._plan.awaited(name) or not self._judge(name, Action.ACTIVATE).refused

    def _confirm(self, name: str, *, activated: bool) -> None:
        """Write down what is so already: it may have come about without the database (`U-22`, `U-28`)."""
        first = catalogue.activated_first(self._node.services, name) if activated else ()
        for needed in (*first, name):
            if self._plan.node.instances[needed].activated is activated:
                self._record(needed, activated=activated)

    def _record(self, name: str, *, activated: bool) -> None:
        """Write an activation into the node's database (`U-28`), and the server's entry with it (G-ACT-12)."""
        if self._recorded:
            self._plan.record(name, activated=activated)
            if name in ENTERED:
                self._plan.enter(name, self._node.server_entry if activated else None)

    def _below(self, name: str) -> Iterator[str]:
        """Yield what `name` requires, directly or not, the lowest first."""
        for needed in requirements(self._node, name):
            yield from self._below(needed)
            yield needed

    def _above(self, name: str) -> Iterator[str]:
        """Yield what requires `name`, directly or not, the highest first."""
        for other in self._node.services:
            if name in requirements(self._node, other):
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
