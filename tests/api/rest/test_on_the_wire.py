"""The operator API and its event stream over HTTPS, as curl and browsers meet them."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ucmsim.api import inventory
from ucmsim.api.clock import Clock
from ucmsim.api.events import log, stream
from ucmsim.api.events.happenings import Happening, Type
from ucmsim.api.origin import Origin
from ucmsim.api.simulator import Simulator
from ucmsim.api.state_directory import StateDirectory
from ucmsim.models.commands import Control
from ucmsim.models.states import Action, NodeRef

NOW = 1_740_907_592_000
BASIC = "Basic " + base64.b64encode(b"administrator:x").decode()
CDP = "/api/v1/clusters/lab/nodes/cucm-pub/services/cisco-cdp"
PUB = NodeRef("lab", "cucm-pub")
SOAP = Origin("SOAP", "monitor", "192.0.2.9", "soapDoControlServices")


@dataclass
class Server:
    """A simulator that serves in this process."""

    simulator: Simulator

    def connect(self) -> http.client.HTTPSConnection:
        trust = ssl.create_default_context(cafile=str(self.simulator.certificate.path))
        return http.client.HTTPSConnection("127.0.0.1", self.simulator.server.port, timeout=20, context=trust)

    def ask(
        self, method: str, path: str, body: bytes | None = None, /, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = self.connect()
        try:
            connection.request(method, path, body, {"Authorization": BASIC, **named})
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def json(self, method: str, path: str) -> Any:
        return json.loads(self.ask(method, path)[1])

    def advance(self, seconds: int) -> None:
        self.simulator.clock.advance(seconds * 1000)
        self.simulator.engine.wake()


@contextmanager
def serving(path: Path, clock: Clock) -> Iterator[Server]:
    with StateDirectory(path) as directory:
        environ = {"UCMSIM_PASSWORD": "x"}
        simulator = Simulator(inventory.builtin("lab"), directory, port=0, environ=environ, clock=clock)
        simulator.start()
        try:
            yield Server(simulator)
        finally:
            simulator.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock.frozen(NOW)


@pytest.fixture
def server(tmp_path: Path, clock: Clock) -> Iterator[Server]:
    with serving(tmp_path, clock) as server:
        yield server


@dataclass
class Listening:
    """A client of the event stream, with everything that it was sent."""

    connection: http.client.HTTPSConnection
    response: http.client.HTTPResponse
    events: list[tuple[int, str, Any]] = field(default_factory=list)

    def next(self) -> tuple[int, str, Any]:
        """The next event; comments are passed over."""
        fields: dict[str, str] = {}
        while True:
            line = self.response.readline().decode()
            if not line:
                raise EOFError
            if line == "\n" and fields:
                self.events.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
                return self.events[-1]
            name, colon, value = line.rstrip("\n").partition(": ")
            if colon and name:
                fields[name] = value

    def until(self, kind: str) -> list[tuple[int, str, Any]]:
        """Everything up to the next event of a type."""
        found = [self.next()]
        while found[-1][1] != kind:
            found.append(self.next())
        return found


@contextmanager
def listening(server: Server, query: str = "", **headers: str) -> Iterator[Listening]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = server.connect()
    connection.request(
        "GET",
        f"/api/v1/events{query}",
        headers={"Authorization": BASIC, "Accept": stream.MEDIA_TYPE, **named},
    )
    response = connection.getresponse()
    try:
        assert response.status == 200, response.read()
        # The first comment says that from here on nothing is missed.
        assert response.readline() == b": listening\n"
        yield Listening(connection, response)
    finally:
        response.close()
        connection.close()


def test_without_credentials_the_answer_is_a_problem(server: Server) -> None:
    response, body = server.ask("GET", "/api/v1/clusters", Authorization="")
    assert (response.status, json.loads(body)["code"]) == (401, "NOT_AUTHENTICATED")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["WWW-Authenticate"] == 'Basic realm="ucmsim", charset="UTF-8"'
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["openapi.json", "docs", "health", "health/ready", "problems"])
def test_what_needs_no_credentials(server: Server, path: str) -> None:
    assert server.ask("GET", f"/api/v1/{path}", Authorization="")[0].status == 200


def test_the_page_of_the_description_needs_no_network(server: Server) -> None:
    page = server.ask("GET", "/api/v1/docs", Accept="text/html")[1].decode()
    assert "https://" not in page
    assert "src=" not in page
    for path in (
        "/api/v1/clusters/{cluster}/nodes/{node}/services/{service}/actions/{verb}",
        "/api/v1/events",
    ):
        assert path in page


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_beyond_the_limit_is_refused(server: Server, chunked: bool) -> None:
    connection = server.connect()
    body = b"x" * (1024 * 1024 + 1)
    headers = {"Authorization": BASIC, "Content-Type": "application/json"}
    connection.request(
        "POST", "/api/v1/operations", iter([body]) if chunked else body, headers, encode_chunked=chunked
    )
    response = connection.getresponse()
    assert (response.status, json.loads(response.read())["code"]) == (413, "BODY_TOO_LARGE")
    connection.close()


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
)
def test_another_site_cannot_use_a_browsers_credentials(server: Server, headers: dict[str, str]) -> None:
    response, body = server.ask("POST", f"{CDP}/actions/stop", **headers)
    assert (response.status, json.loads(body)["code"]) == (403, "FORBIDDEN")
    assert server.json("GET", CDP)["state"] == "STARTED"


def test_an_operation_is_followed_on_the_stream(server: Server) -> None:
    with listening(server) as client:
        operation = server.json("POST", f"{CDP}/actions/restart")
        server.advance(60)
        told = client.until("operation.finished")
    assert [kind for _, kind, _ in told] == [
        "operation.created",
        "service.state.changed",
        "service.state.changed",
        "service.state.changed",
        "operation.finished",
    ]
    states = [data["data"]["to"] for _, kind, data in told if kind == "service.state.changed"]
    assert states == ["STOPPING", "STARTING", "STARTED"]
    assert [number for number, _, _ in told] == [1, 2, 3, 4, 5]
    event = told[3][2]
    assert (event["specversion"], event["type"], event["source"]) == ("1.0", "service.state.changed", CDP)
    assert event["data"]["operation"] == operation["id"]
    assert event["data"]["origin"]["face"] == "REST"
    listed = server.json("GET", "/api/v1/events")
    assert listed["items"] == [data for _, _, data in told]
    assert listed["next"] == "5"


def test_a_soap_command_is_on_the_stream_too(server: Server) -> None:
    with listening(server, "?type=operation.created") as client:
        server.simulator.engine.control(Control(PUB, Action.STOP, ("Cisco CDP",)), SOAP)
        _, _, event = client.next()
    assert event["data"]["origin"] == {
        "face": "SOAP",
        "user": "monitor",
        "client": "192.0.2.9",
        "soapOperation": "soapDoControlServices",
    }
    assert event["data"]["targets"] == [{"cluster": "lab", "node": "cucm-pub", "service": "cisco-cdp"}]


def test_the_stream_resumes_without_loss_or_repetition(server: Server, tmp_path: Path, clock: Clock) -> None:
    seen = []
    with listening(server) as client:
        server.json("POST", f"{CDP}/actions/stop")
        seen += [client.next(), client.next()]
    server.advance(60)
    server.json("POST", f"{CDP}/actions/start")
    with listening(server, Last_Event_ID=str(seen[-1][0])) as client:
        seen += client.until("operation.created")
        server.advance(60)
        seen += client.until("operation.finished")
    everything = server.json("GET", "/api/v1/events")["items"]
    assert [data for _, _, data in seen] == everything


def test_the_stream_resumes_after_a_restart_of_the_server(tmp_path: Path, clock: Clock) -> None:
    with serving(tmp_path, clock) as server, listening(server) as client:
        server.json("POST", f"{CDP}/actions/restart")
        last = client.until("service.state.changed")[-1][0]
        server.simulator.server.stop()
        with pytest.raises((EOFError, OSError, http.client.HTTPException)):
            client.until("operation.finished")
    clock.advance(60_000)
    with serving(tmp_path, clock) as server, listening(server, f"?since={last}") as client:
        told = client.until("operation.finished")
    assert [number for number, _, _ in told] == [last + 1, last + 2, last + 3]


def test_a_server_that_ends_does_not_wait_for_listeners(server: Server) -> None:
    """They are told at once, so that the stop takes no longer than without them."""
    with listening(server) as client:
        stopping = threading.Thread(target=server.simulator.stop)
        stopping.start()
        with pytest.raises((EOFError, OSError, http.client.HTTPException)):
            client.next()
        stopping.join(timeout=10)
        assert not stopping.is_alive()


def test_filters_apply_to_the_stream(server: Server) -> None:
    query = "?service=cisco-cdp&node=cucm-pub&type=service.state.changed&type=operation.finished"
    with listening(server, query) as client:
        for path in (CDP.replace("cisco-cdp", "cisco-drf-local"), CDP):
            server.json("POST", f"{path}/actions/stop")
        server.advance(60)
        told = client.until("operation.finished")
    assert {data["data"]["service"] for _, _, data in told} == {"cisco-cdp"}
    assert [data["data"].get("to") for _, _, data in told] == ["STOPPING", "STOPPED", None]


@pytest.mark.parametrize(
    ("query", "headers", "status", "code"),
    [
        ("?since=x", {}, 400, "VALIDATION_ERROR"),
        ("?colour=red", {}, 400, "VALIDATION_ERROR"),
        ("", {"Last-Event-ID": "x"}, 400, "VALIDATION_ERROR"),
        ("", {"Authorization": ""}, 401, "NOT_AUTHENTICATED"),
    ],
)
def test_a_stream_that_cannot_begin_is_a_problem(
    server: Server, query: str, headers: dict[str, str], status: int, code: str
) -> None:
    response, body = server.ask("GET", f"/api/v1/events{query}", Accept=stream.MEDIA_TYPE, **headers)
    assert (response.status, json.loads(body)["code"]) == (status, code)


def test_hundreds_of_listeners_take_no_threads_from_requests(server: Server) -> None:
    with ExitStack() as clients:
        listeners = [clients.enter_context(listening(server)) for _ in range(150)]
        threads = threading.active_count()
        assert server.simulator.hub.listeners == 150
        server.json("POST", f"{CDP}/actions/stop")
        for client in listeners:
            assert client.next()[1] == "operation.created"
        assert threading.active_count() <= threads + 2


def test_a_reader_that_does_not_read_is_cut_off_and_others_are_not(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "WAITING", 50)
    slow = server.connect()
    slow.connect()
    assert slow.sock is not None
    slow.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.request("GET", "/api/v1/events", headers={"Authorization": BASIC, "Accept": stream.MEDIA_TYPE})
    slow.getresponse().readline()
    with listening(server) as quick:
        while server.simulator.hub.listeners == 2:
            with server.simulator.engine.transaction([], SOAP) as transaction:
                transaction.tell(Happening(NOW, Type.SIM_RESET, SOAP, {"much": "x" * 500_000}))
            quick.until("sim.reset")
        last = server.json("POST", f"{CDP}/actions/stop")
        assert quick.until("service.state.changed")[-1][2]["data"]["operation"] == last["id"]
    slow.close()


def test_the_stream_shows_that_it_is_alive_and_ends_after_its_time(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.simulator.hub, "_alive", 0.01)
    monkeypatch.setattr(stream, "LIFE_SECONDS", 0.2)
    with listening(server) as client:
        assert client.response.readline() == b"\n"
        assert client.response.readline() == b": alive\n"
        assert client.response.read().endswith(b": alive\n\n")


def test_a_stream_from_events_that_are_gone_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "KEPT", 3)
    for _ in range(4):
        server.simulator.engine.control(Control(PUB, Action.START, ("Cisco CDP",)), SOAP)
    response, body = server.ask("GET", "/api/v1/events", Accept=stream.MEDIA_TYPE, Last_Event_ID="1")
    assert (response.status, json.loads(body)["code"]) == (410, "CURSOR_EXPIRED")
    with listening(server, "?since=5") as client:
        assert [client.next()[0] for _ in range(3)] == [6, 7, 8]
