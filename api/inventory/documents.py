"""The form of an inventory: its tables, keys, types and limits, one class a table.

A class checks one value at a time; what must hold between values is said by `ucmsim.api.inventory.rules`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ucmsim.api.inventory.problems import Path, choice, quoted

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"


def matching(pattern: str, what: str) -> Callable[[str], str]:
    """Return a check that a text has the form `pattern`, which is described by `what`."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"{quoted(text)} is not {what}")
        return text

    return check


def canonical_address(text: str) -> str:
    """Return the address in its canonical form.

    Raises:
        ValueError: it is none.
    """
    address = _address(text)
    if address is None:
        raise ValueError(f'{quoted(text)} is not an IPv4 or IPv6 address, such as "127.0.0.1"')
    return address


def host_name(text: str) -> str:
    """Return a host name or an address in lower case.

    Raises:
        ValueError: it is neither.
    """
    lower = text.lower()
    if (address := _address(lower)) is not None:
        return address
    if len(lower) > 253 or not re.fullmatch(rf"{LABEL}(?:\.{LABEL})*", lower):
        raise ValueError(f'{quoted(text)} is not a host name, such as "cucm-pub.lab.example"')
    return lower


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None


def known_zone(text: str) -> str:
    """Return the name of a time zone.

    Raises:
        ValueError: no such zone.
    """
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        advice = choice(text, available_timezones(), 'a time zone, such as "Europe/Berlin"', show=False)
        raise ValueError(advice) from None
    return text


Id = Annotated[
    str,
    AfterValidator(
        matching(
            r"[a-z0-9-]{1,63}", "an id: 1 to 63 of the lower-case letters a–z, the digits and the hyphen"
        )
    ),
]
Version = Annotated[
    str, AfterValidator(matching(r"\d+(\.\d+){3}-\d+", 'a full version, such as "15.0.1.12900-43"'))
]
UserName = Annotated[
    str, AfterValidator(matching(r"[^\x00-\x1f\x7f:]{1,128}", "a user name: 1 to 128 characters, no colon"))
]
ServiceName = Annotated[
    str, AfterValidator(matching(r"[^\x00-\x1f\x7f]{1,100}", "the name of a service: 1 to 100 characters"))
]
Name = Annotated[
    str,
    AfterValidator(
        matching(r"[^\x00-\x1f\x7f]{1,100}", "a name: 1 to 100 characters, none of them a control character")
    ),
]
Address = Annotated[str, AfterValidator(canonical_address)]
HostName = Annotated[str, AfterValidator(host_name)]
Zone = Annotated[str, AfterValidator(known_zone)]
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Uptime = Annotated[int, Field(ge=0, le=10 * 365 * 86_400)]
RoleName = Literal["monitor", "serviceability", "simulation"]


class Table(BaseModel):
    """A table of the file: nothing but its own keys, and no value that only looks like the right type."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
    )


class ServiceDurationsTable(Table):
    """How long one service takes to start and to stop, in seconds."""

    start: Seconds | None = None
    """How long it takes to start."""
    stop: Seconds | None = None
    """How long it takes to stop."""


class DurationsTable(Table):
    """How long transitions take: scale 0 makes them immediate, jitter is a fraction drawn from seed."""

    scale: Annotated[float, Field(ge=0, le=1000)] = 1.0
    """What every duration is multiplied by."""
    jitter: Annotated[float, Field(ge=0, le=1)] = 0.2
    """How far durations vary, as a fraction."""
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    """What the variation is drawn from: the same seed, the same durations."""
    services: dict[str, ServiceDurationsTable] = Field(default_factory=dict)
    """Durations of single services, by name."""


class ConditionsTable(Table):
    """The world around one node at the first start; left out, everything is configured and up."""

    reachable: bool = True
    """Whether the node answers at all."""
    virtual: bool = True
    """Whether it is a virtual machine."""
    external_database: Literal["absent", "configured", "unreachable"] = "configured"
    """The external database of IM and Presence."""
    persistent_chat: bool = False
    """Whether persistent chat is on, which needs that database."""
    ldap_contact_search: bool = True
    """Whether a directory is configured for contact search."""
    xmpp_federation: bool = True
    """Whether XMPP federation is on."""
    replication: Literal["up", "setup", "broken"] = "up"
    """Database replication: the Data Monitor holds services back until it is up."""
    sync_agent: Literal["done", "running"] = "done"
    """Whether the Sync Agent is done with its first synchronisation."""
    sync_agent_limit: Annotated[int, Field(ge=0, le=7 * 86_400)] = 7_200
    """After how many seconds services give up waiting for it."""
    dhcp: bool = False
    """Whether the node is a DHCP server."""
    upgrade: bool = False
    """Whether an upgrade is in progress."""
    sip_federation: bool = False
    """Whether SIP federation is on."""
    peering: Literal["none", "current", "8.6"] = "none"
    """Whether this cluster exchanges presence with another one, and of which release."""
    drives_upgrades: bool = False
    """Whether upgrades of the cluster are driven from this node."""
    latency: Annotated[int, Field(ge=0, le=60_000)] = 0
    """By how many real milliseconds the node answers later."""


class ListedTable(Table):
    """One row of a node's own static list, as the wire tells it."""

    name: ServiceName
    """The exact name."""
    form: Literal["Service", "Servlet"] = "Service"
    """A process, or a web application inside Cisco Tomcat."""
    deployable: bool
    """Whether it is a feature service."""
    group: Annotated[str, Field(max_length=100)] = ""
    """The group under which it is shown."""
    product: Annotated[str, Field(max_length=100)] = ""
    """The product id."""
    depends: list[ServiceName] = Field(default_factory=list)
    """What it depends on, by name."""


