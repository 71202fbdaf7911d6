"""From a text or a mapping to an inventory, or to everything that is wrong with it at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from ucmsim.api.inventory import locations, rules
from ucmsim.api.inventory.documents import (
    ClusterTable,
    ConditionsTable,
    DurationsTable,
    InventoryTable,
    NodeTable,
    UserTable,
    keys_at,
)
from ucmsim.api.inventory.problems import InventoryError, Path, Problem, choice, worded
from ucmsim.models.conditions import Conditions, ExternalDatabase, Peering, Replication, SyncAgent
from ucmsim.models.inventory import ClusterSpec, Durations, Inventory, NodeSpec, ServiceDurations, User
from ucmsim.models.states import Product, Role

BUILTIN = ("lab",)
"""The inventories that come with the package."""


def builtin(name: str = "lab") -> Inventory:
    """Return an inventory that comes with the package.

    Raises:
        InventoryError: there is none of that name.
    """
    if name not in BUILTIN:
        raise InventoryError([Problem((), choice(name, BUILTIN, "a built-in inventory"))])
    return loads(resources.files(__package__).joinpath(f"{name}.toml").read_text("utf-8"), f"{name}.toml")


def load(path: FilePath) -> Inventory:
    """Return the inventory in a TOML file; password files are looked for beside it.

    Raises:
        InventoryError: the file cannot be read or used.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise InventoryError([Problem((), f"cannot be read: {error.strerror}")], str(path)) from None
    except UnicodeDecodeError:
        raise InventoryError([Problem((), "is not text in UTF-8")], str(path)) from None
    inventory = loads(text, str(path))
    users = tuple(
        replace(user, password_file=str(path.parent / user.password_file)) if user.password_file else user
        for user in inventory.users
    )
    return replace(inventory, users=users)


def loads(text: str, source: str = "inventory") -> Inventory:
    """Return the inventory in a TOML text, which problems call `source`.

    Raises:
        InventoryError: the text is no TOML, or `parse` refuses what it says; problems carry their lines.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InventoryError([_syntax_problem(str(error), text)], source) from None
    except RecursionError:
        raise InventoryError([Problem((), "tables or lists are nested too deeply")], source) from None
    try:
        return parse(document)
    except InventoryError as error:
        known = locations.lines(text)
        found = [problem.at(locations.line_of(problem.path, known)) for problem in error.problems]
        raise InventoryError(sorted(found, key=lambda problem: problem.line or 0), source) from None


def parse(document: Mapping[str, Any]) -> Inventory:
    """Return the inventory that a TOML or JSON document describes.

    Raises:
        InventoryError: with every problem that can be told from the parts that are well formed.
    """
    try:
        table = InventoryTable.model_validate(document)
    except ValidationError as error:
        malformed = [
            Problem(details["loc"], worded(details, keys_at(details["loc"][:-1])))
            for details in error.errors(include_url=False, include_context=True)
        ]
        nodes = list(_sound_nodes(document, {problem.path for problem in malformed}))
        raise InventoryError([*malformed, *_between_nodes(nodes)]) from None
    problems = [*_between_nodes(list(_placed(table))), *_between_tables(table)]
    if problems:
        raise InventoryError(problems)
    return _inventory(table)


def _placed(inventory: InventoryTable) -> Iterator[rules.PlacedNode]:
    for first, cluster in enumerate(inventory.clusters):
        for second, node in enumerate(cluster.nodes):
            path = ("clusters", first, "nodes", second)
            yield rules.PlacedNode(path, node, node.version or cluster.version)


def _sound_nodes(document: Any, faults: set[Path]) -> Iterator[rules.PlacedNode]:
    """Yield the nodes of a malformed document that are well formed, so that what stands between them is told with the rest."""
    for cluster_path, cluster in _tables(document, ("clusters",)):
        version = None if (*cluster_path, "version") in faults else cluster.get("version")
        for path, node in _tables(cluster, (*cluster_path, "nodes")):
            try:
                table = NodeTable.model_validate(node)
            except ValidationError:
                continue
            yield rules.PlacedNode(path, table, table.version or version)


def _tables(around: Any, path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the tables of the list that `around` has under the last key of `path`, as far as they are tables."""
    items = around.get(path[-1]) if isinstance(around, Mapping) else None
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, Mapping):
            yield (*path, index), item


