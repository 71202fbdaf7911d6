"""The event stream under bad conditions: it goes on where it was, losing and repeating nothing."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest

from ucmsim.clients.errors import UnreachableError
from ucmsim.clients.rest.events import AGAIN_SECONDS, Message, followed, messages


def test_messages_are_read_as_the_format_says():
    lines = [
        ": breath",
        "",
        "id: 7",
        "event: a.b",
        "data: {",
        "data: }",
        "",
        "retry: 3000",
        "data:x",
        "",
        "data: cut off",
    ]
    told: list[float] = []
    assert list(messages(lines, told.append)) == [Message("7", "{\n}"), Message("7", "x")]
    assert told == [3.0]


def event(number):
    document = {"id": f"ev_{number}", "type": "t", "time": "2026-01-01T00:00:00Z", "data": {"n": number}}
    return [f"id: {number}", f"data: {json.dumps(document)}", ""]


class Flaky:
    """A connection whose streams are given: lines, or what is raised instead, also after lines."""

    def __init__(self, *streams):
        self.streams = list(streams)
        self.asked = []

    @contextmanager
    def stream(self, path, params, headers):
        self.asked.append(headers.get("Last-Event-ID"))
        stream = self.streams.pop(0)
        if isinstance(stream, Exception):
            raise stream
        yield Response(stream)


class Response:
    def __init__(self, lines):
        self.lines = lines

    def iter_lines(self):
        for line in self.lines:
            if isinstance(line, Exception):
                raise line
            yield line


def take(count, stream):
    return [next(stream).data["n"] for _ in range(count)]


def test_a_stream_that_ends_is_taken_up_after_the_last_event():
    connection = Flaky([*event(1), *event(2)], [*event(3)], [*event(4)])
    pauses: list[float] = []
    assert take(4, followed(connection, {}, None, sleep=pauses.append)) == [1, 2, 3, 4]
    assert connection.asked == [None, "2", "3"]
    assert pauses == [AGAIN_SECONDS] * 2


def test_a_broken_connection_and_a_server_that_is_away_for_a_while():
    gone = UnreachableError("gone")
    connection = Flaky([*event(1), gone], gone, gone, [*event(2)])
    pauses: list[float] = []
    assert take(2, followed(connection, {}, "0", sleep=pauses.append)) == [1, 2]
    assert connection.asked == ["0", "1", "1", "1"]
    assert len(pauses) == 3


def test_half_an_event_is_no_event():
    connection = Flaky([*event(1), *event(2)[:2]], [*event(2)])
    assert take(2, followed(connection, {}, None, sleep=lambda _seconds: None)) == [1, 2]


def test_the_server_says_when_to_come_back():
    connection = Flaky(["retry: 250", *event(1)], [*event(2)])
    pauses: list[float] = []
    take(2, followed(connection, {}, None, sleep=pauses.append))
    assert pauses == [0.25]


def test_a_first_connection_that_does_not_stand_is_an_error():
    with pytest.raises(UnreachableError):
        next(followed(Flaky(UnreachableError("no")), {}, None, sleep=lambda _seconds: None))
