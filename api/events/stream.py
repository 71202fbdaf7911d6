"""The event stream: server-sent events on the event loop, so that hundreds who listen hold no thread.

A client that reads too slowly is cut off; it comes back with `Last-Event-ID` and misses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

from ucmsim.api.events.cloud import encoded
from ucmsim.api.events.delivery import BATCH, Delivery
from ucmsim.api.events.happenings import Event
from ucmsim.api.events.log import Filter
from ucmsim.api.ring.exchange import Receive, Send

ALIVE_SECONDS = 15.0
"""How often a comment tells client and proxies that the stream is alive."""
LIFE_SECONDS = 3600.0
"""How long a stream lasts at most."""
WAITING = 1000
"""How many events a client may be behind before it is cut off."""

MEDIA_TYPE = "text/event-stream"
TRANSPORT = "ucmsim.transport"

Read = Callable[[int, int, Filter], list[Event]]


@dataclass(eq=False)
class _Listener:
    """A client: what it wants, and what waits to be sent to it. None in the queue ends its stream."""

    wanted: Filter
    after: int
    transport: asyncio.Transport | None
    waiting: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(WAITING))

    def put(self, piece: bytes | None) -> None:
        try:
            self.waiting.put_nowait(piece)
        except asyncio.QueueFull:
            if self.transport is not None:
                self.transport.abort()
            # What waits is of no use any more; the end has to fit in.
            while not self.waiting.empty():
                self.waiting.get_nowait()
            self.waiting.put_nowait(None)


class Hub:
    """All clients that listen. Everything but `_hear` happens on the event loop that serves them.

    `read` returns events after an id and is called in `executor`. `stopping` is set when the server is about to end.
    """

    def __init__(
        self, delivery: Delivery, read: Read, executor: Executor, alive: float = ALIVE_SECONDS
    ) -> None:
        self._delivery = delivery
        self._read = read
        self._executor = executor
        self._alive = alive
        self._listeners: set[_Listener] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._heartbeat: asyncio.Task[None] | None = None
        self._last = 0

    @property
    def listeners(self) -> int:
        """How many clients listen."""
        return len(self._listeners)

    def close(self) -> None:
        """End all streams; from any thread."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended already
                self._loop.call_soon_threadsafe(self._end_all)

    async def serve(
        self,
        receive: Receive,
        send: Send,
        wanted: Filter,
        cursor: int | None,
        extensions: dict[str, Any] | None = None,
    ) -> None:
        """Send a client what happens after `cursor`, or from now on, until it goes, time is over or the server ends."""
        self._join_loop()
        listener = _Listener(wanted, cursor or 0, (extensions or {}).get(TRANSPORT))
        # From here on nothing is missed: what is newer than this comes through the queue.
        self._listeners.add(listener)
        newest = self._last
        gone = asyncio.ensure_future(_goodbye(receive, listener))
        ending = asyncio.get_running_loop().call_later(LIFE_SECONDS, listener.put, None)
        try:
            await send(_START)
            await _write(send, b": listening\n\n")
            if cursor is not None:
                await self._catch_up(send, wanted, cursor, newest)
            while (piece := await listener.waiting.get()) is not None:
                await _write(send, piece)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._listeners.discard(listener)
            ending.cancel()
            gone.cancel()

    async def _catch_up(self, send: Send, wanted: Filter, after: int, newest: int) -> None:
        """Send what was missed, up to what the queue begins after."""
        loop = asyncio.get_running_loop()
        while after < newest:
            batch = await loop.run_in_executor(self._executor, self._read, after, BATCH, wanted)
            missed = [event for event in batch if event.id <= newest]
            if missed:
                await _write(send, b"".join(map(_piece, missed)))
            if len(missed) < BATCH:
                return
            after = missed[-1].id

    def _join_loop(self) -> None:
        """Begin to hear of events, with the first client of a loop."""
        loop = asyncio.get_running_loop()
        if self._loop is loop:
            return
        first, self._loop = self._loop is None, loop
        self._listeners = set()
        if first:
            self._delivery.listen(self._hear)
        self._last = self._delivery.last  # read after that: an event may come twice then, but not never
        self._heartbeat = loop.create_task(self._beat())

    def _hear(self, batch: Sequence[Event]) -> None:
        """Called in the delivery's thread."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._spread, list(batch))

    def _spread(self, batch: Sequence[Event]) -> None:
        for event in batch:
            if event.id <= self._last:
                continue
            self._last = event.id
            piece = _piece(event) if self._listeners else b""
            for listener in self._listeners:
                if event.id > listener.after and listener.wanted.passes(event):
                    listener.put(piece)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._alive)
            for listener in self._listeners:
                if listener.waiting.empty():
                    listener.put(b": alive\n\n")

    def _end_all(self) -> None:
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        for listener in self._listeners:
            listener.put(None)


_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"Content-Type", MEDIA_TYPE.encode()),
        (b"Cache-Control", b"no-store"),
        (b"X-Accel-Buffering", b"no"),
    ],
}


def _piece(event: Event) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (event.id, event.type.encode(), encoded(event))


async def _write(send: Send, piece: bytes) -> None:
    await send({"type": "http.response.body", "body": piece, "more_body": True})


async def _goodbye(receive: Receive, listener: _Listener) -> None:
    """End the stream when the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        continue
    listener.put(None)
