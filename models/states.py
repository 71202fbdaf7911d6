"""The vocabulary of the field: products, roles, states and verbs.

Every other module may import this one; it imports nothing of ours and knows no rule.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

Instant = int
"""A moment of simulated time: milliseconds since the epoch (UTC)."""

SECOND = 1000
"""One second in the unit of `Instant`."""


class Product(Enum):
    """What is installed on a node."""

    UCM = "UCM"
    IMP = "IMP"
    CUC = "CUC"


class Role(Enum):
    """Publisher is the first node of its product in a cluster, subscriber any other."""

    PUBLISHER = "publisher"
    SUBSCRIBER = "subscriber"


class Kind(Enum):
    """A feature service is activated by an administrator; a network service is installed running (G-ACT-2)."""

    FEATURE = "feature"
    NETWORK = "network"


class Form(Enum):
    """How a service runs: a process of its own, or a web application inside Cisco Tomcat (the wire's ServiceType)."""

    SERVICE = "Service"
    SERVLET = "Servlet"


class Placement(Enum):
    """On which nodes of a cluster a service belongs (G-ACT-15)."""

    ANY = "any"
    PUBLISHER = "publisher"


class Restrict(Enum):
    """The wire's Restrict: what the API enforces (specification section 4.6)."""

    NONE = "none"
    PRIMARY_NODE = "PrimaryNode"
    DO_NOT_STOP = "DoNotStop"


class Status(Enum):
    """The state of a service as it stands on the wire (specification section 2.2)."""

    STARTED = "Started"
    STOPPED = "Stopped"
    STARTING = "Starting"
    STOPPING = "Stopping"
    UNKNOWN = "Unknown"


class Action(Enum):
    """What can be asked of a service."""

    START = "start"
    STOP = "stop"
    RESTART = "restart"
    ACTIVATE = "activate"
    DEACTIVATE = "deactivate"


class Via(Enum):
    """By which way a command came: the API's rules, or those of the node's command line, which may do more (G-CTL-18)."""

    API = "api"
    CLI = "cli"


class NodeRef(NamedTuple):
    """Names one node of one cluster."""

    cluster: str
    node: str
