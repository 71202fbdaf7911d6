"""How the state of a service looks to a person: a word, a shape beside the colour, and how urgent it is.

It judges what a timeline says; it knows neither HTML nor rules.
"""

from __future__ import annotations

from dataclasses import dataclass

from ucmsim.models.catalogue import Service
from ucmsim.models.cluster import Node
from ucmsim.models.presence import reachable
from ucmsim.models.reasons import NOT_RUNNING
from ucmsim.models.states import Instant, Status
from ucmsim.models.timeline import Instance, Moment


@dataclass(frozen=True)
class Look:
    """`mark` names the shape and the colour, `word` is what is read aloud; the lower `rank`, the more urgent.

    `concerns` says whether somebody should look at it.
    """

    mark: str
    word: str
    rank: int
    concerns: bool = False


FAILED = Look("failed", "Not running", 0, concerns=True)
UNKNOWN = Look("unknown", "Unknown", 1, concerns=True)
STOPPED = Look("stopped", "Stopped", 2, concerns=True)
HELD = Look("held", "Starting, held back", 3, concerns=True)
STOPPING = Look("stopping", "Stopping", 4)
STARTING = Look("starting", "Starting", 5)
STARTED = Look("started", "Started", 6)
IDLE = Look("idle", "Not on this node", 7)
INACTIVE = Look("inactive", "Not activated", 8)

LOOKS = (FAILED, UNKNOWN, STOPPED, HELD, STOPPING, STARTING, STARTED, IDLE, INACTIVE)
"""All of them, the most urgent first."""


def look(node: Node, service: Service, now: Instant) -> Look:
    """Say how `service` of `node` looks at `now`; nothing is known of a node that cannot be reached (G-CTL-16)."""
    if not reachable(node, now):
        return UNKNOWN
    instance = node.instances[service.name]
    moment = instance.at(now)
    if moment.status is Status.STARTING and not instance.ahead(now):
        return HELD
    return of_moment(moment, instance, at_home=node.belongs(service))


def of_moment(moment: Moment, instance: Instance, *, at_home: bool = True) -> Look:
    """Say how one moment of a timeline looks; `at_home`: the service belongs on its node (G-ACT-15)."""
    match moment.status:
        case Status.STARTED:
            return STARTED
        case Status.STARTING:
            return STARTING
        case Status.STOPPING:
            return STOPPING
        case Status.UNKNOWN:
            return UNKNOWN
        case Status.STOPPED:
            if not at_home:
                return IDLE
            if not instance.activated:
                return INACTIVE
            return FAILED if moment.reason == NOT_RUNNING else STOPPED
