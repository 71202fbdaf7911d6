"""Orders: what a form asks to be done, the page that asks back before it is, and what came of it.

The commands are those of every face, carried out by the engine; what they would do is found out by a rehearsal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from ucmsim.api.console import visitor
from ucmsim.api.console.look import Look, look
from ucmsim.api.console.rehearsal import Refusal, Rehearsal, command, rehearse
from ucmsim.api.console.surroundings import engine, surroundings
from ucmsim.api.console.wording import becomes, sentence
from ucmsim.models.cautions import Caution, cautions
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.commands import Command
from ucmsim.models.presence import REMOTE_NODE_AWAY, reachability, reachable
from ucmsim.models.reasons import Reason
from ucmsim.models.report import answer
from ucmsim.models.states import Action, Instant, NodeRef

_ORDER = (Action.DEACTIVATE, Action.ACTIVATE, Action.STOP, Action.START, Action.RESTART)
_SAID = ("G-CTL-6", "G-CTL-8")
"""Rules of which the page speaks by itself: a restart takes a while, and what goes along."""
_STOPS = (Action.STOP, Action.RESTART, Action.DEACTIVATE)


class Asked(NamedTuple):
    """One verb for several services, as a form says it."""

    action: Action
    names: tuple[str, ...]


class Plan(NamedTuple):
    """What the page that asks back says about one verb."""

    asked: Asked
    rehearsal: Rehearsal
    takes: int | None
    cautions: tuple[Caution, ...]
    refused: tuple[tuple[str, str], ...]

    @property
    def along(self) -> list[tuple[str, str]]:
        """The services that nobody named and that would move as well, with what happens to them."""
        return [(change.service, becomes(change)) for change in self.rehearsal.along]

    @property
    def possible(self) -> tuple[str, ...]:
        """The services for which something would be done."""
        refused = {name for name, _ in self.refused}
        return tuple(name for name in self.asked.names if name not in refused)


class Result(NamedTuple):
    """What became of one service of an order, as it stands now."""

    name: str
    action: Action
    look: Look | None
    refusal: str | None
    reason: Reason


def read(node: Node, form: MultiDict[str, str]) -> Asked | None:
    """Return what a Control Center form asks for: `one` is a service's own button, `do` that of the ticked ones.

    None when nothing was ticked, or nothing that this node has.
    """
    single, _, slug = form.get("one", "").partition(":")
    slugs = [slug] if single else form.getlist("service")
    names = named(node, slugs)
    try:
        action = Action(single or form.get("do", ""))
    except ValueError:
        return None
    return Asked(action, names) if names else None


def confirmed(node: Node, form: MultiDict[str, str]) -> list[Asked]:
    """Return what the page that asks back was answered with, nothing if the form is not that page's."""
    pairs = [one.partition(":") for one in form.getlist("confirmed")]
    asked = [
        Asked(action, named(node, [slug for verb, _, slug in pairs if verb == action.value]))
        for action in _ORDER
    ]
    return [one for one in asked if one.names]


def named(node: Node, slugs: Iterable[str]) -> tuple[str, ...]:
    """Return the names of services of a node by their slugs, in the order of its static list."""
    wanted = set(slugs)
    return tuple(service.name for service in node.services.values() if service.slug in wanted)


def needs_confirmation(cluster: Cluster, ref: NodeRef, asked: Asked) -> bool:
    """Whether a person is asked first: before a restart (G-CTL-6), and before a stop that has consequences."""
    plan = _plan(cluster, ref, asked)
    if not plan.possible:
        return False
    return asked.action is Action.RESTART or bool(plan.cautions) or _pulls_along(plan)


def confirmation(cluster: Cluster, node: Node, asked: Sequence[Asked], back: str) -> str:
    """Return the page that says what would happen and asks whether it should."""
    ref = NodeRef(cluster.id, node.id)
    plans = [_plan(cluster, ref, one) for one in asked]
    return render_template(
        "confirm.html",
        cluster=cluster,
        node=node,
        plans=plans,
        anything=any(plan.possible for plan in plans),
        back=back,
        address=request.script_root + request.path,
    )


def carry_out(ref: NodeRef, asked: Iterable[Asked]) -> str:
    """Carry out what was asked, in its order; return the key of what is to be said about it."""
    reports = [
        engine().execute(command(ref, action, names), visitor.origin()) for action, names in asked if names
    ]
    return surroundings().reports.keep(tuple(reports))


def results(cluster: Cluster, key: str, now: Instant) -> list[Result]:
    """Return what became of an order, service by service, as it stands at `now`."""
    told: list[Result] = []
    for report in surroundings().reports.find(key) or ():
        if report.node.cluster != cluster.id or report.node.node not in cluster.nodes:
            continue
        node = cluster.nodes[report.node.node]
        rows = {row.name: row for row in answer(cluster, report, now).rows}
        for outcome in report.outcomes:
            verdict = outcome.verdict
            refused = sentence(Refusal(verdict.rule or "", verdict.cause)) if verdict.refused else None
            service = node.services.get(outcome.name)
            seen = look(node, service, now) if service else None
            told.append(Result(outcome.name, report.action, seen, refused, rows[outcome.name].reason))
    return told


def unreachable(cluster: Cluster, node: Node) -> tuple[str, int] | None:
    """Return the page of a node that cannot be reached (G-CTL-16), None if it can."""
    now = engine().clock.now()
    if reachable(node, now):
        return None
    page = render_template(
        "unreachable.html",
        cluster=cluster,
        node=node,
        sentence=REMOTE_NODE_AWAY,
        why=reachability(node, now).value,
        back=node.outage.until if node.outage and node.outage.covers(now) else None,
        zone=ZoneInfo(node.spec.timezone),
    )
    return page, 503


def _plan(cluster: Cluster, ref: NodeRef, asked: Asked) -> Plan:
    now = engine().clock.now()
    tried = rehearse(cluster, _command(ref, asked), now)
    refused = tuple((name, sentence(why)) for name, why in tried.refusals.items())
    possible = asked._replace(names=tuple(name for name in asked.names if name not in tried.refusals))
    told = cautions(cluster, _command(ref, possible), now)
    return Plan(asked, tried, tried.takes(now), tuple(one for one in told if one.rule not in _SAID), refused)


def _pulls_along(plan: Plan) -> bool:
    return plan.asked.action in _STOPS and bool(plan.rehearsal.along)


def _command(ref: NodeRef, asked: Asked) -> Command:
    return command(ref, asked.action, asked.names)
