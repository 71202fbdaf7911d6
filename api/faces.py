"""The SOAP faces of a server: which API answers at which of the vendor's paths (specification section 1)."""

from __future__ import annotations

from collections.abc import Mapping

from ucmsim.api.engine import Engine
from ucmsim.api.ring.web_application import Face
from ucmsim.api.soap import SoapApi, control_center, control_center_ex, functions
from ucmsim.api.soap.legacy import LegacyApi
from ucmsim.wsdl import contract

CONTROL_CENTER = "/controlcenterservice2/services/ControlCenterServices"
CONTROL_CENTER_EX = "/controlcenterservice2/services/ControlCenterServicesEx"
CONTROL_CENTER_LEGACY = "/controlcenterservice/services/ControlCenterServicesPort"


def faces(engine: Engine) -> Mapping[str, Face]:
    """Every SOAP API by its path: one line for each."""
    current = contract.load("ControlCenterServices")
    control = functions(control_center, engine)
    return {
        CONTROL_CENTER: SoapApi(current, control),
        CONTROL_CENTER_EX: SoapApi(
            contract.load("ControlCenterServicesEx"), functions(control_center_ex, engine)
        ),
        CONTROL_CENTER_LEGACY: LegacyApi(current, control),
    }
