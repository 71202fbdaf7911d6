"""The mounts: what answers beside the vendor's SOAP APIs – operator API, simulation API and console – by prefix.

Each is imported and put together when it is asked for the first time: who only speaks SOAP never waits for Flask.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ucmsim.api.console import mount
from ucmsim.api.engine import Engine
from ucmsim.api.events.stream import Hub
from ucmsim.api.rest.prefixes import OPERATOR, SIMULATION
from ucmsim.api.ring.authentication import Authentication
from ucmsim.api.ring.exchange import Application
from ucmsim.api.ring.health import Health
from ucmsim.api.ring.interception import Interception
from ucmsim.api.ring.late import Late, Once
from ucmsim.api.sessions import Sessions
from ucmsim.api.sim import wiring
from ucmsim.api.sim.near_misses import NearMisses
from ucmsim.api.sim.simulation import Simulation
from ucmsim.api.subscriptions.postman import Postman
from ucmsim.api.workers import Workers

if TYPE_CHECKING:
    from ucmsim.api.rest.application import Face


@dataclass(frozen=True)
class Mounts:
    """The parts of a server that the mounts are made of; `soap` are the paths of its SOAP APIs.

    Unless `controlled`, there is no `/sim/v1`, and the console has no pages about it.
    """

    engine: Engine
    simulation: Simulation
    hub: Hub
    postman: Postman
    health: Health
    authentication: Authentication
    sessions: Sessions
    workers: Workers
    intercept: Interception
    soap: Collection[str]
    controlled: bool

    def applications(self) -> Mapping[str, Application]:
        """Return them by prefix, none of them made yet."""
        reads = self.workers.reads
        return {
            OPERATOR: Late(self._operator_api, reads),
            **({SIMULATION: Late(self._simulation_api, reads)} if self.controlled else {}),
            **mount.mounts(Late(self._console, reads), self.engine),
        }

    def _operator_api(self) -> Application:
        from ucmsim.api.rest.operator import operator_api

        return operator_api(
            self._operator(), self.engine, self.hub, self.authentication, self.workers, self.intercept
        )

    def _simulation_api(self) -> Application:
        from ucmsim.api.sim.api import simulation_api

        return simulation_api(self.simulation, self._near_misses, self.authentication, self.workers)

    def _console(self) -> Application:
        from ucmsim.api.console.site import Site
        from ucmsim.api.console.surroundings import Surroundings

        surroundings = Surroundings(
            self.engine,
            lambda: self.authentication.accounts,
            self.sessions,
            self.simulation if self.controlled else None,
            self._near_misses,
        )
        return Site(surroundings, self.workers.reads, self.hub)

    def _operator(self) -> Face:
        from ucmsim.api.rest.operator import operator_face

        return operator_face(self.engine, self.hub, self.postman, self.health)

    def _rest_paths(self) -> Collection[str]:
        return {OPERATOR + route.path for _, route in self._operator().routes}

    @property
    def _near_misses(self) -> NearMisses:
        return wiring.near_misses(self.simulation, self.soap, Once(self._rest_paths))
