"""Recording beside repeats: what is remembered of a question holds no answer, or a fleet's would fill the memory."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest

from ucmsim.api.ring.exchange import Message, Receive, Scope, Send
from ucmsim.api.ring.repeats import OFFER, Again, Repeat
from ucmsim.api.ring.reply import Reply
from ucmsim.api.sim import journal
from ucmsim.api.sim.journal import Journal
from ucmsim.api.sim.recording import Recording

NOON = 1_700_000_000_000
SECRET = b"<Password>hunter2</Password>"


class Transport:
    """What a connection holds on to."""


class Traceable(bytes):
    """Bytes that the collector of garbage knows of."""


class Monitored:
    """An application that answers a question with whatever is `body` now, and a client whose request is remembered."""

    def __init__(self) -> None:
        self.body = b"first"
        self.masked = True
        self.journal = Journal(10)
        self.recording = Recording(self.answer, self.journal, lambda: NOON, lambda: self.masked)

    async def answer(self, scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.body})
        scope["extensions"][OFFER](lambda _client: Again(Reply(200, self.body)))

    def ask(self) -> Repeat:
        """Ask for the first time; return how it is answered from now on."""
        offered: list[Repeat] = []
        scope = {"type": "http", "method": "POST", "path": "/x", "query_string": b"", "headers": []}

        async def receive() -> Message:
            return {"type": "http.request", "body": b"question"}

        async def send(_message: Message) -> None:
            pass

        asyncio.run(self.recording({**scope, "extensions": {OFFER: offered.append}}, receive, send))
        (repeat,) = offered
        return repeat


@pytest.fixture
def monitored() -> Monitored:
    return Monitored()


def test_a_repeat_is_recorded_like_the_first_request(monitored: Monitored) -> None:
    repeat = monitored.ask()
    monitored.body = b"second" + SECRET
    answered = repeat("192.0.2.7")
    again, first = monitored.journal.find()

    assert answered is not None
    assert answered.reply.body == monitored.body
    assert (first.response.body, again.response.body) == (b"first", b"second<Password>***</Password>")
    assert (again.client, again.method, again.path) == ("192.0.2.7", "POST", "/x")
    assert again.request == first.request
    assert again.response.size == len(monitored.body)
    assert again.number == first.number + 1


def test_a_long_answer_is_kept_in_part_when_it_is_repeated(monitored: Monitored) -> None:
    repeat = monitored.ask()
    monitored.body = b"x" * (journal.KEPT + 1)
    repeat("192.0.2.7")
    again = next(monitored.journal.find())

    assert again.response.body == monitored.body[: journal.KEPT]
    assert again.response.size == journal.KEPT + 1


def test_a_question_is_read_again_once_other_secrets_are_masked(monitored: Monitored) -> None:
    repeat = monitored.ask()
    monitored.masked = False

    assert repeat("192.0.2.7") is None


def test_what_is_remembered_of_a_question_does_not_hold_the_answer_to_it(monitored: Monitored) -> None:
    monitored.body = b"an answer like no other"
    repeat = monitored.ask()
    monitored.journal.clear()
    gc.collect()

    messages = [one for one in gc.get_objects() if isinstance(one, journal.Message)]
    assert monitored.body not in [message.body for message in messages]
    assert repeat("192.0.2.7") is not None


def test_an_answer_that_is_given_no_more_is_let_go(monitored: Monitored) -> None:
    repeat = monitored.ask()
    for number in range(20):
        monitored.body = Traceable(b"%d" % number)
        repeat("192.0.2.7")
    monitored.journal.clear()
    gc.collect()

    assert [one for one in gc.get_objects() if isinstance(one, Traceable)] == [b"19"]


def test_a_request_that_was_recorded_is_forgotten_without_looking_for_garbage(monitored: Monitored) -> None:
    """What TLS keeps for a connection would otherwise stay until the collector comes by."""
    gc.collect()
    gc.disable()
    try:
        scope = {"type": "http", "method": "POST", "path": "/x", "query_string": b"", "headers": []}
        transport = Transport()
        gone = weakref.ref(transport)

        async def ask(transport: Transport) -> None:
            async def receive() -> Message:
                return {"type": "http.request", "body": b"question"}

            async def send(_message: Message, _over: Transport = transport) -> None:
                pass

            await monitored.recording({**scope, "extensions": {OFFER: lambda _repeat: None}}, receive, send)

        asyncio.run(ask(transport))
        del transport
        assert gone() is None
    finally:
        gc.enable()
