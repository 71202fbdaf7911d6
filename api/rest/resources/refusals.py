"""Refusals in sentences: what a trouble with a service means to the person who asked."""

from __future__ import annotations

from ucmsim.api.operations.record import Place
from ucmsim.api.operations.troubles import Kind, Trouble
from ucmsim.api.rest.problems import TYPES, Problem, define
from ucmsim.models.catalogue import slug
from ucmsim.models.presence import REMOTE_NODE_AWAY

NO_INACTIVE_VERSION = define(
    "no-inactive-version",
    "The node has no inactive version",
    409,
    meaning="There is no other installed version to switch to.",
)

_SENTENCES = {
    Kind.SERVICE_NOT_FOUND: "there is no service {service!r} on {node}",
    Kind.SERVICE_NOT_ACTIVATED: "{service} on {node} is not activated; activate it first",
    Kind.SERVICE_NOT_DEPLOYABLE: "{service} is a network service: it can be neither activated nor deactivated",
    Kind.SERVICE_NOT_CONTROLLABLE: "{service} cannot be controlled this way",
    Kind.SERVICE_NOT_ON_THIS_NODE: "{service} runs on the publisher only, and {node} is none",
    Kind.DEPENDENCY_NOT_ACTIVE: "something that {service} depends on is down on {node}",
    Kind.ALREADY_IN_STATE: "{service} on {node} is in none of the states that the request requires",
    Kind.OPERATION_IN_PROGRESS: "another operation is in progress on {where}",
    Kind.NODE_UNREACHABLE: "{node}: " + REMOTE_NODE_AWAY,
    Kind.NO_INACTIVE_VERSION: "{node} has no inactive version",
    Kind.OPERATION_TIMEOUT: "{where} was not done in time; it carries on",
    Kind.SERVICE_FAILED: "{service} on {node} did not come up",
    Kind.VALIDATION_ERROR: "{service} does not belong to the product that was named",
}


def problem(place: Place, trouble: Trouble) -> Problem:
    """Return the problem that a trouble at a place is."""
    where = f"{place.service} on {place.node}" if place.service else place.node
    return Problem(
        TYPES[trouble.kind.value],
        _SENTENCES[trouble.kind].format(service=place.service, node=place.node, where=where),
        cluster=place.cluster,
        node=place.node,
        service=slug(place.service) or None,
        operation=trouble.operation,
        rule=trouble.rule,
        wire=trouble.reason,
        headers={"Retry-After": "2"} if trouble.kind is Kind.OPERATION_IN_PROGRESS else {},
    )
