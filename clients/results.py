"""What Control Center answers, as plain values: states, services, products.

They know neither XML nor HTTP; every client of this package returns them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

SUCCESS = -1
NO_SUCH_SERVICE = -1010
BAD_ARGUMENTS = -1012
NOT_RUNNING = -1019
NOT_ACTIVATED = -1068
COMMANDED_OUT = -1069
SEVERAL = -1070
"""Codes of the vendor's reason table that a caller may want to compare with (specification section 5.3)."""


class Status(Enum):
    """The state of a service, as the wire spells it (specification section 2.2)."""

    STARTED = "Started"
    STOPPED = "Stopped"
    STARTING = "Starting"
    STOPPING = "Stopping"
    UNKNOWN = "Unknown"


class Form(Enum):
    """A process of its own, or a web application inside Cisco Tomcat (the wire's ServiceType)."""

    SERVICE = "Service"
    SERVLET = "Servlet"


class Action(Enum):
    """What can be asked of a service."""

    START = "start"
    STOP = "stop"
    RESTART = "restart"
    ACTIVATE = "activate"
    DEACTIVATE = "deactivate"

    @property
    def done(self) -> str:
        """The participle, for sentences: `started`, `stopped`, …"""
        return {"stop": "stopped", "activate": "activated", "deactivate": "deactivated"}.get(
            self.value, f"{self.value}ed"
        )

    @property
    def aims(self) -> frozenset[Status]:
        """The states that show that the action has worked or is working."""
        if self in {Action.STOP, Action.DEACTIVATE}:
            return frozenset({Status.STOPPED, Status.STOPPING})
        if self is Action.RESTART:
            return frozenset({Status.STOPPING, Status.STARTING, Status.STARTED})
        return frozenset({Status.STARTED, Status.STARTING})


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code of the vendor's table and its text, trimmed; -1 means success and has no text."""

    code: int
    text: str = ""

    def __str__(self) -> str:
        return f"{self.text} ({self.code})" if self.text else f"reason {self.code}"


@dataclass(frozen=True, slots=True)
class ServiceState:
    """One service of a node at one moment.

    `started` (aware, in the node's time zone) and `up_time` (whole seconds) are None while the service does not run.
    """

    name: str
    status: Status
    reason: Reason
    started: datetime | None = None
    up_time: timedelta | None = None

    @property
    def activated(self) -> bool:
        """Whether it is activated: the wire has no such status, a reason code says it (specification section 5.1)."""
        return self.reason.code != NOT_ACTIVATED

    @property
    def known(self) -> bool:
        """Whether the node has a service of that name: an unknown one is no error on the wire (`U-1`)."""
        return self.reason.code != NO_SUCH_SERVICE

    def __str__(self) -> str:
        if self.reason.code == SUCCESS:
            return f"{self.name}: {self.status.value}"
        return f"{self.name}: {self.status.value}, {self.reason}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer about services: the reason of the call, and a state for each name in the order asked."""

    reason: Reason
    states: tuple[ServiceState, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """What a service is, whatever its state. `deployable` ones are feature services: they can be activated.

    `product_id` is empty where the operation does not tell it.
    """

    name: str
    form: Form
    deployable: bool
    group: str
    depends: tuple[str, ...] = ()
    product_id: str = ""


@dataclass(frozen=True, slots=True)
class ExtendedService(Service):
    """A service with what only the Ex operation tells (specification section 2.3).

    `restrict` is `none`, `PrimaryNode` or `DoNotStop`; `set_default` marks the members of Set to Default.
    """

    restrict: str = ""
    restrict_server: bool = False
    set_default: bool = False
    sequence: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """One product that is installed on a node."""

    name: str
    version: str
    description: str
    id: str
    short_name: str


@dataclass(frozen=True, slots=True)
class ProductInformation:
    """The products and services of a node; `primary_node` is the publisher as the server table names it."""

    version: str
    primary_node: str
    secondary_node: str
    products: tuple[Product, ...]
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class ExtendedList:
    """The extended list of a node's services, and whether the node is the publisher."""

    primary_node: bool
    secondary_node: bool
    services: tuple[ExtendedService, ...]
