"""The operator API over a real engine with the clock in the test's hand; every answer is held against its own description."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema
import pytest
from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from ucmsim.api import inventory
from ucmsim.api.accounts import EVERY_PERMISSION, Account, Permission
from ucmsim.api.clock import Clock
from ucmsim.api.engine import Engine
from ucmsim.api.events.delivery import Delivery
from ucmsim.api.events.stream import Hub
from ucmsim.api.origin import Origin
from ucmsim.api.rest.application import Face, flask_application
from ucmsim.api.rest.calls import CALL, Visitor
from ucmsim.api.rest.descriptions import describe
from ucmsim.api.rest.operator import operator_face
from ucmsim.api.ring.health import Health
from ucmsim.api.store import Store
from ucmsim.api.subscriptions.postman import Postman
from ucmsim.models.states import NodeRef

NOW = 1_740_907_592_000  # 2025-03-02T09:26:32Z
PUB = NodeRef("lab", "cucm-pub")
SOAP = Origin("SOAP", "monitor", "192.0.2.9", "soapDoControlServices")

ADMINISTRATOR = Account("administrator", "-", EVERY_PERMISSION)
READER = Account("reader", "-", frozenset({Permission.MONITOR}))


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Headers
    body: Any

    def __getitem__(self, key: str) -> Any:
        return self.body[key]


@cache
def validator(schema: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(schema))


class Description:
    """The OpenAPI document, as a judge of answers."""

    def __init__(self, face: Face) -> None:
        self.document = json.loads(json.dumps(describe(face)))
        self._paths = [
            (re.compile("^" + re.sub(r"{\w+}", "[^/]+", path) + "$"), methods)
            for path, methods in self.document["paths"].items()
        ]

    def check(self, method: str, path: str, response: TestResponse) -> None:
        """An answer has a documented status, and a body that its schema allows; undocumented paths only give problems."""
        kind = response.mimetype
        if kind == "application/problem+json":
            problem: Any = response.json
            self._valid({"$ref": "#/components/schemas/ProblemDocument"}, problem)
            assert (problem["status"], problem["instance"]) == (response.status_code, path)
        operation = next(
            (methods.get(method.lower()) for shape, methods in self._paths if shape.match(path)), None
        )
        if operation is None or method in ("HEAD", "OPTIONS"):
            return
        documented = operation["responses"][str(response.status_code)]
        if response.status_code in (204, 304):
            assert not response.data
            return
        body = response.json if "json" in (kind or "") else response.text
        self._valid(documented["content"][kind]["schema"], body)

    def _valid(self, schema: Any, body: Any) -> None:
        whole = {**schema, "components": self.document["components"]}
        validator(json.dumps(whole)).validate(body)


_descriptions: list[Description] = []


def described(face: Face) -> Description:
    """The description of the operator API, made once: it follows from the code alone."""
    if not _descriptions:
        _descriptions.append(Description(face))
    return _descriptions[0]


@dataclass
class Api:
    """A client of the REST API."""

    app: Flask
    engine: Engine
    description: Description
    account: Account | None = ADMINISTRATOR

    def ask(
        self, method: str, path: str, body: Any = None, *, account: Account | None = None, **headers: Any
    ) -> Answer:
        """One request; underscores in header names are hyphens, bytes are sent as they are."""
        sent: dict[str, Any] = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        visitor = Visitor(account or self.account, "192.0.2.77", PUB)
        response = self.app.test_client().open(
            path, method=method, data=data, headers=sent, environ_overrides={CALL: visitor}
        )
        assert response.headers["Cache-Control"] == "no-store"
        self.description.check(method, response.request.path, response)
        is_json = "json" in (response.mimetype or "") and response.data
        content = response.json if is_json else response.text
        return Answer(response.status_code, response.headers, content)

    def get(self, path: str, **headers: Any) -> Answer:
        """A read below `/api/v1`."""
        return self.ask("GET", f"/api/v1{path}", **headers)

    def post(self, path: str, body: Any = None, **headers: Any) -> Answer:
        """A command below `/api/v1`."""
        return self.ask("POST", f"/api/v1{path}", body, **headers)

    def service(self, name: str, node: str = "cucm-pub") -> Answer:
        """A service as it is."""
        return self.get(f"/clusters/lab/nodes/{node}/services/{name}")

    def act(
        self, verb: str, service: str, body: Any = None, node: str = "cucm-pub", **headers: Any
    ) -> Answer:
        """An action on one service."""
        return self.post(f"/clusters/lab/nodes/{node}/services/{service}/actions/{verb}", body, **headers)

    def advance(self, seconds: float) -> None:
        """Put the clock forward."""
        self.engine.clock.advance(round(seconds * 1000))
        self.engine.wake()

    def events(self, **filters: Any) -> list[Any]:
        """Everything that happened."""
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        items: list[Any] = self.get(f"/events?limit=1000&{query}")["items"]
        return items


def api_over(engine: Engine, postman: Postman | None = None) -> Api:
    hub = Hub(Delivery(engine), engine.events, executor=None)  # type: ignore[arg-type]  # nobody listens here
    face = operator_face(engine, hub, postman or Postman(engine), Health("1.2.3", lambda: True))
    return Api(flask_application(face), engine, described(face))


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'ucmsim.sqlite'}"


@pytest.fixture
def engine(url) -> Iterator[Engine]:
    engine = Engine(Store(url), inventory.builtin("lab"), Clock.frozen(NOW))
    yield engine
    engine.close()


@pytest.fixture
def api(engine) -> Api:
    return api_over(engine)
