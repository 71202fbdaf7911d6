"""Timelines: what stands there at a time is a look-up, and a command keeps the past."""

from itertools import pairwise

import hypothesis.strategies as st
import pytest
from hypothesis import given

from ucmsim.models.reasons import COMMANDED_OUT_OF_SERVICE, NOT_ACTIVATED, NOT_RUNNING, SUCCESS
from ucmsim.models.states import Status
from ucmsim.models.timeline import Instance, commanded, failed, inactive, started, starting, stopping

RESTART = Instance(True, True, (stopping(100, 7), starting(110), started(130)))


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (100, Status.STOPPING),
        (109, Status.STOPPING),
        (110, Status.STARTING),
        (129, Status.STARTING),
        (130, Status.STARTED),
        (10**9, Status.STARTED),
    ],
)
def test_a_restart_unfolds_by_itself(now, status):
    assert RESTART.at(now).status is status


def test_the_last_of_several_moments_at_one_time_counts():
    """A scale of 0 makes every transition immediate."""
    at_once = Instance(True, True, (stopping(100, 7), starting(100), started(100)))
    assert at_once.at(100).status is Status.STARTED


def test_a_question_about_an_earlier_time_gets_the_first_moment():
    assert RESTART.at(0) == RESTART.moments[0]


def test_a_new_command_keeps_what_was_true_and_replaces_what_would_have_come():
    changed = RESTART.followed_by(115, stopping(120, None), commanded(125))
    assert [moment.at for moment in changed.moments] == [110, 120, 125]
    assert changed.at(115) == RESTART.at(115)
    assert changed.at(10**9).status is Status.STOPPED


def test_a_command_that_takes_effect_at_once_is_the_new_beginning():
    assert RESTART.followed_by(115, commanded(115)).moments == (commanded(115),)


def test_taking_the_future_away_leaves_the_present():
    assert RESTART.followed_by(115).moments == (starting(110),)


@pytest.mark.parametrize(("now", "expected"), [(100, 130), (129, 130), (130, 130), (500, 500)])
def test_one_can_ask_from_when_a_service_will_be_up(now, expected):
    assert RESTART.up_from(now) == expected


@pytest.mark.parametrize("moments", [(starting(5),), (commanded(5),), (starting(5), failed(9))])
def test_what_never_arrives_is_never_up(moments):
    assert Instance(True, True, moments).up_from(7) is None


def test_each_kind_of_moment_has_its_status_reason_and_start_time():
    """Section 5.1; U-43 for stopping."""
    assert starting(5)[1:] == (Status.STARTING, SUCCESS, None)
    assert started(5)[1:] == (Status.STARTED, SUCCESS, 5)
    assert stopping(9, 5)[1:] == (Status.STOPPING, SUCCESS, 5)
    assert commanded(5)[1:] == (Status.STOPPED, COMMANDED_OUT_OF_SERVICE, None)
    assert inactive(5)[1:] == (Status.STOPPED, NOT_ACTIVATED, None)
    assert failed(5)[1:] == (Status.STOPPED, NOT_RUNNING, None)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=6), st.integers(0, 120), st.integers(1, 120))
def test_whatever_comes_the_present_is_not_rewritten(times, later, delay):
    now = min(times) + later  # the first moment of an instance has always passed
    before = Instance(True, True, tuple(starting(at) for at in sorted(times)))
    after = before.followed_by(now, started(now + delay))
    assert after.at(now) == before.at(now)
    assert all(a.at <= b.at for a, b in pairwise(after.moments))
