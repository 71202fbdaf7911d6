"""Webhooks: signed, in order, again until they arrive, and only to where the server may send."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.rest.conftest import PUB, SOAP, api_over
from ucmsim.api.events import log
from ucmsim.api.events.delivery import Delivery
from ucmsim.api.subscriptions.allowance import DEFAULT, NotAllowedError, destination
from ucmsim.api.subscriptions.postman import Postman
from ucmsim.models.commands import Control
from ucmsim.models.states import Action

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
URL = "http://127.0.0.1:9/hook"


class World:
    """The world outside: a receiver that answers what it is told to, and the real time."""

    def __init__(self) -> None:
        self.now = 1_000_000
        self.answers: list[int | None] = []
        self.received: list[tuple[str, dict[str, str], dict[str, Any]]] = []

    def send(self, to: Any, headers: dict[str, str], body: bytes) -> int | None:
        self.received.append((to.path, headers, json.loads(body)))
        return self.answers.pop(0) if self.answers else 204

    def types(self) -> list[str]:
        return [event["type"] for _, _, event in self.received]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def postman(engine, world) -> Iterator[Postman]:
    postman = Postman(engine, send=world.send, real=lambda: world.now)
    yield postman
    postman.stop()


@pytest.fixture
def hooks(engine, postman):
    return api_over(engine, postman)


def subscribe(hooks, **more):
    made = hooks.post("/subscriptions", {"url": URL, "secret": SECRET, **more})
    assert made.status == 201
    return made


def test_events_are_delivered_signed_and_in_order(hooks, postman, world):
    made = subscribe(hooks)
    assert made.headers["Location"] == made["links"]["self"]
    hooks.act("restart", "cisco-cdp")
    hooks.advance(60)
    postman.deliver(1)
    events = hooks.events()
    assert [event for _, _, event in world.received] == events
    for path, headers, event in world.received:
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        signed = f"{event['id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert (path, headers["webhook-id"], headers["webhook-signature"]) == (
            "/hook",
            event["id"],
            f"v1,{expected}",
        )
        assert headers["webhook-timestamp"] == "1000"
    postman.deliver(1)
    assert len(world.received) == len(events)


def test_a_subscriber_hears_what_he_asked_for_from_now_on(hooks, postman, world):
    hooks.act("stop", "cisco-cdp")
    subscribe(
        hooks, types=["service.state.changed"], filter={"service": "Cisco DRF Local", "node": "cucm-pub"}
    )
    hooks.act("stop", "cisco-drf-local")
    hooks.act("stop", "cisco-drf-local", node="cucm-sub")
    hooks.advance(60)
    postman.deliver(1)
    assert [event["data"]["to"] for _, _, event in world.received] == ["STOPPING", "STOPPED"]
    assert hooks.get("/subscriptions")["items"][0]["filter"] == {
        "cluster": None,
        "node": "cucm-pub",
        "service": "cisco-drf-local",
        "operation": None,
    }


def test_what_does_not_arrive_is_sent_again_and_then_given_up(hooks, postman, world, engine):
    """After 1, 5, 25 and 125 seconds; the next event waits for the one before."""
    made = subscribe(hooks)
    world.answers = [500, None, 302, 404, 503]
    engine.control(Control(PUB, Action.START, ("Cisco CDP",)), SOAP)
    for waited in (1, 5, 25, 125):
        postman.deliver(1)
        world.now += waited * 1000 - 1
        postman.deliver(1)  # not due yet
        world.now += 1
    assert world.types() == ["operation.created"] * 4
    postman.deliver(1)
    assert world.types() == ["operation.created"] * 5
    present = hooks.get(f"/subscriptions/{made['id']}")
    assert (present["enabled"], present["failures"]) == (False, 5)
    (failed,) = hooks.events(type="subscription.failed")
    assert (failed["data"]["subscription"], failed["data"]["origin"]["face"]) == (made["id"], "SYSTEM")
    postman.deliver(1)
    assert len(world.received) == 5
    hooks.ask("PATCH", f"/api/v1/subscriptions/{made['id']}", {"enabled": True})
    postman.deliver(1)
    assert world.types()[5:] == ["operation.created", "operation.finished", "subscription.failed"]


def test_a_failure_that_passes_is_forgotten(hooks, postman, world, engine):
    subscribe(hooks)
    world.answers = [500]
    engine.control(Control(PUB, Action.START, ("Cisco CDP",)), SOAP)
    postman.deliver(1)
    assert hooks.get("/subscriptions")["items"][0]["failures"] == 1
    world.now += 1000
    postman.deliver(1)
    assert hooks.get("/subscriptions")["items"][0]["failures"] == 0


def test_a_receiver_that_is_gone_is_never_asked_again(hooks, postman, world, engine):
    subscribe(hooks)
    world.answers = [410]
    engine.control(Control(PUB, Action.START, ("Cisco CDP",)), SOAP)
    postman.deliver(1)
    assert hooks.get("/subscriptions")["items"] == []


def test_events_that_are_not_kept_any_more_do_not_stop_a_subscriber(
    hooks, postman, world, engine, monkeypatch
):
    monkeypatch.setattr(log, "KEPT", 3)
    subscribe(hooks)
    for _ in range(4):
        engine.control(Control(PUB, Action.START, ("Cisco CDP",)), SOAP)
    postman.deliver(1)
    assert len(world.received) == 3


def test_a_round_sends_to_those_for_whom_something_is_due(hooks, postman, world, engine):
    subscribe(hooks)
    subscribe(hooks, enabled=False)
    assert postman.round() is None
    world.answers = [500]
    engine.control(Control(PUB, Action.START, ("Cisco CDP",)), SOAP)
    postman.round()
    postman._carriers.shutdown()
    assert (world.types(), postman.round()) == (["operation.created"], world.now + 1000)


def test_two_processes_do_not_send_the_same(hooks, postman, world, engine):
    """A lease keeps the second one away, and ends by itself if the first one dies."""
    subscribe(hooks)
    engine.control(Control(PUB, Action.START, ("Cisco CDP",)), SOAP)
    other = Postman(engine, send=world.send, real=lambda: world.now)

    def both(*delivery):
        other.deliver(1)
        return world.send(*delivery)

    postman._send = both
    postman.deliver(1)
    assert world.types() == ["operation.created", "operation.finished"]
    other.stop()


def test_a_subscription_is_changed_and_ended(hooks):
    made = subscribe(hooks, types=["node.restarted"])
    path = f"/api/v1/subscriptions/{made['id']}"
    assert "secret" not in made.body
    read = hooks.ask("GET", path)
    assert read.body == made.body
    etag = read.headers["ETag"]
    assert hooks.ask("PATCH", path, {"enabled": False}, If_Match='"x"').status == 412
    changed = hooks.ask("PATCH", path, {"enabled": False, "filter": {"cluster": "lab"}}, If_Match=etag)
    assert (changed.status, changed["enabled"], changed["types"], changed["filter"]["cluster"]) == (
        200,
        False,
        ["node.restarted"],
        "lab",
    )
    assert hooks.ask("DELETE", path, If_Match=etag).status == 412
    assert hooks.ask("DELETE", path).status == 204
    for method in ("GET", "DELETE"):
        assert hooks.ask(method, path).status == 404


def test_a_test_event_says_whether_the_way_is_open(hooks, world):
    made = subscribe(hooks, enabled=False)
    world.answers = [204, 500, None]
    results = [hooks.post(f"/subscriptions/{made['id']}/actions/ping").body for _ in range(3)]
    assert results == [
        {"delivered": True, "status": 204},
        {"delivered": False, "status": 500},
        {"delivered": False, "status": None},
    ]
    assert world.types() == ["subscription.ping"] * 3


@pytest.mark.parametrize(
    ("receiver", "status", "code"),
    [
        ("http://169.254.169.254/latest/meta-data", 422, "CALLBACK_NOT_ALLOWED"),
        ("https://10.0.0.1/", 422, "CALLBACK_NOT_ALLOWED"),
        ("http://[::ffff:10.0.0.1]/", 422, "CALLBACK_NOT_ALLOWED"),
        ("http://name.invalid/", 422, "CALLBACK_NOT_ALLOWED"),
        ("http://user:pw@127.0.0.1/", 422, "CALLBACK_NOT_ALLOWED"),
        ("http://127.0.0.1:99999/", 422, "CALLBACK_NOT_ALLOWED"),
        ("http:///nowhere", 422, "CALLBACK_NOT_ALLOWED"),
        ("ftp://127.0.0.1/x", 400, "VALIDATION_ERROR"),
    ],
)
def test_a_url_to_which_nothing_may_be_sent(hooks, receiver, status, code):
    refused = hooks.post("/subscriptions", {"url": receiver, "secret": SECRET})
    assert (refused.status, refused["code"], refused["errors"][0]["pointer"]) == (status, code, "#/url")


@pytest.mark.parametrize("secret", ["short", "whsec_***", None])
def test_a_secret_has_to_be_one(hooks, secret):
    assert hooks.post("/subscriptions", {"url": URL, "secret": secret})["errors"][0]["pointer"] == "#/secret"


def test_a_name_leads_where_it_was_allowed_to():
    to = destination("https://localhost:8443/a?b=c", DEFAULT)
    assert (to.address in ("127.0.0.1", "::1"), to.authority, to.path) == (True, "localhost:8443", "/a?b=c")
    assert destination("http://[::1]/", DEFAULT).authority == "[::1]"
    assert destination("http://192.0.2.5/", DEFAULT).path == "/"
    with pytest.raises(NotAllowedError, match="no network"):
        destination("http://localhost/", ["192.0.2.0/24"])


def test_a_network_taken_off_the_list_gets_nothing_more(hooks, postman, world, engine):
    subscribe(hooks)
    postman.allowed = lambda: ["192.0.2.0/24"]
    engine.control(Control(PUB, Action.START, ("Cisco CDP",)), SOAP)
    postman.deliver(1)
    assert world.received == []
    assert hooks.get("/subscriptions")["items"][0]["failures"] == 1


def test_a_real_receiver_gets_a_real_post(engine, hooks):
    """The whole way: event, delivery, postman, HTTP."""
    received: list[tuple[str, dict[str, str], bytes]] = []
    arrived = threading.Event()

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.path, dict(self.headers), body))
            self.send_response(204)
            self.end_headers()
            arrived.set()

        def log_message(self, *_arguments: Any) -> None:
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    delivery, postman = Delivery(engine), Postman(engine)
    delivery.listen(postman.hear)
    delivery.start()
    postman.start()
    api = api_over(engine, postman)
    url = f"http://127.0.0.1:{server.server_port}/hook?x=1"
    api.post("/subscriptions", {"url": url, "secret": SECRET, "types": ["operation.created"]})
    operation = api.act("stop", "cisco-cdp")
    assert arrived.wait(20)
    postman.stop()
    engine.close()
    delivery.join()
    server.shutdown()
    serving.join()
    server.server_close()
    ((path, headers, body),) = received
    assert (path, headers["Content-Type"]) == ("/hook?x=1", "application/cloudevents+json")
    assert json.loads(body)["data"]["operation"] == operation["id"]
    assert headers["webhook-id"] == json.loads(body)["id"]
