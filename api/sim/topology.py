"""The topology: which clusters and nodes there are, changed while the server runs, and remembered when it starts again.

What stays as it was described goes on; what is new, or described differently, is installed. Where nodes listen is the
business of whoever joins in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import Enum
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sql

from ucmsim.api import schema
from ucmsim.api.engine import Engine
from ucmsim.api.events.happenings import Happening, Type
from ucmsim.api.inventory import document, parse
from ucmsim.api.operations import ledger
from ucmsim.api.origin import Origin
from ucmsim.api.sim import values
from ucmsim.api.store import Store
from ucmsim.api.transactions import Transaction
from ucmsim.models.inventory import ClusterSpec, Inventory

NAME = "topology"


class Turn(Enum):
    """What becomes of a cluster or a node."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"


class Difference(NamedTuple):
    """One thing that differs between two topologies; without a node, a cluster as a whole."""

    turn: Turn
    cluster: str
    node: str | None = None


class Premises(Protocol):
    """Where the nodes of a server are reached."""

    def prepare(self, inventory: Inventory) -> None:
        """Take what is needed for these nodes, changing nothing yet. Raises whatever stands against it."""

    def move(self, inventory: Inventory) -> None:
        """Be reached as these nodes from now on."""


class Nowhere:
    """Premises of an engine without a server."""

    def prepare(self, _inventory: Inventory) -> None:
        """Take nothing."""

    def move(self, _inventory: Inventory) -> None:
        """Move nowhere."""


class Topology:
    """The topology of an engine, which began with `inventory`."""

    def __init__(self, engine: Engine, inventory: Inventory) -> None:
        self._engine = engine
        self._began_with = inventory
        self.premises: Premises = Nowhere()

    @property
    def document(self) -> dict[str, Any]:
        """The topology as it is, as a document; accounts are no part of it."""
        return _without_accounts(self._engine.inventory)

    def compare(self, inventory: Inventory) -> tuple[Difference, ...]:
        """Return what `change` would change."""
        return differences(self._engine.inventory, replace(inventory, users=self._engine.inventory.users))

    def change(self, inventory: Inventory, origin: Origin) -> tuple[Difference, ...]:
        """Let there be these clusters and no others, with the accounts that there are; return what that changed.

        Raises what the premises raise, and changes nothing then.
        """
        after = replace(inventory, users=self._engine.inventory.users)
        found = self.compare(after)
        if not found:
            return ()
        self.premises.prepare(after)
        with self._engine.transaction(self._engine.clusters, origin) as transaction:
            self._store(transaction, after, found)
        self._adopt(after)
        return found

    def follow(self, connection: sql.Connection) -> None:
        """Take over the topology that another process has stored."""
        stored = values.read(connection, NAME)
        if stored is not None and stored["document"] != self.document:
            after = replace(parse(stored["document"]), users=self._engine.inventory.users)
            self.premises.prepare(after)
            self._adopt(after)

    def _adopt(self, inventory: Inventory) -> None:
        self._engine.adopt(inventory)
        self.premises.move(inventory)

    def _store(self, transaction: Transaction, after: Inventory, found: Iterable[Difference]) -> None:
        connection = transaction.connection
        values.write(
            connection,
            NAME,
            {"replaces": fingerprint(self._began_with), "document": _without_accounts(after)},
        )
        ledger.forget_all(connection)
        for difference in found:
            _forget(connection, difference)
        clusters = schema.clusters
        touched = clusters.c.id.in_({difference.cluster for difference in found})
        connection.execute(sql.update(clusters).where(touched).values(version=clusters.c.version + 1))
        known = set(connection.scalars(sql.select(clusters.c.id)))
        for spec in after.clusters:
            if spec.id not in known:
                row = {"id": spec.id, "version": 0, "installed_at": transaction.now}
                connection.execute(sql.insert(clusters).values(**row))
        told = [[each.turn.value, each.cluster, each.node] for each in found]
        transaction.tell(Happening(transaction.now, Type.SIM_RESET, transaction.origin, {"topology": told}))


def described(store: Store, inventory: Inventory) -> Inventory:
    """Return the topology that a server over `store` begins with: what was put last in place of just this inventory."""
    with store.reading() as connection:
        stored = values.read(connection, NAME)
    if stored is None or stored["replaces"] != fingerprint(inventory):
        return inventory
    return replace(parse(stored["document"]), users=inventory.users)


def fingerprint(inventory: Inventory) -> str:
    """Return what tells one topology from another."""
    written = json.dumps(_without_accounts(inventory), sort_keys=True)
    return hashlib.blake2b(written.encode(), digest_size=16).hexdigest()


def differences(before: Inventory, after: Inventory) -> tuple[Difference, ...]:
    """Return what differs between two topologies, cluster by cluster."""
    old = {cluster.id: cluster for cluster in before.clusters}
    new = {cluster.id: cluster for cluster in after.clusters}
    found: list[Difference] = []
    for name in dict.fromkeys([*old, *new]):
        if name not in new:
            found.append(Difference(Turn.REMOVED, name))
        elif name not in old:
            found.append(Difference(Turn.ADDED, name))
        elif old[name] != new[name]:
            found.append(Difference(Turn.CHANGED, name))
            found += _between(old[name], new[name])
    return tuple(found)


def _between(before: ClusterSpec, after: ClusterSpec) -> Iterator[Difference]:
    old = {node.id: node for node in before.nodes}
    new = {node.id: node for node in after.nodes}
    for name in dict.fromkeys([*old, *new]):
        if name not in new:
            yield Difference(Turn.REMOVED, before.id, name)
        elif name not in old:
            yield Difference(Turn.ADDED, before.id, name)
        elif old[name] != new[name]:
            yield Difference(Turn.CHANGED, before.id, name)


def _forget(connection: sql.Connection, difference: Difference) -> None:
    """Drop what became of a node or a cluster that is no more, or that is to be installed anew."""
    if difference.node is None and difference.turn is not Turn.REMOVED:
        return
    for table in (schema.nodes, schema.instances, schema.planned):
        statement = sql.delete(table).where(table.c.cluster == difference.cluster)
        if difference.node is not None:
            statement = statement.where(table.c.node == difference.node)
        connection.execute(statement)
    if difference.node is None:
        clusters = schema.clusters
        connection.execute(sql.delete(clusters).where(clusters.c.id == difference.cluster))


def _without_accounts(inventory: Inventory) -> dict[str, Any]:
    return document(replace(inventory, users=()))
