"""The tables of the store.

A cluster's state is what its inventory gives plus the rows here: one for every service instance and every
node that has changed since installation. Times are simulated milliseconds since the epoch.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table

metadata = MetaData()

# SQLite numbers rows by itself only in a column that it knows as INTEGER.
_Serial = BigInteger().with_variant(Integer, "sqlite")

clusters = Table(
    "clusters",
    metadata,
    Column("id", String(63), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("installed_at", BigInteger, nullable=False),
)

nodes = Table(
    "nodes",
    metadata,
    Column("cluster", String(63), primary_key=True),
    Column("node", String(63), primary_key=True),
    Column("facts", JSON, nullable=False),
)

instances = Table(
    "instances",
    metadata,
    Column("cluster", String(63), primary_key=True),
    Column("node", String(63), primary_key=True),
    Column("service", String(100), primary_key=True),
    Column("activated", Boolean, nullable=False),
    Column("recorded", Boolean, nullable=False),
    Column("moments", JSON, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    Column("cluster", String(63), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("type", String(50), nullable=False),
    Column("face", String(20), nullable=False),
    Column("user", String(128), nullable=False),
    Column("client", String(64), nullable=False),
    Column("operation", String(64), nullable=False),
    Column("data", JSON, nullable=False),
    Index("events_by_cluster", "cluster", "id"),
)
