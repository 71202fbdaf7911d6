"""Keeps clusters in a SQL database: one transaction a command, one row for each thing that changed.

It stores and loads; what a change means is decided in the core, and when it happens by the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sql
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection

from ucmsim.api import migrations, schema
from ucmsim.api.events import log
from ucmsim.api.events.happenings import Event, Happening
from ucmsim.api.node_rows import node_facts, with_facts
from ucmsim.api.origin import Origin
from ucmsim.api.rows import Json, instance_from, instance_row
from ucmsim.api.tide import FileTide, ServerTide, Tide
from ucmsim.api.turns import Turns
from ucmsim.models.cluster import Cluster
from ucmsim.models.installation import fitted, install
from ucmsim.models.inventory import ClusterSpec
from ucmsim.models.states import Instant

_BEGIN = "ucmsim_begin"
CONNECTIONS = 40
"""So many connections are kept once they were needed; those used last come first, for they have statements prepared."""
_LOCK = 8443
"""The number of the lock under which tables are made."""


# Statements of every command are made once: to make one takes SQLAlchemy longer than to carry it out.
_THIS = schema.clusters.c.id == sql.bindparam("cluster")
_VERSION = sql.select(schema.clusters.c.version).where(_THIS)
_CLAIM = _VERSION.with_for_update()
_CHANGED = sql.update(schema.clusters).where(_THIS)


class Kept(NamedTuple):
    """A cluster as the store has it; the version grows with every change."""

    cluster: Cluster
    version: int


class Store:
    """The database behind one or several server processes."""

    def __init__(self, url: str) -> None:
        """Open the database at a SQLAlchemy URL, whose tables are made or brought up to date. Raises TooNewError."""
        # A connection beyond those that are kept would be made for one question, and closed after it.
        self._engine = sql.create_engine(url, pool_size=CONNECTIONS, pool_use_lifo=True)
        self._closed = False
        sql.event.listen(self._engine, "checkin", self._given_back)
        self._turns: Turns | None = None
        if self._engine.dialect.name == "sqlite":
            _prepare_sqlite(self._engine)
            self._turns = Turns(str(self._engine.url.database))
        try:
            self._prepare_tables()
        except BaseException:
            self.close()
            raise

    def _prepare_tables(self) -> None:
        with self.writing() as connection:
            if self._engine.dialect.name == "postgresql":  # another machine may be doing the same
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            migrations.prepare(connection)

    @property
    def has_one_writer(self) -> bool:
        """Whether transactions that write run one after the other anyway."""
        return self._engine.dialect.name == "sqlite"

    @property
    def url(self) -> sql.URL:
        """Where the database is."""
        return self._engine.url

    def close(self) -> None:
        """Close all connections; those in use when they are given back."""
        self._closed = True
        self._engine.dispose()
        if self._turns:
            self._turns.close()

    def _given_back(self, connection: DBAPIConnection | None, _record: object) -> None:
        if self._closed and connection is not None:  # the pool that would close it is gone
            connection.close()

    @contextmanager
    def writing(self) -> Iterator[sql.Connection]:
        """Open a transaction that nobody else can write in; commits at the end, rolls back on an exception."""
        with self._turns.turn() if self._turns else nullcontext(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sql.Connection]:
        """Open a connection for questions only: all of them see the same moment."""
        with self._connected("BEGIN", "REPEATABLE READ") as connection:
            yield connection
            # After a roll-back the driver for PostgreSQL would forget every statement that it has prepared.
            connection.commit()

    @contextmanager
    def asking(self) -> Iterator[sql.Connection]:
        """Open a connection for one question, for which no transaction is begun; each further one sees a later moment."""
        with self._connected(None, "AUTOCOMMIT") as connection:
            yield connection

    def _connected(self, begin: str | None, isolation: str) -> sql.Connection:
        """Return a connection that begins as SQLite is told, or as isolated as PostgreSQL knows it."""
        options: dict[str, Any] = {_BEGIN: begin}
        if self._engine.dialect.name == "postgresql":
            options["isolation_level"] = isolation
        return self._engine.connect().execution_options(**options)

    def version(self, connection: sql.Connection, cluster: str) -> int | None:
        """Return the version of a cluster, or None if the store has never seen it."""
        found: int | None = connection.scalar(_VERSION, {"cluster": cluster})
        return found

    def claim(self, connection: sql.Connection, cluster: str) -> int:
        """Return the version of a cluster, which nobody else can change before the end of this transaction."""
        found: int = connection.execute(_CLAIM, {"cluster": cluster}).scalar_one()
        return found

    def install(self, connection: sql.Connection, clusters: Iterable[str], now: Instant) -> None:
        """Remember when clusters were first started; for those that were, nothing changes."""
        known = set(connection.scalars(sql.select(schema.clusters.c.id)))
        rows = [{"id": each, "version": 0, "installed_at": now} for each in clusters if each not in known]
        self.add(connection, schema.clusters, rows)

    def add(self, connection: sql.Connection, table: sql.Table, rows: Sequence[Json]) -> None:
        """Insert rows; one that is there, perhaps since another machine has just done the same, stays as it is."""
        if rows:
            insert = _insert(table, self._engine.dialect.name)
            connection.execute(insert.on_conflict_do_nothing(), rows)

    def tide(self) -> Tide:
        """Return what tells whether anybody has written."""
        if self._engine.dialect.name == "sqlite":
            return FileTide(str(self._engine.url.database))
        return ServerTide(self._engine)

    def load(self, connection: sql.Connection, spec: ClusterSpec) -> Kept:
        """Return a cluster: installed at its first start, with everything that has changed since.

        Rows of nodes and services that the inventory no longer has are passed over.
        """
        table = schema.clusters
        row = connection.execute(sql.select(table).where(table.c.id == spec.id)).one()
        cluster = install(spec, row.installed_at)
        nodes = dict(cluster.nodes)
        for node_id, facts in self._facts(connection, spec.id):
            if node_id in nodes:
                # Facts such as the version decide which services there are.
                nodes[node_id] = fitted(with_facts(nodes[node_id], facts), row.installed_at)
        changed: dict[str, Json] = {}
        for instance in connection.execute(
            sql.select(schema.instances).where(schema.instances.c.cluster == spec.id)
        ).mappings():
            if instance["node"] in nodes and instance["service"] in nodes[instance["node"]].instances:
                changed.setdefault(instance["node"], {})[instance["service"]] = instance_from(dict(instance))
        for node_id, rows in changed.items():
            nodes[node_id] = replace(nodes[node_id], instances={**nodes[node_id].instances, **rows})
        return Kept(replace(cluster, nodes=nodes), row.version)

    def save(self, connection: sql.Connection, before: Kept, after: Cluster) -> Kept:
        """Write what differs between two states of a cluster and return it with its new version."""
        rows = [
            {"cluster": after.id, "node": node.id, "service": name, **instance_row(instance)}
            for node in after.nodes.values()
            if node is not before.cluster.nodes[node.id]
            for name, instance in node.instances.items()
            if before.cluster.nodes[node.id].instances.get(name) != instance
        ]
        self._put(connection, schema.instances, rows)
        facts = [
            {"cluster": after.id, "node": node.id, "facts": node_facts(node)}
            for node in after.nodes.values()
            if node is not before.cluster.nodes[node.id]
            and node_facts(node) != node_facts(before.cluster.nodes[node.id])
        ]
        self._put(connection, schema.nodes, facts)
        version = before.version + 1
        connection.execute(_CHANGED, {"cluster": after.id, "version": version})
        return Kept(after, version)

    def record(
        self, connection: sql.Connection, cluster: str, at: Instant, kind: str, origin: Origin, data: Json
    ) -> None:
        """Add an event."""
        log.plan(connection, [Happening(at, kind, origin, data, cluster)])
        log.publish(connection, at)

    def events(self, connection: sql.Connection, after: int = 0, limit: int = 100) -> list[Event]:
        """Return up to `limit` events whose id is greater than `after`, oldest first."""
        return log.read(connection, after, limit)

    def _facts(self, connection: sql.Connection, cluster: str) -> list[tuple[str, Json]]:
        table = schema.nodes
        query = sql.select(table.c.node, table.c.facts).where(table.c.cluster == cluster)
        return [(row.node, row.facts) for row in connection.execute(query)]

    def _put(self, connection: sql.Connection, table: sql.Table, rows: Sequence[Json]) -> None:
        """Insert rows, or replace those that are there."""
        if not rows:
            return
        connection.execute(_replacing(table, self._engine.dialect.name), rows)


def _insert(table: sql.Table, dialect: str) -> Any:
    """Return an insertion that can say what to do about rows that are there."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # it brings the code of every driver along

    return postgresql.insert(table)


@cache
def _replacing(table: sql.Table, dialect: str) -> Any:
    """Return an insertion that replaces rows that are there."""
    statement = _insert(table, dialect)
    keys = [column.name for column in table.primary_key]
    others = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=others)


def _prepare_sqlite(engine: sql.Engine) -> None:
    """Make SQLite durable, shared between processes, and honest about transactions."""

    @sql.event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, not guessed by the driver
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA busy_timeout = 10000")

    @sql.event.listens_for(engine, "begin")
    def begin(connection: sql.Connection) -> None:
        # A transaction that reads first and writes later would fail with "database is locked" under load.
        statement = connection.get_execution_options().get(_BEGIN, "BEGIN IMMEDIATE")
        if statement is not None:
            connection.exec_driver_sql(statement)
