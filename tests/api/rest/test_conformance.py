"""Whatever is sent, the answer is what the description says: generated requests, single and in chains (schemathesis)."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from tests.api.rest.conftest import ADMINISTRATOR, NOW, PUB, api_over
from ucmsim.api import inventory
from ucmsim.api.clock import Clock, Setting, real_time
from ucmsim.api.engine import Engine
from ucmsim.api.rest.calls import CALL, Visitor
from ucmsim.api.store import Store
from ucmsim.api.subscriptions.postman import Postman

BASIC = "Basic " + base64.b64encode(b"administrator:x").decode()
FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


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
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", gate(api.app))
    postman.stop()
    engine.close()


description = schemathesis.pytest.from_fixture("schema")


@description.parametrize()
@FEW
def test_every_answer_is_one_that_is_described(case: Any) -> None:
    case.call_and_validate(headers={"Authorization": BASIC})


def test_chains_of_requests_along_the_links(schema: Any) -> None:
    machine = schema.as_state_machine()

    class Authenticated(machine):  # type: ignore[misc, valid-type]  # made at run time
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": {"Authorization": BASIC}}

    Authenticated.run(settings=settings(FEW, max_examples=8, stateful_step_count=6))
