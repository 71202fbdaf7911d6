"""The agenda of one transaction: what it plans to happen and what it no longer expects, brought to the log in few statements.

It decides neither; a happening that is planned and then given up in the same transaction is never written.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sql

from ucmsim.api.events import log
from ucmsim.api.events.happenings import Happening, Type
from ucmsim.models.states import Instant


class Agenda:
    """What a transaction at `now` plans. Nothing of it is stored before `write`; what is given up is dropped at once."""

    def __init__(self, connection: sql.Connection, now: Instant) -> None:
        self._connection = connection
        self._now = now
        self._planned: list[Happening] = []

    def plan(self, happenings: Iterable[Happening]) -> None:
        """Note what is going to happen; those of one moment happen in the order given."""
        self._planned.extend(happenings)

    def forget_ahead(self, places: Iterable[tuple[str, str, str]]) -> None:
        """Drop what lies ahead of services (cluster, node, name) and nodes (no name): their future has been replaced."""
        gone = set(places)
        log.forget_ahead(self._connection, gone, self._now)
        self._planned = [
            each
            for each in self._planned
            if not (
                (each.cluster, each.node, each.service) in gone
                and each.type in log.OF_TIMELINES
                and each.at > self._now
            )
        ]

    def forget_services(self, cluster: str) -> None:
        """Drop what lies ahead of all services of a cluster."""
        log.forget_services_ahead(self._connection, cluster, self._now)
        self._planned = [
            each
            for each in self._planned
            if not (each.cluster == cluster and each.type == Type.SERVICE_STATE and each.at > self._now)
        ]

    def forget_end(self, operation: str) -> None:
        """Drop the end of an operation that lies ahead: it ends at another time."""
        log.forget_end(self._connection, operation, self._now)
        self._planned = [
            each
            for each in self._planned
            if not (
                each.operation == operation and each.type == Type.OPERATION_FINISHED and each.at > self._now
            )
        ]

    def write(self) -> None:
        """Bring everything that was planned to the log."""
        log.plan(self._connection, self._planned)
        self._planned = []
