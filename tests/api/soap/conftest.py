"""The faces over an engine with fixed values, and a real engine over the built-in lab whose clock stands still."""

from __future__ import annotations

import pytest

from tests.api.soap.conversation import Face, FixedEngine
from ucmsim.api import inventory
from ucmsim.api.clock import Clock
from ucmsim.api.engine import Engine
from ucmsim.api.soap import SoapApi, control_center, control_center_ex, functions
from ucmsim.api.store import Store
from ucmsim.wsdl.contract import load

NOON = 1_709_640_000_000
"""5 March 2024, 12:00 UTC."""


@pytest.fixture
def engine() -> FixedEngine:
    return FixedEngine()


@pytest.fixture
def face(engine: FixedEngine) -> Face:
    return Face(engine, SoapApi(load("ControlCenterServices"), functions(control_center, engine)))


@pytest.fixture
def face_ex(engine: FixedEngine) -> Face:
    return Face(engine, SoapApi(load("ControlCenterServicesEx"), functions(control_center_ex, engine)))


@pytest.fixture
def lab(tmp_path):
    engine = Engine(
        Store(f"sqlite:///{tmp_path / 'ucmsim.sqlite'}"), inventory.builtin("lab"), Clock.frozen(NOON)
    )
    yield engine
    engine.close()
