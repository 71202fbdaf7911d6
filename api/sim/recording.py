"""Recording: stands around the application and writes each request with its answer into the journal.

What the ring finds out on the way – node, user, faults – it leaves in `scope["state"]`. Requests to the simulation's
own controls, to the console and to the health pages are not recorded.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ucmsim.api.ring.exchange import Application, Message, Receive, Scope, Send
from ucmsim.api.ring.repeats import OFFER, Again, Repeat
from ucmsim.api.ring.reply import Reply
from ucmsim.api.ring.web_application import BODY_LIMIT
from ucmsim.api.sessions import Session
from ucmsim.api.sim import asking, journal, masking
from ucmsim.api.sim.journal import KEPT, Entry, Journal, Repetition
from ucmsim.models.states import Instant, NodeRef

UNRECORDED = ("/sim/v1", "/ucmsim", "/ccmservice", "/api/v1/health", "/favicon.ico")
"""The prefixes of the paths that are nobody's business but the tester's."""

NODE, USER, FAULTS = "node", "user", "faults"
"""Where the ring leaves in `scope["state"]` which node is asked, who asks, and which rules acted."""
REQUEST = "request"
"""Where it finds what the request is called in the journal."""

_NOWHERE = NodeRef("", "")
_NOTHING = journal.Message((), b"", 0)


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
        entries: list[Entry] = []

        def record(tape: _Tape) -> None:
            if not entries:
                entries.append(self._entry(scope, tape, at, number, _milliseconds(began), masked=masked))
                self._journal.add(entries[0])

        # Before the last part is sent: who has the whole answer finds its request in the journal.
        tape = _Tape(receive, send, record)
        offered = _between(scope)
        at, began, masked = self._now(), time.monotonic(), self._masks()
        number = self._journal.next_number()
        scope["state"][REQUEST] = journal.name(at, number)
        try:
            await self._app(scope, tape.receive, tape.send)
        finally:
            record(tape)
        for offer, repeat in offered:
            offer(self._recorded(repeat, entries[0], masked=masked))

    def _recorded(self, repeat: Repeat, first: Entry, *, masked: bool) -> Repeat:
        """The repeat of a request that records itself, as far as it can be told from the entry of the `first`."""
        entry = replace(first, response=_NOTHING, faults=(), operation=None, known=first.asked)

        def recorded(client: str) -> Again | None:
            at, began = self._now(), time.monotonic()
            again = repeat(client) if self._masks() is masked else None
            if again is not None:
                path = again.path if again.session else None
                response = again.reply.once(_answered, path, masked=masked)
                number, took = self._journal.next_number(), _milliseconds(began)
                self._journal.add(Repetition(entry, number, at, client, response, took))
            return again

        return recorded

    def _entry(
        self, scope: Scope, tape: _Tape, at: Instant, number: int, milliseconds: int, *, masked: bool
    ) -> Entry:
        state: dict[str, Any] = scope["state"]
        query = scope["query_string"].decode("latin-1")
        body = bytes(tape.body)
        request = journal.message(scope["headers"], body, tape.asked, masked=masked)
        known = None
        if len(body) > KEPT:
            content_type = request.header("content-type")
            known = asking.asked(scope["method"], scope["path"], query, body, content_type)
        return Entry(
            number=number,
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
            operation=self._journal.begun(state[REQUEST]),
            known=known,
        )


def _between(scope: Scope) -> list[tuple[Callable[[Repeat], None], Repeat]]:
    """Stand between the application and whoever takes its repeat; return the list in which the offer will be found."""
    offered: list[tuple[Callable[[Repeat], None], Repeat]] = []
    if offer := scope.get("extensions", {}).get(OFFER):
        scope["extensions"][OFFER] = lambda repeat: offered.append((offer, repeat))
    return offered


def _answered(reply: Reply, path: str | None, *, masked: bool) -> journal.Message:
    """The answer as it is kept: masked, the cookies of all sessions for a path look the same."""
    cookies = Session(masking.MASK, masking.MASK).cookies(path) if path is not None else ()
    headers = replace(reply, cookies=cookies).encoded()
    return journal.message(headers, reply.body, len(reply.body), masked=masked)


def _milliseconds(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


class _Tape:
    """What went by in both directions, as far as it is kept."""

    def __init__(self, receive: Receive, send: Send, ended: Callable[[_Tape], None]) -> None:
        self._receive = receive
        self._send = send
        self._ended = ended
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
            if not message.get("more_body", False):
                self._ended(self)
        await self._send(message)
