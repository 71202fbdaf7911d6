"""Requests whose head and body come one after the other, as most clients send them, and how they are taken for repeats."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from uvicorn.config import Config

from ucmsim.api import connection as module
from ucmsim.api.connection import Connection, Connections
from ucmsim.api.ring.repeats import OFFER, Again, Repeats
from ucmsim.api.ring.reply import Reply

BODY = b"question"


def head(*lines: bytes, length: int = len(BODY)) -> bytes:
    written = (b"POST /here HTTP/1.1", b"Host: node", *lines, b"Content-Length: %d" % length)
    return b"\r\n".join((*written, b"\r\n"))


class Wire:
    """What a client of `connection` sees: a transport that keeps what is written."""

    def __init__(self) -> None:
        self.written = b""
        self.closed = False
        self.begun = 0  # requests that the application was told of
        self.read: list[bytes] = []  # and the bodies that it read
        config = Config(self.app, http=Connection, lifespan="off", log_config=None, interface="asgi3")
        config.load()
        self.connection = Connection(config, Connections(), {}, asyncio.get_running_loop())
        self.connection.connection_made(self)  # type: ignore[arg-type]

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        self.begun += 1
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body, more = body + message["body"], message["more_body"]
        self.read.append(body)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await send({"type": "http.response.body", "body": b"read"})
        if (offer := scope["extensions"].get(OFFER)) and self.read[-1] == BODY:
            offer(lambda _client: Again(Reply(200, b"again")))

    def write(self, data: bytes) -> None:
        self.written += data

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"sockname": ("127.0.0.1", 8443), "peername": ("127.0.0.1", 50000)}.get(name, default)

    def is_closing(self) -> bool:
        return False

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    async def ask(self, *pieces: bytes) -> bytes:
        """Let pieces come in, one read each, and return the body that is answered at once, or after a round of the loop."""
        self.written = b""
        for piece in pieces:
            self.connection.data_received(piece)
        for _ in range(5):
            await asyncio.sleep(0)
        return self.written.rpartition(b"\r\n\r\n")[2]


def told(story: Callable[[Wire], Awaitable[None]]) -> None:
    async def tell() -> None:
        wire = Wire()
        await story(wire)
        assert not wire.closed
        wire.connection.connection_lost(None)

    asyncio.run(tell())


def test_head_and_body_that_come_again_one_by_one_are_a_repeat() -> None:
    async def story(wire: Wire) -> None:
        assert await wire.ask(head(), BODY) == b"read"
        assert [await wire.ask(head(), BODY) for _ in range(2)] == [b"again"] * 2
        assert await wire.ask(head() + BODY) == b"again"
        assert wire.read == [BODY]

    told(story)


def test_another_body_under_the_same_head_is_read() -> None:
    async def story(wire: Wire) -> None:
        await wire.ask(head(), BODY)
        assert await wire.ask(head(), b"QUESTION") == b"read"
        assert await wire.ask(head(), b"QUEST", b"ION") == b"read"
        assert wire.read == [BODY, b"QUESTION", b"QUESTION"]

    told(story)


def test_a_body_that_keeps_everybody_waiting_is_waited_for_by_the_application(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "HELD_SECONDS", 0)

    async def story(wire: Wire) -> None:
        await wire.ask(head(), BODY)
        assert await wire.ask(head()) == b""
        assert wire.begun == 2
        assert await wire.ask(BODY) == b"read"
        assert wire.read == [BODY, BODY]

    told(story)


def test_whoever_expects_to_be_told_to_continue_is_told_each_time() -> None:
    async def story(wire: Wire) -> None:
        for _ in range(2):
            await wire.ask(head(b"Expect: 100-continue"))
            assert b"100 Continue" in wire.written
            assert await wire.ask(BODY) == b"read"

    told(story)


def test_what_comes_in_many_pieces_or_with_something_behind_it_is_not_remembered() -> None:
    async def story(wire: Wire) -> None:
        assert await wire.ask(head(), BODY[:3], BODY[3:]) == b"read"
        assert await wire.ask(head(), BODY) == b"read"
        assert await wire.ask(head(length=len(BODY)), BODY + b"GET /there HTTP/1.1\r\n\r\n") != b"again"

    told(story)


def test_what_ends_a_head_that_began_behind_another_request_is_no_request() -> None:
    async def story(wire: Wire) -> None:
        await wire.ask(head(), BODY)
        first, begin_of_second = head(length=3) + b"one", b"POST /here HTTP/1.1\r\nX-Note: "
        assert await wire.ask(first + begin_of_second) == b"read"
        assert await wire.ask(head(), BODY) == b"read"
        assert await wire.ask(first + begin_of_second) == b"read"
        assert await wire.ask(head() + BODY) == b"read"
        assert wire.read == [BODY, b"one", BODY, b"one", BODY]

    told(story)


def test_whoever_is_closed_down_answers_the_head_that_was_held() -> None:
    async def story() -> None:
        wire = Wire()
        await wire.ask(head(), BODY)
        await wire.ask(head())
        wire.connection.shutdown()
        assert not wire.closed
        assert await wire.ask(BODY) == b"read"
        assert wire.closed

    asyncio.run(story())


def test_a_client_that_leaves_after_its_head_has_asked() -> None:
    async def story() -> None:
        wire = Wire()
        await wire.ask(head(), BODY)
        await wire.ask(head())
        wire.connection.connection_lost(None)
        await asyncio.sleep(0)
        assert wire.begun == 2

    asyncio.run(story())


def test_a_connection_on_which_a_head_is_held_is_not_idle() -> None:
    async def story(wire: Wire) -> None:
        await wire.ask(head(), BODY)
        await wire.ask(head())
        wire.connection.timeout_keep_alive_handler()
        assert await wire.ask(BODY) == b"read"

    told(story)


def test_an_answer_from_before_the_repeats_were_forgotten_is_not_remembered() -> None:
    async def story(wire: Wire) -> None:
        await wire.ask(head())
        wire.connection.server_state.repeats = Repeats()
        assert await wire.ask(BODY) == b"read"
        assert await wire.ask(head() + BODY) == b"read"
        assert await wire.ask(head() + BODY) == b"again"

    told(story)
