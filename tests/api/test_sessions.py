"""Sessions end when they were idle for half an hour or their user signs out; other processes know them, too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from ucmsim.api.sessions import BOUND, IDLE_SECONDS, TOLD_EVERY, Sessions, Use


class Watch:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_session_lasts_as_long_as_it_is_used() -> None:
    watch = Watch()
    sessions = Sessions(watch)
    identifier = sessions.begin("anna").single_sign_on

    for _ in range(3):
        watch.now += IDLE_SECONDS
        assert sessions.user(identifier) == "anna"
    watch.now += IDLE_SECONDS + 1
    assert sessions.user(identifier) is None
    watch.now -= IDLE_SECONDS
    assert sessions.user(identifier) is None


def test_ever_so_many_sessions_drive_nobody_out() -> None:
    """A monitor that shows no cookie is given a new one with every answer."""
    sessions = Sessions(Watch())
    identifier = sessions.begin("anna").single_sign_on

    for _ in range(BOUND + 1):
        sessions.user(sessions.begin("berta").single_sign_on)

    assert sessions.user(identifier) == "anna"


def test_unknown_ones_are_nobodys_and_cleared_ones_too() -> None:
    sessions = Sessions(Watch())
    identifier = sessions.begin("anna").single_sign_on
    sessions.clear()

    assert sessions.user(identifier) is None
    assert sessions.user("") is None


@pytest.mark.parametrize("spelling", [str.lower, " {}".format, lambda text: f"{text[:2]} {text[2:]}"])
def test_who_signed_out_is_not_let_in_under_another_spelling(spelling: Callable[[str], str]) -> None:
    sessions = Sessions(Watch())
    identifier = sessions.begin("anna").single_sign_on
    assert sessions.user(spelling(identifier)) is None

    sessions.end(identifier)
    assert sessions.user(spelling(identifier)) is None


def test_no_two_are_alike() -> None:
    sessions = Sessions(Watch())

    assert len({sessions.begin("anna").single_sign_on for _ in range(100)}) == 100


@dataclass
class Noticeboard:
    """What processes tell each other."""

    notes: dict[str, Use] = field(default_factory=dict)

    def look(self, session: str) -> Use | None:
        return self.notes.get(session)

    def note(self, session: str, use: Use) -> None:
        self.notes[session] = use


class Processes:
    """Two server processes behind one name."""

    def __init__(self) -> None:
        self.watch, self.board = Watch(), Noticeboard()
        self.first, self.second = (
            Sessions(self.watch, secret=b"s" * 32, users=lambda: ["anna", "berta"], register=self.board)
            for _ in range(2)
        )


def test_a_session_that_began_in_one_process_is_good_in_another() -> None:
    processes = Processes()

    assert processes.second.user(processes.first.begin("anna").single_sign_on) == "anna"


def test_use_in_one_process_keeps_a_session_alive_in_another() -> None:
    processes = Processes()
    identifier = processes.first.begin("anna").single_sign_on

    for _ in range(4):
        processes.watch.now += IDLE_SECONDS / 2
        assert processes.first.user(identifier) == "anna"

    assert processes.second.user(identifier) == "anna"


def test_who_signs_out_of_one_process_is_out_of_the_other_within_a_minute() -> None:
    processes = Processes()
    identifier = processes.first.begin("anna").single_sign_on
    assert processes.second.user(identifier) == "anna"

    processes.first.end(identifier)

    assert processes.first.user(identifier) is None
    processes.watch.now += TOLD_EVERY + 1
    assert processes.second.user(identifier) is None


def test_processes_are_told_of_a_session_once_a_minute_and_not_more() -> None:
    processes = Processes()
    identifier = processes.first.begin("anna").single_sign_on

    for _ in range(100):
        processes.watch.now += TOLD_EVERY / 100
        processes.first.user(identifier)
    assert not processes.board.notes
    processes.watch.now += 1
    processes.first.user(identifier)

    assert processes.board.notes == {identifier: Use(processes.watch.now)}


@pytest.mark.parametrize("place", [0, 9, 17, 31])
def test_an_identifier_with_one_wrong_digit_is_nobodys(place: int) -> None:
    processes = Processes()
    identifier = processes.first.begin("anna").single_sign_on
    digit = "0" if identifier[place] != "0" else "1"

    assert processes.second.user(identifier[:place] + digit + identifier[place + 1 :]) is None


def test_another_secret_means_other_sessions_and_signatures() -> None:
    one, other = Sessions(Watch(), secret=b"1" * 32), Sessions(Watch(), secret=b"2" * 32)

    assert other.user(one.begin("anna").single_sign_on) is None
    assert one.sign("form") == Sessions(Watch(), secret=b"1" * 32).sign("form") != other.sign("form")