def _between_nodes(nodes: list[rules.PlacedNode]) -> Iterator[Problem]:
    yield from rules.unique_names(nodes)
    for node in nodes:
        yield from rules.known_services(node)


def _between_tables(inventory: InventoryTable) -> Iterator[Problem]:
    yield from rules.unique_ids(
        ((("users", i, "name"), user.name) for i, user in enumerate(inventory.users)), "user"
    )
    yield from rules.timed_services(("durations",), inventory.durations)
    clusters = [(("clusters", index), cluster) for index, cluster in enumerate(inventory.clusters)]
    yield from rules.unique_ids((((*path, "id"), cluster.id) for path, cluster in clusters), "cluster")
    for path, cluster in clusters:
        ids = (((*path, "nodes", index, "id"), node.id) for index, node in enumerate(cluster.nodes))
        yield from rules.unique_ids(ids, "node of this cluster")
        yield from rules.single_publishers(path, cluster)
        yield from rules.timed_services((*path, "durations"), cluster.durations)


def _inventory(table: InventoryTable) -> Inventory:
    return Inventory(
        clusters=tuple(
            ClusterSpec(
                id=cluster.id,
                name=cluster.name or cluster.id,
                nodes=tuple(_node(node, cluster) for node in cluster.nodes),
                durations=_durations(table.durations, cluster.durations),
            )
            for cluster in table.clusters
        ),
        users=tuple(_user(user) for user in table.users),
    )


def _node(node: NodeTable, cluster: ClusterTable) -> NodeSpec:
    return NodeSpec(
        id=node.id,
        product=Product(node.product),
        role=Role(node.role),
        address=node.address,
        fqdn=node.fqdn or node.id,
        version=node.version or cluster.version,
        timezone=node.timezone or cluster.timezone,
        aliases=tuple(node.aliases),
        activated=tuple(node.activated),
        deactivated=tuple(node.deactivated),
        uptime=cluster.uptime if node.uptime is None else node.uptime,
        conditions=_conditions(node.conditions),
        stopped=tuple(node.stopped),
        failed=tuple(node.failed),
        listing=rules.listed(node),
    )


def _conditions(table: ConditionsTable) -> Conditions:
    return Conditions(
        **table.model_dump(exclude={"external_database", "replication", "sync_agent", "peering"}),
        external_database=ExternalDatabase(table.external_database),
        replication=Replication(table.replication),
        sync_agent=SyncAgent(table.sync_agent),
        peering=Peering(table.peering),
    )


def _durations(general: DurationsTable, own: DurationsTable) -> Durations:
    """Return the figures of one cluster: its own where it has them, else the general ones."""
    chosen = {**general.model_dump(exclude_unset=True), **own.model_dump(exclude_unset=True)}
    services = {**general.services, **own.services}
    chosen["services"] = {
        name: ServiceDurations(start=figures.start, stop=figures.stop)
        for name, figures in services.items()
        if figures.model_fields_set
    }
    return Durations(**chosen)


def _user(user: UserTable) -> User:
    return User(**user.model_dump(exclude={"roles"}), roles=frozenset(user.roles))


def _syntax_problem(message: str, text: str) -> Problem:
    """Return what `tomllib` says of a text that is no TOML; it gives the line in words only."""
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    if place is None:
        return Problem((), f"is not valid TOML: {message}")
    line = int(place[1]) if place[1] else text.rstrip().count("\n") + 1
    return Problem((), f"is not valid TOML: {message[: place.start()]}", line)
