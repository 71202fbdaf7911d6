"""The tables of the store.

A cluster's state is what its inventory gives plus the rows here: one for every service instance and every
node that has changed since installation. What happened is in `events`, what is going to in `planned`, and what was
asked for in `operations` with a row for each of its targets. Times are simulated milliseconds since the epoch.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Index, Integer, MetaData, String, Table

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


def _happening() -> list[Column[Any]]:
    """The columns of something that happens: in which cluster and to what, when, and who caused it over which face."""
    return [
        Column("cluster", String(63), nullable=False),
        Column("node", String(63), nullable=False, server_default=""),
        Column("service", String(100), nullable=False, server_default=""),
        Column("operation", String(40), nullable=False, server_default=""),
        Column("at", BigInteger, nullable=False),
        Column("type", String(50), nullable=False),
        Column("face", String(20), nullable=False),
        Column("user", String(128), nullable=False),
        Column("client", String(64), nullable=False),
        Column("soap_operation", String(64), nullable=False),
        Column("data", JSON, nullable=False),
    ]


# Numbers are never used twice, also when the last rows were deleted: clients remember them.
events = Table(
    "events",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    *_happening(),
    sqlite_autoincrement=True,
)

planned = Table(
    "planned",
    metadata,
    Column("id", _Serial, primary_key=True, autoincrement=True),
    *_happening(),
    Index("planned_by_time", "at", "id"),
    Index("planned_by_service", "cluster", "node", "service"),
    Index("planned_by_operation", "operation"),
)

operations = Table(
    "operations",
    metadata,
    Column("number", _Serial, primary_key=True, autoincrement=True),
    Column("kind", String(30), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("deadline", BigInteger),
    Column("ends_at", BigInteger),
    Column("ending", String(10), nullable=False),
    Column("reason", String(500)),
    Column("face", String(20), nullable=False),
    Column("user", String(128), nullable=False),
    Column("client", String(64), nullable=False),
    Column("soap_operation", String(64), nullable=False),
    sqlite_autoincrement=True,
)

targets = Table(
    "targets",
    metadata,
    Column("operation", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("cluster", String(63), nullable=False),
    Column("node", String(63), nullable=False),
    Column("service", String(100), nullable=False),
    Column("cascade", Boolean, nullable=False),
    Column("wanted", String(10)),
    Column("found", String(10)),
    Column("changed", Boolean, nullable=False),
    Column("ends_at", BigInteger),
    Column("ending", String(10), nullable=False),
    Column("moment", JSON),
    Column("trouble", JSON),
    Column("superseded_by", String(40)),
    Index("targets_by_service", "cluster", "node", "service"),
    Index("targets_by_end", "ends_at"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("user", String(128), primary_key=True),
    Column("path", String(500), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("operation", BigInteger, nullable=False),
    Column("answer", JSON),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("number", _Serial, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("url", String(2000), nullable=False),
    Column("secret", String(256), nullable=False),
    Column("wanted", JSON, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("cursor", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    # Real milliseconds, as retries and leases are about the world outside.
    Column("due", BigInteger, nullable=False),
    Column("leased_until", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

# What server processes share beside the clusters: how sessions are used, and what their identifiers are signed with.
sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(32), primary_key=True),
    Column("used", Float, nullable=False),
    Column("ended", Boolean, nullable=False),
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(64), nullable=False),
)
