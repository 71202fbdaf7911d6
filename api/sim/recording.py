"""Recording: stands around the application and writes each request with its answer into the journal.

What the ring finds out on the way – node, user, faults – it leaves in `scope["state"]`. Requests to the simulation's
own controls, to the console and to the health pages are not recorded.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ucmsim.api.ring.exchange import Application, Message, Receive, Scope, Send
from ucmsim.api.ring.web_application import BODY_LIMIT
from ucmsim.api.sim import asking, journal, masking
from ucmsim.api.sim.journal import KEPT, Entry, Journal
from ucmsim.models.states import Instant, NodeRef

UNRECORDED = ("/sim/v1", "/ucmsim", "/api/v1/health", "/favicon.ico")
"""The prefixes of the paths that are nobody's business but the tester's."""

NODE, USER, FAULTS = "node", "user", "faults"
"""Where the ring leaves in `scope["state"]` which node is asked, who asks, and which rules acted."""

_NOWHERE = NodeRef("", "")


class Recording:
    """An ASGI application around another. `now` is simulated time, `masks` says whether bodies are masked."""

    def __init__(
        self,
        app: Application,
        kept: Journal,
        now: Callable[[], Instant],
        masks: Callable[[], bool] = lambda: True,
    ) -> None:
        self._app = app
        self._journal = kept
        self._now = now
        self._masks = masks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and record it."""
        if scope["path"].startswith(UNRECORDED):
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        tape = _Tape(receive, send)
        at, began = self._now(), time.monotonic()
        try:
            await self._app(scope, tape.receive, tape.send)
        finally:
            self._journal.add(self._entry(scope, tape, at, round((time.monotonic() - began) * 1000)))

    def _entry(self, scope: Scope, tape: _Tape, at: Instant, milliseconds: int) -> Entry:
        state: dict[str, Any] = scope["state"]
        query = scope["query_string"].decode("latin-1")
        masked = self._masks()
        body = bytes(tape.body)
        request = journal.message(scope["headers"], body, tape.asked, masked=masked)
        known = None
        if len(body) > KEPT:
            content_type = request.header("content-type")
            known = asking.asked(scope["method"], scope["path"], query, body, content_type)
        return Entry(
            number=self._journal.next_number(),
            at=at,
            node=state.get(NODE, _NOWHERE),
            client=scope["client"][0] if scope.get("client") else "",
            user=state.get(USER, ""),
            method=scope["method"],
            path=scope["path"],
            query=masking.text(query),
            request=request,
            status=tape.status,
            response=journal.message(tape.headers, bytes(tape.answer), tape.answered, masked=masked),
            milliseconds=milliseconds,
            faults=tuple(state.get(FAULTS, ())),
            known=known,
        )


class _Tape:
    """What went by in both directions, as far as it is kept."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.body = bytearray()
        self.asked = 0
        self.status: int | None = None
        self.headers: list[tuple[bytes, bytes]] = []
        self.answer = bytearray()
        self.answered = 0

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            part = message.get("body", b"")
            self.body += part[: BODY_LIMIT - len(self.body)]
            self.asked += len(part)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
        elif message["type"] == "http.response.body":
            part = message.get("body", b"")
            self.answer += part[: KEPT - len(self.answer)]
            self.answered += len(part)
        await self._send(message)
