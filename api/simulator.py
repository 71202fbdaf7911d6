"""The simulator: an inventory and a state directory put together into one server, every part made here and handed on.

It knows which part needs which; what each does is its own business.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import version
from ipaddress import ip_address

from ucmsim.api import passwords, sharing
from ucmsim.api.certificate import Contexts
from ucmsim.api.clock import Clock
from ucmsim.api.databases import kept_in, opened
from ucmsim.api.engine import Engine
from ucmsim.api.events.delivery import Delivery
from ucmsim.api.events.stream import Hub
from ucmsim.api.faces import faces
from ucmsim.api.mounts import Mounts
from ucmsim.api.origin import Origin
from ucmsim.api.premises import Premises, certify
from ucmsim.api.ring.addressing import Addressing
from ucmsim.api.ring.app import App
from ucmsim.api.ring.authentication import Authentication
from ucmsim.api.ring.compression import Compression
from ucmsim.api.ring.exchange import Application
from ucmsim.api.ring.health import Health
from ucmsim.api.ring.web_application import Surroundings
from ucmsim.api.server import DRAIN_SECONDS, UcmServer
from ucmsim.api.sessions import Sessions
from ucmsim.api.sim import topology, wiring
from ucmsim.api.sim.clockwork import Mode
from ucmsim.api.sim.simulation import Simulation
from ucmsim.api.state_directory import StateDirectory
from ucmsim.api.subscriptions.postman import Postman
from ucmsim.api.views import NodeView
from ucmsim.api.workers import Workers
from ucmsim.models import presence
from ucmsim.models.inventory import Inventory
from ucmsim.models.states import NodeRef

PORT = 8443
"""Where every node of a real cluster answers."""


class Simulator:
    """A server over everything in `inventory`, with its state in `directory`, which stays the caller's to close.

    `environ` is where passwords are looked for. Unless `controlled`, there is no `/sim/v1`. Port 0 takes one that is free
    on all addresses. The state is in the directory, or in another `database`, by its SQLAlchemy URL, which servers on
    other machines may share. `crowded` says that other processes of this machine serve the same addresses and state.
    Raises `PasswordError`, `StateDirectoryError`, `DatabaseError` and `ListenError`; nothing stays open then. Use it once:
    `start` and `stop`, or `run`.
    """

    def __init__(
        self,
        inventory: Inventory,
        directory: StateDirectory,
        *,
        port: int = PORT,
        environ: Mapping[str, str],
        clock: Clock | None = None,
        controlled: bool = True,
        database: str | None = None,
        crowded: bool = False,
    ) -> None:
        accounts, self.password = passwords.accounts(inventory.users, environ, directory)
        self.clock = clock or Clock()
        self._ready = False
        self.workers = Workers()
        store = opened(database) if database else kept_in(directory)
        seed, inventory = inventory, topology.described(store, inventory)
        self.inventory = inventory
        self.certificate = certify(directory, inventory)
        shared = crowded or not store.has_one_writer
        self.engine = Engine(store, inventory, self.clock, shared=shared)
        try:
            self.simulation = Simulation(self.engine, store, seed)
            self.sessions = (
                sharing.sessions(store, lambda: self.authentication.accounts.names, self.workers)
                if shared
                else Sessions(time.monotonic)
            )
            self.neighbours = sharing.neighbours(store, self.engine) if shared else None
            self.authentication = Authentication(accounts, self.sessions, self.workers.passwords)
            addressing = Addressing(inventory.clusters)
            self.intercept = wiring.injection(self.simulation, self.workers.reads)
            around = Surroundings(
                self.authentication,
                self.workers,
                self.engine.timezone,
                self._answers,
                self.intercept,
                partial(wiring.located_by, self.simulation),
                self.engine.view,
            )
            health = Health(version("ucmsim"), lambda: self._ready)
            self.delivery = Delivery(self.engine)
            self.hub = Hub(self.delivery, self.engine.events, self.workers.reads)
            self.postman = Postman(self.engine, lambda: self.simulation.settings.callback_allow_list)
            self.delivery.listen(self.postman.hear)
            soap = faces(self.engine)
            mounts = Mounts(
                self.engine,
                self.simulation,
                self.hub,
                self.postman,
                health,
                self.authentication,
                self.sessions,
                self.workers,
                self.intercept,
                tuple(soap),
                controlled,
            )
            app = App(addressing, around, health, soap, mounts.applications(), self._listens)
            outer: Application = Compression(wiring.recorded(self.simulation, app), self.workers.reads)
            if shared:
                outer = sharing.fresh(outer, self.engine, addressing, self.workers)
            contexts = Contexts(self.certificate)
            self.server = UcmServer(
                outer,
                contexts,
                addressing.addresses,
                port,
                goodbye=self.hub.close,
                shared=crowded,
            )
            self.simulation.topology.premises = Premises(directory, contexts, addressing, self.server)
        except BaseException:
            self.engine.close()
            raise

    def _listens(self, node: NodeRef) -> bool:
        """Whether a node's web port is there at all (G-CTL-12, G-CTL-16)."""
        return self.engine.glance(node).once(_listening)

    def _answers(self, node: NodeRef, application: str) -> bool:
        """Whether one of a node's web applications is up (G-CTL-13)."""
        return self.engine.glance(node).once(_answering, application)

    @property
    def exposed(self) -> tuple[str, ...]:
        """The addresses on which other machines may reach the server."""
        return tuple(address for address in self.server.addresses if not ip_address(address).is_loopback)

    def start(self) -> None:
        """Serve from a thread of its own; returns when requests are answered."""
        self.server.start()
        self._begin()

    def _begin(self) -> None:
        if self.neighbours is not None:
            self.engine.committed = self.neighbours.tell
            self.neighbours.start()
        self.delivery.start()
        self.postman.start()
        self._ready = True

    def reset(self, mode: str) -> None:
        """Set everything back to the inventory at once, as `/sim/v1/reset` does, the clock in this mode."""
        self.simulation.archive.reset(frozenset(), Origin("SIM", passwords.ADMINISTRATOR, ""), Mode(mode))

    def stop(self, drain: float = DRAIN_SECONDS) -> None:
        """Let running requests finish for `drain` seconds, end, close the store. A second call does nothing."""
        self._ready = False
        self.server.stop(drain)
        self.postman.stop()
        if self.neighbours is not None:
            self.neighbours.stop()
        self.engine.end()
        self.delivery.join()
        self.simulation.close()
        self.workers.close()
        self.engine.close()

    def run(self, ready: Callable[[], None]) -> None:
        """Serve from the caller's thread until SIGTERM or SIGINT; calls `ready` when requests are answered."""

        def open_for_business() -> None:
            self._begin()
            ready()

        try:
            self.server.run(open_for_business)
        finally:
            self.stop()


def _listening(view: NodeView) -> bool:
    return presence.listening(view.subject, view.at)


def _answering(view: NodeView, application: str) -> bool:
    return presence.reply(view.subject, f"/{application}/", view.at) is presence.Reply.ANSWERS
