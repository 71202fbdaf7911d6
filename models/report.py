"""What a command or a question comes back with: values that each face puts into its own words.

Refusals are values here, never exceptions; no face's spelling and no HTTP number is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.containers import requirements
from ucmsim.models.reasons import (
    DEPENDENCIES_PENDING,
    MULTIPLE_ERRORS,
    NO_SUCH_SERVICE,
    NOT_RUNNING,
    SUCCESS,
    UNSUCCESSFUL,
    Reason,
)
from ucmsim.models.states import Action, Instant, NodeRef, Status
from ucmsim.models.timeline import Moment
from ucmsim.models.transitions import Effect, Verdict


class Row(NamedTuple):
    """One service in an answer (G-CTL-4). `started` is None and `uptime` (whole seconds) -1 while it does not run."""

    name: str
    status: Status
    reason: Reason
    started: Instant | None
    uptime: int


@dataclass(frozen=True)
class Answer:
    """The reason of the call as a whole, and a row for every name asked, in the order asked (`U-4`)."""

    reason: Reason
    rows: tuple[Row, ...]


class Outcome(NamedTuple):
    """What was decided about one name of a command, and the state it had then."""

    name: str
    verdict: Verdict
    before: Moment | None


@dataclass(frozen=True)
class Report:
    """What a command did, name by name; `answer` says how it stands at a later time."""

    node: NodeRef
    action: Action
    outcomes: tuple[Outcome, ...]

    @property
    def refused(self) -> bool:
        """Whether a rule kept at least one service from being touched."""
        return any(outcome.verdict.refused for outcome in self.outcomes)


def rows(node: Node, names: Iterable[str], now: Instant) -> tuple[Row, ...]:
    """Return a row for each name (none: every service, as `everything` orders them); unknown names too (`U-1`)."""
    return tuple(_row(node, name, now) for name in tuple(names) or everything(node))


def everything(node: Node) -> list[str]:
    """Return every service of a node: network and activated ones by name, then the rest by name (`U-6`)."""
    return sorted(node.instances, key=lambda name: (not node.instances[name].activated, name))


def answer(cluster: Cluster, report: Report, now: Instant) -> Answer:
    """Return the answer to a command as it stands at `now` (specification section 13.1, `U-30`)."""
    node = cluster.nodes[report.node.node]
    causes: dict[Reason, None] = {}
    listed = []
    for outcome in report.outcomes:
        row = _row(node, outcome.name, now)
        verdict = outcome.verdict
        if verdict.refused:
            causes[verdict.cause] = None
        elif verdict.effect is not Effect.NONE and _failed(report.action, row):
            causes[UNSUCCESSFUL] = None
        if verdict.item is not None and (verdict.refused or _still_holds(node, outcome, row, now)):
            row = row._replace(reason=verdict.item)
        listed.append(row)
    return Answer(_summary(causes), tuple(listed))


def settled(cluster: Cluster, report: Report, now: Instant) -> Instant | None:
    """Return when the last service that the command moves has reached its final state: `now` if all have.

    None means that nothing says when: a service is held back (`U-21`).
    """
    node = cluster.nodes[report.node.node]
    last = now
    for outcome in report.outcomes:
        if outcome.verdict.refused or outcome.name not in node.instances:
            continue
        instance = node.instances[outcome.name]
        end = instance.moments[-1]
        if end.status in (Status.STARTING, Status.STOPPING):
            return None
        last = max(last, end.at)
    return last


def _row(node: Node, name: str, now: Instant) -> Row:
    instance = node.instances.get(name)
    if instance is None:
        return Row(name, Status.STOPPED, NO_SUCH_SERVICE, None, -1)
    moment = instance.at(now)
    if moment.started is None:
        return Row(name, moment.status, moment.reason, None, -1)
    # The wire shows whole seconds: counting them from the shown start time keeps the two consistent. Clients take
    # -1 for "does not run" (section 5.2), which a machine's clock that was put back must not say.
    uptime = max(0, now // 1000 - moment.started // 1000)
    return Row(name, moment.status, moment.reason, moment.started, uptime)


def _failed(action: Action, row: Row) -> bool:
    starts = action in (Action.START, Action.RESTART, Action.ACTIVATE)
    return starts and row.status is Status.STOPPED and row.reason == NOT_RUNNING


def _still_holds(node: Node, outcome: Outcome, row: Row, now: Instant) -> bool:
    """Whether a remark still holds: "already started" while it is, "dependencies pending" while they are (`U-16`)."""
    if outcome.verdict.item == DEPENDENCIES_PENDING:
        required = requirements(node, outcome.name)
        waits = any(node.instances[other].at(now).status is not Status.STARTED for other in required)
        return row.status is Status.STARTING and waits
    return outcome.before is not None and outcome.before.status is row.status


def _summary(causes: dict[Reason, None]) -> Reason:
    match list(causes):
        case []:
            return SUCCESS
        case [only]:
            return only
        case _:
            return MULTIPLE_ERRORS
