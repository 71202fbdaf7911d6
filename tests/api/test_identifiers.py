"""Identifiers sort by time, then by number, and can be taken apart again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucmsim.api.identifiers import Ulid, parse, unguessable

moments = st.integers(0, 2**48 - 1)
numbers = st.integers(0, 2**80 - 1)


@given(moments, numbers, moments, numbers)
def test_they_sort_as_their_halves_do(at, number, later, other):
    one, two = Ulid(at, number), Ulid(later, other)
    assert (one < two) is (one.text("op") < two.text("op"))
    assert parse("op", one.text("op")) == one
    assert len(one.text("op")) == 29


@pytest.mark.parametrize(
    "text",
    [
        "",
        "op_",
        "op_01J8Z",
        "01J8Z3K5V7Q2XN4T6B8M0C9D1E",
        "ev_01J8Z3K5V7Q2XN4T6B8M0C9D1E",
        "op_01J8Z3K5V7Q2XN4T6B8M0C9D1U",
    ],
)
def test_what_is_no_identifier_is_none(text):
    assert parse("op", text) is None


def test_some_cannot_be_guessed():
    assert unguessable("req", 1) != unguessable("req", 1)
    read = parse("req", unguessable("req", 1))
    assert read is not None
    assert read.at == 1
