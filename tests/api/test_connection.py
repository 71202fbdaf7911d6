"""A connection below HTTP: bytes that are no request, heads without end, addresses that close meanwhile."""

from __future__ import annotations

import ssl

import pytest

from tests.api.conftest import PATH, Serving
from tests.api.ring.test_exchange import SIGNED, read
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
