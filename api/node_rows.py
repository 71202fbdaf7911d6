"""Nodes as rows: translates between what has become of a node and the JSON that the store keeps of it; it knows no query."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from enum import Enum

from ucmsim.api.rows import Json
from ucmsim.models.cluster import Node
from ucmsim.models.conditions import Conditions
from ucmsim.models.configuration import Subject
from ucmsim.models.disturbances import (
    CrashesAfter,
    Disturbance,
    FailsToStart,
    StuckTransition,
    Transition,
)
from ucmsim.models.outage import Outage, Work
from ucmsim.models.reasons import TABLE
from ucmsim.models.states import Status


def node_facts(node: Node) -> Json:
    """Return what a node's row keeps: everything that has become of it but its services."""
    conditions = {
        key: value.value if isinstance(value, Enum) else value
        for key, value in asdict(node.conditions).items()
    }
    outage = node.outage
    return {
        "conditions": conditions,
        "server_entries": dict(node.server_entries),
        "disturbances": {name: disturbance_row(each) for name, each in node.disturbances.items()},
        "outage": [outage.work.value, outage.since, outage.until] if outage else None,
        "versions": [node.active_version, node.inactive_version],
        "configured": {subject.value: at for subject, at in node.configured.items()},
    }


def with_facts(node: Node, facts: Json) -> Node:
    """Return `node` with the facts of its row; what the row does not have keeps its value."""
    known = {field.name for field in fields(Conditions)}
    given = {
        key: type(getattr(node.conditions, key))(value)
        for key, value in facts["conditions"].items()
        if key in known
    }
    active, inactive = facts.get("versions", (node.active_version, node.inactive_version))
    return replace(
        node,
        conditions=replace(node.conditions, **given),
        server_entries=dict(facts["server_entries"]),
        disturbances={name: disturbance_from(row) for name, row in facts.get("disturbances", {}).items()},
        outage=_outage(facts.get("outage")),
        active_version=active,
        inactive_version=inactive,
        configured={Subject(name): at for name, at in facts.get("configured", {}).items()},
    )


def disturbance_row(disturbance: Disturbance) -> Json:
    """Return a disturbance as JSON."""
    facts: Json = {}
    match disturbance.effect:
        case StuckTransition(status):
            facts = {"effect": "stuck", "status": status.value if status else None}
        case FailsToStart():
            facts = {"effect": "fails"}
        case CrashesAfter(milliseconds):
            facts = {"effect": "crashes", "after": milliseconds}
    then = disturbance.then
    return {"rule": disturbance.rule, **facts, "then": then.code if then else None}


def disturbance_from(row: Json) -> Disturbance:
    """Return the disturbance of a row."""
    effect: Transition
    match row["effect"]:
        case "stuck":
            effect = StuckTransition(Status(row["status"]) if row["status"] else None)
        case "fails":
            effect = FailsToStart()
        case _:
            effect = CrashesAfter(row["after"])
    return Disturbance(row["rule"], effect, None if row["then"] is None else TABLE[row["then"]])


def _outage(row: tuple[str, int, int | None] | None) -> Outage | None:
    return Outage(Work(row[0]), row[1], row[2]) if row else None
