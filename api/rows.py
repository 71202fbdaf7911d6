"""Translates between values of the core and the rows of the store; it knows no query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from enum import Enum
from typing import Any

from ucmsim.models.cluster import Node
from ucmsim.models.conditions import Conditions
from ucmsim.models.disturbances import (
    CrashesAfter,
    Disturbance,
    FailsToStart,
    StuckTransition,
    Transition,
)
from ucmsim.models.reasons import TABLE
from ucmsim.models.states import Status
from ucmsim.models.timeline import Instance, Moment

Json = dict[str, Any]


def instance_row(instance: Instance) -> Json:
    """Return the columns of a service instance."""
    moments = [moment_row(moment) for moment in instance.moments]
    return {"activated": instance.activated, "recorded": instance.recorded, "moments": moments}


def instance_from(row: Mapping[str, Any]) -> Instance:
    """Return the service instance of a row."""
    moments = tuple(moment_from(moment) for moment in row["moments"])
    return Instance(row["activated"], row["recorded"], moments)


def moment_row(moment: Moment) -> list[Any]:
    """Return a moment as JSON."""
    return [moment.at, moment.status.value, moment.reason.code, moment.started]


def moment_from(row: Sequence[Any]) -> Moment:
    """Return the moment of a row."""
    at, status, code, started = row
    return Moment(at, Status(status), TABLE[code], started)


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


def node_facts(node: Node) -> Json:
    """Return what a node's row keeps: its conditions, its server entries, and what disturbs its services."""
    conditions = {
        key: value.value if isinstance(value, Enum) else value
        for key, value in asdict(node.conditions).items()
    }
    return {
        "conditions": conditions,
        "server_entries": dict(node.server_entries),
        "disturbances": {name: disturbance_row(each) for name, each in node.disturbances.items()},
    }


def with_facts(node: Node, facts: Json) -> Node:
    """Return `node` with the facts of its row; conditions that the row does not have keep their value."""
    known = {field.name for field in fields(Conditions)}
    given = {
        key: type(getattr(node.conditions, key))(value)
        for key, value in facts["conditions"].items()
        if key in known
    }
    return replace(
        node,
        conditions=replace(node.conditions, **given),
        server_entries=dict(facts["server_entries"]),
        disturbances={name: disturbance_from(row) for name, row in facts.get("disturbances", {}).items()},
    )
