"""The engine behind every face: one method a use case, one transaction a command.

It reads the clock, keeps the clusters in memory and hands what the core decides to the store. It knows no protocol and
no wording.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

import sqlalchemy as sql

from ucmsim.api.clock import Clock
from ucmsim.api.events import log
from ucmsim.api.events.happenings import Event
from ucmsim.api.events.log import EVERYTHING, Filter
from ucmsim.api.interventions import Interventions, Untouched
from ucmsim.api.memory import Memory
from ucmsim.api.operations import undertaking
from ucmsim.api.origin import Origin
from ucmsim.api.revisions import Revisions
from ucmsim.api.store import Kept, Store
from ucmsim.api.transactions import Transaction
from ucmsim.api.views import CLUSTERS, ClusterView, NodeView, Views
from ucmsim.models.catalogue import Service, nearest
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.commands import Command, Control, Deploy
from ucmsim.models.inventory import ClusterSpec, Inventory
from ucmsim.models.product_information import ProductInformation, product_information
from ucmsim.models.report import Answer, Report, answer, settled
from ucmsim.models.states import Instant, NodeRef

T = TypeVar("T")

Change = Callable[[Cluster, Instant, int], tuple[Cluster, T]]
"""From a cluster, the time and a chance: the cluster after it, and what the caller is told."""

BLOCKS_FOR = 10.0
"""How many real seconds a control call waits at most for its services to arrive (`U-21`)."""

_LOOK_AGAIN = 0.5
"""After how many real seconds a waiting call looks whether another process has changed the cluster."""


class UnknownNodeError(LookupError):
    """The cluster or the node of a request does not exist; the message names the nearest one that does."""


class Engine:
    """All clusters of one server.

    `shared` says that other processes change the same store: then whoever asks or waits calls `refresh` first.
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
        self.interventions: Interventions = Untouched()
        self.committed: Callable[[], None] = lambda: None  # called after every commit; must not wait
        self._store = store
        self._blocks_for = blocks_for
        tide = store.tide() if shared else None
        self._memory = Memory(store, inventory.clusters, self.load, self._follow, tide)
        self._changed = threading.Condition()
        self._changes = 0
        self._revisions = Revisions()
        self._closed = False
        self._nodes = Views(NodeView)
        self._clusters = Views(ClusterView, CLUSTERS)
        with store.writing() as connection:
            store.install(connection, self.clusters, clock.now())

    @property
    def shared(self) -> bool:
        """Whether other processes change the same store."""
        return self._memory.shared

    def end(self) -> None:
        """Let waiting calls answer and followers finish; the store stays open for what they still ask of it."""
        self._closed = True
        self.wake()
        self._memory.close()

    def close(self) -> None:
        """The same, and close the store: a connection that a thread still holds then would never be closed."""
        self.end()
        self._store.close()

    def refresh(self) -> None:
        """From now on know what other processes had committed before this call. May block for the database."""
        self._memory.refresh()

    @property
    def prompt(self) -> bool:
        """Whether `stale` takes no time to speak of."""
        return self._memory.prompt

    @property
    def stale(self) -> bool:
        """Whether `refresh` would find anything new."""
        return self._memory.stale

    def read_lately(self, cluster_id: str) -> bool:
        """Whether a cluster, if it exists, was read since `refresh` last found anything new."""
        return self._memory.read_lately(cluster_id)

    @property
    def revision(self) -> tuple[int, int] | None:
        """What differs between any two states of clusters and operations that are known here; None while one changes."""
        era, current = self._memory.era, self._revisions.current
        return None if current is None else (era, current)

    def adopt(self, inventory: Inventory) -> None:
        """Take over another description of the clusters, whose rows are in the store already."""
        with self._revisions.changing():
            self._memory.adopt(inventory.clusters)
            self.inventory = inventory
            self.__dict__["clusters"] = {spec.id: spec for spec in inventory.clusters}
        self.wake()

    def _follow(self) -> None:
        self.interventions.refreshed()

    # questions

    @cached_property
    def clusters(self) -> Mapping[str, ClusterSpec]:
        """The clusters as the inventory describes them, by id."""
        return {spec.id: spec for spec in self.inventory.clusters}

    def cluster(self, cluster_id: str) -> Cluster:
        """Return a cluster as it is; raises UnknownNodeError."""
        return self._memory.read(self._known(cluster_id)).cluster

    def node(self, ref: NodeRef) -> Node:
        """Return a node as it is; raises UnknownNodeError."""
        return _node(self.cluster(ref.cluster), ref)

    def view(self, ref: NodeRef) -> NodeView:
        """Return how a node looks: the same view as long as nobody could tell a difference; raises UnknownNodeError."""
        node = self.node(ref)
        return self._nodes.of(ref, node, self.clock.now())

    def glance(self, ref: NodeRef) -> NodeView:
        """Return the same as far as it is known without asking the store, for whoever has seen to it that it is."""
        node = _node(self._memory.known(self._known(ref.cluster)), ref)
        return self._nodes.of(ref, node, self.clock.now())

    def cluster_view(self, cluster_id: str) -> ClusterView:
        """Return how a cluster looks, like `view`; raises UnknownNodeError."""
        cluster = self.cluster(cluster_id)
        return self._clusters.of(cluster_id, cluster, self.clock.now())

    def status(self, ref: NodeRef, names: tuple[str, ...] = ()) -> Answer:
        """Return the state of services of a node, in the order asked; without names of all (`U-5`, `U-6`)."""
        return self.view(ref).status(names)

    def static_list(self, ref: NodeRef) -> tuple[Service, ...]:
        """Return what a node offers, in the order of its static list (specification section 4.6)."""
        return tuple(self.node(ref).services.values())

    def product_information(self, ref: NodeRef) -> ProductInformation:
        """Return the products and services of a node (specification section 4.5)."""
        cluster = self.cluster(ref.cluster)
        return product_information(cluster, _node(cluster, ref))

    def timezone(self, ref: NodeRef) -> ZoneInfo:
        """Return the time zone in which a node tells its times: as its inventory says, whatever happens to it."""
        spec = self.clusters[self._known(ref.cluster)]
        zone = next((node.timezone for node in spec.nodes if node.id == ref.node), None)
        return ZoneInfo(self.node(ref).spec.timezone if zone is None else zone)

    def events(self, after: int = 0, limit: int = 100, wanted: Filter = EVERYTHING) -> list[Event]:
        """Return events in the order in which they happened, from the one after `after`."""
        self.publish()
        with self._store.asking() as connection:
            return log.read(connection, after, limit, wanted)

    def event_range(self) -> tuple[int, int]:
        """Return the ids of the oldest and the last event that is kept; (1, 0) when nothing has happened yet."""
        self.publish()
        with self._store.asking() as connection:
            return log.extent(connection)

    def next_change(self) -> Instant | None:
        """Return when the next change that is planned happens, None when nothing is."""
        with self._store.asking() as connection:
            return log.due(connection)

    def publish(self) -> None:
        """Turn what was planned until now into events; what other processes did meanwhile is known then, too."""
        self.refresh()
        now = self.clock.now()
        due = self.next_change()
        if due is not None and due <= now:
            with self._store.writing() as connection:
                log.publish(connection, self.clock.now())

    # commands

    def control(self, command: Control, origin: Origin) -> Answer:
        """Start, stop or restart services and answer when they have arrived, or after ten seconds (`U-21`)."""
        return self.await_answer(self.execute(command, origin))

    def deploy(self, command: Deploy, origin: Origin) -> Answer:
        """Activate or deactivate services and answer when they have arrived, or after ten seconds (`U-21`)."""
        return self.await_answer(self.execute(command, origin))

    def execute(self, command: Command, origin: Origin) -> Report:
        """Carry out a command in one transaction and return at once what was decided; raises UnknownNodeError."""

        with self.transaction([command.node.cluster], origin) as transaction:
            _node(transaction.cluster(command.node.cluster), command.node)
            return undertaking.carry(transaction, command)

    def change(self, cluster_id: str, origin: Origin, change: Change[T]) -> T:
        """Replace a cluster by what `change` makes of it, in one transaction; raises UnknownNodeError."""
        with self.transaction([cluster_id], origin) as transaction:
            before = transaction.cluster(cluster_id)
            after, told = change(before, transaction.now, transaction.chance(cluster_id))
            transaction.replace(after)
            return told

    @contextmanager
    def transaction(self, clusters: Iterable[str], origin: Origin) -> Iterator[Transaction]:
        """Open a transaction over clusters, on behalf of `origin`; an exception leaves everything as it was.

        Raises UnknownNodeError.
        """
        touched = [self._known(cluster_id) for cluster_id in sorted(set(clusters))]
        with self._memory.locked(touched), self._revisions.changing():
            with self._store.writing() as connection:
                kept = {cluster_id: self._memory.current(connection, cluster_id) for cluster_id in touched}
                transaction = Transaction(
                    self._store, connection, kept, self.clock.now(), origin, self.interventions
                )
                yield transaction
                saved = transaction.finish()
            for cluster_id in touched:
                self._memory.keep(saved[cluster_id])
        self.wake()
        self.committed()

    def reading(self) -> AbstractContextManager[sql.Connection]:
        """Open a connection for questions that the engine does not answer itself; all of them see the same moment."""
        return self._store.reading()

    def asking(self) -> AbstractContextManager[sql.Connection]:
        """Open a connection for one question that the engine does not answer itself."""
        return self._store.asking()

    def await_answer(self, report: Report) -> Answer:
        """Wait until every service that a command moved has arrived, for a bounded real time, and answer.

        While the clock stands still nothing can arrive by itself, so the answer comes at once.
        """

        cluster_id = report.node.cluster

        def stands(cluster: Cluster) -> tuple[Answer | None, Instant | None]:
            now = self.clock.now()
            arrival = settled(cluster, report, now)
            there = arrival == now or self.clock.setting.rate == 0
            return (answer(cluster, report, now) if there else None), arrival

        # Nobody needs to ask the store first for what this command itself has just brought there.
        arrived, _ = stands(self._memory.known(cluster_id))
        if arrived is None:
            arrived = self.wait(lambda: stands(self.cluster(cluster_id)), self._blocks_for)
        return arrived or answer(self.cluster(cluster_id), report, self.clock.now())

    def wait(self, look: Callable[[], tuple[T | None, Instant | None]], seconds: float) -> T | None:
        """Wait until `look` finds something, at first in what is known, for at most so many real seconds; None if it never did.

        `look` also says when it is worth looking again, None if nobody knows; any change is looked at anyway.
        """
        end = time.monotonic() + seconds
        while True:
            with self._changed:
                if self._closed:
                    return None
                found, again = look()
                left = end - time.monotonic()
                if found is not None or left <= 0:
                    return found
                pause = None if again is None else self.clock.real_seconds_until(again)
                self._changed.wait(
                    min(left, _LOOK_AGAIN if self._memory.shared else left, left if pause is None else pause)
                )
            self.refresh()

    def wake(self) -> None:
        """Let waiting calls look again: something has changed."""
        with self._changed:
            self._changes += 1
            self._changed.notify_all()

    def rest(self, seen: int, latest: Instant | None = None) -> int | None:
        """Wait until there were more changes than `seen`, or until the next planned one; return how many there were.

        `latest` is when it waits no longer in any case. None says that the engine is closed.
        """
        due = min((at for at in (self.next_change(), latest) if at is not None), default=None)
        with self._changed:
            if not self._closed and self._changes == seen:
                pause = None if due is None else self.clock.real_seconds_until(due)
                if self._memory.shared:
                    pause = min(_LOOK_AGAIN, _LOOK_AGAIN if pause is None else pause)
                self._changed.wait(pause)
            return None if self._closed else self._changes

    # the store

    def _known(self, cluster_id: str) -> str:
        if cluster_id not in self.clusters:
            raise UnknownNodeError(_unknown("cluster", cluster_id, self.clusters))
        return cluster_id

    def load(self, connection: sql.Connection, cluster_id: str) -> Kept:
        """Return a cluster as its rows have it; raises UnknownNodeError."""
        spec = self.clusters[self._known(cluster_id)]
        kept = self._store.load(connection, spec)
        durations = self.interventions.durations(connection, spec)
        return kept._replace(cluster=replace(kept.cluster, durations=durations))


def _node(cluster: Cluster, ref: NodeRef) -> Node:
    if ref.node not in cluster.nodes:
        raise UnknownNodeError(_unknown("node", ref.node, cluster.nodes))
    return cluster.nodes[ref.node]


def _unknown(what: str, name: str, known: Mapping[str, object]) -> str:
    close = nearest(name, known)
    return f"no {what} named {name!r}" + (f"; closest: {close!r}" if close else "")
