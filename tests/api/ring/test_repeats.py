"""Questions that come again in the same bytes: answered alike, without being read again, and never from an old truth."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.api.conftest import ACCOUNTS, PATH, PUBLISHER, SUBSCRIBER, Answered, NotingFace, Serving
from tests.api.ring.test_exchange import SIGNED, read
from ucmsim.api.accounts import Accounts
from ucmsim.api.ring.exchange import Exchange
from ucmsim.api.ring.pages import page
from ucmsim.api.ring.repeats import BYTES, KEPT, LONGEST, Repeats
from ucmsim.api.ring.reply import Reply
from ucmsim.api.ring.web_application import Posted
from ucmsim.models.states import NodeRef


def question(body: str = "question", headers: str = SIGNED, method: str = "POST") -> bytes:
    return f"{method} {PATH} HTTP/1.1\r\n{headers}Content-Length: {len(body)}\r\n\r\n{body}".encode()


@dataclass
class Door:
    """An interception that can be told to do something."""

    met: Reply | None = None
    asked: list[NodeRef] = field(default_factory=list)

    async def __call__(self, _exchange: Exchange, node: NodeRef, _user: str, _body: bytes) -> Reply | None:
        self.asked.append(node)
        return self.met

    def idle(self, _path: str, _node: NodeRef) -> bool:
        return self.met is None


class Monitor:
    """A client that sends bytes as they are, over one connection, and counts how often one of them had to be read."""

    def __init__(self, serving: Serving, connection: ssl.SSLSocket, door: Door) -> None:
        self.serving = serving
        self.door = door
        self.connection = connection

    def ask(self, sent: bytes) -> Any:
        self.connection.sendall(sent)
        return read(self.connection)

    @property
    def times_read(self) -> int:
        return len(self.door.asked)


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def monitor(serve: Callable[..., Serving], door: Door) -> Iterator[Monitor]:
    serving = serve(face=NotingFace(questions={b"question"}), intercept=door)
    with serving.connect() as connection:
        yield Monitor(serving, connection, door)


def test_a_question_that_comes_again_is_answered_without_being_read(monitor: Monitor) -> None:
    replies = [monitor.ask(question()) for _ in range(3)]

    assert [(reply.status, reply.body) for reply in replies] == [(200, b"<cucm-pub/>")] * 3
    assert monitor.times_read == 1
    assert len(monitor.serving.face.calls) == 3  # the state is asked every time


class Standing:
    """A moment that lasts until it is over."""

    def __init__(self) -> None:
        self._made: dict[Any, Any] = {}

    def once(self, make: Callable[[Any], Any]) -> Any:
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]


def test_an_answer_is_made_once_as_long_as_nobody_could_tell_a_difference(
    serve: Callable[..., Serving], door: Door
) -> None:
    now = [Standing()]
    serving = serve(face=NotingFace(questions={b"question"}), intercept=door, moment=lambda _node: now[-1])
    with serving.connect() as connection:
        monitor = Monitor(serving, connection, door)
        for calls in (2, 3):  # the first of all was read
            assert [monitor.ask(question()).body for _ in range(4)] == [b"<cucm-pub/>"] * 4
            assert len(serving.face.calls) == calls
            now.append(Standing())

        now.append(Standing())
        serving.undeployed.add((PUBLISHER, "controlcenterservice2"))
        assert monitor.ask(question()).status == 404


def test_a_failure_is_no_answer_that_stands(serve: Callable[..., Serving], door: Door) -> None:
    class Failing(NotingFace):
        failures = 0

        def answer(self, posted: Posted) -> Answered:
            if self.failures:
                self.failures -= 1
                return Answered(500, b"<incident/>")
            return super().answer(posted)

    face, standing = Failing(questions={b"question"}), Standing()
    serving = serve(face=face, intercept=door, moment=lambda _node: standing)
    with serving.connect() as connection:
        monitor = Monitor(serving, connection, door)
        monitor.ask(question())
        face.failures = 2  # the repeat's, and that of the request that is read after it

        assert [monitor.ask(question()).status for _ in range(3)] == [500, 200, 200]


def test_a_repeat_that_breaks_is_read(
    serve: Callable[..., Serving], door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    def moment(_node: NodeRef) -> Standing:
        raise LookupError("no such node")

    serving = serve(face=NotingFace(questions={b"question"}), intercept=door, moment=moment)
    with serving.connect() as connection:
        monitor = Monitor(serving, connection, door)

        assert [monitor.ask(question()).status for _ in range(2)] == [200, 200]
        assert monitor.times_read == 2
    assert "no such node" in caplog.text


def test_a_connection_on_which_something_repeats_itself_is_not_idle(monitor: Monitor) -> None:
    for _ in range(2):
        monitor.ask(question())
    running = monitor.serving.server._live()
    (connection,) = running._connections.on("127.0.0.1")

    async def end_of_the_idle_time() -> None:
        connection.timeout_keep_alive_handler()

    asyncio.run_coroutine_threadsafe(end_of_the_idle_time(), running.loop).result()

    assert monitor.ask(question()).status == 200


def test_what_is_no_question_is_read_every_time(monitor: Monitor) -> None:
    for _ in range(3):
        monitor.ask(question("command"))

    assert monitor.times_read == 3


def test_the_bytes_of_the_answer_are_the_same(monitor: Monitor) -> None:
    def answer() -> bytes:
        monitor.connection.sendall(question())
        received = b""
        while not received.endswith(b"<cucm-pub/>"):
            received += monitor.connection.recv(65_536)
        return re.sub(rb"(Date: |JSESSIONID\w*=)[^;\r]*", rb"\1", received)

    assert answer() == answer()
    assert monitor.times_read == 1


def test_whoever_shows_no_cookie_is_given_another_one_each_time(monitor: Monitor) -> None:
    """Section 3.2."""
    given = [monitor.ask(question()).cookies for _ in range(3)]

    assert all(cookies.keys() == {"JSESSIONIDSSO", "JSESSIONID"} for cookies in given)
    assert len({value for cookies in given for value in cookies.values()}) == 6
    assert monitor.times_read == 1


def test_whoever_shows_a_cookie_is_given_none(monitor: Monitor) -> None:
    session = monitor.ask(question()).cookies["JSESSIONIDSSO"]

    shown = f"{SIGNED}Cookie: JSESSIONIDSSO={session}\r\n"

    assert [monitor.ask(question(headers=shown)).cookies for _ in range(2)] == [{}, {}]
    assert monitor.times_read == 2


def test_a_cookie_counts_only_as_long_as_its_session(monitor: Monitor) -> None:
    session = monitor.ask(question()).cookies["JSESSIONIDSSO"]
    by_cookie = question(headers=f"Host: x\r\nCookie: JSESSIONIDSSO={session}\r\n")
    assert [monitor.ask(by_cookie).status for _ in range(2)] == [200, 200]
    assert monitor.times_read == 2

    monitor.serving.sessions.clear()

    assert monitor.ask(by_cookie).status == 401


def test_a_password_counts_only_as_long_as_its_account(monitor: Monitor) -> None:
    assert [monitor.ask(question()).status for _ in range(2)] == [200, 200]

    monitor.serving.authentication.replace(Accounts(ACCOUNTS[1:]))

    assert monitor.ask(question()).status == 401


def test_an_application_that_went_away_does_not_answer(monitor: Monitor) -> None:
    """U-48."""
    assert [monitor.ask(question()).status for _ in range(2)] == [200, 200]

    monitor.serving.undeployed.add((PUBLISHER, "controlcenterservice2"))

    assert monitor.ask(question()).status == 404


def test_what_is_armed_meanwhile_acts(monitor: Monitor) -> None:
    assert [monitor.ask(question()).status for _ in range(2)] == [200, 200]

    monitor.door.met = page(503)

    assert monitor.ask(question()).status == 503
    monitor.door.met = None
    assert monitor.ask(question()).status == 200


def test_the_same_bytes_mean_each_node_on_its_own_address(monitor: Monitor) -> None:
    assert [monitor.ask(question()).body for _ in range(2)] == [b"<cucm-pub/>"] * 2

    with monitor.serving.connect("127.0.0.2") as connection:
        other = Monitor(monitor.serving, connection, monitor.door)
        assert [other.ask(question()).body for _ in range(2)] == [b"<cucm-sub/>"] * 2

    assert monitor.door.asked == [PUBLISHER, SUBSCRIBER]


def test_another_connection_with_the_same_bytes_is_answered_likewise(monitor: Monitor) -> None:
    monitor.ask(question())

    with monitor.serving.connect() as connection:
        assert Monitor(monitor.serving, connection, monitor.door).ask(question()).status == 200

    assert monitor.times_read == 1


def test_requests_that_come_in_pieces_or_together_are_all_answered(monitor: Monitor) -> None:
    monitor.ask(question())
    head, body = question()[:-4], question()[-4:]

    monitor.connection.sendall(head)
    assert monitor.ask(body).status == 200

    monitor.connection.sendall(question() * 3)
    assert [read(monitor.connection).status for _ in range(3)] == [200, 200, 200]
    assert monitor.ask(question()).status == 200
    assert len(monitor.serving.face.calls) == 6


def test_a_client_that_wants_to_leave_is_let_go(monitor: Monitor) -> None:
    leaving = question(headers=f"{SIGNED}Connection: close\r\n")

    for _ in range(2):
        with monitor.serving.connect() as connection:
            connection.sendall(leaving)
            assert read(connection).status == 200
            assert connection.recv(1) == b""
    assert monitor.times_read == 2


def test_no_password_is_kept_and_only_so_many_questions_are() -> None:
    repeats = Repeats()
    for number in range(KEPT + 1):
        repeats.keep("127.0.0.1", [b"Authorization: Basic %d" % number], lambda _client: None)

    assert repeats.find("127.0.0.1", b"Authorization: Basic 0") is None
    assert repeats.find("127.0.0.1", b"Authorization: Basic 1")
    assert "Basic" not in repr(vars(repeats))


def test_the_questions_that_are_remembered_take_only_so_much_room() -> None:
    repeats = Repeats()
    last = BYTES // LONGEST

    for number in [*range(last + 1), last]:  # the last one twice: it counts once
        repeats.keep("127.0.0.1", [b"%d" % number + b"x" * (LONGEST - 5)], lambda _client: None)
    found = [
        number
        for number in range(last + 1)
        if repeats.find("127.0.0.1", b"%d" % number + b"x" * (LONGEST - 5))
    ]

    assert 0 < len(found) <= last
    assert found == list(range(last + 1))[-len(found) :]


def test_what_is_too_long_for_a_question_is_not_remembered() -> None:
    repeats = Repeats()

    repeats.keep("127.0.0.1", [b"x" * (LONGEST + 1)], lambda _client: None)

    assert repeats.find("127.0.0.1", b"x" * (LONGEST + 1)) is None
