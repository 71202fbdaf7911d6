"""The operator API, `/api/v1`: its resources put together, and the gate in front of them."""

from __future__ import annotations

from importlib.metadata import version

from ucmsim.api.engine import Engine, UnknownNodeError
from ucmsim.api.events.stream import Hub
from ucmsim.api.operations.desk import Desk
from ucmsim.api.rest.application import Face, flask_application
from ucmsim.api.rest.entrance import public_paths, with_entrance
from ucmsim.api.rest.gate import Gate, Identifies
from ucmsim.api.rest.problems import NOT_FOUND, Problem
from ucmsim.api.rest.resources.advice import Advice
from ucmsim.api.rest.resources.clusters import Clusters
from ucmsim.api.rest.resources.events import Events, EventStream
from ucmsim.api.rest.resources.health import Health
from ucmsim.api.rest.resources.metrics import Metrics
from ucmsim.api.rest.resources.names import BASE
from ucmsim.api.rest.resources.nodes import Nodes
from ucmsim.api.rest.resources.operations import Operations
from ucmsim.api.rest.resources.problem_types import Problems
from ucmsim.api.rest.resources.service_actions import ServiceActions
from ucmsim.api.rest.resources.services import Services
from ucmsim.api.rest.resources.subscriptions import Subscriptions
from ucmsim.api.rest.standing import World
from ucmsim.api.ring import health
from ucmsim.api.ring.interception import Interception, undisturbed
from ucmsim.api.subscriptions.postman import Postman
from ucmsim.api.workers import Workers

ABOUT = """Clusters, nodes and services as SOAP shows them, and what SOAP cannot: a whole cluster at a glance, operations
that one can wait for, and everything that happens as a stream.

Lists answer `items` and `next`, the cursor of the next part or null. Single resources carry an `ETag`. Errors are
`application/problem+json`; their kinds are listed at `/api/v1/problems`. All times are simulated; unknown fields and
parameters are refused. Nothing is cached.
"""


def operator_face(engine: Engine, hub: Hub, postman: Postman, state: health.Health) -> Face:
    """Return the operator API over an engine."""
    desk = Desk(engine)
    return with_entrance(
        Face(
            BASE,
            "ucmsim operator API",
            ABOUT,
            version("ucmsim"),
            (
                Clusters(engine),
                Nodes(engine, desk),
                Services(engine, desk),
                ServiceActions(engine, desk),
                Operations(engine, desk),
                Events(engine),
                Subscriptions(engine, postman),
                Advice(engine),
                Metrics(engine, lambda: hub.listeners),
                Health(state),
                Problems(),
            ),
            translations=(_gone,),
        )
    )


def operator_api(
    face: Face,
    engine: Engine,
    hub: Hub,
    authentication: Identifies,
    workers: Workers,
    intercept: Interception = undisturbed,
) -> Gate:
    """Return the operator API as an ASGI application."""
    return Gate(
        flask_application(face),
        authentication,
        workers.reads,
        workers.commands,
        public=public_paths(face),
        streams=(EventStream(engine, hub, workers.reads),),
        intercept=intercept,
        world=World(lambda: engine.revision, engine.clock.now),
    )


def _gone(error: Exception) -> Problem | None:
    """What an engine says when a cluster or node has gone since it was looked up."""
    return Problem(NOT_FOUND, str(error)) if isinstance(error, UnknownNodeError) else None
