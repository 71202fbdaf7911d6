"""The application's own paths: health, and what is mounted beside the vendor's web applications."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.conftest import PUBLISHER, SUBSCRIBER, Serving
from ucmsim.api.connection import TRANSPORT
from ucmsim.api.ring.health import PATHS, Health


@pytest.mark.parametrize("path", PATHS)
def test_health_needs_no_credentials(serving: Serving, path: str) -> None:
    reply = serving.ask("GET", path)

    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/json")
    assert json.loads(reply.body) == {"status": "UP", "version": "1.2.3"}
    assert "Server" not in reply.headers  # it is our own answer, not the vendor's


@pytest.mark.parametrize(("path", "status"), list(zip(PATHS, (503, 200, 503), strict=True)))
def test_a_server_that_is_not_ready_is_alive(path: str, status: int) -> None:
    reply = Health("1", lambda: False).reply(path)

    assert (reply.status, json.loads(reply.body)["status"]) == (status, "UP" if status == 200 else "DOWN")


class Mounted:
    """An ASGI application that says what it was given."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.scopes: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.name.encode()})


def test_mounts_get_everything_below_their_prefix(serve: Callable[..., Serving]) -> None:
    outer, inner = Mounted("outer"), Mounted("inner")
    serving = serve(mounts={"/api": outer, "/api/v1": inner})

    answers = {
        path: serving.ask("GET", path).body
        for path in ("/api", "/api/x", "/api/v1", "/api/v1/clusters?a=b", "/api/v10", "/api/v1/health")
    }

    assert answers["/api"] == answers["/api/x"] == answers["/api/v10"] == b"outer"
    assert answers["/api/v1"] == answers["/api/v1/clusters?a=b"] == b"inner"
    assert json.loads(answers["/api/v1/health"])["status"] == "UP"
    assert serving.ask("GET", "/apix").status == 404


def test_a_mount_is_told_the_node_and_given_the_connection(serve: Callable[..., Serving]) -> None:
    mounted = Mounted("m")
    serving = serve(mounts={"/sim/v1": mounted})

    for address in serving.addresses:
        serving.ask("GET", "/sim/v1/clock", address=address)

    assert [scope["state"]["node"] for scope in mounted.scopes] == [PUBLISHER, SUBSCRIBER]
    assert all(callable(scope["extensions"][TRANSPORT].abort) for scope in mounted.scopes)
