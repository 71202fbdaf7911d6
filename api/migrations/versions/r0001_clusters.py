"""Clusters with what has changed on their nodes, and events."""

from __future__ import annotations

import sqlalchemy as sql
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "clusters",
        sql.Column("id", sql.String(63), primary_key=True),
        sql.Column("version", sql.BigInteger, nullable=False),
        sql.Column("installed_at", sql.BigInteger, nullable=False),
    )
    op.create_table(
        "nodes",
        sql.Column("cluster", sql.String(63), primary_key=True),
        sql.Column("node", sql.String(63), primary_key=True),
        sql.Column("facts", sql.JSON, nullable=False),
    )
    op.create_table(
        "instances",
        sql.Column("cluster", sql.String(63), primary_key=True),
        sql.Column("node", sql.String(63), primary_key=True),
        sql.Column("service", sql.String(100), primary_key=True),
        sql.Column("activated", sql.Boolean, nullable=False),
        sql.Column("recorded", sql.Boolean, nullable=False),
        sql.Column("moments", sql.JSON, nullable=False),
    )
    serial = sql.BigInteger().with_variant(sql.Integer, "sqlite")
    op.create_table(
        "events",
        sql.Column("id", serial, primary_key=True, autoincrement=True),
        sql.Column("cluster", sql.String(63), nullable=False),
        sql.Column("at", sql.BigInteger, nullable=False),
        sql.Column("type", sql.String(50), nullable=False),
        sql.Column("face", sql.String(20), nullable=False),
        sql.Column("user", sql.String(128), nullable=False),
        sql.Column("client", sql.String(64), nullable=False),
        sql.Column("operation", sql.String(64), nullable=False),
        sql.Column("data", sql.JSON, nullable=False),
    )
    op.create_index("events_by_cluster", "events", ["cluster", "id"])
