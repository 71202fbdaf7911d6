"""From an inventory back to its document, as short as it can be said: what equals the default is left out.

The inverse of `ucmsim.api.inventory.reading`, except that passwords are written only when asked for.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from enum import Enum
from typing import Any

import tomli_w

from ucmsim.models.catalogue import Service
from ucmsim.models.conditions import Conditions
from ucmsim.models.inventory import ClusterSpec, Durations, Inventory, NodeSpec, User

SHARED = ("version", "timezone", "uptime")
"""What nodes have in common with their cluster, unless they differ."""


def dumps(inventory: Inventory, *, secrets: bool = False) -> str:
    """Return the inventory as TOML; `secrets` adds the passwords and hashes that it holds itself."""
    return tomli_w.dumps(document(inventory, secrets=secrets), multiline_strings=False)


def document(inventory: Inventory, *, secrets: bool = False) -> dict[str, Any]:
    """Return the inventory as a document for TOML or JSON, which `parse` turns into the same inventory."""
    durations = [cluster.durations for cluster in inventory.clusters]
    common = durations[0] if all(each == durations[0] for each in durations) else Durations()
    written: dict[str, Any] = _filled(
        {
            "durations": _durations(common),
            "users": [_user(user, secrets=secrets) for user in inventory.users],
            "clusters": [_cluster(cluster, common) for cluster in inventory.clusters],
        }
    )
    return written


def _cluster(cluster: ClusterSpec, common: Durations) -> dict[str, Any]:
    first = cluster.nodes[0]
    shared = {key: getattr(first, key) for key in SHARED}
    own = {} if cluster.durations == common else _durations(cluster.durations)
    return {
        "id": cluster.id,
        "name": cluster.name,
        **shared,
        "durations": own,
        "nodes": [_node(node, shared) for node in cluster.nodes],
    }


def _node(node: NodeSpec, shared: dict[str, Any]) -> dict[str, Any]:
    written: dict[str, Any] = {
        "id": node.id,
        "product": node.product.value,
        "role": node.role.value,
        "address": node.address,
        "fqdn": "" if node.fqdn == node.id else node.fqdn,
        "aliases": list(node.aliases),
        "activated": list(node.activated),
        "deactivated": list(node.deactivated),
        "stopped": list(node.stopped),
        "failed": list(node.failed),
        "conditions": _differing(node.conditions, Conditions()),
        "listing": [_listed(service) for service in node.listing],
    }
    return written | {key: value for key in SHARED if (value := getattr(node, key)) != shared[key]}


def _listed(service: Service) -> dict[str, Any]:
    return {
        "name": service.name,
        "form": service.form.value,
        "deployable": service.deployable,
        "group": service.group,
        "product": service.product_id,
        "depends": list(service.depends),
    }


def _durations(durations: Durations) -> dict[str, Any]:
    figures = _differing(durations, Durations())
    services = {name: asdict(timing) for name, timing in durations.services.items()}
    return figures | {"services": services}


def _user(user: User, *, secrets: bool) -> dict[str, Any]:
    written = asdict(user) | {"roles": sorted(user.roles)}
    if not secrets:
        written |= {"password": None, "password_hash": None}
    return written


def _differing(actual: Conditions | Durations, default: Conditions | Durations) -> dict[str, Any]:
    """Return the fields that are not as by default, enums by their value."""
    return {
        field.name: value.value if isinstance(value, Enum) else value
        for field in fields(actual)
        if (value := getattr(actual, field.name)) != getattr(default, field.name)
    }


def _filled(value: Any) -> Any:
    """Return the value without empty texts, lists and tables, at any depth; 0 and false are values."""
    if isinstance(value, dict):
        return {key: kept for key, item in value.items() if (kept := _filled(item)) not in (None, "", [], {})}
    if isinstance(value, list):
        return [_filled(item) for item in value]
    return value
