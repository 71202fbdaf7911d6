"""Undertaking: a request becomes an operation, or a refusal, inside a transaction.

It joins what the core decides about services with the operations under way; it knows no face.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ucmsim.api.operations import troubles
from ucmsim.api.operations.maintaining import maintain
from ucmsim.api.operations.record import (
    End,
    Kind,
    Operation,
    Place,
    Standing,
    Target,
    by_place,
    foresee,
    goal,
)
from ucmsim.api.operations.requests import Refusal, Request
from ucmsim.api.operations.troubles import Trouble
from ucmsim.api.transactions import Transaction
from ucmsim.models.cluster import Cluster, changes
from ucmsim.models.commands import Command, Control, Deploy
from ucmsim.models.presence import reachable
from ucmsim.models.reasons import ALREADY_STARTED, ALREADY_STOPPED, PENDING
from ucmsim.models.report import Outcome, Report
from ucmsim.models.states import Action, Instant, NodeRef, Status
from ucmsim.models.transitions import Effect


def undertake(transaction: Transaction, request: Request) -> Operation | Refusal:
    """Begin what is asked; an operation under way that does the same is returned in its place."""
    if request.kind.action is None:
        return maintain(transaction, request)
    hindered: dict[Place, Trouble] = {}
    under_way = _under_way(transaction, request)
    for place in request.places:
        operation = under_way.get(place)
        if request.single and operation is not None and operation.does(request.kind, place):
            return operation
        trouble = _hindrance(transaction, request, place, operation)
        if trouble is not None:
            hindered[place] = trouble
    outcomes = _rehearse(transaction, request, hindered)
    refused = {
        place: hindered.get(place) or troubles.trouble(outcomes[place].verdict, request.action)
        for place in request.places
        if place in hindered or outcomes[place].verdict.refused
    }
    if request.single and refused:
        ((place, trouble),) = refused.items()
        if place in outcomes:
            transaction.carry_out(command(request, place.ref, [place.service]))  # for the rules that count
        return Refusal(place, trouble)
    given_up = _after_the_first(request.places, refused) if request.stop_on_error else frozenset()
    going = [place for place in request.places if place not in refused and place not in given_up]
    deadline = None if request.timeout is None else transaction.now + request.timeout
    operation = transaction.begin(request.kind, list(request.places), request.reason, deadline)
    done = _perform(transaction, operation, request, going)
    stopped = {
        place: End(transaction.now, Standing.FAILED, None, trouble) for place, trouble in refused.items()
    }
    stopped |= dict.fromkeys(given_up, End(transaction.now, Standing.CANCELLED))
    asked = tuple(
        _untouched(transaction, request.action, place, stopped[place]) if place in stopped else done[place]
        for place in request.places
    )
    cascades = tuple(target for target in done.values() if target.cascade)
    return transaction.conclude(replace(operation, targets=(*asked, *cascades)))


def carry(transaction: Transaction, command: Command) -> Report:
    """Carry out a command as it stands, whatever is under way, and note it as an operation."""
    kind = Kind(command.action)
    places = list(dict.fromkeys(Place(*command.node, name) for name in command.names))
    before = transaction.cluster(command.node.cluster)
    after, report = transaction.carry_out(command)
    operation = transaction.begin(kind, places)
    transaction.replace(after, operation)
    targets = tuple(_targets(before, after, report, transaction.now).values())
    transaction.conclude(replace(operation, targets=targets))
    return report


def command(request: Request, ref: NodeRef, names: Iterable[str]) -> Command:
    """Return what a request asks of some services of one node."""
    if request.action in (Action.ACTIVATE, Action.DEACTIVATE):
        return Deploy(ref, request.action is Action.ACTIVATE, tuple(names), via=request.via)
    return Control(ref, request.action, tuple(names), via=request.via)


def _under_way(transaction: Transaction, request: Request) -> dict[Place, Operation]:
    """Return the operation that runs on each place asked for."""
    under_way: dict[Place, Operation] = {}
    for cluster in dict.fromkeys(place.cluster for place in request.places):
        under_way |= by_place(transaction.running(cluster), transaction.now)
    return under_way


def _hindrance(
    transaction: Transaction, request: Request, place: Place, operation: Operation | None
) -> Trouble | None:
    """Say what speaks against an action besides the rules of its service."""
    node = transaction.cluster(place.cluster).nodes[place.node]
    if not reachable(node, transaction.now):
        return Trouble(troubles.Kind.NODE_UNREACHABLE, "G-CTL-16")
    if operation is not None:
        return Trouble(troubles.Kind.OPERATION_IN_PROGRESS, None, PENDING, operation.id)
    status = node.instances[place.service].at(transaction.now).status
    if request.if_state and status not in request.if_state:
        reason = {Status.STARTED: ALREADY_STARTED, Status.STOPPED: ALREADY_STOPPED}.get(status, PENDING)
        return Trouble(troubles.Kind.ALREADY_IN_STATE, None, reason)
    return None


def _rehearse(
    transaction: Transaction, request: Request, hindered: Mapping[Place, Trouble]
) -> dict[Place, Outcome]:
    """Return what would become of each place that nothing speaks against; nothing is changed."""
    outcomes: dict[Place, Outcome] = {}
    for ref, names in _by_node(place for place in request.places if place not in hindered):
        _, report = transaction.carry_out(command(request, ref, names), rehearsal=True)
        outcomes |= {Place(*ref, outcome.name): outcome for outcome in report.outcomes}
    return outcomes


def _perform(
    transaction: Transaction, operation: Operation, request: Request, places: Iterable[Place]
) -> dict[Place, Target]:
    """Carry out a request node by node and return every service that it touched."""
    done: dict[Place, Target] = {}
    for ref, names in _by_node(places):
        before = transaction.cluster(ref.cluster)
        after, report = transaction.carry_out(command(request, ref, names))
        transaction.replace(after, operation)
        done |= _targets(before, after, report, transaction.now)
    return done


def _targets(before: Cluster, after: Cluster, report: Report, now: Instant) -> dict[Place, Target]:
    """Return the targets of a command: what was asked for, then what moved along."""
    found = {}
    for outcome in report.outcomes:
        place = Place(*report.node, outcome.name)
        found[place] = _target(after, report.action, place, outcome, now)
    for change in changes(before, after):
        place = Place(after.id, change.node, change.service)
        if place not in found:
            wanted = goal(change.after)
            end = foresee(change.after, wanted, now)
            found[place] = Target(place, wanted, change.before.at(now).status, True, end, cascade=True)
    return found


def _target(after: Cluster, action: Action, place: Place, outcome: Outcome, now: Instant) -> Target:
    wanted = _wanted(action)
    was = outcome.before.status if outcome.before else None
    if outcome.verdict.refused:
        end = End(now, Standing.FAILED, None, troubles.trouble(outcome.verdict, action))
        return Target(place, wanted, was, False, end)
    end = foresee(after.nodes[place.node].instances[place.service], wanted, now)
    return Target(place, wanted, was, outcome.verdict.effect is not Effect.NONE, end)


def _untouched(transaction: Transaction, action: Action, place: Place, end: End) -> Target:
    instance = transaction.cluster(place.cluster).nodes[place.node].instances[place.service]
    return Target(place, _wanted(action), instance.at(transaction.now).status, False, end)


def _wanted(action: Action) -> Status:
    return Status.STOPPED if action in (Action.STOP, Action.DEACTIVATE) else Status.STARTED


def _after_the_first(places: tuple[Place, ...], refused: Mapping[Place, Trouble]) -> frozenset[Place]:
    """Return what comes after the first place that is refused."""
    first = next((index for index, place in enumerate(places) if place in refused), len(places))
    return frozenset(places[first + 1 :])


def _by_node(places: Iterable[Place]) -> Iterable[tuple[NodeRef, list[str]]]:
    nodes: dict[NodeRef, list[str]] = {}
    for place in places:
        nodes.setdefault(place.ref, []).append(place.service)
    return nodes.items()
