"""The engine behind every face: one method a use case, one transaction a command.

It reads the clock, keeps the clusters and stores what the core decides. It knows no protocol and no wording.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar
from zlib import crc32
from zoneinfo import ZoneInfo

import sqlalchemy as sql

from ucmsim.api.clock import Clock
from ucmsim.api.origin import Origin
from ucmsim.api.rows import Json
from ucmsim.api.store import Event, Kept, Store
from ucmsim.models import products
from ucmsim.models.catalogue import Service, nearest
from ucmsim.models.cluster import Cluster, Node, changes
from ucmsim.models.commands import Command, Control, Deploy
from ucmsim.models.control import carry_out
from ucmsim.models.inventory import ClusterSpec, Inventory
from ucmsim.models.products import Installed
from ucmsim.models.reasons import SUCCESS
from ucmsim.models.report import Answer, Report, answer, rows, settled
from ucmsim.models.states import Instant, NodeRef, Product

T = TypeVar("T")

Change = Callable[[Cluster, Instant, int], tuple[Cluster, T, Json]]
"""From a cluster, the time and a chance: the cluster after it, what the caller is told, and the event's data."""

BLOCKS_FOR = 10.0
"""How many real seconds a control call waits at most for its services to arrive (`U-21`)."""

_LOOK_AGAIN = 0.5
"""After how many real seconds a waiting call looks whether another process has changed the cluster."""


class UnknownNodeError(LookupError):
    """The cluster or the node of a request does not exist; the message names the nearest one that does."""


class ProductInformation(NamedTuple):
    """What a node says of its products: `primary` is the publisher as its server table names it (`U-37`)."""

    version: str
    primary: str
    secondary: str
    products: tuple[Installed, ...]
    services: tuple[Service, ...]


class _Held:
    """A cluster in memory, and the lock that lets one command of this process at a time change it."""

    def __init__(self, spec: ClusterSpec) -> None:
        self.spec = spec
        self.lock = threading.Lock()
        self.kept: Kept | None = None


