"""States and conditions as documents: what is forced on services and what surrounds nodes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from ucmsim.api.rest.documents import Body, Document
from ucmsim.models.causes import Cause
from ucmsim.models.conditions import Conditions, ExternalDatabase, Peering, Replication, SyncAgent
from ucmsim.models.states import Status

StateName = Literal["STARTED", "STOPPED", "STARTING", "STOPPING", "UNKNOWN"]
CauseName = Literal["NOT_ACTIVATED", "COMMANDED", "NOT_ON_THIS_NODE", "CRASHED", "NOT_RUNNING"]


_REPLICATION = {"OK": Replication.UP, "SETUP": Replication.SETUP, "BROKEN": Replication.BROKEN}
_PEERING = {"NONE": Peering.NONE, "CURRENT": Peering.CURRENT, "RELEASE_8_6": Peering.RELEASE_8_6}


class StateBody(Body):
    """A state for a service, at once and whatever the rules are."""

    state: StateName = Field(examples=["STOPPED"])
    cause: CauseName | None = Field(
        default=None,
        description="Why it is STOPPED; null: CRASHED. The wire's reason code follows from it.",
        examples=["CRASHED"],
    )

    @property
    def status(self) -> Status:
        """The state as the core knows it."""
        return Status[self.state]

    @property
    def why(self) -> Cause | None:
        """The cause as the core knows it."""
        return Cause[self.cause] if self.cause else None


_MEANING = {
    "reachable": "Whether the node answers on the network at all (G-CTL-16).",
    "latency_ms": "By how many real milliseconds the node's own interfaces answer later.",
    "db_replication": "Database replication; the Data Monitor holds services back until it is OK (G-IMP-7).",
    "virtual": "Whether the node is a virtual machine: some services exist on hardware only (G-DEP-24).",
    "external_database": "The external database of an IM and Presence node (G-IMP-2, G-IMP-3).",
    "persistent_chat": "Whether persistent chat is configured, which needs the external database (G-IMP-2).",
    "ldap_contact_search": "Whether contact search in LDAP is configured (G-IMP-4).",
    "xmpp_federation": "Whether XMPP federation is configured (G-IMP-5).",
    "sip_federation": "Whether SIP federation is configured.",
    "sync_agent": "Whether the Sync Agent of the publisher is done with UCM (G-IMP-7).",
    "sync_agent_limit_seconds": "After how many seconds a publisher stops waiting for its Sync Agent (G-IMP-7).",
    "dhcp": "Whether the node serves DHCP to phones.",
    "upgrade": "Whether an upgrade is planned.",
    "peering": "Which clusters an IM and Presence cluster exchanges presence with (G-IMP-6, G-IMP-12).",
    "drives_upgrades": "Whether upgrades of other nodes are run from this one (G-DEP-23).",
}


def _said(name: str, example: Any = None) -> Any:
    """An optional field with its meaning."""
    return Field(default=None, description=_MEANING[name], examples=None if example is None else [example])


def _shown(name: str) -> Any:
    """A field of an answer with its meaning."""
    return Field(description=_MEANING[name])


class NodePatch(Body):
    """What to change of the world around a node."""

    reachable: bool | None = _said("reachable")
    latency_ms: Annotated[int, Field(ge=0, le=600_000)] | None = _said("latency_ms", 250)
    db_replication: Literal["OK", "SETUP", "BROKEN"] | None = _said("db_replication")
    virtual: bool | None = _said("virtual")
    external_database: Literal["ABSENT", "CONFIGURED", "UNREACHABLE"] | None = _said("external_database")
    persistent_chat: bool | None = _said("persistent_chat")
    ldap_contact_search: bool | None = _said("ldap_contact_search")
    xmpp_federation: bool | None = _said("xmpp_federation")
    sip_federation: bool | None = _said("sip_federation")
    sync_agent: Literal["DONE", "RUNNING"] | None = _said("sync_agent")
    sync_agent_limit_seconds: Annotated[int, Field(ge=0, le=7 * 86_400)] | None = _said(
        "sync_agent_limit_seconds"
    )
    dhcp: bool | None = _said("dhcp")
    upgrade: bool | None = _said("upgrade")
    peering: Literal["NONE", "CURRENT", "RELEASE_8_6"] | None = _said("peering")
    drives_upgrades: bool | None = _said("drives_upgrades")

    def changes(self) -> dict[str, Any]:
        """The changes by the names of the core's conditions."""
        given = self.model_dump(include=set(NodePatch.model_fields), exclude_none=True)
        renamed = {"latency_ms": "latency", "db_replication": "replication"}
        renamed["sync_agent_limit_seconds"] = "sync_agent_limit"
        enums: dict[str, Any] = {
            "db_replication": _REPLICATION,
            "external_database": {value.name: value for value in ExternalDatabase},
            "sync_agent": {value.name: value for value in SyncAgent},
            "peering": _PEERING,
        }
        return {
            renamed.get(name, name): enums[name][value] if name in enums else value
            for name, value in given.items()
        }


class ConditionsDocument(Document):
    """The world around a node."""

    cluster: str = Field(examples=["lab"])
    node: str = Field(examples=["cucm-pub"])
    reachable: bool = _shown("reachable")
    latency_ms: int = _shown("latency_ms")
    db_replication: str = _shown("db_replication")
    virtual: bool = _shown("virtual")
    external_database: str = _shown("external_database")
    persistent_chat: bool = _shown("persistent_chat")
    ldap_contact_search: bool = _shown("ldap_contact_search")
    xmpp_federation: bool = _shown("xmpp_federation")
    sip_federation: bool = _shown("sip_federation")
    sync_agent: str = _shown("sync_agent")
    sync_agent_limit_seconds: int = _shown("sync_agent_limit_seconds")
    dhcp: bool = _shown("dhcp")
    upgrade: bool = _shown("upgrade")
    peering: str = _shown("peering")
    drives_upgrades: bool = _shown("drives_upgrades")


def document(cluster: str, node: str, conditions: Conditions) -> ConditionsDocument:
    """Return the conditions of a node as a document."""
    return ConditionsDocument(
        cluster=cluster,
        node=node,
        reachable=conditions.reachable,
        latency_ms=conditions.latency,
        db_replication=_name(_REPLICATION, conditions.replication),
        virtual=conditions.virtual,
        external_database=conditions.external_database.name,
        persistent_chat=conditions.persistent_chat,
        ldap_contact_search=conditions.ldap_contact_search,
        xmpp_federation=conditions.xmpp_federation,
        sip_federation=conditions.sip_federation,
        sync_agent=conditions.sync_agent.name,
        sync_agent_limit_seconds=conditions.sync_agent_limit,
        dhcp=conditions.dhcp,
        upgrade=conditions.upgrade,
        peering=_name(_PEERING, conditions.peering),
        drives_upgrades=conditions.drives_upgrades,
    )


def _name(names: dict[str, Any], value: Any) -> str:
    return next(name for name, each in names.items() if each is value)
