"""The event stream as an iterator: it goes on where it was when the connection breaks, losing and repeating nothing.

Server-sent events are read by hand: the format is a dozen lines (WHATWG HTML, section 9.2).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

from ucmsim.clients.errors import UnreachableError
from ucmsim.clients.rest import reading
from ucmsim.clients.rest.connection import Connection
from ucmsim.clients.rest.values import Event

PATH = "/api/v1/events"
AGAIN_SECONDS = 1.0
"""How long to wait before connecting again; the server's `retry` replaces it."""


class Lines(Protocol):
    """A stream's answer, read line by line."""

    def iter_lines(self) -> Iterator[str]: ...


class Streams(Protocol):
    """What can open a stream; a `Connection` can."""

    def stream(
        self, path: str, params: Mapping[str, Any], headers: Mapping[str, str]
    ) -> AbstractContextManager[Lines]: ...


class Message(NamedTuple):
    """One message of a stream."""

    id: str
    data: str


def messages(
    lines: Iterable[str], told: Callable[[float], object] = lambda _seconds: None
) -> Iterator[Message]:
    """The messages in the lines of a stream; `told` is called with the seconds of a `retry`."""
    cursor = ""
    data: list[str] = []
    for line in lines:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                yield Message(cursor, "\n".join(data))
            data = []
        elif name == "data":
            data.append(value)
        elif name == "id":
            cursor = value
        elif name == "retry" and value.isdigit():
            told(int(value) / 1000)


def stored(connection: Connection, filters: Mapping[str, Any], since: str | None) -> Iterator[Event]:
    """The events that are kept, oldest first, from the one after `since`."""
    cursor = since
    while True:
        page = connection.send("GET", PATH, params=_parameters(filters, cursor))
        if not page["items"]:
            return
        *others, last = page["items"]
        yield from (reading.event(item, "") for item in others)
        yield reading.event(last, page["next"])
        cursor = page["next"]


def followed(
    connection: Streams,
    filters: Mapping[str, Any],
    since: str | None,
    *,
    sleep: Callable[[float], object] = time.sleep,
) -> Iterator[Event]:
    """Events as they happen, from the one after `since` or from now on, for ever.

    A broken connection is taken up again as long as the server comes back; the first one must stand.
    """
    cursor, again, stood = since, AGAIN_SECONDS, False

    def told(seconds: float) -> None:
        nonlocal again
        again = seconds

    while True:
        try:
            headers = {"Accept": "text/event-stream", **({"Last-Event-ID": cursor} if cursor else {})}
            with connection.stream(PATH, _parameters(filters, None), headers) as response:
                stood = True
                for message in messages(response.iter_lines(), told):
                    cursor = message.id or cursor
                    yield reading.event(json.loads(message.data), message.id)
        except UnreachableError:
            if not stood:
                raise
        sleep(again)


def _parameters(filters: Mapping[str, Any], since: str | None) -> dict[str, Any]:
    given = {name: value for name, value in filters.items() if value}
    return {**given, "since": since} if since else given
