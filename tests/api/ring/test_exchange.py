"""Bodies on their way in, as bytes on a real connection: how much is read, and that a refusal arrives."""

from __future__ import annotations

import asyncio
import http.client
import ssl
from typing import Any

import pytest
import requests

from tests.api.conftest import PATH, Heard, Serving, heard
from tests.api.ring.test_web_application import ADMINISTRATOR
from ucmsim.api.ring import exchange as module
from ucmsim.api.ring.exchange import BodyTooLargeError, BodyTooSlowError, ClientGoneError, Exchange
from ucmsim.api.ring.pages import page
from ucmsim.api.ring.web_application import BODY_LIMIT

SIGNED = f"Host: x\r\nAuthorization: {ADMINISTRATOR}\r\n"


def read(connection: ssl.SSLSocket, method: str = "POST") -> Heard:
    response = http.client.HTTPResponse(connection, method=method)
    response.begin()
    return heard(response)


def talk(serving: Serving, sent: str, method: str = "POST") -> tuple[Heard, bool]:
    """The reply to some bytes, and whether the connection stays open behind it."""
    with serving.connect() as connection:
        connection.sendall(sent.encode("latin-1"))
        reply = read(connection, method)
        connection.sendall(b"GET /api/v1/health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        try:
            return reply, read(connection, "GET").status == 200
        except (OSError, http.client.HTTPException):
            return reply, False


@pytest.mark.parametrize(
    ("head", "body", "stays"),
    [
        ("POST {} HTTP/1.1\r\nContent-Length: 5", "hello", True),
        ("POST {} HTTP/1.1\r\nContent-Length: 5\r\nConnection: close", "hello", False),
        ("POST {} HTTP/1.0\r\nContent-Length: 5", "hello", False),
        ("POST {} HTTP/1.1\r\nTransfer-Encoding: chunked", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", True),
        ("POST {} HTTP/1.1\r\nTransfer-Encoding: chunked", "5;x=y\r\nhello\r\n0\r\nTrailer: z\r\n\r\n", True),
        ("POST https://elsewhere:8443{} HTTP/1.1\r\nContent-Length: 5", "hello", True),
    ],
)
def test_a_body_arrives_however_it_is_framed(serving: Serving, head: str, body: str, stays: bool) -> None:
    reply, stayed = talk(serving, f"{head.format(PATH)}\r\n{SIGNED}\r\n{body}")

    assert reply.status == 200
    assert serving.face.calls[0].body == b"hello"
    assert stayed == stays


def test_a_post_without_a_body_is_a_call_with_an_empty_one(serving: Serving) -> None:
    talk(serving, f"POST {PATH} HTTP/1.1\r\n{SIGNED}Content-Length: 0\r\n\r\n")
    talk(serving, f"POST {PATH} HTTP/1.1\r\n{SIGNED}\r\n")

    assert [call.body for call in serving.face.calls] == [b"", b""]


def test_requests_that_are_sent_at_once_are_answered_in_order(serving: Serving) -> None:
    with serving.connect() as connection:
        request = f"POST {PATH} HTTP/1.1\r\n{SIGNED}Content-Length: 5\r\n\r\n"
        connection.sendall(f"{request}fault{request}hello".encode())

        assert [read(connection).status, read(connection).status] == [500, 200]


def test_a_client_that_asks_first_is_told_to_continue(serving: Serving) -> None:
    with serving.connect() as connection:
        connection.sendall(
            f"POST {PATH} HTTP/1.1\r\n{SIGNED}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n".encode()
        )
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"hello")

        assert read(connection).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [(f"{SIGNED}Content-Length: {BODY_LIMIT + 1}", 413), ("Host: x\r\nContent-Length: 5", 401)],
)
def test_a_client_that_asks_first_is_refused_at_once(serving: Serving, headers: str, status: int) -> None:
    with serving.connect() as connection:
        connection.sendall(f"POST {PATH} HTTP/1.1\r\n{headers}\r\nExpect: 100-continue\r\n\r\n".encode())
        reply = read(connection)

        assert (reply.status, reply.headers["Connection"]) == (status, "close")
        assert connection.recv(1) == b""


def test_the_largest_body_is_read(serving: Serving) -> None:
    reply = serving.ask("POST", PATH, body=b"x" * BODY_LIMIT, Authorization=ADMINISTRATOR)

    assert reply.status == 200
    assert len(serving.face.calls[0].body) == BODY_LIMIT


