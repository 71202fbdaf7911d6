"""The face of ControlCenterServices over an engine with fixed values."""

from __future__ import annotations

import pytest

from tests.api.soap.conversation import Face, FixedEngine
from ucmsim.api.soap import SoapApi, control_center, functions
from ucmsim.wsdl.contract import load


@pytest.fixture
def engine() -> FixedEngine:
    return FixedEngine()


@pytest.fixture
def face(engine: FixedEngine) -> Face:
    return Face(engine, SoapApi(load("ControlCenterServices"), functions(control_center, engine)))
