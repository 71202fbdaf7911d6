"""What a user describes before anything runs: clusters, their nodes, durations and accounts.

Plain values, checked elsewhere; they know neither the file they came from nor the state that grows out of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ucmsim.models.catalogue import Service
from ucmsim.models.conditions import Conditions
from ucmsim.models.states import Product, Role


@dataclass(frozen=True)
class ServiceDurations:
    """How long one service takes to start and to stop, in seconds; None leaves the catalogue's figure."""

    start: float | None = None
    stop: float | None = None


@dataclass(frozen=True)
class Durations:
    """How long transitions take: the catalogue's figures × `scale`, ± `jitter` (a fraction) drawn from `seed`.

    A scale of 0 makes every transition immediate. `services` replaces figures by service name.
    """

    scale: float = 1.0
    jitter: float = 0.2
    seed: int = 1
    services: Mapping[str, ServiceDurations] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class NodeSpec:
    """One node: host name, product and role, where it answers, and what is activated at first.

    `activated` and `deactivated` are feature services that differ from the defaults after installation
    (G-ACT-1, G-ACT-9). `uptime` is how long the node has been up at the first start, in seconds. `stopped` by an
    administrator and `failed` are services that do not run then. A `listing` replaces what the catalogue says that
    the node offers.
    """

    id: str
    product: Product
    role: Role
    address: str
    fqdn: str
    version: str
    timezone: str = "UTC"
    aliases: tuple[str, ...] = ()
    activated: tuple[str, ...] = ()
    deactivated: tuple[str, ...] = ()
    uptime: int = 86_400
    conditions: Conditions = field(default_factory=Conditions)
    stopped: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    listing: tuple[Service, ...] = ()

    @cached_property
    def listed(self) -> Mapping[str, Service]:
        """The listing by name."""
        return {service.name: service for service in self.listing}


@dataclass(frozen=True)
class ClusterSpec:
    """A cluster: its nodes in the order given, with one publisher for each product."""

    id: str
    name: str
    nodes: tuple[NodeSpec, ...]
    durations: Durations = field(default_factory=Durations)


@dataclass(frozen=True)
class User:
    """An account with its roles; at most one source of the password is set."""

    name: str
    roles: frozenset[str]
    password: str | None = field(default=None, repr=False)
    password_hash: str | None = field(default=None, repr=False)
    password_env: str | None = None
    password_file: str | None = None


@dataclass(frozen=True)
class Inventory:
    """Everything that one server simulates."""

    clusters: tuple[ClusterSpec, ...]
    users: tuple[User, ...] = ()
