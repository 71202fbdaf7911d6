"""The SOAP faces of a server: which API answers at which of the vendor's paths (specification section 1)."""

from __future__ import annotations

from collections.abc import Mapping

from ucmsim.api.engine import Engine
from ucmsim.api.ring.web_application import Face
from ucmsim.api.soap import SoapApi, control_center, control_center_ex, functions
from ucmsim.wsdl import contract

CONTROL_CENTER = "/controlcenterservice2/services/ControlCenterServices"
CONTROL_CENTER_EX = "/controlcenterservice2/services/ControlCenterServicesEx"


def faces(engine: Engine) -> Mapping[str, Face]:
    """Every SOAP API by its path: one line for each."""
    return {
        CONTROL_CENTER: SoapApi(contract.load("ControlCenterServices"), functions(control_center, engine)),
        CONTROL_CENTER_EX: SoapApi(
            contract.load("ControlCenterServicesEx"), functions(control_center_ex, engine)
        ),
    }
