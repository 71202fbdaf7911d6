"""Whatever is sent to the simulation API, the answer is what its description says (schemathesis), single and in chains."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig

from tests.api.rest.test_conformance import (  # noqa: F401  the same holds for both faces
    gate,
    test_chains_of_requests_along_the_links,
    test_every_answer_is_one_that_is_described,
)
from tests.api.sim.conftest import sim_over, simulation_over


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    simulation = simulation_over(f"sqlite:///{tmp_path_factory.mktemp('conformance') / 'ucmsim.sqlite'}")
    config = SchemathesisConfig.from_path(Path(__file__).parents[3] / "schemathesis.toml")
    app = gate(sim_over(simulation).app)
    yield schemathesis.openapi.from_wsgi("/sim/v1/openapi.json", app, config=config)
    simulation.engine.close()
    simulation.close()
