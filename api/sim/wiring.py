"""The simulation's place in a server: what stands around the ring, and what it asks of the clusters."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import Executor

from ucmsim.api.engine import Engine, UnknownNodeError
from ucmsim.api.faces import CONTROL_CENTER, CONTROL_CENTER_EX
from ucmsim.api.ring.exchange import Application
from ucmsim.api.sim import asking
from ucmsim.api.sim.injection import Injection, World
from ucmsim.api.sim.near_misses import NearMisses
from ucmsim.api.sim.recording import Recording
from ucmsim.api.sim.settings import located
from ucmsim.api.sim.simulation import Simulation
from ucmsim.api.sim.wire import Cutting
from ucmsim.models.containers import TOMCAT
from ucmsim.models.states import NodeRef, Status
from ucmsim.wsdl import contract

_CONTRACTS = {CONTROL_CENTER: "ControlCenterServices", CONTROL_CENTER_EX: "ControlCenterServicesEx"}


def recorded(simulation: Simulation, app: Application) -> Application:
    """Return an application whose requests are journaled and whose answers may be cut off."""
    now = simulation.engine.clock.now
    return Recording(Cutting(app), simulation.journal, now, lambda: simulation.settings.mask_secrets)


def injection(simulation: Simulation, executor: Executor) -> Injection:
    """Return what disturbs requests; rules are counted in `executor`."""
    engine = simulation.engine
    world = World(
        rules=simulation.enforcement,
        now=engine.clock.now,
        zone=engine.timezone,
        services=lambda ref: tuple(engine.node(ref).services),
        latency=lambda ref: engine.node(ref).conditions.latency,
        rate=lambda api: _rate(simulation, api),
        real_seconds_until=engine.clock.real_seconds_until,
        rest_follows_tomcat=lambda: simulation.settings.rest_follows_tomcat,
        tomcat_is_down=lambda ref: _tomcat_is_down(engine, ref),
    )
    disturbing = Injection(world, executor)
    simulation.forgetful.append(disturbing.forget)
    return disturbing


def located_by(simulation: Simulation, address: str) -> str:
    """Return what a contract gives for the endpoint that the caller reached at `address`."""
    return located(simulation.settings.wsdl_address, address)


def near_misses(
    simulation: Simulation, paths: Collection[str], rest_paths: Callable[[], Collection[str]]
) -> NearMisses:
    """Return what finds near misses; `paths` are those of the SOAP APIs, `rest_paths` returns the operator API's."""
    operations: dict[str, Collection[str]] = {
        asking.APIS[path]: tuple(contract.load(name).operations) for path, name in _CONTRACTS.items()
    }
    engine = simulation.engine
    return NearMisses(paths, operations, rest_paths, lambda ref: engine.node(ref).services)


def _rate(simulation: Simulation, api: str) -> int | None:
    settings = simulation.settings
    return settings.rest_rate if api == asking.REST else settings.control_center_rate


def _tomcat_is_down(engine: Engine, ref: NodeRef) -> bool:
    try:
        instance = engine.node(ref).instances.get(TOMCAT)
    except UnknownNodeError:
        return False
    return instance is not None and instance.at(engine.clock.now()).status is not Status.STARTED
