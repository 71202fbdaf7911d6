"""Maintaining: work on a whole node becomes an operation, or a refusal, inside a transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ucmsim.api.operations import troubles
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
from ucmsim.models import maintenance
from ucmsim.models.cluster import Cluster, changes
from ucmsim.models.maintenance import Obstacle, WorkReport
from ucmsim.models.presence import reachable
from ucmsim.models.reasons import PENDING
from ucmsim.models.states import Instant

Work = Callable[[Cluster, str, Instant, int], tuple[Cluster, WorkReport]]

_WORK: dict[Kind, Work] = {
    Kind.NODE_RESTART: maintenance.restart,
    Kind.NODE_SHUTDOWN: maintenance.shut_down,
    Kind.NODE_SWITCH_VERSION: maintenance.switch_version,
}
_OBSTACLES = {
    Obstacle.NODE_IS_OFF: troubles.Kind.NODE_UNREACHABLE,
    Obstacle.NODE_IS_ON: troubles.Kind.OPERATION_IN_PROGRESS,
    Obstacle.NO_INACTIVE_VERSION: troubles.Kind.NO_INACTIVE_VERSION,
}


def maintain(transaction: Transaction, request: Request) -> Operation | Refusal:
    """Begin work on a node; an operation under way that does the same is returned in its place."""
    (place,) = request.places
    before = transaction.cluster(place.cluster)
    under_way = by_place(transaction.running(place.cluster), transaction.now).get(place)
    if under_way is not None:
        if under_way.does(request.kind, place):
            return under_way
        return Refusal(place, Trouble(troubles.Kind.OPERATION_IN_PROGRESS, None, PENDING, under_way.id))
    if not reachable(before.nodes[place.node], transaction.now):
        return Refusal(place, Trouble(troubles.Kind.NODE_UNREACHABLE, "G-CTL-16"))
    chance = transaction.chance(place.cluster)
    after, report = _WORK[request.kind](before, place.node, transaction.now, chance)
    if report.obstacle is not None:
        return Refusal(place, Trouble(_OBSTACLES[report.obstacle]))
    deadline = None if request.timeout is None else transaction.now + request.timeout
    operation = transaction.begin(request.kind, [place], request.reason, deadline)
    transaction.replace(after, operation)
    services = tuple(_services(before, after, transaction.now))
    back = report.outage.until if report.outage else None
    down = max((target.end.at or transaction.now for target in services), default=transaction.now)
    end = End(down if back is None else back, Standing.SUCCEEDED)
    targets = (Target(place, None, None, True, end), *services)
    return transaction.conclude(replace(operation, targets=targets))


def _services(before: Cluster, after: Cluster, now: Instant) -> list[Target]:
    """Return the services that go down with the node, and come up with it if they do."""
    found = []
    for change in changes(before, after):
        wanted = goal(change.after)
        place = Place(after.id, change.node, change.service)
        was = change.before.at(now).status
        found.append(Target(place, wanted, was, True, foresee(change.after, wanted, now), cascade=True))
    return found