class NodeTable(Table):
    """One node; version, time zone and up time are its cluster's unless it has its own."""

    id: Id
    """The host name, lower case."""
    product: Literal["UCM", "IMP", "CUC"]
    """What is installed on it."""
    role: Literal["publisher", "subscriber"]
    """Each product of a cluster has one publisher."""
    address: Address
    """Where it answers: an address of this machine."""
    fqdn: HostName | None = None
    """Its full name; the id without it."""
    aliases: list[HostName] = Field(default_factory=list)
    """More names and addresses by which it is found."""
    version: Version | None = None
    """Its release."""
    timezone: Zone | None = None
    """The zone of its start times."""
    uptime: Uptime | None = None
    """For how many seconds it has been up at the first start."""
    activated: list[str] = Field(default_factory=list)
    """Feature services that are activated at first, beyond those that always are."""
    deactivated: list[str] = Field(default_factory=list)
    """Feature services that are not, though they usually are."""
    stopped: list[str] = Field(default_factory=list)
    """Services that an administrator has stopped."""
    failed: list[str] = Field(default_factory=list)
    """Services that do not run although they should."""
    listing: list[ListedTable] = Field(default_factory=list)
    """The node's own static list, in place of what the catalogue says of its release."""
    conditions: ConditionsTable = Field(default_factory=ConditionsTable)
    """The world around it."""


class ClusterTable(Table):
    """One cluster; its durations replace single figures of the inventory's."""

    id: Id
    """What the API calls it: a–z, 0–9 and hyphens."""
    name: Name | None = None
    """What people call it."""
    version: Version
    """The release of its nodes, in full."""
    timezone: Zone = "UTC"
    """The time zone of its nodes."""
    uptime: Uptime = 86_400
    """For how many seconds its nodes have been up at the first start."""
    durations: DurationsTable = Field(default_factory=DurationsTable)
    """How long transitions take here."""
    nodes: Annotated[list[NodeTable], Field(min_length=1)]
    """Its nodes."""


class UserTable(Table):
    """An account; its password comes from at most one place."""

    name: UserName
    """The user name; `administrator` is always there."""
    roles: Annotated[list[RoleName], Field(min_length=1)]
    """What the user may do: read, control services as well, control the simulation."""
    password: Annotated[str, Field(min_length=1)] | None = None
    """The password itself."""
    password_hash: str | None = None
    """Its Argon2 hash."""
    password_env: str | None = None
    """The environment variable that holds it."""
    password_file: str | None = None
    """The file that holds it, beside the inventory."""

    @model_validator(mode="after")
    def one_password(self) -> UserTable:
        """Refuse a password that is given twice."""
        given = [name for name in sorted(self.model_fields_set) if name.startswith("password")]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)} exclude each other: give the password in one place")
        return self


class InventoryTable(Table):
    """The whole inventory."""

    durations: DurationsTable = Field(default_factory=DurationsTable)
    users: list[UserTable] = Field(default_factory=list)
    clusters: Annotated[list[ClusterTable], Field(min_length=1)]


def keys_at(path: Path) -> tuple[str, ...]:
    """Return the keys that the table at `path` may have; none when it is not a table of this form."""
    table: type[Table] | None = InventoryTable
    for part in path:
        if isinstance(part, str) and table is not None and part in table.model_fields:
            table = _table_in(table.model_fields[part].annotation)
    return tuple(table.model_fields) if table else ()


def _table_in(annotation: Any) -> type[Table] | None:
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _table_in(inner))), None)
