"""REST's words for the core's values (REST specification section 3): upper snake, one enumeration for each field."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """The state of a service; UNKNOWN while its node cannot be reached."""

    STARTED = "STARTED"
    STOPPED = "STOPPED"
    STARTING = "STARTING"
    STOPPING = "STOPPING"
    UNKNOWN = "UNKNOWN"


class Activation(StrEnum):
    """Whether a feature service is activated; network services are never activated or deactivated."""

    ACTIVATED = "ACTIVATED"
    DEACTIVATED = "DEACTIVATED"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class ServiceType(StrEnum):
    """FEATURE services can be activated, NETWORK services are installed running."""

    FEATURE = "FEATURE"
    NETWORK = "NETWORK"


class Implementation(StrEnum):
    """How a service runs: a process of its own, or a web application inside Cisco Tomcat."""

    SERVICE = "SERVICE"
    SERVLET = "SERVLET"


class StopCause(StrEnum):
    """Why a service is stopped."""

    NOT_ACTIVATED = "NOT_ACTIVATED"
    COMMANDED = "COMMANDED"
    NOT_ON_THIS_NODE = "NOT_ON_THIS_NODE"
    CRASHED = "CRASHED"
    NOT_RUNNING = "NOT_RUNNING"


class ProductName(StrEnum):
    """What is installed on a node: Unified Communications Manager, IM and Presence, Unity Connection."""

    UCM = "UCM"
    IMP = "IMP"
    CUC = "CUC"


class RoleName(StrEnum):
    """PUBLISHER is the first node of its product in a cluster."""

    PUBLISHER = "PUBLISHER"
    SUBSCRIBER = "SUBSCRIBER"


class Reachability(StrEnum):
    """Whether a node answers."""

    REACHABLE = "REACHABLE"
    UNREACHABLE = "UNREACHABLE"
    RESTARTING = "RESTARTING"


class DbReplication(StrEnum):
    """The state of a node's database replication."""

    OK = "OK"
    BROKEN = "BROKEN"
    SETUP = "SETUP"


class ViaName(StrEnum):
    """By whose rules a service is controlled: those of the API, or those of the node's command line."""

    API = "API"
    CLI = "CLI"


class OperationKind(StrEnum):
    """What an operation does."""

    SERVICE_START = "SERVICE_START"
    SERVICE_STOP = "SERVICE_STOP"
    SERVICE_RESTART = "SERVICE_RESTART"
    SERVICE_ACTIVATE = "SERVICE_ACTIVATE"
    SERVICE_DEACTIVATE = "SERVICE_DEACTIVATE"
    NODE_RESTART = "NODE_RESTART"
    NODE_SHUTDOWN = "NODE_SHUTDOWN"
    NODE_SWITCH_VERSION = "NODE_SWITCH_VERSION"


class ServiceKind(StrEnum):
    """What an operation on services does."""

    SERVICE_START = "SERVICE_START"
    SERVICE_STOP = "SERVICE_STOP"
    SERVICE_RESTART = "SERVICE_RESTART"
    SERVICE_ACTIVATE = "SERVICE_ACTIVATE"
    SERVICE_DEACTIVATE = "SERVICE_DEACTIVATE"


class OperationStatus(StrEnum):
    """How an operation stands, or one of its targets."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class FaceName(StrEnum):
    """Over which face a command came; SYSTEM for what the simulated system does by itself."""

    REST = "REST"
    SOAP = "SOAP"
    CONSOLE = "CONSOLE"
    CLI = "CLI"
    SIM = "SIM"
    SYSTEM = "SYSTEM"


class OnError(StrEnum):
    """What becomes of the targets after one that is refused: they go on, or are CANCELLED."""

    CONTINUE = "CONTINUE"
    STOP = "STOP"
