"""One client's connection: uvicorn's HTTP/1.1 protocol with the vendor's manners and bounds on what may come in.

It knows bytes and the transport; requests go to the application.
"""

from __future__ import annotations

import asyncio
import logging
import math
import re
import time
from collections.abc import Iterable
from email.utils import formatdate
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from ucmsim.api.ring.pages import page
from ucmsim.api.ring.repeats import LONGEST, OFFER, PIECES, Again, Repeat, Repeats
from ucmsim.api.ring.reply import SET_COOKIE, Reply

if TYPE_CHECKING:
    from uvicorn.config import Config

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)  # uvicorn makes its trace messages before it asks whether anybody wants them

HEAD_LIMIT = 64 * 1024
"""Bytes of a request line with its headers; the parser itself has no bound."""
HEAD_SECONDS = 30.0
"""How long a head may take to arrive once it has begun."""

HELD_SECONDS = 0.1
"""How long a head that has come before waits for its body, which many clients send by itself, to be looked at as one."""

TRANSPORT = "ucmsim.transport"
"""The key of `scope["extensions"]` under which the application finds the transport, to reset or cut off a connection."""


class Connections(ServerState):
    """The open connections of a server, an event that is set while there are none, and what repeats itself on them."""

    def __init__(self) -> None:
        super().__init__()
        self.none_open = asyncio.Event()
        self.none_open.set()
        self.repeats = Repeats()

    def on(self, address: str) -> list[Connection]:
        """The connections that came in on `address`."""
        return [
            connection
            for connection in self.connections
            if isinstance(connection, Connection) and connection.address == address
        ]


