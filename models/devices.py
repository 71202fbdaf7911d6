"""What phones and gateways do when call processing goes away: where they register, and which calls go on (G-CTL-10).

Devices are not modelled; this says where any device with a list of servers stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from ucmsim.models.cluster import Cluster
from ucmsim.models.presence import reachable
from ucmsim.models.states import Instant, Status

CALL_MANAGER = "Cisco CallManager"


class Call(Enum):
    """The kinds of calls that differ when their server goes."""

    PHONE_TO_PHONE = "between IP phones"
    PHONE_TO_MGCP_GATEWAY = "through an MGCP gateway"
    OTHER = "any other"


def survives(call: Call) -> bool:
    """Whether a call goes on when the server that set it up stops (G-CTL-10)."""
    return call is not Call.OTHER


def processes_calls(cluster: Cluster, node_id: str, now: Instant) -> bool:
    """Whether a node processes calls at `now`."""
    node = cluster.nodes[node_id]
    instance = node.instances.get(CALL_MANAGER)
    return instance is not None and instance.at(now).status is Status.STARTED and reachable(node, now)


def registrar(cluster: Cluster, servers: Iterable[str], now: Instant) -> str | None:
    """Return the node that a device registers to: the first of its servers that processes calls (G-CTL-10), or None."""
    return next((node_id for node_id in servers if processes_calls(cluster, node_id, now)), None)
