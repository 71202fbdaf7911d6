"""ControlCenterServicesEx: a function for each operation, under the operation's name.

Words in, a command or a question to the engine, words out; what may be done and what follows is not decided here.
"""
# ruff: noqa: N802  operations are named as on the wire

from __future__ import annotations

from typing import Any

from ucmsim.api.engine import Engine
from ucmsim.api.soap import Call, Payload
from ucmsim.api.soap.control_center import ACTIONS
from ucmsim.api.soap.service_information import NOTHING_ASKED, information, names
from ucmsim.models import files
from ucmsim.models.catalogue import Service
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.report import Answer
from ucmsim.models.states import Restrict

SUCCESS = 0
"""ReturnCode of every answer (`U-30`); a number in this contract."""

ENFORCE = "Enforce"
"""The DependencyType that takes dependent services along; any other word asks for the plain operation (`U-19`)."""


def getStaticServiceListExtended(engine: Engine, call: Call, _request: Any) -> Payload:
    """What the node offers, with what the product knows of each service; the argument is ignored (section 4.6)."""
    is_publisher = engine.node(call.node).is_publisher
    return {
        "getStaticServiceListExtendedReturn": {
            "PrimaryNode": is_publisher,
            "SecondaryNode": not is_publisher,
            "Services": {"item": [_specification(service) for service in engine.static_list(call.node)]},
        }
    }


def getFileDirectoryList(engine: Engine, call: Call, request: Any) -> Payload:
    """The names of the files in a directory of the node's logs; none in any other place (section 4.7, `U-52`)."""
    found = files.names(engine.node(call.node), request.DirectoryPath or "")
    return {"ListOfFiles": {"File": found}}


def soapDoServiceDeploymentNoDbUpdate(engine: Engine, call: Call, request: Any) -> Payload:
    """Activate or deactivate services until the node restarts (section 4.7, `U-28`)."""
    asked = request.DeploymentServiceRequestEx
    services = names(asked.ServiceList)
    answer = NOTHING_ASKED
    if services and asked.DeployType is not None:
        command = Deploy(
            call.node,
            asked.DeployType == "Deploy",
            services,
            recorded=False,
            product_id=asked.ProductId or None,
        )
        answer = engine.deploy(command, call.origin)
    return {"soapDoServiceDeploymentNoDbUpdateReturn": _information(engine, call, answer)}


def soapDoControlServicesEx(engine: Engine, call: Call, request: Any) -> Payload:
    """Start, stop or restart services, with what depends on them if asked (section 4.7, `U-19`, `U-20`)."""
    asked = request.ControlServiceRequestEx
    services = names(asked.ServiceList)
    answer = NOTHING_ASKED
    if services and asked.ControlType is not None:
        command = Control(
            call.node,
            ACTIONS[asked.ControlType],
            services,
            enforce=asked.DependencyType == ENFORCE,
            product_id=asked.ProductId or None,
        )
        answer = engine.control(command, call.origin)
    return {"soapDoControlServicesExReturn": _information(engine, call, answer)}


def _information(engine: Engine, call: Call, answer: Answer) -> dict[str, Any]:
    return information(answer, engine.timezone(call.node), SUCCESS)


def _specification(service: Service) -> dict[str, Any]:
    """The values that no capture shows have the shape of those that leaked elsewhere (`U-38`)."""
    return {
        "ServiceName": service.name,
        "DependentServices": {"item": service.depends},
        "ProductID": service.product_id,
        "ServiceType": service.form.value,
        "RestrictServer": _action(asked=service.restrict is Restrict.PRIMARY_NODE),
        "Restrict": service.restrict.value,
        "SetDefault": _action(asked=service.set_default),
        "SequenceNumber": str(200_000 + 100 * service.order),
        "ServiceEnum": str(service.order),
        "GroupName": service.group,
        "Deployable": service.deployable,
    }


def _action(*, asked: bool) -> str:
    return "yes" if asked else "no"
