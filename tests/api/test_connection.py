"""A connection below HTTP: bytes that are no request, heads without end, addresses that close meanwhile."""

from __future__ import annotations

import ssl

import pytest

from tests.api.conftest import PATH, Serving
from tests.api.ring.test_exchange import SIGNED, read
from ucmsim.api import connection as module
from ucmsim.api import server
from ucmsim.api.connection import HEAD_LIMIT


def received(connection: ssl.SSLSocket, end: bytes) -> str:
    """What comes in until `end`."""
    blocks = b""
    while not blocks.endswith(end):
        blocks += connection.recv(65_536) or pytest.fail(f"closed before {end!r}")
    return blocks.decode()


@pytest.mark.parametrize(
    "sent",
    [
        "\x16\x03\x01 this is no HTTP\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nA\x00B: c\r\n\r\n",
        f"POST {PATH} HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        f"POST {PATH} HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        f"POST {PATH} HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "CONNECT elsewhere:443 HTTP/1.1\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_not_http_gets_a_page_and_the_door(serving: Serving, sent: str) -> None:
    with serving.connect() as connection:
        connection.sendall(sent.encode("latin-1"))
        reply = read(connection)

        assert (reply.status, reply.headers["Connection"], reply.headers["Server"]) == (400, "close", "")
        assert b"HTTP Status 400" in reply.body
        assert connection.recv(1) == b""
    assert not serving.face.calls


@pytest.mark.parametrize(
    "endless",
    [
        "GET /" + "x" * 300_000,
        "GET / HTTP/1.1\r\nA: " + "x" * 300_000,
        "GET / HTTP/1.1\r\n" + "A: b\r\n" * 50_000,
    ],
)
def test_a_head_without_end_is_cut_off(serving: Serving, endless: str) -> None:
    with serving.connect() as connection:
        try:
            connection.sendall(endless.encode())
            assert read(connection).status == 431
        except ConnectionError:
            pass  # closed before everything was sent: that is being cut off, too
    assert serving.ask("GET", "/api/v1/health").status == 200


@pytest.mark.parametrize("begun", ["P", "POST / HTTP/1.1\r\nHost: x\r\nX"])
def test_a_head_that_never_ends_is_not_waited_for(
    serving: Serving, monkeypatch: pytest.MonkeyPatch, begun: str
) -> None:
    monkeypatch.setattr(module, "HEAD_SECONDS", 0.05)
    with serving.connect() as connection:
        connection.sendall(begun.encode())
        assert read(connection).status == 408
        assert connection.recv(1) == b""


def test_a_head_that_came_in_pieces_may_be_followed_by_a_slow_answer(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HEAD_SECONDS", 0.3)
    body = "soapDoControlServices wait"
    with serving.connect() as connection:
        connection.sendall(f"POST {PATH} HTTP/1.1\r\n{SIGNED}Content-Le".encode())
        connection.sendall(f"ngth: {len(body)}\r\n\r\n{body}".encode())
        assert serving.face.entered.acquire(timeout=20)
        connection.settimeout(0.4)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(20)
        serving.face.go.set()
        assert read(connection).status == 200


def test_whoever_says_nothing_at_all_is_sent_away(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "KEEP_ALIVE_SECONDS", 0.05)
    serving: Serving = request.getfixturevalue("serving")
    with serving.connect() as connection:
        assert connection.recv(1) == b""


@pytest.mark.parametrize("spelled", ["Upgrade: h2c", "upgrade: TLS/1.2", "UPGRADE: websocket"])
def test_an_offer_to_change_the_protocol_is_ignored(
    serving: Serving, caplog: pytest.LogCaptureFixture, spelled: str
) -> None:
    with serving.connect() as connection:
        for _ in range(2):
            connection.sendall(
                f"POST {PATH} HTTP/1.1\r\n{SIGNED}Connection: Upgrade\r\n{spelled}\r\nContent-Length: 5\r\n\r\nhello".encode()
            )
            assert read(connection).status == 200
    assert [call.body for call in serving.face.calls] == [b"hello", b"hello"]
    assert caplog.records == []


def test_a_large_head_within_the_limit_and_many_requests_are_fine(serving: Serving) -> None:
    padding = "X-Padding: " + "x" * (HEAD_LIMIT - 1000) + "\r\n"
    with serving.connect() as connection:
        for _ in range(3):  # the limit is one head's, not the connection's
            connection.sendall(
                f"POST {PATH} HTTP/1.1\r\n{SIGNED}{padding}Content-Length: 1\r\n\r\nx".encode()
            )
            assert read(connection).status == 200


def test_rubbish_behind_a_request_does_not_spoil_its_reply(serving: Serving) -> None:
    with serving.connect() as connection:
        body = "soapDoControlServices wait"
        connection.sendall(
            f"POST {PATH} HTTP/1.1\r\n{SIGNED}Content-Length: {len(body)}\r\n\r\n{body}\x00\x00rubbish\r\n\r\n".encode()
        )
        answered = b""
        while block := connection.recv(4096):
            answered += block
    # whichever was noticed first, there is one reply or none, and nothing behind it
    assert answered.count(b"HTTP/1.1 ") <= 1
    assert serving.ask("GET", "/api/v1/health").status == 200


def test_headers_have_the_usual_capitals(serving: Serving) -> None:
    with serving.connect() as connection:
        connection.sendall(f"POST {PATH} HTTP/1.1\r\n{SIGNED}Content-Length: 1\r\n\r\nx".encode())
        head = received(connection, b"<cucm-pub/>").partition("\r\n\r\n")[0].split("\r\n")
        connection.sendall(f"GET {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        refusal = received(connection, b"</html>")

    assert head[0] == "HTTP/1.1 200 OK"
    assert [line.partition(":")[0] for line in head[1:]] == [
        "Date", "Cache-Control", "Expires", "Set-Cookie", "Set-Cookie", "X-Frame-Options", "Server",
        "Content-Type", "Content-Length",
    ]  # fmt: skip
    assert 'WWW-Authenticate: Basic realm="Cisco Web Services Realm"\r\n' in refusal
