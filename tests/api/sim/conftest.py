"""The simulation API: over an engine with a stopped clock, and on a live server that is reset before each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import zeep

from tests.api.rest.conftest import NOW, Api, Description
from ucmsim.api import inventory
from ucmsim.api.clock import Clock
from ucmsim.api.engine import Engine
from ucmsim.api.faces import CONTROL_CENTER, CONTROL_CENTER_EX
from ucmsim.api.rest.application import Face, flask_application
from ucmsim.api.sim.api import simulation_face
from ucmsim.api.sim.near_misses import NearMisses
from ucmsim.api.sim.simulation import Simulation
from ucmsim.api.simulator import Simulator
from ucmsim.api.state_directory import StateDirectory
from ucmsim.api.store import Store

ENVELOPE = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{}</e:Body></e:Envelope>'


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'ucmsim.sqlite'}"


def simulation_over(url: str, clock: Clock | None = None) -> Simulation:
    store = Store(url)
    return Simulation(Engine(store, inventory.builtin("lab"), clock or Clock.frozen(NOW)), store)


@pytest.fixture
def simulation(url) -> Iterator[Simulation]:
    simulation = simulation_over(url)
    yield simulation
    simulation.engine.close()
    simulation.close()


class Sim(Api):
    """A client of `/sim/v1`; every answer is held against its own description."""

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        path = path if path.startswith("/sim/v1") else f"/sim/v1{path}"
        return super().ask(method, path, body, **more)

    def patch(self, path: str, body: Any) -> Any:
        return self.ask("PATCH", path, body)

    def put(self, path: str, body: Any) -> Any:
        return self.ask("PUT", path, body)

    def post(self, path: str, body: Any = None, **headers: Any) -> Any:
        return self.ask("POST", path, body, **headers)

    def get(self, path: str, **headers: Any) -> Any:
        return self.ask("GET", path, **headers)

    def delete(self, path: str) -> Any:
        return self.ask("DELETE", path)

    def told(self, *types: str) -> list[Any]:
        """The events of these types as (type, service, data)."""
        events = self.engine.events(0, 10_000)
        return [(e.type, e.service, e.data) for e in events if not types or e.type in types]


def sim_over(simulation: Simulation) -> Sim:
    face = simulation_face(
        simulation, NearMisses((), {}, tuple, lambda ref: simulation.engine.node(ref).services)
    )
    return Sim(flask_application(face), simulation.engine, described(face))


_DESCRIBED: list[Description] = []


def described(face: Face) -> Description:
    """The description of the face: the same for every simulation."""
    if not _DESCRIBED:
        _DESCRIBED.append(Description(face))
    return _DESCRIBED[0]


@pytest.fixture
def sim(simulation) -> Sim:
    return sim_over(simulation)


@dataclass
class Live:
    """A server, and its clients: a tester's, and those that are under test."""

    simulator: Simulator

    def __post_init__(self) -> None:
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.verify = str(self.simulator.certificate.path)
        self.http.auth = ("administrator", "hunter2")
        self._services: dict[str, Any] = {}

    def url(self, path: str, address: str = "127.0.0.1") -> str:
        return f"https://{address}:{self.simulator.server.port}{path}"

    def sim(self, method: str, path: str, body: Any = None) -> Any:
        """A request of the tester's, which has to succeed; returns the document."""
        answer = self.http.request(method, self.url(f"/sim/v1{path}"), json=body)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def fault(self, effect: str, params: Any = None, match: Any = None, **more: Any) -> str:
        rule = {"match": match or {}, "effect": {"type": effect, "params": params or {}}, **more}
        return self.sim("POST", "/faults", rule)["id"]

    def soap(self, path: str = CONTROL_CENTER) -> Any:
        """The operations of the publisher as a zeep client has them."""
        if path not in self._services:
            transport = zeep.Transport(session=self.http)
            self._services[path] = zeep.Client(self.url(path) + "?wsdl", transport=transport).service
        return self._services[path]

    def status(self, *names: str) -> Any:
        return self.soap().soapGetServiceStatus(list(names) or [""])

    def control(self, verb: str, *names: str) -> Any:
        return self.soap().soapDoControlServices({"ControlType": verb, "ServiceList": {"item": list(names)}})

    def post(self, body: str, path: str = CONTROL_CENTER, **more: Any) -> requests.Response:
        """A message without a client that knows what it does."""
        return self.http.post(
            self.url(path), data=body.encode(), headers={"Content-Type": "text/xml"}, **more
        )

    def ask(self, operation: str, inner: str = "") -> requests.Response:
        message = f'<o:{operation} xmlns:o="http://schemas.cisco.com/ast/soap">{inner}</o:{operation}>'
        return self.post(ENVELOPE.format(message))

    def journal(self, **wanted: Any) -> list[Any]:
        items: list[Any] = self.sim("POST", "/requests/actions/find", wanted)["items"]
        return items


@pytest.fixture(scope="session")
def _server(tmp_path_factory) -> Iterator[Live]:
    with StateDirectory(tmp_path_factory.mktemp("simulation")) as directory:
        simulator = Simulator(
            inventory.builtin("lab"),
            directory,
            port=0,
            environ={"UCMSIM_PASSWORD": "hunter2"},
            clock=Clock.frozen(NOW),
        )
        simulator.start()
        live = Live(simulator)
        yield live
        live.http.close()
        simulator.stop(drain=1)


@pytest.fixture
def live(_server) -> Live:
    _server.soap(), _server.soap(CONTROL_CENTER_EX)
    _server.sim("POST", "/reset", {})
    return _server
