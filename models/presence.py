"""What of a node answers at a time: the node, its port, the pages and web services behind it.

Faces ask before they answer. The paths are the catalogue's; whether a path exists below them is the face's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from types import MappingProxyType

from ucmsim.models.catalogue import SERVICES, offered
from ucmsim.models.cluster import Node
from ucmsim.models.containers import TOMCAT, container
from ucmsim.models.outage import Work
from ucmsim.models.states import Instant, Product, Status

REMOTE_NODE_AWAY = "Connection to the Server cannot be established (unable to access Remote Node)"
"""What another node's pages say of a node that cannot be reached (G-CTL-16); never on the wire (`U-55`)."""


class Reachability(Enum):
    """Whether a node can be reached, and if not, why."""

    REACHABLE = "reachable"
    UNREACHABLE = "unreachable"
    RESTARTING = "restarting"
    OFF = "switched off"


class Reply(Enum):
    """What a client of a path meets."""

    ANSWERS = "answers"
    NOT_FOUND = "404"
    REFUSED = "connection refused"
    UNREACHABLE = "no connection"


class Api(Enum):
    """The web services of a node, by the path that they answer under (G-CTL-13)."""

    CONTROL_CENTER = "/controlcenterservice2/"
    CONTROL_CENTER_LEGACY = "/controlcenterservice/"
    REAL_TIME = "/realtimeservice2/"
    PERFORMANCE = "/perfmonservice2/"
    LOG_COLLECTION = "/logcollectionservice2/"
    CDR_ON_DEMAND = "/CDRonDemandService2/"
    PLATFORM = "/platform-services/"
    AXL = "/axl/"
    USER_DATA = "/cucm-uds/"
    VOICE_MAIL = "/vmrest/"


_KNOWN = frozenset(
    path
    for services in SERVICES.values()
    for service in services
    if service.name != TOMCAT
    for page in service.pages
    for path in page.paths
)


def reachability(node: Node, now: Instant) -> Reachability:
    """Say whether a node can be reached: a node that is off, or cut off from the network, answers nobody (`U-55`)."""
    if node.outage is not None and node.outage.covers(now):
        return Reachability.OFF if node.outage.work is Work.SHUTDOWN else Reachability.RESTARTING
    return Reachability.REACHABLE if node.conditions.reachable else Reachability.UNREACHABLE


def reachable(node: Node, now: Instant) -> bool:
    """Whether a node can be reached (G-CTL-16)."""
    return reachability(node, now) is Reachability.REACHABLE


def listening(node: Node, now: Instant) -> bool:
    """Whether the node's web port accepts connections: only while Cisco Tomcat runs (G-CTL-12, `U-48`)."""
    return reachable(node, now) and _runs(node, TOMCAT, now)


def carriers(node: Node, path: str) -> tuple[str, ...]:
    """Return the services of a node that must run for a path to answer; none: the node has no such path.

    A web service needs the service that it is (G-CTL-13), and that one's Tomcat (G-CTL-12).
    """
    places = _places(node.spec.product, node.version, node.conditions.virtual)
    owners = [name for place, names in places.items() if _lies_in(path, place) for name in names]
    if not owners:
        return ()
    hosts = (host for owner in owners if (host := container(node, owner)) is not None)
    return tuple(dict.fromkeys((*owners, *hosts, TOMCAT)))


def reply(node: Node, path: str, now: Instant) -> Reply:
    """Say what a client of `path` meets at `now`.

    An unreachable node gives no connection (G-CTL-16, `U-55`), one without Tomcat refuses it (G-CTL-12); a page
    or web service whose service is down, or that the node does not have, is not found (G-CTL-11, G-CTL-13, `U-48`).
    Paths that no service of any product claims are the web server's own and answer.
    """
    if not reachable(node, now):
        return Reply.UNREACHABLE
    if not _runs(node, TOMCAT, now):
        return Reply.REFUSED
    if not any(_lies_in(path, known) for known in _KNOWN):
        return Reply.ANSWERS
    needed = carriers(node, path)
    answers = bool(needed) and all(_runs(node, name, now) for name in needed)
    return Reply.ANSWERS if answers else Reply.NOT_FOUND


def answers(node: Node, api: Api, now: Instant) -> bool:
    """Whether a web service of a node answers at `now` (G-CTL-13)."""
    return reply(node, api.value, now) is Reply.ANSWERS


@lru_cache(maxsize=64)
def _places(product: Product, version: str, virtual: bool) -> Mapping[str, tuple[str, ...]]:
    """Return the paths that services of a node claim, each with those services."""
    places: dict[str, tuple[str, ...]] = {}
    for name, service in offered(product, version, virtual).items():
        if name != TOMCAT:
            for place in (path for page in service.pages for path in page.paths):
                places[place] = (*places.get(place, ()), name)
    return MappingProxyType(places)


def _lies_in(path: str, place: str) -> bool:
    return f"{path}/".startswith(place)


def _runs(node: Node, name: str, now: Instant) -> bool:
    return name in node.instances and node.instances[name].at(now).status is Status.STARTED
