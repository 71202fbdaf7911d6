"""Interventions: what a simulation may do to the engine's work – other durations, and fault rules that act on commands.

An engine without a simulation has `Untouched`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import sqlalchemy as sql

from ucmsim.api.events.happenings import Happening
from ucmsim.api.origin import Origin
from ucmsim.models.interference import Interference
from ucmsim.models.inventory import ClusterSpec, Durations
from ucmsim.models.states import Instant, NodeRef


class Interventions(Protocol):
    """Asked inside the engine's transactions."""

    def refreshed(self) -> None:
        """Take over what other processes may have changed; outside of transactions."""

    def durations(self, connection: sql.Connection, spec: ClusterSpec) -> Durations:
        """Return how long transitions of a cluster take from now on."""

    def interference(self, connection: sql.Connection, origin: Origin, ref: NodeRef) -> Interference:
        """Return the fault rules that a command to a node meets."""

    def interfered(
        self,
        connection: sql.Connection,
        interference: Interference,
        origin: Origin,
        ref: NodeRef,
        now: Instant,
    ) -> Iterable[Happening]:
        """Keep what was counted, and return what happened by it."""

    def began(self, origin: Origin, operation: str) -> None:
        """Take note that a request began an operation."""


class Untouched:
    """No simulation: the inventory's durations, and no rules."""

    def refreshed(self) -> None:
        """Take over nothing."""

    def durations(self, _connection: sql.Connection, spec: ClusterSpec) -> Durations:
        """Return the inventory's durations."""
        return spec.durations

    def interference(self, _connection: sql.Connection, _origin: Origin, _ref: NodeRef) -> Interference:
        """Return no rules."""
        return Interference()

    def interfered(
        self,
        _connection: sql.Connection,
        _interference: Interference,
        _origin: Origin,
        _ref: NodeRef,
        _now: Instant,
    ) -> Iterable[Happening]:
        """Keep nothing."""
        return ()

    def began(self, _origin: Origin, _operation: str) -> None:
        """Take no note."""
