"""Addressing: which node a request is for. A node is asked by the address it answers on, as a real one is.

It knows addresses and names, and no socket.
"""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from ucmsim.models.inventory import ClusterSpec
from ucmsim.models.states import NodeRef, Role


class Addressing:
    """The nodes of all clusters by address and by name. The port never matters."""

    def __init__(self, clusters: Iterable[ClusterSpec]) -> None:
        self.adopt(clusters)

    def adopt(self, clusters: Iterable[ClusterSpec]) -> None:
        """Know these clusters from now on, and no others."""
        by_address: defaultdict[str, list[NodeRef]] = defaultdict(list)
        by_name: dict[str, NodeRef] = {}
        publishers: list[NodeRef] = []
        for cluster in clusters:
            for node in cluster.nodes:
                reference = NodeRef(cluster.id, node.id)
                by_address[canonical(node.address)].append(reference)
                for name in (node.id, node.fqdn, node.address, *node.aliases):
                    # Two clusters may call their nodes alike: the name then means the first.
                    by_name.setdefault(canonical(name), reference)
                if node.role is Role.PUBLISHER:
                    publishers.append(reference)
        self._by_address = {address: tuple(nodes) for address, nodes in by_address.items()}
        self._by_name = by_name
        self._publisher = publishers[0]

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address on which some node answers, in the order of the inventory."""
        return tuple(self._by_address)

    def node(self, address: str, host: bytes | None) -> NodeRef:
        """The node of a request: the one that has the `address` it came in on, else the one that its Host header names,
        else the first publisher. Several nodes with one address are told apart by the Host header.
        """
        here = self._by_address.get(canonical(address), ())
        if len(here) == 1:
            return here[0]
        named = self._by_name.get(host_name(host or b""))
        if named is not None and (not here or named in here):
            return named
        return here[0] if here else self._publisher


def host_name(host: bytes) -> str:
    """The name or address in a Host header, without its port, in canonical spelling."""
    text = host.decode("latin-1").strip()
    if text.startswith("["):
        return canonical(text[1:].partition("]")[0])
    return canonical(text.partition(":")[0])


@lru_cache(maxsize=1024)  # clients name the same few nodes again and again
def canonical(name: str) -> str:
    """One spelling for a name or address: lower case, no final dot, addresses as `ipaddress` writes them."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name.lower().rstrip(".")
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)
