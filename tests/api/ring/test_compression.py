"""Messages in gzip, over a real connection: answers where a client asks for it, requests within the same limits."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.conftest import PATH, Serving
from tests.api.ring.test_web_application import ADMINISTRATOR
from ucmsim.api.ring.compression import PIECE, Compression, _Expanding
from ucmsim.api.ring.exchange import BodyBrokenError, Message
from ucmsim.api.ring.repeats import OFFER, Again, Repeat
from ucmsim.api.ring.reply import XML, Reply
from ucmsim.api.ring.web_application import BODY_LIMIT

LONG = b"<cucm-pub/>" + b"." * 10_000


def post(serving: Serving, body: bytes, **headers: str):
    return serving.ask("POST", PATH, body=body, Authorization=ADMINISTRATOR, **headers)


@pytest.mark.parametrize(
    "accepted", ["gzip", "gzip, deflate", "deflate, gzip;q=0.5, br", "GZIP", "identity,x-gzip", "gzip;q=1.0"]
)
def test_a_long_answer_is_compressed_where_asked(serving: Serving, accepted: str) -> None:
    reply = post(serving, b"long", Accept_Encoding=accepted)

    assert (reply.status, reply.headers["Content-Encoding"], reply.headers["Vary"]) == (
        200,
        "gzip",
        "Accept-Encoding",
    )
    assert reply.headers["Content-Length"] == str(len(reply.body))
    assert len(reply.body) < len(LONG) / 10
    assert gzip.decompress(reply.body) == LONG
    assert reply.headers.get_all("Server") == [""]


@pytest.mark.parametrize(
    "accepted", ["", "identity", "deflate", "br", "gzip;q=0", "gzip;q=0.0, identity", "gzippo", "agzip"]
)
def test_nobody_gets_what_he_did_not_ask_for(serving: Serving, accepted: str) -> None:
    reply = post(serving, b"long", Accept_Encoding=accepted)

    assert "Content-Encoding" not in reply.headers
    assert reply.body == LONG


def test_short_answers_and_pages_stay_as_they_are(serving: Serving) -> None:
    assert "Content-Encoding" not in post(serving, b"x", Accept_Encoding="gzip").headers
    assert "Content-Encoding" not in serving.ask("GET", "/", Accept_Encoding="gzip").headers


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", "deflate"])
def test_a_request_may_come_compressed(serving: Serving, encoding: str) -> None:
    body = b"soapGetServiceStatus " + b"." * 100_000
    packed = zlib.compress(body) if encoding == "deflate" else gzip.compress(body)

    reply = post(serving, packed, Content_Encoding=encoding)

    assert reply.status == 200
    assert serving.face.calls[0].body == body


@pytest.mark.parametrize(
    "body",
    [
        b"<plain/>",
        gzip.compress(b"<a/>" * 1000, mtime=0)[:-9],
        gzip.compress(b"<a/>" * 1000, mtime=0)[:20],
        gzip.compress(b"<a/>", mtime=0) + b"more",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
    ],
)
def test_a_body_that_is_not_what_its_header_says_is_refused(serving: Serving, body: bytes) -> None:
    reply = post(serving, body, Content_Encoding="gzip")

    assert (reply.status, reply.headers["Content-Type"]) == (400, "text/html;charset=utf-8")
    assert not serving.face.calls


def test_a_broken_body_that_nobody_wants_is_nobodys_trouble(serving: Serving, caplog) -> None:
    reply = serving.ask("POST", PATH, body=b"<plain/>", Content_Encoding="gzip")

    assert reply.status == 401
    assert caplog.records == []


def test_a_few_bytes_that_stand_for_many_are_too_large(serving: Serving) -> None:
    bomb = gzip.compress(b"\0" * (BODY_LIMIT + 1))
    assert len(bomb) < 100_000

    assert post(serving, bomb, Content_Encoding="gzip").status == 413
    assert not serving.face.calls
    assert post(serving, gzip.compress(b"x" * BODY_LIMIT), Content_Encoding="gzip").status == 200


def test_an_unknown_encoding_is_for_the_face_to_judge(serving: Serving) -> None:
    assert post(serving, b"whatever", Content_Encoding="br").status == 200
    assert serving.face.calls[0].body == b"whatever"


def test_an_answer_that_is_given_again_is_compressed_again() -> None:
    """What a connection remembers of a request passes by the application, but not by what compresses."""
    kept: list[Repeat] = []
    heads: list[Message] = []

    async def app(scope, receive, send):
        scope["extensions"][OFFER](lambda client: Again(Reply(200, LONG if client == "a" else b"short", XML)))
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"Content-Type", XML.encode())]}
        )
        await send({"type": "http.response.body", "body": LONG})

    async def send(message):
        heads.append(message)

    with ThreadPoolExecutor(1) as executor:
        for accepted in (b"gzip", b"identity"):
            scope = {"headers": [(b"accept-encoding", accepted)], "extensions": {OFFER: kept.append}}
            asyncio.run(Compression(app, executor)(scope, _nothing, send))

    compressing, plain = kept
    again = compressing("a")
    assert again is not None
    assert dict(again.reply.encoded())[b"Content-Encoding"] == b"gzip"
    assert gzip.decompress(again.reply.body) == gzip.decompress(heads[1]["body"]) == LONG
    assert compressing("b") == plain("b") == Again(Reply(200, b"short", XML))
    unchanged = plain("a")
    assert unchanged is not None
    assert unchanged.reply.body == heads[3]["body"] == LONG


async def _nothing():
    raise AssertionError("nobody reads")


async def _received(expanding: _Expanding) -> list[bytes]:
    pieces = []
    more = True
    while more:
        message = await expanding()
        pieces.append(message["body"])
        more = message["more_body"]
    return pieces


def expand(*chunks: bytes) -> list[bytes]:
    """The pieces that are made of a body that comes in these chunks."""
    waiting = [*chunks]

    async def receive():
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    coroutine = _received(_Expanding(receive))
    try:
        while True:
            coroutine.send(None)
    except StopIteration as done:
        return done.value


def test_pieces_are_small_however_much_is_in_a_chunk() -> None:
    body = bytes(range(256)) * 40_000
    pieces = expand(gzip.compress(body, 1))

    assert b"".join(pieces) == body
    assert max(map(len, pieces)) <= PIECE


def test_it_does_not_matter_how_a_body_is_cut() -> None:
    body = bytes(range(256)) * 400
    packed = gzip.compress(body)

    assert b"".join(expand(*[packed[at : at + 1] for at in range(len(packed))])) == body
    assert b"".join(expand(b"", packed, b"")) == body
    assert expand(b"") == [b""]


def test_nothing_comes_after_the_end() -> None:
    with pytest.raises(BodyBrokenError):
        expand(gzip.compress(b"x"), b"y")
