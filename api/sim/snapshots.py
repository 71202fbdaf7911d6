"""Snapshots: everything that the store holds of the clusters and the simulation, kept under a name and brought back.

Rows go out and in as they are; events, operations and the journal are no state and stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sql

from ucmsim.api import schema as clusters
from ucmsim.api.engine import Engine
from ucmsim.api.operations import ledger
from ucmsim.api.sim import schema, values
from ucmsim.api.sim.topology import NAME as TOPOLOGY
from ucmsim.api.transactions import Transaction
from ucmsim.models.states import Instant

_OF_CLUSTERS = (clusters.nodes, clusters.instances)
_OF_SIMULATION = (schema.values, schema.rules, schema.scenarios)


class Snapshot(NamedTuple):
    """A name and the simulated time that is kept under it."""

    id: str
    at: Instant


def index(connection: sql.Connection) -> list[Snapshot]:
    """Return all snapshots by name."""
    table = schema.snapshots
    query = sql.select(table.c.id, table.c.at).order_by(table.c.id)
    return [Snapshot(row.id, row.at) for row in connection.execute(query)]


def find(connection: sql.Connection, name: str) -> Snapshot | None:
    """Return a snapshot by name."""
    return next((each for each in index(connection) if each.id == name), None)


def save(transaction: Transaction, name: str, cluster_ids: Iterable[str]) -> Snapshot:
    """Keep how everything stands, in place of what was kept under this name before."""
    connection = transaction.connection
    state = {
        "clusters": {cluster: _cluster(connection, cluster) for cluster in cluster_ids},
        "simulation": {table.name: _rows(connection, table) for table in _OF_SIMULATION},
    }
    remove(connection, name)
    connection.execute(sql.insert(schema.snapshots).values(id=name, at=transaction.now, state=state))
    return Snapshot(name, transaction.now)


def remove(connection: sql.Connection, name: str) -> bool:
    """Forget a snapshot; return whether there was one."""
    statement = sql.delete(schema.snapshots).where(schema.snapshots.c.id == name)
    return bool(connection.execute(statement).rowcount)


def restore(transaction: Transaction, engine: Engine, name: str) -> None:
    """Put what was kept in place of what is; clusters that came later stay. KeyError if there is no such snapshot.

    The transaction is at the snapshot's time. Operations belong to a time that has not been, and are forgotten.
    """
    connection = transaction.connection
    state = connection.scalar(sql.select(schema.snapshots.c.state).where(schema.snapshots.c.id == name))
    if state is None:
        raise KeyError(name)
    ledger.forget_all(connection)
    topology = values.read(connection, TOPOLOGY)
    for table in _OF_SIMULATION:
        connection.execute(sql.delete(table))
        _insert(connection, table, state["simulation"].get(table.name, []))
    values.write(connection, TOPOLOGY, topology)  # a snapshot brings back states, not nodes
    for cluster, kept in state["clusters"].items():
        if cluster in engine.clusters:
            reinstall(transaction, engine, cluster, kept["installed_at"], kept)


def reinstall(
    transaction: Transaction, engine: Engine, cluster: str, installed_at: Instant, rows: Any = None
) -> None:
    """Put a cluster in place that was installed at a time, and of which these rows are kept since."""
    connection = transaction.connection
    for table in _OF_CLUSTERS:
        connection.execute(sql.delete(table).where(table.c.cluster == cluster))
        _insert(connection, table, rows[table.name] if rows else [])
    table = clusters.clusters
    connection.execute(
        sql.update(table)
        .where(table.c.id == cluster)
        .values(installed_at=installed_at, version=table.c.version + 1)
    )
    transaction.adopt(engine.load(connection, cluster))


def _cluster(connection: sql.Connection, cluster: str) -> Any:
    table = clusters.clusters
    kept: dict[str, Any] = {
        "installed_at": connection.scalar(sql.select(table.c.installed_at).where(table.c.id == cluster))
    }
    for each in _OF_CLUSTERS:
        kept[each.name] = _rows(connection, each, each.c.cluster == cluster)
    return kept


def _rows(connection: sql.Connection, table: sql.Table, *where: sql.ColumnElement[bool]) -> list[Any]:
    return [dict(row) for row in connection.execute(sql.select(table).where(*where)).mappings()]


def _insert(connection: sql.Connection, table: sql.Table, rows: list[Any]) -> None:
    if rows:
        connection.execute(sql.insert(table), rows)
