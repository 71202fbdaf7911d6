"""The rulebook: the fault rules of a server, stored with their counters, so that a killed server goes on counting.

It keeps, counts and chooses; it neither knows requests nor carries out effects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sql

from ucmsim.api.sim import schema
from ucmsim.api.store import Store
from ucmsim.models.faults import Effect, Rule, Subject, consult

if TYPE_CHECKING:
    from ucmsim.api.sim.documents.faults import RuleBody


class Kept(NamedTuple):
    """A rule and the document that it came from."""

    rule: Rule
    body: RuleBody


class Rulebook:
    """All rules, in the order in which they were made. Thread-safe; whatever counts or changes goes to the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: Mapping[str, Kept] = {}
        self.refresh()

    def refresh(self) -> None:
        """Take over what other processes have changed."""
        with self._store.reading() as connection:
            self._kept = _read(connection)

    def all(self) -> tuple[Kept, ...]:
        """Return every rule as it is counted now."""
        self.refresh()
        return tuple(self._kept.values())

    def get(self, name: str) -> Kept | None:
        """Return a rule by name as it is counted now."""
        self.refresh()
        return self._kept.get(name)

    def may_act(self, wanted: Callable[[Rule], bool]) -> bool:
        """Whether some armed rule is wanted: where none is, nothing needs to be consulted.

        Answered from memory, where a rule that is spent may still look armed for a moment.
        """
        return bool(self._kept) and any(kept.rule.armed and wanted(kept.rule) for kept in self._kept.values())

    def consult(
        self, connection: sql.Connection, subject: Subject, seed: int, wanted: Callable[[Effect], bool]
    ) -> tuple[Rule, ...]:
        """Hold the rules against a subject and count; return those that act. Counted once the transaction commits."""
        before = self.rules(connection)
        after, acting = consult(before, subject, seed, wanted)
        self.count(connection, before, after)
        return acting

    def rules(self, connection: sql.Connection) -> tuple[Rule, ...]:
        """Return the rules as the store has them."""
        self._kept = _read(connection)
        return tuple(kept.rule for kept in self._kept.values())

    def count(self, connection: sql.Connection, before: Iterable[Rule], after: Iterable[Rule]) -> None:
        """Write the counters that have changed."""
        table = schema.rules
        for old, new in zip(before, after, strict=True):
            if old != new:
                counters = {"matched": new.matched, "applied": new.applied}
                connection.execute(sql.update(table).where(table.c.id == new.id).values(**counters))

    def put(self, connection: sql.Connection, name: str, body: RuleBody, counted: Rule | None = None) -> None:
        """Keep a rule; one of the same name is replaced in its place. Its counters begin anew unless `counted` has them."""
        table = schema.rules
        place = connection.scalar(sql.select(table.c.position).where(table.c.id == name))
        if place is None:
            place = (connection.scalar(sql.select(sql.func.max(table.c.position))) or 0) + 1
        connection.execute(sql.delete(table).where(table.c.id == name))
        connection.execute(
            sql.insert(table).values(
                id=name,
                position=place,
                definition=body.definition(),
                matched=counted.matched if counted else 0,
                applied=counted.applied if counted else 0,
            )
        )

    def remove(self, connection: sql.Connection, name: str | None = None) -> None:
        """Remove a rule, or all."""
        table = schema.rules
        statement = sql.delete(table)
        connection.execute(statement if name is None else statement.where(table.c.id == name))

    def dump(self, connection: sql.Connection) -> list[dict[str, Any]]:
        """Return the rows of all rules, for a snapshot."""
        rows = connection.execute(sql.select(schema.rules).order_by(schema.rules.c.position)).mappings()
        return [dict(row) for row in rows]

    def restore(self, connection: sql.Connection, rows: list[dict[str, Any]]) -> None:
        """Put the rows of a snapshot in place of all rules."""
        self.remove(connection)
        if rows:
            connection.execute(sql.insert(schema.rules), rows)


def _read(connection: sql.Connection) -> Mapping[str, Kept]:
    rows = connection.execute(sql.select(schema.rules).order_by(schema.rules.c.position)).all()
    if not rows:
        return {}
    from ucmsim.api.sim.documents.faults import RuleBody

    found = {}
    for row in rows:
        body = RuleBody.model_validate(row.definition)
        found[row.id] = Kept(body.rule(row.id, row.matched, row.applied), body)
    return found
