"""The ledger: operations with their targets in the store.

It writes and finds; how an operation stands is said by the operation. Each function takes the connection of its
caller's transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sql

from ucmsim.api.events.happenings import Type
from ucmsim.api.operations import troubles
from ucmsim.api.operations.record import End, Kind, Operation, Place, Standing, Target
from ucmsim.api.operations.troubles import Trouble
from ucmsim.api.origin import Origin
from ucmsim.api.rows import Json, moment_from, moment_row
from ucmsim.api.schema import idempotency, operations, planned, targets
from ucmsim.models.reasons import TABLE
from ucmsim.models.states import Instant, Status

KEPT = 10_000
KEPT_FOR = 24 * 3600 * 1000
"""An operation is forgotten when it is neither among the last 10000 nor ended within 24 hours."""

_FORGETS_EVERY = 256


@dataclass(frozen=True)
class Search:
    """Which operations are asked for: an empty tuple lets everything pass."""

    standings: tuple[Standing, ...] = ()
    kinds: tuple[Kind, ...] = ()
    faces: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


# Made once, as those of the log are.
_BEGIN = sql.insert(operations).returning(operations.c.number)
_END = sql.update(operations).where(operations.c.number == sql.bindparam("operation"))
_TARGETS = sql.insert(targets)
_FORGET_TARGETS = sql.delete(targets).where(targets.c.operation == sql.bindparam("operation"))
_RUNNING = (
    sql.select(operations)
    .where(
        operations.c.number.in_(
            sql.select(targets.c.operation).where(
                targets.c.cluster == sql.bindparam("cluster"),
                sql.or_(targets.c.ends_at.is_(None), targets.c.ends_at > sql.bindparam("now")),
            )
        )
    )
    .order_by(operations.c.number)
)


def begin(
    connection: sql.Connection,
    kind: Kind,
    now: Instant,
    origin: Origin,
    reason: str | None = None,
    deadline: Instant | None = None,
) -> Operation:
    """Add an operation without targets and return it with its number."""
    row = {
        "kind": kind.name,
        "at": now,
        "deadline": deadline,
        "ends_at": now,
        "ending": Standing.SUCCEEDED.name,
        "reason": reason,
        "face": origin.face,
        "user": origin.user,
        "client": origin.client,
        "soap_operation": origin.operation,
    }
    number: int = connection.execute(_BEGIN, row).scalar_one()
    if number % _FORGETS_EVERY == 0:
        _forget(connection, number - KEPT, now - KEPT_FOR)
    return Operation(number, kind, now, origin, (), reason, deadline)


def write(connection: sql.Connection, operation: Operation, *, new: bool = False) -> None:
    """Store how an operation ends, with all its targets; a `new` one has none in the store yet."""
    end = operation.end
    known = {"operation": operation.number}
    connection.execute(_END, {**known, "ends_at": end.at, "ending": end.standing.name})
    if not new:
        connection.execute(_FORGET_TARGETS, known)
    rows = [
        {**known, "position": position, **_row(target)} for position, target in enumerate(operation.targets)
    ]
    if rows:
        connection.execute(_TARGETS, rows)


def find(connection: sql.Connection, number: int) -> Operation | None:
    """Return the operation of this number, None if there is none."""
    found = _with_targets(
        connection, connection.execute(sql.select(operations).where(operations.c.number == number)).all()
    )
    return found[0] if found else None


def search(
    connection: sql.Connection, wanted: Search, now: Instant, before: int | None = None, limit: int = 100
) -> list[Operation]:
    """Return up to `limit` of the operations asked for, newest first, of those with a number below `before`."""
    clauses: list[sql.ColumnElement[bool]] = []
    if before is not None:
        clauses.append(operations.c.number < before)
    if wanted.standings:
        clauses.append(sql.or_(*(_standing(standing, now) for standing in wanted.standings)))
    if wanted.kinds:
        clauses.append(operations.c.kind.in_([kind.name for kind in wanted.kinds]))
    if wanted.faces:
        clauses.append(operations.c.face.in_(wanted.faces))
    pairs = (
        (wanted.clusters, targets.c.cluster),
        (wanted.nodes, targets.c.node),
        (wanted.services, targets.c.service),
    )
    touching = [column.in_(values) for values, column in pairs if values]
    if touching:
        clauses.append(sql.exists().where(targets.c.operation == operations.c.number, *touching))
    query = sql.select(operations).where(*clauses).order_by(operations.c.number.desc()).limit(limit)
    return _with_targets(connection, connection.execute(query).all())


def running(connection: sql.Connection, cluster: str, now: Instant) -> list[Operation]:
    """Return the operations that have a target in a cluster which is not over yet, oldest first."""
    return _with_targets(connection, connection.execute(_RUNNING, {"cluster": cluster, "now": now}).all())


def forget_all(connection: sql.Connection) -> None:
    """Drop every operation, with its end if that is still to come, and every key: their time has not been."""
    connection.execute(sql.delete(planned).where(planned.c.type == Type.OPERATION_FINISHED))
    for table in (targets, operations, idempotency):
        connection.execute(sql.delete(table))


def _standing(standing: Standing, now: Instant) -> sql.ColumnElement[bool]:
    ended = sql.and_(operations.c.ends_at.is_not(None), operations.c.ends_at <= now)
    if standing is Standing.RUNNING:
        return sql.not_(ended)
    return sql.and_(ended, operations.c.ending == standing.name)


def _with_targets(connection: sql.Connection, rows: Sequence[sql.Row[Any]]) -> list[Operation]:
    if not rows:
        return []
    query = sql.select(targets).where(targets.c.operation.in_([row.number for row in rows]))
    found: defaultdict[int, list[Target]] = defaultdict(list)
    for row in connection.execute(query.order_by(targets.c.operation, targets.c.position)):
        found[row.operation].append(_target(row))
    return [
        Operation(
            row.number,
            Kind[row.kind],
            row.at,
            Origin(row.face, row.user, row.client, row.soap_operation),
            tuple(found[row.number]),
            row.reason,
            row.deadline,
        )
        for row in rows
    ]


def _forget(connection: sql.Connection, number: int, ended: Instant) -> None:
    """Drop what is old in both senses."""
    old = sql.select(operations.c.number).where(
        operations.c.number <= number, operations.c.ends_at.is_not(None), operations.c.ends_at < ended
    )
    connection.execute(sql.delete(targets).where(targets.c.operation.in_(old)))
    connection.execute(sql.delete(operations).where(operations.c.number.in_(old.subquery().select())))


def _row(target: Target) -> Json:
    trouble = target.end.trouble
    return {
        **target.place._asdict(),
        "cascade": target.cascade,
        "wanted": target.wanted.value if target.wanted else None,
        "found": target.found.value if target.found else None,
        "changed": target.changed,
        "ends_at": target.end.at,
        "ending": target.end.standing.name,
        "moment": moment_row(target.end.moment) if target.end.moment else None,
        "trouble": _trouble_row(trouble) if trouble else None,
        "superseded_by": target.superseded_by,
    }


def _target(row: sql.Row[Any]) -> Target:
    end = End(
        row.ends_at,
        Standing[row.ending],
        moment_from(row.moment) if row.moment else None,
        _trouble(row.trouble) if row.trouble else None,
    )
    return Target(
        Place(row.cluster, row.node, row.service),
        Status(row.wanted) if row.wanted else None,
        Status(row.found) if row.found else None,
        row.changed,
        end,
        row.cascade,
        row.superseded_by,
    )


def _trouble_row(trouble: Trouble) -> list[Any]:
    code = trouble.reason.code if trouble.reason else None
    return [trouble.kind.value, trouble.rule, code, trouble.operation]


def _trouble(row: Iterable[Any]) -> Trouble:
    kind, rule, code, operation = row
    return Trouble(troubles.Kind(kind), rule, TABLE.get(code), operation)
