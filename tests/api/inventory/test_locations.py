"""Lines of keys and list items, for every way in which TOML can write them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from ucmsim.api.inventory.locations import line_of, lines
from ucmsim.api.inventory.problems import Path

TEXT = """\
# a comment with [brackets] and "quotes"
title = "one \\" two # three"

[server]          # table
"quoted key".'literal' . bare = 1
when = 1979-05-27 07:32:00Z
text = \"\"\"
[not.a.table]
three quotes: \\\"\"\"\"\"\"
literal = '''
x = 1
'''

[[clusters]]
id = "a"
inline = { x = 1, y = [ { z = 2 } ] }
list = [
  1,  # one
  [2,
   3], "four",
]
[[clusters.nodes]]
id = 'n0'
[clusters.nodes.conditions]
dhcp = true
[[clusters.nodes]]
[[clusters]]
[[clusters.nodes]]
id = "n"
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("server",), 4),
        (("server", "quoted key"), 5),
        (("server", "quoted key", "literal", "bare"), 5),
        (("server", "when"), 6),
        (("server", "text"), 7),
        (("server", "literal"), 10),
        (("clusters", 0), 14),
        (("clusters", 0, "id"), 15),
        (("clusters", 0, "inline", "x"), 16),
        (("clusters", 0, "inline", "y", 0, "z"), 16),
        (("clusters", 0, "list"), 17),
        (("clusters", 0, "list", 0), 18),
        (("clusters", 0, "list", 1), 19),
        (("clusters", 0, "list", 1, 1), 20),
        (("clusters", 0, "list", 2), 20),
        (("clusters", 0, "nodes", 0), 22),
        (("clusters", 0, "nodes", 0, "id"), 23),
        (("clusters", 0, "nodes", 0, "conditions", "dhcp"), 25),
        (("clusters", 0, "nodes", 1), 26),
        (("clusters", 1, "nodes", 0, "id"), 29),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_line_of(path, line, ending):
    text = TEXT.replace("\n", ending)
    tomllib.loads(text)
    assert lines(text)[path] == line


def test_what_is_missing_is_looked_for_in_the_table_around_it():
    known = lines(TEXT)
    assert line_of(("clusters", 0, "nodes", 1, "id"), known) == 26
    assert line_of(("nowhere",), known) is None
    assert line_of((), known) is None


KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
LEAVES = st.integers(-9, 9) | st.booleans() | st.floats(allow_nan=False) | st.datetimes() | KEYS
DOCUMENTS = st.dictionaries(
    KEYS,
    st.recursive(
        LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_size=4,
)


def paths(value: object, at: Path = ()) -> Iterator[Path]:
    if at:
        yield at
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from paths(part, (*at, key))


@given(DOCUMENTS, st.booleans())
@settings(max_examples=100, deadline=None)
def test_every_key_of_any_document_has_its_line(document, multiline):
    text = tomli_w.dumps(document, multiline_strings=multiline)
    known = lines(text)
    assert {path for path in paths(tomllib.loads(text)) if path not in known} == set()
    assert set(known.values()) <= set(range(1, text.count("\n") + 2))
