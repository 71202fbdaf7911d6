"""The compatibility page says what the table of quirks says."""

from __future__ import annotations

from collections import Counter

from tests.api.compatibility.document import PAGE, page
from tests.api.compatibility.quirks import ROWS


def test_the_page_is_up_to_date():
    assert PAGE.read_text("utf-8") == page(), "run: python -m tests.api.compatibility.document"


def test_no_quirk_is_told_twice():
    told = Counter((quirk.client, quirk.what, quirk.endpoint) for quirk in ROWS)
    assert [quirk for quirk, times in told.items() if times > 1] == []


def test_every_quirk_names_a_client_and_a_source():
    assert all(quirk.client and quirk.what and quirk.source for quirk in ROWS)
