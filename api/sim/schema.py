"""The simulation's own tables, beside those of the clusters: settings, fault rules, scenarios, snapshots."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Integer, String, Table

from ucmsim.api.schema import metadata

values = Table(
    "sim_values",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", JSON, nullable=False),
)
"""Single things by name: the clock's setting, the settings."""

rules = Table(
    "sim_rules",
    metadata,
    Column("id", String(63), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("definition", JSON, nullable=False),
    Column("matched", Integer, nullable=False),
    Column("applied", Integer, nullable=False),
)

scenarios = Table(
    "sim_scenarios",
    metadata,
    Column("id", String(63), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("definition", JSON, nullable=False),
    Column("progress", String(10), nullable=False),
    Column("current", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
)

snapshots = Table(
    "sim_snapshots",
    metadata,
    Column("id", String(63), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("state", JSON, nullable=False),
)
