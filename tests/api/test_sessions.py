"""Sessions end when they were idle for half an hour, or when there are too many."""

from __future__ import annotations

from ucmsim.api.sessions import IDLE_SECONDS, Sessions


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


def test_the_longest_unused_gives_way() -> None:
    sessions = Sessions(Watch(), bound=2)
    first, second = (sessions.begin(name).single_sign_on for name in ("anna", "berta"))
    assert sessions.user(first) == "anna"

    third = sessions.begin("clara").single_sign_on

    assert [sessions.user(identifier) for identifier in (first, second, third)] == ["anna", None, "clara"]


def test_unknown_ones_are_nobodys_and_cleared_ones_too() -> None:
    sessions = Sessions(Watch())
    identifier = sessions.begin("anna").single_sign_on
    sessions.clear()

    assert sessions.user(identifier) is None
    assert sessions.user("") is None


def test_no_two_are_alike() -> None:
    sessions = Sessions(Watch())

    assert len({sessions.begin("anna").single_sign_on for _ in range(100)}) == 100
