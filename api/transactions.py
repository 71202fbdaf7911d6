"""A transaction: clusters are replaced, and the store, the events to come and the operations that it crosses follow – or nothing does.

It decides nothing: what becomes of a cluster is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from zlib import crc32

import sqlalchemy as sql

from ucmsim.api.events import log
from ucmsim.api.events.agenda import Agenda
from ucmsim.api.events.happenings import Happening, Type, between, node_changed
from ucmsim.api.interventions import Interventions, Untouched
from ucmsim.api.operations import ledger
from ucmsim.api.operations.record import Kind, Operation, Place, Target
from ucmsim.api.origin import Origin
from ucmsim.api.rows import Json
from ucmsim.api.store import Kept, Store
from ucmsim.models.cluster import Change, Cluster, changes
from ucmsim.models.commands import Command
from ucmsim.models.control import carry_out
from ucmsim.models.interference import Interference
from ucmsim.models.report import Report
from ucmsim.models.states import Instant, NodeRef


class Transaction:
    """One writing transaction on behalf of `origin` at `now`, over the clusters in `kept`."""

    def __init__(
        self,
        store: Store,
        connection: sql.Connection,
        kept: Mapping[str, Kept],
        now: Instant,
        origin: Origin,
        interventions: Interventions | None = None,
    ) -> None:
        self.connection = connection
        self.now = now
        self.origin = origin
        self._store = store
        self._interventions = interventions or Untouched()
        self._kept = dict(kept)
        self._clusters = {cluster_id: one.cluster for cluster_id, one in kept.items()}
        self._agenda = Agenda(connection, now)
        self._begun: set[int] = set()

    def cluster(self, cluster_id: str) -> Cluster:
        """Return a cluster as it has become so far."""
        return self._clusters[cluster_id]

    def chance(self, cluster_id: str) -> int:
        """Return a number that differs from one change of a cluster to the next, and is the same in every run."""
        seed = self._clusters[cluster_id].durations.seed
        return crc32(f"{seed}/{cluster_id}/{self._kept[cluster_id].version}".encode())

    def carry_out(self, command: Command, *, rehearsal: bool = False) -> tuple[Cluster, Report]:
        """Return what a command makes of its cluster, and its report; nothing is replaced, nor is a rehearsal counted."""
        before = self._clusters[command.node.cluster]
        interference = self.interference(command.node)
        chance = 0 if rehearsal else self.chance(before.id)
        after, report = carry_out(before, command, self.now, chance, interference)
        if not rehearsal:
            self.interfered(interference, command.node)
        return after, report

    def interference(self, ref: NodeRef) -> Interference:
        """Return the fault rules that a command to a node meets; `interfered` keeps what they counted."""
        return self._interventions.interference(self.connection, self.origin, ref)

    def interfered(self, interference: Interference, ref: NodeRef) -> None:
        """Keep what fault rules counted."""
        happened = self._interventions.interfered(self.connection, interference, self.origin, ref, self.now)
        self._agenda.plan(happened)

    def running(self, cluster_id: str) -> list[Operation]:
        """Return the operations that run in a cluster."""
        return ledger.running(self.connection, cluster_id, self.now)

    def begin(
        self,
        kind: Kind,
        asked: list[Place],
        reason: str | None = None,
        deadline: Instant | None = None,
    ) -> Operation:
        """Begin an operation; what is changed in its name goes to `replace`, how it ends to `conclude`."""
        operation = ledger.begin(self.connection, kind, self.now, self.origin, reason, deadline)
        self._interventions.began(self.origin, operation.id)
        data = {"kind": kind.name, "reason": reason, "targets": [list(place) for place in asked]}
        self._agenda.plan([_about(operation, self.now, Type.OPERATION_CREATED, data, asked)])
        self._begun.add(operation.number)
        return operation

    def replace(self, after: Cluster, operation: Operation | None = None) -> None:
        """Put another state of a cluster in place of the present one, in the name of an operation if there is one."""
        before = self._clusters[after.id]
        changed = {Place(after.id, one.node, one.service): one for one in changes(before, after)}
        overtaken = [place for place, change in changed.items() if change.before.ahead(self.now)]
        self._agenda.forget_ahead(overtaken)
        self._succeed(before, after, changed, operation)

    def adopt(self, kept: Kept) -> None:
        """Put a cluster in place whose rows were written in this very transaction; its time may have been before."""
        cluster = kept.cluster.id
        # What lay ahead is told again, be it the same as before: it may have happened already.
        self._agenda.forget_services(cluster)
        before = _stilled(self._clusters[cluster], self.now)
        changed = {Place(cluster, one.node, one.service): one for one in changes(before, kept.cluster)}
        self._succeed(before, kept.cluster, changed)
        self._kept[cluster] = kept

    def conclude(self, operation: Operation) -> Operation:
        """Note the targets of an operation, and with them its end as far as it is known."""
        targets = tuple(target.within(operation.deadline) for target in operation.targets)
        operation = replace(operation, targets=targets)
        new = operation.number in self._begun
        ledger.write(self.connection, operation, new=new)
        if new:
            self._begun.remove(operation.number)
        else:
            self._agenda.forget_end(operation.id)
        end = operation.end
        if end.at is not None:
            data = {"kind": operation.kind.name, "status": end.standing.name}
            places = [target.place for target in operation.asked]
            at = max(end.at, self.now)
            self._agenda.plan([_about(operation, at, Type.OPERATION_FINISHED, data, places)])
        return operation

    def tell(self, happening: Happening) -> None:
        """Note something else that happens."""
        self._agenda.plan([happening])

    def finish(self) -> dict[str, Kept]:
        """Store what has changed and return the clusters as they are now kept."""
        for cluster_id, kept in self._kept.items():
            if self._clusters[cluster_id] is not kept.cluster:
                self._kept[cluster_id] = self._store.save(self.connection, kept, self._clusters[cluster_id])
        self._agenda.write()
        if self._store.has_one_writer:
            # Elsewhere it would make commands wait for each other; the events are published by the next who looks.
            log.publish(self.connection, self.now)
        return self._kept

    def _succeed(
        self,
        before: Cluster,
        after: Cluster,
        changed: Mapping[Place, Change],
        operation: Operation | None = None,
    ) -> None:
        """Let a state follow another, of whose services nothing lies ahead any more."""
        nodes = [
            Place(after.id, node.id)
            for node in after.nodes.values()
            if node is not before.nodes[node.id] and node_changed(before.nodes[node.id], node)
        ]
        self._agenda.forget_ahead(nodes)
        name = operation.id if operation else ""
        self._agenda.plan(between(before, after, self.now, self.origin, name))
        self._cross(after.id, changed, operation)
        self._clusters[after.id] = after

    def _cross(self, cluster_id: str, changed: Mapping[Place, Change], by: Operation | None) -> None:
        """Correct the operations under way whose services now have another future."""
        for crossed in self.running(cluster_id) if changed else ():
            if by is not None and crossed.number == by.number:
                continue
            targets = tuple(
                self._corrected(target, changed[target.place], by)
                if target.place in changed and not target.standing(self.now).over
                else target
                for target in crossed.targets
            )
            if targets != crossed.targets:
                self.conclude(replace(crossed, targets=targets))

    def _corrected(self, target: Target, change: Change, by: Operation | None) -> Target:
        goes_on = change.before.at(self.now) == change.after.at(self.now)
        if by is None or goes_on:
            return target.followed(change.after, self.now)
        return target.superseded(self.now, by.id)


def _stilled(cluster: Cluster, now: Instant) -> Cluster:
    """Return the cluster without a future."""
    nodes = {
        node.id: replace(
            node,
            instances={
                name: replace(instance, moments=(instance.at(now),)) if instance.ahead(now) else instance
                for name, instance in node.instances.items()
            },
        )
        for node in cluster.nodes.values()
    }
    return replace(cluster, nodes=nodes)


def _about(operation: Operation, at: Instant, kind: Type, data: Json, places: list[Place]) -> Happening:
    """What happens to an operation; it is said of the cluster, node and service that all its targets have in common."""
    cluster, node, service = (
        (names.pop() if len(names := set(column)) == 1 else "")
        for column in (zip(*places, strict=True) if places else ([], [], []))
    )
    return Happening(at, kind, operation.origin, data, cluster, node, service, operation.id)
