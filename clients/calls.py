"""The operations of Control Center as values: what to send, and how to read what comes back.

A call does nothing by itself; who carries it, and how patiently, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ucmsim.clients import reading
from ucmsim.clients.node_time import NodeTime
from ucmsim.clients.results import (
    Action,
    Answer,
    ExtendedList,
    ProductInformation,
    Service,
)

T = TypeVar("T")

PLAIN = "ControlCenterServices"
EX = "ControlCenterServicesEx"

_WIRE = {
    Action.START: "Start",
    Action.STOP: "Stop",
    Action.RESTART: "Restart",
    Action.ACTIVATE: "Deploy",
    Action.DEACTIVATE: "UnDeploy",
}


@dataclass(frozen=True)
class Call(Generic[T]):
    """One SOAP call: contract, operation, arguments by element name, and what makes a value of the answer."""

    contract: str
    operation: str
    arguments: Mapping[str, Any]
    read: Callable[[Any], T]


class Calls:
    """Makes the calls; start times of their answers are read in the node's time."""

    def __init__(self, time: NodeTime) -> None:
        self._time = time

    def services(self) -> Call[list[Service]]:
        """What the node offers, in the order of its configuration (specification section 4.6)."""
        return Call(PLAIN, "soapGetStaticServiceList", {"ServiceInformationResponse": ""}, reading.services)

    def status(self, names: Iterable[str]) -> Call[Answer]:
        """The state of these services; of all without names (specification section 4.2)."""
        return Call(PLAIN, "soapGetServiceStatus", {"ServiceStatus": list(names) or [""]}, self._answer)

    def command(self, action: Action, names: Iterable[str]) -> Call[Answer]:
        """An action on services of the node that is asked: NodeName is nil, since it selects nothing (section 4.1)."""
        deploys = action in {Action.ACTIVATE, Action.DEACTIVATE}
        return Call(
            PLAIN,
            "soapDoServiceDeployment" if deploys else "soapDoControlServices",
            {
                "DeploymentServiceRequest" if deploys else "ControlServiceRequest": {
                    "NodeName": None,
                    "DeployType" if deploys else "ControlType": _WIRE[action],
                    "ServiceList": {"item": list(names)},
                }
            },
            self._answer,
        )

    def product_information(self) -> Call[ProductInformation]:
        """Products, publisher and services (specification section 4.5)."""
        return Call(PLAIN, "getProductInformationList", {"ServiceInfo": ""}, reading.product_information)

    def extended_services(self) -> Call[ExtendedList]:
        """The list with restrictions and defaults (specification section 4.6)."""
        return Call(
            EX, "getStaticServiceListExtended", {"ServiceInformationResponse": ""}, reading.extended_list
        )

    def files(self, directory: str) -> Call[list[str]]:
        """The names of the files in a directory below /var/log/active (specification section 4.7)."""
        return Call(EX, "getFileDirectoryList", {"DirectoryPath": directory}, reading.files)

    def extended_control(
        self, action: Action, names: Iterable[str], product_id: str | None, *, enforce: bool
    ) -> Call[Answer]:
        """Start, stop or restart, with `enforce` also what the services depend on (specification section 4.7)."""
        request = {
            "ProductId": product_id,
            "DependencyType": "Enforce" if enforce else "None",
            "ControlType": _WIRE[action],
            "ServiceList": {"item": list(names)},
        }
        return Call(EX, "soapDoControlServicesEx", {"ControlServiceRequestEx": request}, self._answer)

    def unrecorded_deployment(
        self, action: Action, names: Iterable[str], product_id: str | None
    ) -> Call[Answer]:
        """Activate or deactivate without the entry in the database (specification section 4.7)."""
        request = {
            "ProductId": product_id,
            "DeployType": _WIRE[action],
            "ServiceList": {"item": list(names)},
        }
        return Call(
            EX,
            "soapDoServiceDeploymentNoDbUpdate",
            {"DeploymentServiceRequestEx": request},
            self._answer,
        )

    def _answer(self, returned: Any) -> Answer:
        return reading.answer(returned, self._time)


def listed(names: str | Iterable[str]) -> tuple[str, ...]:
    """One name or several as a tuple."""
    return some((names,) if isinstance(names, str) else tuple(names))


def some(names: tuple[str, ...]) -> tuple[str, ...]:
    """`names`; raises ValueError when there are none, since a command for no service is always a mistake."""
    if not names:
        raise ValueError("name at least one service")
    return names