class Connection(HttpToolsProtocol):
    """Adds to uvicorn's protocol: bounded heads, header names in the usual capitals, error pages, the raw transport."""

    server_state: Connections

    def __init__(
        self,
        config: Config,
        server_state: Connections,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.logger = log
        self.access_log = False
        self._head = 0  # bytes of the head being received, -1 while a body is
        self._refused = False
        self._begun = 0  # requests whose first byte has come
        self._head_open = False
        self._repeated_at = -math.inf
        self._pieces: list[bytes] = []  # what came in since the connection was idle
        self._last: tuple[Repeats, bytes, Repeat] | None = None
        self._held = b""
        self._held_for: asyncio.TimerHandle | None = None
        self._late: asyncio.TimerHandle | None = None  # ends a head that does not arrive

    @property
    def address(self) -> str:
        """The node address on which the client connected."""
        return self.server[0] if self.server else ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin."""
        super().connection_made(transport)
        self.server_state.none_open.clear()
        # The first request may take as long as every later one; uvicorn waits for it for ever.
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """End; whoever sent a head and left has asked all the same."""
        self._read_held()
        super().connection_lost(exc)
        self._unset_keepalive_if_required()
        self._on_time()
        # They refer to each other, and what TLS takes for a connection would stay until garbage is looked for.
        self.scope = self.cycle = None  # type: ignore[assignment]
        if not self.server_state.connections:
            self.server_state.none_open.set()

    def data_received(self, data: bytes) -> None:
        """Answer a repeat, hold a head until its body comes, parse everything else."""
        if self._refused:
            return
        if self._held:
            data = self._let_go() + data
        if self._idle:
            if self._repeated(data):
                return
            if self.server_state.repeats.begins(self.address, data):
                self._held = data
                self._held_for = self.loop.call_later(HELD_SECONDS, self._read_held)
                return
        self._parse(data)

    def _let_go(self) -> bytes:
        """The head that was held until now, empty if none was."""
        held, self._held = self._held, b""
        if self._held_for is not None:
            self._held_for.cancel()
            self._held_for = None
        return held

    def _read_held(self) -> None:
        """Wait no longer for the body of a head that is held: from now on it is a request like any other."""
        if self._held:
            self._parse(self._let_go())

    def shutdown(self) -> None:
        """Close, after the answer if a request has begun."""
        self._read_held()
        super().shutdown()

    def _parse(self, data: bytes) -> None:
        """Parse what came in, unless the head is too long."""
        idle, begun = self._idle, self._begun
        if idle:
            self._pieces = []
        self._note(data)
        if self._head >= 0:
            self._head += len(data)
            # One read may hold the end of a head and much of a body: only a head that a read left open is too long.
            if self._head - len(data) > HEAD_LIMIT:
                self._refuse(431)
                return
        super().data_received(_without_upgrade(data))
        if self._head_open and self._late is None:
            self._late = self.loop.call_later(HEAD_SECONDS, self._refuse, 408)
        if idle and self._begun == begun + 1:
            # Not with those of a later topology, in which the bytes may mean another node.
            kept = self.server_state.repeats
            self.scope["extensions"][OFFER] = partial(self._keep, kept, self._pieces, self._begun)  # type: ignore[assignment]

    @property
    def _idle(self) -> bool:
        """Whether nothing of a request has come and none is being answered."""
        if self._head or self._head_open or self.pipeline:
            return False
        return self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]

    def _repeated(self, data: bytes) -> bool:
        """Answer what was asked before in the same bytes; returns whether it was."""
        repeat = self._known(data)
        if repeat is None or self.flow.write_paused:
            return False
        try:
            again = repeat(self.client[0] if self.client else "")
        except Exception:  # whatever it is, the application has an answer to it
            log.exception("a repeat failed, and the request is read")
            return False
        if again is None:
            self._last = None
            return False
        self.transport.write(_repeated_message(again))
        self._repeated_at = self.loop.time()
        return True

    def _known(self, data: bytes) -> Repeat | None:
        """What answers a request that was answered before: most connections ask the same all the time."""
        repeats = self.server_state.repeats
        if self._last is not None and self._last[0] is repeats and self._last[1] == data:
            return self._last[2]
        repeat = repeats.find(self.address, data)
        self._last = None if repeat is None else (repeats, data, repeat)
        return repeat

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection on which nothing has come for so long, not even a repeat, which leaves the timer alone."""
        if self._held:
            self._read_held()
            return
        left = self._repeated_at + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self.timeout_keep_alive_task = self.loop.call_later(left, self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()

    def _note(self, piece: bytes) -> None:
        """Note a piece of what may be a request that will come again."""
        if len(self._pieces) >= PIECES or sum(map(len, self._pieces)) + len(piece) > LONGEST:
            self._pieces[:] = [b""] * (PIECES + 1)  # so many are never kept
        else:
            self._pieces.append(piece)

    def _keep(self, kept: Repeats, pieces: list[bytes], number: int, repeat: Repeat) -> None:
        """Remember how the request of that number is answered, if nothing came after it and the connection stays open."""
        cycle = self.cycle if self._begun == number else None  # nor is there one when the connection is lost
        if cycle is not None and cycle.keep_alive and cycle.scope["method"] != "HEAD":
            kept.keep(self.address, pieces, repeat)

    def on_message_begin(self) -> None:
        """Give the application the transport."""
        self._begun += 1
        self._head_open = True
        super().on_message_begin()
        self.scope["extensions"] = {TRANSPORT: self.transport}  # type: ignore[dict-item]

    def on_headers_complete(self) -> None:
        """Hand the request over, with today's date for the reply."""
        self._head = -1
        self._head_open = False
        self._on_time()
        self.server_state.default_headers = [(b"Date", _date(int(time.time())))]
        previous = self.cycle
        super().on_headers_complete()
        if self.cycle is not previous:
            self.cycle.transport = _Capitals(self.transport)  # type: ignore[assignment]

    def on_message_complete(self) -> None:
        """The next head may come."""
        self._head = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 (uvicorn's words are not the vendor's)
        """Answer what is not HTTP with a page."""
        self._refuse(400)

    def _on_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self, status: int) -> None:
        """Answer with a page and close, unless the reply to an earlier request is under way: then only close."""
        self._refused = True
        under_way = self.cycle is not None and not self.cycle.response_complete  # type: ignore[redundant-expr]
        if not under_way:
            self.transport.write(_message(page(status), ("Connection", "close")))
        self.transport.close()


def _without_upgrade(data: bytes) -> bytes:
    """What came in, without the offer of another protocol: a server may ignore it, but this parser skips the body then."""
    if b"pgrade:" not in data and b"PGRADE:" not in data:
        return data
    head, end, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(b"", head) + end + rest


def _message(reply: Reply, *more: tuple[str, str]) -> bytes:
    """A reply as it goes over the wire."""
    return b"".join((*_begun(reply.status), _lines(reply.all_headers + more), b"\r\n", reply.body))


def _repeated_message(again: Again) -> bytes:
    """The same, where only the cookies have to be written."""
    reply = again.reply
    before, after = reply.once(_around_cookies)
    written = _lines((SET_COOKIE, cookie) for cookie in again.cookies)
    return b"".join((*_begun(reply.status), before, written, after, reply.body))


def _around_cookies(reply: Reply) -> tuple[bytes, bytes]:
    before = _lines(reply.leading)
    return before, _lines(reply.all_headers).removeprefix(before) + b"\r\n"


def _begun(status: int) -> tuple[bytes, ...]:
    return STATUS_LINE[status], b"Date: ", _date(int(time.time())), b"\r\n"


def _lines(headers: Iterable[tuple[str, str]]) -> bytes:
    return "".join([f"{name}: {value}\r\n" for name, value in headers]).encode("latin-1")


class _Capitals:
    """A transport for one reply: header names get the capitals that every real server gives them (uvicorn lowers them)."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.write = self._write_head
        self.close = transport.close
        self.is_closing = transport.is_closing

    def _write_head(self, data: bytes) -> None:
        if data.startswith(b"HTTP/1.1 100 "):
            self._transport.write(data)
            return
        status, *lines = data.split(b"\r\n")
        spelled = [status]
        for line in lines:
            name, colon, value = line.partition(b":")
            spelled.append(_capitals(name) + colon + value)
        self.write = self._transport.write
        self._transport.write(b"\r\n".join(spelled))


_UPGRADE = re.compile(rb"\r\nupgrade:[^\r\n]*", re.IGNORECASE)

_NAMES = {b"www-authenticate": b"WWW-Authenticate", b"etag": b"ETag"}


@lru_cache(maxsize=256)
def _capitals(name: bytes) -> bytes:
    return _NAMES.get(name) or name.title()


@lru_cache(maxsize=2)
def _date(second: int) -> bytes:
    return formatdate(second, usegmt=True).encode("ascii")