@pytest.mark.parametrize("size", [BODY_LIMIT + 1, 50 * 1024 * 1024])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_larger_one_is_refused_and_the_client_hears_of_it(
    serving: Serving, size: int, chunked: bool
) -> None:
    """The client writes everything before it reads, as they do: the reply must not be lost by a reset."""

    def pieces() -> Any:
        return (b"x" * 65_536 for _ in range(-(-size // 65_536)))

    reply = requests.post(
        f"https://127.0.0.1:{serving.server.port}{PATH}",
        data=pieces() if chunked else b"x" * size,
        headers={"Authorization": ADMINISTRATOR},
        verify=str(serving.certificate.path),
        timeout=20,
    )

    assert (reply.status_code, reply.headers["Content-Type"]) == (413, "text/html;charset=utf-8")
    assert not serving.face.calls
    assert serving.ask("POST", PATH, body=b"x", Authorization=ADMINISTRATOR).status == 200


@pytest.mark.parametrize(("size", "stays"), [(200_000, True), (300_000, False)])
def test_a_refused_client_keeps_its_connection_unless_it_sends_much(
    serving: Serving, size: int, stays: bool
) -> None:
    reply, stayed = talk(serving, f"POST {PATH} HTTP/1.1\r\nContent-Length: {size}\r\n\r\n" + "x" * size)

    assert (reply.status, stayed) == (401, stays)


class Talk:
    """The two ends of an ASGI request, by hand."""

    def __init__(self, *received: dict[str, Any], **headers: bytes) -> None:
        self._received = list(received)
        self.read = 0
        self.sent: list[Any] = []
        pairs = [(name.replace("_", "-").encode(), value) for name, value in headers.items()]
        scope = {
            "method": "POST",
            "path": "/",
            "query_string": b"",
            "headers": pairs,
            "client": None,
            "server": ("::1", 8443),
            "scheme": "https",
        }
        self.exchange = Exchange(scope, self._receive, self._send)

    async def _receive(self) -> dict[str, Any]:
        if not self._received:
            await asyncio.Event().wait()
        self.read += 1
        return self._received.pop(0)

    async def _send(self, message: Any) -> None:
        self.sent.append(message)


def piece(size: int, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": b"x" * size, "more_body": more}


def test_a_body_announced_as_too_large_is_not_read_at_all() -> None:
    talk = Talk(piece(11, more=False), content_length=b"11")

    with pytest.raises(BodyTooLargeError):
        asyncio.run(talk.exchange.body(10))
    assert talk.read == 0


def test_no_more_of_an_unannounced_body_is_read_than_is_allowed() -> None:
    talk = Talk(piece(6), piece(6), piece(6), transfer_encoding=b"chunked")

    with pytest.raises(BodyTooLargeError):
        asyncio.run(talk.exchange.body(10))
    assert talk.read == 2


def test_a_client_that_leaves_is_not_answered() -> None:
    talk = Talk(piece(1), {"type": "http.disconnect"}, content_length=b"5")

    with pytest.raises(ClientGoneError):
        asyncio.run(talk.exchange.body(10))


def test_a_body_has_to_come_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BODY_SECONDS", 0.01)
    talk = Talk(piece(1), content_length=b"5")

    with pytest.raises(BodyTooSlowError):
        asyncio.run(talk.exchange.body(10))


@pytest.mark.parametrize(("seconds", "most"), [(0.01, 1_000_000), (10.0, 300_000)])
def test_throwing_away_is_bounded_in_time_and_size(
    monkeypatch: pytest.MonkeyPatch, seconds: float, most: int
) -> None:
    monkeypatch.setattr(module, "DISCARD_SECONDS", seconds)
    monkeypatch.setattr(module, "DISCARDED", most)
    talk = Talk(*[piece(100_000)] * 4, content_length=b"500000")

    asyncio.run(talk.exchange.reply(page(413)))

    assert talk.read == (4 if most == 1_000_000 else 3)
    assert [message.get("more_body") for message in talk.sent] == [None, True, False]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (b"cucm:9443", "https://cucm:9443"),
        (b"cucm", "https://cucm"),
        (b"[::1]:8443", "https://[::1]:8443"),
        (b"", "https://[::1]:8443"),
        (b"a:b:c", "https://[::1]:8443"),
    ],
)
def test_the_callers_address_is_what_he_wrote_if_it_is_one(host: bytes, expected: str) -> None:
    assert Talk(host=host).exchange.address == expected
