"""What only REST answers, as plain values: operations, events, clusters and nodes. They know no HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ucmsim.clients.results import Reason

OVER = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})
"""The statuses of an operation that has ended."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an operation did to one target; `problem` is what kept it, `reason` is what SOAP would have said of that."""

    node: str
    service: str
    status: str
    changed: bool | None
    problem: str = ""
    reason: Reason | None = None
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """An accepted command and how it stands (REST specification section 4); times are aware, simulated time."""

    id: str
    kind: str
    status: str
    reason: str
    origin: str
    percent: int
    created: datetime
    finished: datetime | None
    outcomes: tuple[Outcome, ...]

    @property
    def over(self) -> bool:
        """Whether nothing of it is still to come."""
        return self.status in OVER


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `data` is as the server sent it.

    `cursor` is where to go on after it; empty within a list, of which only the last one has it.
    """

    cursor: str
    id: str
    type: str
    time: datetime
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def node(self) -> str:
        """The node it is about; empty for events of the whole server."""
        return str(self.data.get("node") or "")

    @property
    def service(self) -> str:
        """The service it is about, by its slug; empty for events of nodes and the server."""
        return str(self.data.get("service") or "")


@dataclass(frozen=True, slots=True)
class Finding:
    """What the administration guide would have otherwise. `severity` is WARNING, ADVICE or NOTE."""

    rule: str
    severity: str
    node: str
    service: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class PlatformService:
    """Something that a node's platform runs: `utils service list` shows it, no SOAP API does. It is STARTED or STOPPED."""

    name: str
    status: str
    remark: str


@dataclass(frozen=True, slots=True)
class NodeInformation:
    """A node as REST describes it."""

    id: str
    cluster: str
    address: str
    fqdn: str
    product: str
    role: str
    version: str
    timezone: str
    reachable: bool


@dataclass(frozen=True, slots=True)
class ClusterInformation:
    """A cluster as REST describes it."""

    id: str
    name: str
    product: str
    version: str
    publisher: str
    nodes: int
