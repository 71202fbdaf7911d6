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

_CAUSES = {"CRASHED": Cause.NOT_RUNNING, **{cause.name: cause for cause in Cause}}
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
        return _CAUSES[self.cause] if self.cause else None


class NodePatch(Body):
    """What to change of the world around a node."""

    reachable: bool | None = Field(
        default=None, description="Whether the node answers on the network at all."
    )
    latency_ms: Annotated[int, Field(ge=0, le=600_000)] | None = Field(
        default=None, description="By how many real milliseconds its answers come later.", examples=[250]
    )
    db_replication: Literal["OK", "SETUP", "BROKEN"] | None = Field(
        default=None, description="Database replication; the Data Monitor holds services back until it is OK."
    )
    virtual: bool | None = Field(default=None, description="Whether the node is a virtual machine.")
    external_database: Literal["ABSENT", "CONFIGURED", "UNREACHABLE"] | None = None
    persistent_chat: bool | None = None
    ldap_contact_search: bool | None = None
    xmpp_federation: bool | None = None
    sip_federation: bool | None = None
    sync_agent: Literal["DONE", "RUNNING"] | None = None
    sync_agent_limit_seconds: Annotated[int, Field(ge=0, le=7 * 86_400)] | None = None
    dhcp: bool | None = None
    upgrade: bool | None = None
    peering: Literal["NONE", "CURRENT", "RELEASE_8_6"] | None = None
    drives_upgrades: bool | None = None

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

    cluster: str
    node: str
    reachable: bool
    latency_ms: int
    db_replication: str
    virtual: bool
    external_database: str
    persistent_chat: bool
    ldap_contact_search: bool
    xmpp_federation: bool
    sip_federation: bool
    sync_agent: str
    sync_agent_limit_seconds: int
    dhcp: bool
    upgrade: bool
    peering: str
    drives_upgrades: bool


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
