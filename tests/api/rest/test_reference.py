"""The page about the REST API names only what there is."""

import re
from pathlib import Path

from ucmsim.api.rest.problems import TYPES

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "rest.md").read_text(encoding="utf-8")


def test_every_path_of_the_page_exists(api):
    """Those of the examples are asked, those in the text are described."""
    asked = set(re.findall(r'"\$api(/[^"?]*)', PAGE))
    assert len(asked) >= 8
    for path in asked:
        method = "OPTIONS" if "/actions/" in path else "GET"
        accept = "text/plain" if path == "/metrics" else "*/*"
        assert api.ask(method, f"/api/v1{path}", Accept=accept).status == 200, path
    described = set(api.description.document["paths"])
    for path in re.findall(r"`(?:GET|POST) (/api/v1[^`\s]*)`", PAGE):
        assert path in described


def test_every_filter_of_the_page_is_known(api):
    for path in re.findall(r'"\$api(/[^"]*\?[^"]*)"', PAGE):
        assert api.get(path).status == 200, path


def test_every_header_and_word_of_the_page_is_in_the_description(api):
    text = str(api.description.document)
    words = (
        "Idempotency-Key",
        "Last-Event-ID",
        "If-None-Match",
        "supersededBy",
        "cascade",
        "ifState",
        "callbackAllowList",
    )
    for word in words:
        assert word in PAGE
        assert word in text
    assert TYPES["cursor-expired"].statuses == (410,)
