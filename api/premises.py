"""The premises of a server: at which addresses and under which certificate its nodes are reached, changed while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ucmsim.api.certificate import Certificate, Contexts, provide
from ucmsim.api.ring.addressing import Addressing
from ucmsim.api.server import UcmServer
from ucmsim.api.state_directory import StateDirectory
from ucmsim.models.inventory import Inventory


class Premises:
    """Keeps a running server's addresses and certificate in line with its inventory."""

    def __init__(
        self,
        directory: StateDirectory,
        contexts: Contexts,
        addressing: Addressing,
        server: UcmServer,
    ) -> None:
        self._directory = directory
        self._contexts = contexts
        self._addressing = addressing
        self._server = server

    def prepare(self, inventory: Inventory) -> None:
        """Take the ports of new addresses, and have a certificate that names all nodes. Raises `ListenError`."""
        self._server.add(Addressing(inventory.clusters).addresses)
        certify(self._directory, inventory)

    def move(self, inventory: Inventory) -> None:
        """Answer as these nodes, at their addresses and no others."""
        certificate = certify(self._directory, inventory)
        self._contexts.adopt(certificate)
        self._addressing.adopt(inventory.clusters)
        self._server.move(self._addressing.addresses)


def certify(directory: StateDirectory, inventory: Inventory) -> Certificate:
    """Return a certificate with every name and address by which a client may call a node."""
    return provide(directory, names(inventory), datetime.now(UTC))


def names(inventory: Inventory) -> Iterator[tuple[str, ...]]:
    """Return every name and address by which a client may call a node, node by node."""
    for cluster in inventory.clusters:
        for node in cluster.nodes:
            yield (node.id, node.fqdn, node.address, *node.aliases)
