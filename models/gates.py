"""What holds a start back or makes it fail: the conditions of IM and Presence nodes (G-IMP-2 … G-IMP-8).

Pure questions about one service of one node; the answers become moments of its timeline.
"""

from __future__ import annotations

from enum import Enum

from ucmsim.models.catalogue import Service
from ucmsim.models.cluster import Node
from ucmsim.models.conditions import ExternalDatabase, Replication, SyncAgent
from ucmsim.models.states import SECOND, Instant

DATA_MONITOR = "Cisco IM and Presence Data Monitor"
SYNC_AGENT = "Cisco Sync Agent"


class Fate(Enum):
    """How a start ends."""

    COMES_UP = "comes up"
    FAILS = "fails"
    STOPS_AGAIN = "stops again"


def fate(node: Node, service: Service) -> tuple[Fate, str]:
    """Say how a start of `service` ends under the node's conditions, and by which rule.

    An external database is missed by the XCP Text Conference Manager (G-IMP-2) and the XCP Message Archiver
    (G-IMP-3), LDAP contact search by the XCP Directory Service (G-IMP-4), XMPP federation by its connection
    manager (G-IMP-5).
    """
    conditions = node.conditions
    match service.name:
        case "Cisco XCP Text Conference Manager":
            absent = conditions.external_database is ExternalDatabase.ABSENT
            if conditions.persistent_chat and absent:
                return Fate.FAILS, "G-IMP-2"
        case "Cisco XCP Message Archiver":
            if conditions.external_database is not ExternalDatabase.CONFIGURED:
                return Fate.FAILS, "G-IMP-3"
        case "Cisco XCP Directory Service":
            if not conditions.ldap_contact_search:
                return Fate.STOPS_AGAIN, "G-IMP-4"
        case "Cisco XCP XMPP Federation Connection Manager":
            if not conditions.xmpp_federation:
                return Fate.FAILS, "G-IMP-5"
    return Fate.COMES_UP, ""


def opens(node: Node, service: Service, begin: Instant) -> Instant | None:
    """Return when a start begun at `begin` may go on, or None while nothing says when.

    Cisco IM and Presence Data Monitor holds its dependents until replication of their own node is up, and the
    publisher's also until the Sync Agent is done; the publisher waits for neither beyond its time limit (G-IMP-7).
    A subscriber waits as long as it takes, and no other node waits for it (G-IMP-8).
    """
    if DATA_MONITOR not in service.depends:
        return begin
    conditions = node.conditions
    replicates = conditions.replication is Replication.UP
    if not node.is_publisher:
        return begin if replicates else None
    if replicates and conditions.sync_agent is SyncAgent.DONE:
        return begin
    return begin + conditions.sync_agent_limit * SECOND
