"""The log: events in the order in which they happened, and what is planned to become one.

It stores and reads; each function takes the connection of its caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sql

from ucmsim.api.events.happenings import Event, Happening, Type
from ucmsim.api.origin import Origin
from ucmsim.api.rows import Json
from ucmsim.api.schema import events, planned
from ucmsim.models.states import Instant

KEPT = 10_000
"""How many events are kept (REST specification section 7)."""

_COLUMNS = [column.name for column in planned.c if column.name != "id"]


@dataclass(frozen=True)
class Filter:
    """Which events are asked for: an empty tuple lets everything pass."""

    types: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    faces: tuple[str, ...] = ()
    users: tuple[str, ...] = ()

    def passes(self, event: Happening) -> bool:
        """Whether the event is asked for."""
        pairs = (
            (self.types, event.type),
            (self.clusters, event.cluster),
            (self.nodes, event.node),
            (self.services, event.service),
            (self.operations, event.operation),
            (self.faces, event.origin.face),
            (self.users, event.origin.user),
        )
        return all(not wanted or value in wanted for wanted, value in pairs)

    def clauses(self) -> list[sql.ColumnElement[bool]]:
        """The same for the database."""
        pairs = (
            (self.types, events.c.type),
            (self.clusters, events.c.cluster),
            (self.nodes, events.c.node),
            (self.services, events.c.service),
            (self.operations, events.c.operation),
            (self.faces, events.c.face),
            (self.users, events.c.user),
        )
        return [column.in_(wanted) for wanted, column in pairs if wanted]


EVERYTHING = Filter()

OF_TIMELINES = (Type.SERVICE_STATE, Type.NODE_REACHABILITY, Type.NODE_RESTARTED)
"""The types of events that follow from the timelines of services and nodes, and are planned anew with them."""

_of_timeline = sql.or_(*(planned.c.type == each for each in OF_TIMELINES))

# Statements of every command are made once: to make one takes SQLAlchemy longer than to carry it out.
_PLAN = sql.insert(planned)
_FORGET_AHEAD = sql.delete(planned).where(
    planned.c.cluster == sql.bindparam("c"),
    planned.c.node == sql.bindparam("n"),
    planned.c.service == sql.bindparam("s"),
    _of_timeline,
    planned.c.at > sql.bindparam("now"),
)
_FORGET_END = sql.delete(planned).where(
    planned.c.operation == sql.bindparam("o"),
    planned.c.type == Type.OPERATION_FINISHED,
    planned.c.at > sql.bindparam("now"),
)
_DUE = sql.select(sql.func.min(planned.c.at))
_RIPE = planned.c.at <= sql.bindparam("now")
_PUBLISH = sql.insert(events).from_select(
    _COLUMNS,
    sql.select(*(planned.c[name] for name in _COLUMNS)).where(_RIPE).order_by(planned.c.at, planned.c.id),
)
_PUBLISHED = sql.delete(planned).where(_RIPE)
_LAST = sql.select(sql.func.max(events.c.id))
_OLDEST = sql.select(sql.func.min(events.c.id))
_RANGE = sql.select(_OLDEST.scalar_subquery(), _LAST.scalar_subquery())
_TOO_OLD = sql.delete(events).where(events.c.id <= _LAST.scalar_subquery() - sql.bindparam("kept"))


def plan(connection: sql.Connection, happenings: Iterable[Happening]) -> None:
    """Note what is going to happen; those of one moment happen in the order given."""
    rows = [_row(happening) for happening in happenings]
    if rows:
        connection.execute(_PLAN, rows)


def forget_ahead(connection: sql.Connection, places: Iterable[tuple[str, str, str]], now: Instant) -> None:
    """Drop what lies ahead of services (cluster, node, name) and nodes (no name): their future has been replaced.

    What is due stays: it has happened, only nobody has looked yet.
    """
    keys = [{"c": cluster, "n": node, "s": service, "now": now} for cluster, node, service in places]
    if keys:
        connection.execute(_FORGET_AHEAD, keys)


def forget_services_ahead(connection: sql.Connection, cluster: str, now: Instant) -> None:
    """Drop what lies ahead of all services of a cluster."""
    connection.execute(
        sql.delete(planned).where(
            planned.c.cluster == cluster, planned.c.type == Type.SERVICE_STATE, planned.c.at > now
        )
    )


def forget_end(connection: sql.Connection, operation: str, now: Instant) -> None:
    """Drop the end of an operation that lies ahead: it ends at another time."""
    connection.execute(_FORGET_END, {"o": operation, "now": now})


def due(connection: sql.Connection) -> Instant | None:
    """Return when the next planned change happens, None when nothing is planned."""
    found: Instant | None = connection.scalar(_DUE)
    return found


def publish(connection: sql.Connection, now: Instant) -> bool:
    """Turn everything planned until `now` into events, in the order of time; return whether there was anything.

    Until the caller's transaction ends no other one can do the same: ids are given out in the order of commits, so that
    a reader who has seen an id has seen all before it.
    """
    _alone(connection)
    if not connection.execute(_PUBLISH, {"now": now}).rowcount:
        return False
    connection.execute(_PUBLISHED, {"now": now})
    connection.execute(_TOO_OLD, {"kept": KEPT})
    return True


def read(
    connection: sql.Connection, after: int = 0, limit: int = 100, wanted: Filter = EVERYTHING
) -> list[Event]:
    """Return up to `limit` of the events asked for whose id is greater than `after`, oldest first."""
    query = (
        sql.select(events).where(events.c.id > after, *wanted.clauses()).order_by(events.c.id).limit(limit)
    )
    return [_event(row) for row in connection.execute(query)]


def latest(
    connection: sql.Connection, before: int | None, limit: int, wanted: Filter = EVERYTHING
) -> list[Event]:
    """Return up to `limit` of the events asked for, newest first, of those with an id below `before` (None: of all)."""
    clauses = wanted.clauses()
    if before is not None:
        clauses.append(events.c.id < before)
    query = sql.select(events).where(*clauses).order_by(events.c.id.desc()).limit(limit)
    return [_event(row) for row in connection.execute(query)]


def last(connection: sql.Connection) -> int:
    """Return the id of the last event, 0 if there is none."""
    return connection.scalar(_LAST) or 0


def extent(connection: sql.Connection) -> tuple[int, int]:
    """Return the ids of the oldest and the last event that is kept; (1, 0) when nothing has happened yet."""
    oldest, last = connection.execute(_RANGE).one()
    return oldest or 1, last or 0


def _alone(connection: sql.Connection) -> None:
    """Keep others from publishing until the end of the transaction; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE events IN EXCLUSIVE MODE")


def _row(happening: Happening) -> Json:
    origin = happening.origin
    return {
        "cluster": happening.cluster,
        "node": happening.node,
        "service": happening.service,
        "operation": happening.operation,
        "at": happening.at,
        "type": str(happening.type),
        "face": origin.face,
        "user": origin.user,
        "client": origin.client,
        "soap_operation": origin.operation,
        "data": happening.data,
    }


def _event(row: sql.Row[Any]) -> Event:
    return Event(
        row.at,
        row.type,
        Origin(row.face, row.user, row.client, row.soap_operation),
        row.data,
        row.cluster,
        row.node,
        row.service,
        row.operation,
        row.id,
    )
