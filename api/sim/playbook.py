"""The playbook: the scenarios of a server in the store, with how far they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sql

from ucmsim.api.sim import schema
from ucmsim.models.scenario import Progress, Scenario

if TYPE_CHECKING:
    from ucmsim.api.sim.documents.scenarios import ScenarioBody


class Play(NamedTuple):
    """A scenario and the document that it came from."""

    scenario: Scenario
    body: ScenarioBody


def read(connection: sql.Connection) -> Mapping[str, Play]:
    """Return all scenarios by name, in the order in which they were made."""
    table = schema.scenarios
    rows = connection.execute(sql.select(table).order_by(table.c.position)).all()
    if not rows:
        return {}
    from ucmsim.api.sim.documents.scenarios import ScenarioBody

    found = {}
    for row in rows:
        body = ScenarioBody.model_validate(row.definition)
        scenario = replace(
            body.scenario(row.id),
            progress=Progress(row.progress),
            current=row.current,
            since=row.since,
        )
        found[row.id] = Play(scenario, body)
    return found


def put(connection: sql.Connection, name: str, body: ScenarioBody) -> bool:
    """Keep a scenario, not begun; one of the same name is replaced in its place. Return whether it is new."""
    table = schema.scenarios
    place = connection.scalar(sql.select(table.c.position).where(table.c.id == name))
    new = place is None
    if new:
        place = (connection.scalar(sql.select(sql.func.max(table.c.position))) or 0) + 1
    connection.execute(sql.delete(table).where(table.c.id == name))
    row = {"id": name, "position": place, "definition": body.definition()}
    connection.execute(sql.insert(table).values(**row, **_progress(body.scenario(name))))
    return new


def remove(connection: sql.Connection, name: str) -> bool:
    """Remove a scenario; return whether there was one."""
    table = schema.scenarios
    return bool(connection.execute(sql.delete(table).where(table.c.id == name)).rowcount)


def move(connection: sql.Connection, before: Scenario, after: Scenario) -> bool:
    """Note how far a scenario is now; return False, and do nothing, if somebody else has moved it meanwhile."""
    table = schema.scenarios
    statement = sql.update(table).where(
        table.c.id == before.id,
        *(table.c[name] == value for name, value in _progress(before).items()),
    )
    return bool(connection.execute(statement.values(**_progress(after))).rowcount)


def reset(connection: sql.Connection) -> None:
    """Put all scenarios back to where they have not begun."""
    connection.execute(sql.update(schema.scenarios).values(progress=Progress.NEW.value, current=0, since=0))


def _progress(scenario: Scenario) -> dict[str, str | int]:
    return {
        "progress": scenario.progress.value,
        "current": scenario.current,
        "since": scenario.since,
    }
