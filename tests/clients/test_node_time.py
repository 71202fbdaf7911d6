"""Start times of a node: text without a zone becomes a time that means the same everywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ucmsim.clients.node_time import NodeTime

NOW = datetime(2024, 7, 1, 12, 0, 0, tzinfo=UTC)


def guessed(text, up_time, now=NOW):
    return NodeTime(None, lambda: now).started(text, timedelta(seconds=up_time))


def test_a_named_zone_is_taken_at_its_word():
    started = NodeTime("Europe/Berlin", lambda: NOW).started("Tue Mar  5 13:01:39 2024", None)
    assert started == datetime(2024, 3, 5, 13, 1, 39, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("local", "offset"),
    [
        ("Mon Jul  1 11:00:00 2024", timedelta(0)),
        ("Mon Jul  1 16:30:00 2024", timedelta(hours=5, minutes=30)),
        ("Mon Jul  1 16:45:00 2024", timedelta(hours=5, minutes=45)),
        ("Mon Jul  1 07:00:00 2024", timedelta(hours=-4)),
        ("Tue Jul  2 01:00:00 2024", timedelta(hours=14)),
        ("Mon Jul  1 13:05:12 2024", timedelta(hours=2)),  # the node's clock is five minutes fast
    ],
)
def test_the_offset_is_what_lies_between_the_text_and_the_up_time(local, offset):
    assert guessed(local, 3600).utcoffset() == offset


def test_the_offset_is_that_of_the_start_not_of_today():
    start = datetime(2024, 1, 1, 12, 0, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    started = guessed("Mon Jan  1 12:00:00 2024", (NOW - start).total_seconds())
    assert started.utcoffset() == timedelta(hours=1)
    assert started == start


@pytest.mark.parametrize("local", ["Mon Jul  1 11:00:00 2030", "Mon Jul  1 11:00:00 1999"])
def test_an_offset_that_no_zone_has_is_utc(local):
    assert guessed(local, 3600).tzinfo is UTC


@pytest.mark.parametrize(
    "text", [None, "", " ", "yesterday", "Tue Foo  5 13:01:39 2024", "Tue Feb 30 13:01:39 2024"]
)
def test_what_is_no_time_is_none(text):
    assert guessed(text, 1) is None


def test_without_up_time_there_is_nothing_to_guess_from():
    started = NodeTime(None, lambda: NOW).started("Tue Mar  5 13:01:39 2024", None)
    assert started == datetime(2024, 3, 5, 13, 1, 39, tzinfo=UTC)
