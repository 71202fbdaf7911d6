"""Patience and waiting, without anybody who waits: a dialogue is asked what it would do next."""

from __future__ import annotations

import pytest

from ucmsim.clients import dialogues
from ucmsim.clients.dialogues import Ask, Patience, Pause, Waiting, carry
from ucmsim.clients.errors import NotReachedError, ThrottledError
from ucmsim.clients.results import Answer, Reason, ServiceState, Status

BUSY = ThrottledError("busy")
UP = ServiceState("Cisco Tftp", Status.STARTED, Reason(-1))
COMING = ServiceState("Cisco Tftp", Status.STARTING, Reason(-1))


class Played:
    """Answers calls from a list and notes the pauses; its clock moves with them."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.pauses = []

    def ask(self, _call):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Answer(Reason(-1), (answer,))

    def sleep(self, seconds):
        self.pauses.append(seconds)

    def now(self):
        return sum(self.pauses)

    def carry(self, dialogue):
        return carry(dialogue, self.ask, self.sleep)


class AnyCall:
    read = staticmethod(lambda returned: returned)


CALL = AnyCall()


def test_the_pauses_grow_until_they_outlast_the_minute_over_which_a_node_counts():
    assert list(Patience().pauses()) == [2, 4, 8, 16, 30, 30]
    assert sum(Patience().pauses()) > 60


def test_a_throttled_call_is_repeated_after_growing_pauses():
    node = Played(BUSY, BUSY, BUSY, UP)
    assert node.carry(dialogues.status(CALL, Patience())) == [UP]
    assert node.pauses == [2, 4, 8]


def test_a_node_that_says_how_long_is_believed_within_limits():
    node = Played(ThrottledError("busy", after=5), ThrottledError("busy", after=86_400), UP)
    node.carry(dialogues.status(CALL, Patience()))
    assert node.pauses == [5, 30]


def test_the_last_refusal_is_the_caller_s():
    node = Played(*[BUSY] * 7)
    with pytest.raises(ThrottledError):
        node.carry(dialogues.status(CALL, Patience()))
    assert node.answers == []


def test_without_patience_nothing_is_repeated():
    node = Played(BUSY, UP)
    with pytest.raises(ThrottledError):
        node.carry(dialogues.status(CALL, Patience(attempts=1)))
    assert node.pauses == []


def test_waiting_asks_at_its_interval_and_once_more_at_the_end():
    node = Played(COMING, COMING, COMING, COMING)
    waiting = Waiting("cucm-pub", 5, Patience(), node.now)
    with pytest.raises(NotReachedError, match="not Started after 12 s: Cisco Tftp: Starting"):
        node.carry(waiting.until(CALL, Status.STARTED, 12))
    assert node.pauses == [5, 5, 2]


def test_a_command_that_has_arrived_needs_no_waiting():
    node = Played()
    waiting = Waiting("cucm-pub", 5, Patience(), node.now)

    def arrived():
        yield Pause(1)
        return [UP]

    assert node.carry(waiting.after(arrived(), CALL, Status.STARTED, 60)) == [UP]


def test_any_other_failure_ends_the_dialogue():
    dialogue = dialogues.status(CALL, Patience())
    assert dialogue.send(None) == Ask(CALL)
    with pytest.raises(KeyError):
        dialogue.throw(KeyError("bug"))
