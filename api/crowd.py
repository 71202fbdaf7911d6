"""A crowd: several processes of this machine that serve the same clusters on the same addresses.

What must be there before the first of them, is made here once: password, certificate, tables, and a port for all.
"""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from ucmsim.api import passwords, sharing
from ucmsim.api.databases import kept_in, opened
from ucmsim.api.listeners import bind
from ucmsim.api.premises import certify
from ucmsim.api.ring.addressing import Addressing
from ucmsim.api.sim import topology
from ucmsim.api.simulator import Simulator
from ucmsim.api.state_directory import StateDirectory
from ucmsim.api.supervisor import Supervisor
from ucmsim.models.inventory import Inventory


@dataclass(frozen=True)
class Place:
    """Where the crowd serves."""

    addresses: tuple[str, ...]
    port: int


class Crowd:
    """`workers` processes, each a Simulator with these arguments; raises what a Simulator raises."""

    def __init__(
        self,
        inventory: Inventory,
        directory: StateDirectory,
        *,
        workers: int,
        port: int,
        environ: Mapping[str, str],
        controlled: bool = True,
        database: str | None = None,
    ) -> None:
        self._seed = inventory
        self._directory = directory
        self._workers = workers
        self._environ = environ
        self._controlled = controlled
        self._database = database
        _, self.password = passwords.accounts(inventory.users, environ, directory)
        store = opened(database) if database else kept_in(directory)
        self.inventory = inventory = topology.described(store, inventory)
        self.certificate = certify(directory, inventory)
        if store.has_one_writer:  # otherwise sessions may be other machines', too
            sharing.forget_sessions(store)
        store.close()
        addresses = Addressing(inventory.clusters).addresses
        _close(bind(addresses, port))  # nobody else may be there; whoever shares a port does not find out
        self._bound = bind(addresses, port, shared=True)
        self.server = Place(addresses, next(iter(self._bound.values())).getsockname()[1])

    @property
    def exposed(self) -> tuple[str, ...]:
        """The addresses on which other machines may reach the servers."""
        return tuple(address for address in self.server.addresses if not ip_address(address).is_loopback)

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until SIGTERM or SIGINT; calls `ready` when every process answers requests. Raises WorkersDieError."""
        gc.collect()
        gc.freeze()  # what the collector does not touch stays shared with the workers
        try:
            Supervisor(self._workers, self._work).run(ready)
        finally:
            _close(self._bound)

    def _work(self, ready: Callable[[], None]) -> None:
        _close(self._bound)  # the supervisor's own stay: a worker binds what it listens on
        simulator = Simulator(
            self._seed,
            self._directory,
            port=self.server.port,
            environ=self._environ,
            controlled=self._controlled,
            database=self._database,
            crowded=True,
        )

        def settled() -> None:
            gc.collect()
            gc.freeze()
            gc.enable()
            ready()

        simulator.run(settled)


def _close(bound: Mapping[str, socket.socket]) -> None:
    for opened_socket in bound.values():
        opened_socket.close()
