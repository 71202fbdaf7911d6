"""Whatever is sent, the answer is what the description says: generated requests, single and in chains (schemathesis)."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import ignored_auth

from tests.api.rest.conftest import ADMINISTRATOR, NOW, PUB, api_over
from ucmsim.api import inventory
from ucmsim.api.clock import Clock, Setting, real_time
from ucmsim.api.engine import Engine
from ucmsim.api.rest.calls import CALL, Visitor
from ucmsim.api.store import Store
from ucmsim.api.subscriptions.postman import Postman

BASIC = "Basic " + base64.b64encode(b"administrator:x").decode()
FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def gate(app: Any) -> Any:
    """What the ASGI gate does before Flask is asked: finds out who asks."""

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        known = environ.get("HTTP_AUTHORIZATION") == BASIC
        environ[CALL] = Visitor(ADMINISTRATOR if known else None, "192.0.2.77", PUB)
        return app(environ, start_response)

    return application


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    # A second of real time is an hour here: what is begun ends soon, and nobody waits in vain.
    clock = Clock(Setting(real_time(), NOW, 3600.0))
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('conformance') / 'ucmsim.sqlite'}")
    engine = Engine(store, inventory.builtin("lab"), clock)
    postman = Postman(engine, send=lambda *_delivery: 204)
    api = api_over(engine, postman)
    config = SchemathesisConfig.from_path(Path(__file__).parents[3] / "schemathesis.toml")
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", gate(api.app), config=config)
    postman.stop()
    engine.close()


@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value
)
def test_every_answer_is_one_that_is_described(schema: Any, mode: GenerationMode) -> None:
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @FEW
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Any) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(headers={"Authorization": BASIC})

        try:
            check()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE  # nothing about the request can be wrong
    assert asked > 100


def test_chains_of_requests_along_the_links(schema: Any) -> None:
    class Authenticated(schema.as_state_machine()):  # type: ignore[misc]  # made at run time
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": {"Authorization": BASIC}}

        def validate_response(self, response: Any, case: Any, **_more: Any) -> None:
            # What was made up for the credentials was replaced above, so that nothing is said by its being accepted.
            case.validate_response(response, excluded_checks=[ignored_auth])

    Authenticated.run(settings=settings(FEW, max_examples=8, stateful_step_count=6))
