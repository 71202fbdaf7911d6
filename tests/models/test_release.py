"""Release marks of documents against full versions of nodes."""

import pytest

from ucmsim.models.release import numbers, within


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("15.0.1.12900-43", (15, 0, 1, 12900, 43)),
        ("12.5", (12, 5)),
        ("10.5(2)", (10, 5, 2)),
        ("12.5SU1", (12, 5, 1, 11000)),
        ("11.5SU3", (11, 5, 1, 13000)),
    ],
)
def test_a_mark_becomes_numbers(mark, expected):
    assert numbers(mark) == expected


@pytest.mark.parametrize(
    ("version", "since", "until", "expected"),
    [
        ("15.0.1.12900-43", None, None, True),
        ("12.5.1.10000-22", "12.5", None, True),
        ("11.5.1.12900-21", "12.0", None, False),
        ("12.5.1.10000-22", "12.5SU1", None, False),
        ("12.5.1.11900-146", "12.5SU1", None, True),
        ("10.5.1.10000-7", "10.5(2)", None, False),
        ("10.5.2.10000-5", "10.5(2)", None, True),
        ("9.1.2.11900-12", None, "9.1", True),
        ("10.0.1.10000-24", None, "9.1", False),
        ("11.5.1.99999-1", "10.0", "11.5", True),
        ("9.1.2.11900-12", "10.0", None, False),
    ],
)
def test_a_version_lies_within_its_marks_both_included(version, since, until, expected):
    assert within(version, since, until) is expected
