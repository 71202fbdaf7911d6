"""Happenings: what is going to be an event, and how the difference of two states of a cluster becomes such.

Pure: nothing is stored here and no clock is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ucmsim.api.origin import Origin
from ucmsim.api.rows import Json
from ucmsim.models.causes import cause
from ucmsim.models.cluster import Change, Cluster, Node, changes
from ucmsim.models.presence import Reachability, reachability
from ucmsim.models.states import Instant


class Type(StrEnum):
    """The types of events (REST specification section 7)."""

    SERVICE_STATE = "service.state.changed"
    SERVICE_ACTIVATION = "service.activation.changed"
    OPERATION_CREATED = "operation.created"
    OPERATION_FINISHED = "operation.finished"
    NODE_REACHABILITY = "node.reachability.changed"
    NODE_RESTARTED = "node.restarted"
    UPGRADE_STAGE = "upgrade.stage.changed"
    FAULT_TRIGGERED = "fault.triggered"
    SIM_RESET = "sim.reset"
    SIM_CLOCK = "sim.clock.changed"
    SUBSCRIPTION_FAILED = "subscription.failed"


_WORDS = {
    Reachability.REACHABLE: "REACHABLE",
    Reachability.UNREACHABLE: "UNREACHABLE",
    Reachability.RESTARTING: "RESTARTING",
    Reachability.OFF: "UNREACHABLE",
}


@dataclass(frozen=True)
class Happening:
    """Something that happens at a moment, maybe one to come; `operation` is the id of what caused it, if that is known."""

    at: Instant
    type: str
    origin: Origin
    data: Json = field(default_factory=dict)
    cluster: str = ""
    node: str = ""
    service: str = ""
    operation: str = ""


@dataclass(frozen=True)
class Event(Happening):
    """A happening that has its place among the others: ids grow with time and are never used twice."""

    id: int = 0


def between(
    before: Cluster, after: Cluster, now: Instant, origin: Origin, operation: str = ""
) -> Iterator[Happening]:
    """Yield what happens, now and later, because a cluster was replaced by another state of itself."""
    for change in changes(before, after):
        bare = Happening(
            now, "", origin, cluster=after.id, node=change.node, service=change.service, operation=operation
        )
        yield from _activation(change, bare)
        yield from _states(change, after.nodes[change.node], bare)
    for node in after.nodes.values():
        bare = Happening(now, "", origin, cluster=after.id, node=node.id, operation=operation)
        yield from _presence(before.nodes[node.id], node, bare)


def node_changed(before: Node, after: Node) -> bool:
    """Whether a node's presence, now or to come, is another one than before."""
    return (before.outage, before.conditions.reachable) != (after.outage, after.conditions.reachable)


def _presence(before: Node, after: Node, bare: Happening) -> Iterator[Happening]:
    """Yield when a node can be reached no more, or again, and when it has restarted."""
    if not node_changed(before, after):
        return
    was, present = reachability(before, bare.at), reachability(after, bare.at)
    if was is not present:
        yield _moved(bare, was, present)
    back = after.outage.until if after.outage else None
    if back is not None and back > bare.at:
        yield _moved(replace(bare, at=back), present, reachability(after, back))
        yield replace(bare, at=back, type=Type.NODE_RESTARTED, data={"version": after.version})


def _moved(bare: Happening, was: Reachability, present: Reachability) -> Happening:
    data = {"from": _WORDS[was], "to": _WORDS[present]}
    return replace(bare, type=Type.NODE_REACHABILITY, data=data)


def _activation(change: Change, bare: Happening) -> Iterator[Happening]:
    if change.before.activated is not change.after.activated:
        words = {True: "ACTIVATED", False: "DEACTIVATED"}
        data = {"from": words[change.before.activated], "to": words[change.after.activated]}
        yield replace(bare, type=Type.SERVICE_ACTIVATION, data=data)


def _states(change: Change, node: Node, bare: Happening) -> Iterator[Happening]:
    """Yield each change of state that the new timeline has, from what was true until now on."""
    current = change.before.at(bare.at)
    for moment in change.after.moments:
        if moment == current or (moment.at < bare.at and moment != change.after.at(bare.at)):
            continue
        if moment.status is not current.status:
            why = cause(node, change.service, moment.at)
            data = {
                "from": current.status.name,
                "to": moment.status.name,
                "cause": why.name if why else None,
            }
            yield replace(bare, at=max(moment.at, bare.at), type=Type.SERVICE_STATE, data=data)
        current = moment
