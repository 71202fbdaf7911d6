"""Single values of the simulation in the store, by name: how the clock stands, the settings, the timings."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sql

from ucmsim.api.sim import schema


def read(connection: sql.Connection, name: str) -> Any:
    """Return a value as JSON, None if it was never written."""
    found = schema.values
    return connection.scalar(sql.select(found.c.value).where(found.c.name == name))


def write(connection: sql.Connection, name: str, value: Any) -> None:
    """Write a value; None removes it."""
    connection.execute(sql.delete(schema.values).where(schema.values.c.name == name))
    if value is not None:
        connection.execute(sql.insert(schema.values).values(name=name, value=value))
