"""Operations, planned changes, webhooks, the simulation's own state, and sessions that processes share.

The events of the first revision told of commands, which are operations now; events tell of what services do. So they
are not carried over; the clusters are.
"""

from __future__ import annotations

import sqlalchemy as sql
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make everything beside the clusters, and events anew."""
    op.drop_index("events_by_cluster", "events")
    op.drop_table("events")
    op.create_table("events", _serial("id"), *_happening(), sqlite_autoincrement=True)
    op.create_table("planned", _serial("id"), *_happening())
    op.create_index("planned_by_time", "planned", ["at", "id"])
    op.create_index("planned_by_service", "planned", ["cluster", "node", "service"])
    op.create_index("planned_by_operation", "planned", ["operation"])
    _make_operations()
    _make_simulation()
    op.create_table(
        "sessions",
        sql.Column("digest", sql.String(32), primary_key=True),
        sql.Column("used", sql.Float, nullable=False),
        sql.Column("ended", sql.Boolean, nullable=False),
    )
    op.create_table(
        "secrets",
        sql.Column("name", sql.String(40), primary_key=True),
        sql.Column("value", sql.String(64), nullable=False),
    )


def _serial(name: str) -> sql.Column[int]:
    return sql.Column(
        name, sql.BigInteger().with_variant(sql.Integer, "sqlite"), primary_key=True, autoincrement=True
    )


def _happening() -> list[sql.Column[object]]:
    return [
        sql.Column("cluster", sql.String(63), nullable=False),
        sql.Column("node", sql.String(63), nullable=False, server_default=""),
        sql.Column("service", sql.String(100), nullable=False, server_default=""),
        sql.Column("operation", sql.String(40), nullable=False, server_default=""),
        sql.Column("at", sql.BigInteger, nullable=False),
        sql.Column("type", sql.String(50), nullable=False),
        sql.Column("face", sql.String(20), nullable=False),
        sql.Column("user", sql.String(128), nullable=False),
        sql.Column("client", sql.String(64), nullable=False),
        sql.Column("soap_operation", sql.String(64), nullable=False),
        sql.Column("data", sql.JSON, nullable=False),
    ]


def _make_operations() -> None:
    op.create_table(
        "operations",
        _serial("number"),
        sql.Column("kind", sql.String(30), nullable=False),
        sql.Column("at", sql.BigInteger, nullable=False),
        sql.Column("deadline", sql.BigInteger),
        sql.Column("ends_at", sql.BigInteger),
        sql.Column("ending", sql.String(10), nullable=False),
        sql.Column("reason", sql.String(500)),
        sql.Column("face", sql.String(20), nullable=False),
        sql.Column("user", sql.String(128), nullable=False),
        sql.Column("client", sql.String(64), nullable=False),
        sql.Column("soap_operation", sql.String(64), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "targets",
        sql.Column("operation", sql.BigInteger, primary_key=True, autoincrement=False),
        sql.Column("position", sql.Integer, primary_key=True, autoincrement=False),
        sql.Column("cluster", sql.String(63), nullable=False),
        sql.Column("node", sql.String(63), nullable=False),
        sql.Column("service", sql.String(100), nullable=False),
        sql.Column("cascade", sql.Boolean, nullable=False),
        sql.Column("wanted", sql.String(10)),
        sql.Column("found", sql.String(10)),
        sql.Column("changed", sql.Boolean, nullable=False),
        sql.Column("ends_at", sql.BigInteger),
        sql.Column("ending", sql.String(10), nullable=False),
        sql.Column("moment", sql.JSON),
        sql.Column("trouble", sql.JSON),
        sql.Column("superseded_by", sql.String(40)),
    )
    op.create_index("targets_by_service", "targets", ["cluster", "node", "service"])
    op.create_index("targets_by_end", "targets", ["ends_at"])
    op.create_table(
        "idempotency",
        sql.Column("user", sql.String(128), primary_key=True),
        sql.Column("path", sql.String(500), primary_key=True),
        sql.Column("key", sql.String(255), primary_key=True),
        sql.Column("fingerprint", sql.String(64), nullable=False),
        sql.Column("at", sql.BigInteger, nullable=False),
        sql.Column("operation", sql.BigInteger, nullable=False),
        sql.Column("answer", sql.JSON),
    )
    op.create_table(
        "subscriptions",
        _serial("number"),
        sql.Column("at", sql.BigInteger, nullable=False),
        sql.Column("url", sql.String(2000), nullable=False),
        sql.Column("secret", sql.String(256), nullable=False),
        sql.Column("wanted", sql.JSON, nullable=False),
        sql.Column("enabled", sql.Boolean, nullable=False),
        sql.Column("cursor", sql.BigInteger, nullable=False),
        sql.Column("failures", sql.Integer, nullable=False),
        sql.Column("due", sql.BigInteger, nullable=False),
        sql.Column("leased_until", sql.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )


def _make_simulation() -> None:
    op.create_table(
        "sim_values",
        sql.Column("name", sql.String(40), primary_key=True),
        sql.Column("value", sql.JSON, nullable=False),
    )
    op.create_table(
        "sim_rules",
        sql.Column("id", sql.String(63), primary_key=True),
        sql.Column("position", sql.Integer, nullable=False),
        sql.Column("definition", sql.JSON, nullable=False),
        sql.Column("matched", sql.Integer, nullable=False),
        sql.Column("applied", sql.Integer, nullable=False),
    )
    op.create_table(
        "sim_scenarios",
        sql.Column("id", sql.String(63), primary_key=True),
        sql.Column("position", sql.Integer, nullable=False),
        sql.Column("definition", sql.JSON, nullable=False),
        sql.Column("progress", sql.String(10), nullable=False),
        sql.Column("current", sql.Integer, nullable=False),
        sql.Column("since", sql.BigInteger, nullable=False),
    )
    op.create_table(
        "sim_snapshots",
        sql.Column("id", sql.String(63), primary_key=True),
        sql.Column("at", sql.BigInteger, nullable=False),
        sql.Column("state", sql.JSON, nullable=False),
    )
