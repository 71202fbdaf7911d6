"""The conditions of a node that its services depend on: facts of the world around them, changed at run time.

It lists the facts; what they do to services is said by the gates (`ucmsim.models.gates`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ExternalDatabase(Enum):
    """The external database of an IM and Presence node (G-IMP-2, G-IMP-3)."""

    ABSENT = "absent"
    CONFIGURED = "configured"
    UNREACHABLE = "unreachable"


class Replication(Enum):
    """Database replication of a node (G-IMP-7)."""

    UP = "up"
    SETUP = "setup"
    BROKEN = "broken"


class SyncAgent(Enum):
    """Whether the Sync Agent of the IM and Presence publisher has finished with UCM (G-IMP-7)."""

    DONE = "done"
    RUNNING = "running"


class Peering(Enum):
    """Which clusters an IM and Presence cluster exchanges presence with (G-IMP-6, G-IMP-12)."""

    NONE = "none"
    CURRENT = "current"
    RELEASE_8_6 = "8.6"


@dataclass(frozen=True)
class Conditions:
    """The world around one node. The defaults are those of a healthy lab: everything configured and up.

    `sync_agent_limit` is the time in seconds after which a publisher stops waiting for its Sync Agent and for
    replication; `drives_upgrades` marks the server from which upgrades of other nodes are run (G-DEP-23); `latency` is
    by how many milliseconds the node's answers come later.
    """

    reachable: bool = True
    virtual: bool = True
    external_database: ExternalDatabase = ExternalDatabase.CONFIGURED
    persistent_chat: bool = False
    ldap_contact_search: bool = True
    xmpp_federation: bool = True
    replication: Replication = Replication.UP
    sync_agent: SyncAgent = SyncAgent.DONE
    sync_agent_limit: int = 7_200
    dhcp: bool = False
    upgrade: bool = False
    sip_federation: bool = False
    peering: Peering = Peering.NONE
    drives_upgrades: bool = False
    latency: int = 0
