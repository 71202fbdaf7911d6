"""One request and its reply over ASGI: reads no more of a body than allowed, and sends a refusal so that it arrives.

It knows HTTP; it knows no path, no user and no node.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ucmsim.api.ring.repeats import OFFER, Repeat
from ucmsim.api.ring.reply import Reply

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_SECONDS = 60.0
"""How long a body may take to arrive."""
SMALL_REST = 256 * 1024
"""An unread body up to this length is skipped by the server, which then keeps the connection."""
DISCARDED = 64 * 1024 * 1024
DISCARD_SECONDS = 10.0
"""How much of a longer one is read and thrown away, so that a client that writes before it reads sees the reply."""


_HOST = re.compile(r"[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


class BodyTooLargeError(Exception):
    """The body exceeds the limit; at most that much of it was read."""


class BodyTooSlowError(Exception):
    """The body did not arrive in time."""


class BodyBrokenError(Exception):
    """The body is not in the encoding that its header names."""


class ClientGoneError(Exception):
    """The client closed the connection before its request was complete; there is nobody to answer."""


class Exchange:
    """A request as it came in; `reply` answers it, once."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: str = scope["query_string"].decode("latin-1")
        self.client: str = scope["client"][0] if scope.get("client") else ""
        self._headers: dict[bytes, bytes] = dict(reversed(scope["headers"]))  # the first of several wins
        self._receive = receive
        self._send = send
        length = self._headers.get(b"content-length", b"")
        self._length: int | None = int(length) if length.isdigit() else None
        self._unread = bool(self._length) or b"transfer-encoding" in self._headers
        # A client that waits for "100 Continue" sends its body only after that, so not at all after a refusal.
        self._waits = b"expect" in self._headers

    def header(self, name: bytes) -> bytes | None:
        """The value of a header (named in lower case), None if it was not sent."""
        return self._headers.get(name)

    def text(self, name: bytes) -> str | None:
        """The same as text; None also if it is empty."""
        return (self._headers.get(name) or b"").decode("latin-1").strip() or None

    def note(self, **facts: Any) -> None:
        """Leave in `scope["state"]` what was found out about the request, for those who stand around."""
        self.scope.setdefault("state", {}).update(facts)

    def offer(self, repeat: Repeat) -> None:
        """Offer what answers the same request again, to the connection and whoever stands in between."""
        if take := self.scope.get("extensions", {}).get(OFFER):
            take(repeat)

    def noted(self, name: str, default: Any = None) -> Any:
        """Return what somebody has left there."""
        return self.scope.get("state", {}).get(name, default)

    @property
    def address(self) -> str:
        """`https://name:port` as the caller wrote it, or else where the request came in."""
        host = self._headers.get(b"host", b"").decode("latin-1")
        if not _HOST.fullmatch(host):
            name, port = self.scope["server"]
            host = f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
        return f"{self.scope['scheme']}://{host}"

    async def body(self, limit: int) -> bytes:
        """The whole body, if it is not longer than `limit` bytes; a body announced as longer is not read at all.

        Raises `BodyTooLargeError`, `BodyTooSlowError`, `BodyBrokenError` or `ClientGoneError`.
        """
        if self._length is not None and self._length > limit:
            raise BodyTooLargeError
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while self._unread or not chunks:
                    chunk = await self._chunk()
                    chunks.append(chunk)
                    size += len(chunk)
                    if size > limit:
                        raise BodyTooLargeError
        except TimeoutError:
            raise BodyTooSlowError from None
        return b"".join(chunks)

    async def gone(self) -> None:
        """Wait until the connection is known to be closed; for who has closed it."""
        while (await self._receive())["type"] != "http.disconnect":
            continue

    async def reply(self, reply: Reply) -> None:
        """Send the reply. A body that nobody read is skipped; if that would take long, the connection ends with the reply."""
        headers = reply.encoded()
        ends = self._unread and (self._waits or self._length is None or self._length > SMALL_REST)
        if ends:
            headers.append((b"Connection", b"close"))
        await self._send({"type": "http.response.start", "status": reply.status, "headers": headers})
        skips = ends and not self._waits
        await self._send({"type": "http.response.body", "body": reply.body, "more_body": skips})
        if skips:
            await self._discard()
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _chunk(self) -> bytes:
        self._waits = False
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        self._unread = message.get("more_body", False)
        body: bytes = message.get("body", b"")
        return body

    async def _discard(self) -> None:
        discarded = 0
        try:
            async with asyncio.timeout(DISCARD_SECONDS):
                while self._unread and discarded < DISCARDED:
                    discarded += len(await self._chunk())
        except (TimeoutError, ClientGoneError, BodyBrokenError):
            return