class Engine:
    """All clusters of one server.

    `shared` says that other processes change the same store: then every question first asks for the version.
    """

    def __init__(
        self,
        store: Store,
        inventory: Inventory,
        clock: Clock,
        *,
        shared: bool = False,
        blocks_for: float = BLOCKS_FOR,
    ) -> None:
        self.clock = clock
        self.inventory = inventory
        self._store = store
        self._shared = shared
        self._blocks_for = blocks_for
        self._held = {spec.id: _Held(spec) for spec in inventory.clusters}
        self._changed = threading.Condition()
        with store.writing() as connection:
            for cluster in self._held:
                store.install(connection, cluster, clock.now())

    def close(self) -> None:
        """Let waiting calls answer and close the store."""
        self._blocks_for = 0.0
        self.wake()
        self._store.close()

    # questions

    @property
    def clusters(self) -> Mapping[str, ClusterSpec]:
        """The clusters as the inventory describes them, by id."""
        return {spec.id: spec for spec in self.inventory.clusters}

    def cluster(self, cluster_id: str) -> Cluster:
        """Return a cluster as it is; raises UnknownNodeError."""
        return self._read(self._find(cluster_id)).cluster

    def node(self, ref: NodeRef) -> Node:
        """Return a node as it is; raises UnknownNodeError."""
        return _node(self.cluster(ref.cluster), ref)

    def status(self, ref: NodeRef, names: tuple[str, ...] = ()) -> Answer:
        """Return the state of services of a node, in the order asked; without names of all (`U-5`, `U-6`)."""
        return Answer(SUCCESS, rows(self.node(ref), names, self.clock.now()))

    def static_list(self, ref: NodeRef) -> tuple[Service, ...]:
        """Return what a node offers, in the order of its static list (specification section 4.6)."""
        return tuple(self.node(ref).services.values())

    def product_information(self, ref: NodeRef) -> ProductInformation:
        """Return the products and services of a node (specification section 4.5)."""
        cluster = self.cluster(ref.cluster)
        node = _node(cluster, ref)
        product, version = node.spec.product, node.spec.version
        # A node of IM and Presence is a subscriber of the UCM publisher's server table.
        first = cluster.publisher(Product.UCM if product is Product.IMP else product)
        publisher = (first or node).spec
        return ProductInformation(
            version,
            publisher.fqdn or publisher.id,
            "",
            products.installed(product, version),
            self.static_list(ref),
        )

    def timezone(self, ref: NodeRef) -> ZoneInfo:
        """Return the time zone in which a node tells its times."""
        return ZoneInfo(self.node(ref).spec.timezone)

    def events(self, after: int = 0, limit: int = 100) -> list[Event]:
        """Return events in the order they were recorded, from the one after `after`."""
        with self._store.reading() as connection:
            return self._store.events(connection, after, limit)

    # commands

    def control(self, command: Control, origin: Origin) -> Answer:
        """Start, stop or restart services and answer when they have arrived, or after ten seconds (`U-21`)."""
        return self.await_answer(self.execute(command, origin))

    def deploy(self, command: Deploy, origin: Origin) -> Answer:
        """Activate or deactivate services and answer when they have arrived, or after ten seconds (`U-21`)."""
        return self.await_answer(self.execute(command, origin))

    def execute(self, command: Command, origin: Origin) -> Report:
        """Carry out a command in one transaction and return at once what was decided; raises UnknownNodeError."""

        def change(cluster: Cluster, now: Instant, chance: int) -> tuple[Cluster, Report, Json]:
            _node(cluster, command.node)
            after, report = carry_out(cluster, command, now, chance)
            touched = [changed.service for changed in changes(cluster, after)]
            return after, report, _described(report, touched)

        return self._change(command.node.cluster, f"service.{command.action.value}", origin, change)

    def await_answer(self, report: Report) -> Answer:
        """Wait until every service that a command moved has arrived, for a bounded real time, and answer.

        While the clock stands still nothing can arrive by itself, so the answer comes at once.
        """
        end = time.monotonic() + self._blocks_for
        while True:
            with self._changed:
                cluster = self.cluster(report.node.cluster)
                now = self.clock.now()
                arrival = settled(cluster, report, now)
                left = end - time.monotonic()
                pause = left if arrival is None else self.clock.real_seconds_until(arrival)
                if arrival == now or left <= 0 or pause is None or self.clock.setting.rate == 0:
                    return answer(cluster, report, now)
                self._changed.wait(min(left, pause, _LOOK_AGAIN if self._shared else left))

    def wake(self) -> None:
        """Let waiting calls look again: something has changed."""
        with self._changed:
            self._changed.notify_all()

    # the store

    def _find(self, cluster_id: str) -> _Held:
        if cluster_id not in self._held:
            raise UnknownNodeError(_unknown("cluster", cluster_id, self._held))
        return self._held[cluster_id]

    def _read(self, held: _Held) -> Kept:
        """Return the cluster in memory, or read it when there is none or another process has changed it."""
        kept = held.kept
        if kept is not None and not self._shared:
            return kept
        with self._store.reading() as connection:
            if kept is None or self._store.version(connection, held.spec.id) != kept.version:
                kept = self._store.load(connection, held.spec)
        with held.lock:
            if held.kept is None or held.kept.version < kept.version:
                held.kept = kept
        return kept

    def _change(self, cluster_id: str, kind: str, origin: Origin, change: Change[T]) -> T:
        """Replace a cluster by what `change` makes of it, with its event, in one transaction."""
        held = self._find(cluster_id)
        with held.lock:
            with self._store.writing() as connection:
                kept = self._current(connection, held)
                now = self.clock.now()
                chance = crc32(f"{held.spec.durations.seed}/{cluster_id}/{kept.version}".encode())
                after, told, described = change(kept.cluster, now, chance)
                saved = self._store.save(connection, kept, after)
                self._store.record(connection, cluster_id, now, kind, origin, described)
            held.kept = saved  # only what is committed may be seen
        self.wake()
        return told

    def _current(self, connection: sql.Connection, held: _Held) -> Kept:
        version = self._store.version(connection, held.spec.id)
        if held.kept is not None and held.kept.version == version:
            return held.kept
        return self._store.load(connection, held.spec)


def _node(cluster: Cluster, ref: NodeRef) -> Node:
    if ref.node not in cluster.nodes:
        raise UnknownNodeError(_unknown("node", ref.node, cluster.nodes))
    return cluster.nodes[ref.node]


def _unknown(what: str, name: str, known: Mapping[str, object]) -> str:
    close = nearest(name, known)
    return f"no {what} named {name!r}" + (f"; closest: {close!r}" if close else "")


def _described(report: Report, touched: list[str]) -> Json:
    return {
        "node": report.node.node,
        "action": report.action.value,
        "services": [
            {
                "name": outcome.name,
                "refused": outcome.verdict.refused,
                "reason": outcome.verdict.cause.code,
                "rule": outcome.verdict.rule,
            }
            for outcome in report.outcomes
        ],
        "touched": touched,
    }
