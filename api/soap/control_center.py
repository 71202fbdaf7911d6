"""ControlCenterServices: a function for each operation, under the operation's name.

Words in, a command or a question to the engine, words out; what may be done and what follows is not decided here.
"""
# ruff: noqa: N802  operations are named as on the wire

from __future__ import annotations

from typing import Any

from ucmsim.api.engine import Engine
from ucmsim.api.soap import Call, Payload, Standing
from ucmsim.api.soap.service_information import NOTHING_ASKED, information, names
from ucmsim.api.views import NodeView
from ucmsim.models.catalogue import Service
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.report import Answer
from ucmsim.models.states import Action

SUCCESS = "0"
"""ReturnCode of every answer (`U-30`); a text in this contract."""

ACTIONS = {"Start": Action.START, "Stop": Action.STOP, "Restart": Action.RESTART}


def soapGetStaticServiceList(engine: Engine, call: Call, _request: Any) -> Payload:
    """What the node offers; the argument is ignored (section 4.6)."""
    services = [_specification(service) for service in engine.static_list(call.node)]
    return {"soapGetStaticServiceListReturn": {"Services": {"item": services}}}


def soapGetServiceStatus(engine: Engine, call: Call, request: Any) -> Payload:
    """The state of the services named, of all if none is (section 4.2, `U-5`)."""
    return engine.view(call.node).once(_status, tuple(request.ServiceStatus))


def soapDoServiceDeployment(engine: Engine, call: Call, request: Any) -> Payload:
    """Activate or deactivate services (section 4.4); NodeName selects nothing (`U-34`)."""
    asked = request.DeploymentServiceRequest
    services = names(asked.ServiceList)
    answer = NOTHING_ASKED
    if services and asked.DeployType is not None:
        answer = engine.deploy(Deploy(call.node, asked.DeployType == "Deploy", services), call.origin)
    return {"soapDoServiceDeploymentReturn": _information(engine, call, answer)}


def soapDoControlServices(engine: Engine, call: Call, request: Any) -> Payload:
    """Start, stop or restart services (section 4.3); NodeName selects nothing (`U-34`)."""
    asked = request.ControlServiceRequest
    services = names(asked.ServiceList)
    answer = NOTHING_ASKED
    if services and asked.ControlType is not None:
        answer = engine.control(Control(call.node, ACTIONS[asked.ControlType], services), call.origin)
    return {"soapDoControlServicesReturn": _information(engine, call, answer)}


def getProductInformationList(engine: Engine, call: Call, _request: Any) -> Payload:
    """The products of the node and their services; the argument is ignored (section 4.5)."""
    found = engine.product_information(call.node)
    return {
        "getProductInformationListReturn": {
            "ActiveServerVersion": found.version,
            "PrimaryNode": found.primary,
            "SecondaryNode": found.secondary,
            "Products": {
                "item": [
                    {
                        "ProductName": product.name,
                        "ProductVersion": found.version,
                        "ProductDescription": product.description,
                        "ProductID": product.id,
                        "ShortName": product.short_name,
                    }
                    for product in found.products
                ]
            },
            "Services": {
                "item": [
                    {**_specification(service), "ProductID": service.product_id} for service in found.services
                ]
            },
        }
    }


def _status(view: NodeView, services: tuple[str, ...]) -> Standing:
    found = information(view.status(services), view.zone, SUCCESS)
    return Standing(soapGetServiceStatusReturn=found)


def _information(engine: Engine, call: Call, answer: Answer) -> dict[str, Any]:
    return information(answer, engine.timezone(call.node), SUCCESS)


def _specification(service: Service) -> dict[str, Any]:
    return {
        "ServiceName": service.name,
        "ServiceType": service.form.value,
        "Deployable": service.deployable,
        "GroupName": service.group,
        "DependentServices": {"Service": service.depends},
    }
