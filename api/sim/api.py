"""The simulation API, `/sim/v1`: its resources put together, and the gate in front of them."""

from __future__ import annotations

from importlib.metadata import version

from ucmsim.api.accounts import Permission
from ucmsim.api.engine import UnknownNodeError
from ucmsim.api.rest.application import Face, flask_application
from ucmsim.api.rest.entrance import public_paths, with_entrance
from ucmsim.api.rest.gate import Gate, Identifies
from ucmsim.api.rest.problems import NOT_FOUND, Problem
from ucmsim.api.sim.near_misses import NearMisses
from ucmsim.api.sim.resources import BASE
from ucmsim.api.sim.resources.clock import Clock
from ucmsim.api.sim.resources.faults import Faults
from ucmsim.api.sim.resources.metrics import Metrics
from ucmsim.api.sim.resources.requests import Requests
from ucmsim.api.sim.resources.scenarios import Scenarios
from ucmsim.api.sim.resources.stage import Nodes, States
from ucmsim.api.sim.resources.state import Reset, Snapshots
from ucmsim.api.sim.resources.topology import BODY_LIMIT, Topology
from ucmsim.api.sim.resources.tuning import Settings, Timings
from ucmsim.api.sim.simulation import Simulation
from ucmsim.api.workers import Workers

ABOUT = """What only a simulator can do: the clock, fault rules, the world around nodes, forced states, the journal of
requests, snapshots, scenarios.

Every path needs the role `simulation`. Fault rules, limits and latencies never affect it, and it answers on a node's
address also while that node's own interfaces are away. Lists answer `items` and `next`; errors are
`application/problem+json`, their kinds are listed at `/api/v1/problems`. Unknown fields and parameters are refused.
"""


def simulation_face(simulation: Simulation, near_misses: NearMisses) -> Face:
    """Return the simulation API."""
    engine = simulation.engine
    return with_entrance(
        Face(
            BASE,
            "ucmsim simulation API",
            ABOUT,
            version("ucmsim"),
            (
                Clock(simulation.timekeeper),
                Faults(simulation.fault_rules),
                Nodes(engine, simulation.stage),
                States(engine, simulation.stage),
                Requests(simulation.journal, near_misses),
                Scenarios(simulation.scenarios),
                Reset(simulation.archive),
                Snapshots(simulation.archive, simulation.timekeeper),
                Timings(simulation.pacing),
                Settings(simulation.preferences),
                Topology(simulation.topology),
                Metrics(simulation),
            ),
            reading=Permission.SIMULATION,
            writing=Permission.SIMULATION,
            translations=(_gone,),
        )
    )


def simulation_api(
    simulation: Simulation, near_misses: NearMisses, authentication: Identifies, workers: Workers
) -> Gate:
    """Return the simulation API as an ASGI application."""
    face = simulation_face(simulation, near_misses)
    return Gate(
        flask_application(face),
        authentication,
        workers.reads,
        workers.commands,
        public=public_paths(face),
        limits={f"{BASE}/topology": BODY_LIMIT},
    )


def _gone(error: Exception) -> Problem | None:
    """What an engine says when a cluster or node has gone since it was looked up."""
    return Problem(NOT_FOUND, str(error)) if isinstance(error, UnknownNodeError) else None
