"""Compression: messages of SOAP APIs that travel in gzip, in both directions, where a client says so.

It stands outside of everything that looks at requests and answers, so that they all see plain bytes. What comes in is
expanded as it is read, so that the limits of whoever reads it hold.
"""

from __future__ import annotations

import asyncio
import gzip
import re
import zlib
from concurrent.futures import Executor
from dataclasses import replace
from functools import lru_cache

from ucmsim.api.ring.exchange import Application, BodyBrokenError, Message, Receive, Scope, Send
from ucmsim.api.ring.repeats import OFFER, Again, Repeat
from ucmsim.api.ring.reply import Headers, Reply

KINDS = "text/xml"
SMALLEST = 2048
"""Shorter answers fit into one packet anyway."""
REMEMBERED, LONGEST = 32, 128 * 1024
"""So many compressed answers are kept, of at most this length: an answer that stands is sent many times."""
PIECE = 256 * 1024
"""How much of a request is expanded at a time."""

MARKS: Headers = (("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))

_EITHER_FORM = 32 + zlib.MAX_WBITS
_GZIP = re.compile(r"(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=([\d.]+)\s*)?(?:,|$)", re.IGNORECASE)


class Compression:
    """An ASGI application around another. Long answers are compressed in `executor`."""

    def __init__(self, app: Application, executor: Executor) -> None:
        self._app = app
        self._executor = executor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, expanded; pass its answer on, compressed."""
        headers = dict(scope["headers"])
        if headers.get(b"content-encoding", b"").lower() in {b"gzip", b"x-gzip", b"deflate"}:
            scope = {**scope, "headers": _chunked(scope)}
            receive = _Expanding(receive)
        if _asked_for(headers.get(b"accept-encoding", b"")):
            self._wrap_repeat(scope)
            send = self._compressing(send)
        await self._app(scope, receive, send)

    def _compressing(self, send: Send) -> Send:
        start: Message = {}

        async def compressing(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if start:
                await self._begin(send, start, message)
                start = {}
            await send(message)

        return compressing

    async def _begin(self, send: Send, start: Message, first: Message) -> None:
        """Send the head of an answer, and change the `first` part of its body if that is all of it."""
        headers: list[tuple[bytes, bytes]] = start["headers"]
        named = {name.lower(): value for name, value in headers}
        kind = named.get(b"content-type", b"").decode("latin-1")
        body = first.get("body", b"")
        if not first.get("more_body", False) and _worthwhile(kind, body):
            loop = asyncio.get_running_loop()
            first["body"] = await loop.run_in_executor(self._executor, compressed, body)
            marks = [(name.encode(), value.encode()) for name, value in MARKS]
            length = (b"Content-Length", str(len(first["body"])).encode())
            kept = [pair for pair in headers if pair[0].lower() != b"content-length"]
            start = {**start, "headers": [*kept, length, *marks]}
        await send(start)

    def _wrap_repeat(self, scope: Scope) -> None:
        extensions = scope.get("extensions", {})
        if offer := extensions.get(OFFER):
            extensions[OFFER] = lambda repeat: offer(_compressing_repeat(repeat))


def compressed(body: bytes) -> bytes:
    """Return `body` in gzip."""
    return _kept(body) if len(body) <= LONGEST else gzip.compress(body, 1, mtime=0)


@lru_cache(REMEMBERED)
def _kept(body: bytes) -> bytes:
    return gzip.compress(body, 1, mtime=0)


def _compressing_repeat(repeat: Repeat) -> Repeat:
    def compressing(client: str) -> Again | None:
        again = repeat(client)
        return again and again._replace(reply=again.reply.once(_small))

    return compressing


def _small(reply: Reply) -> Reply:
    if not _worthwhile(reply.content_type, reply.body):
        return reply
    return replace(reply, body=compressed(reply.body), headers=reply.headers + MARKS)


def _worthwhile(kind: str, body: bytes) -> bool:
    return kind.startswith(KINDS) and len(body) >= SMALLEST


def _asked_for(accepted: bytes) -> bool:
    """Whether gzip is among the encodings that a client accepts."""
    found = _GZIP.search(accepted.decode("latin-1"))
    return found is not None and (found[1] is None or found[1].strip("0.") != "")


def _chunked(scope: Scope) -> list[tuple[bytes, bytes]]:
    """The headers of a request whose body has no known length any more, and no encoding."""
    gone = {b"content-encoding", b"content-length", b"transfer-encoding"}
    kept = [pair for pair in scope["headers"] if pair[0] not in gone]
    return [*kept, (b"transfer-encoding", b"chunked")]


class _Expanding:
    """Receives a body in plain bytes, piece by piece, however much a few compressed ones stand for."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._expand = zlib.decompressobj(_EITHER_FORM)
        self._rest = b""
        self._more = True
        self._begun = False

    async def __call__(self) -> Message:
        """Return the next piece; raises `BodyBrokenError`."""
        if self._more and not self._rest:
            message = await self._receive()
            if message["type"] != "http.request":
                return message
            self._rest, self._more = message.get("body", b""), message.get("more_body", False)
            self._begun = self._begun or bool(self._rest)
        piece = self._next()
        full = len(piece) == PIECE  # then there may be more without any further input
        more = self._more or bool(self._rest) or full
        if self._begun and not (more or self._expand.eof):
            raise BodyBrokenError("it breaks off")
        return {"type": "http.request", "body": piece, "more_body": more}

    def _next(self) -> bytes:
        if self._expand.eof:
            if self._rest:
                raise BodyBrokenError("something comes after its end")
            return b""
        try:
            piece = self._expand.decompress(self._rest, PIECE)
        except zlib.error as error:
            raise BodyBrokenError(str(error)) from error
        self._rest = self._expand.unused_data or self._expand.unconsumed_tail
        return piece
