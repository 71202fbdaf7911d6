"""What must hold for every page: links lead somewhere, anchors exist, images say what they show, blocks say what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.docs.markdown import Link, Page

ROOT = Path(__file__).parents[2]

OUTSIDE = {"https", "http", "mailto"}
LANGUAGES = {"console", "python", "toml", "json", "sh", "text", "xml", "http", "yaml", "ini", "javascript"}

_MACHINE = re.compile(r"(?<![\w.])/(?:home|root|Users|work|tmp)/")


def pages() -> list[Page]:
    """Every page of the project."""
    return [Page(path) for path in sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")})]


def faults(page: Page) -> Iterator[str]:
    """Everything that is wrong with a page, as `file:line: what`."""
    where = page.path.relative_to(ROOT) if page.path.is_relative_to(ROOT) else page.path
    for link in page.links():
        for fault in _of_link(page, link):
            yield f"{where}:{link.line}: {fault}"
    for fence in page.fences():
        if fence.language not in LANGUAGES:
            yield f"{where}:{fence.line}: a block in the unknown language {fence.language!r}"
    for number, line in enumerate(page.text.splitlines(), start=1):
        if _MACHINE.search(line):
            yield f"{where}:{number}: a path of somebody's machine"


def _of_link(page: Page, link: Link) -> Iterator[str]:
    if link.image and not link.text:
        yield f"the image {link.target} has no text for those who do not see it"
    parts = urlsplit(link.target)
    if parts.scheme in OUTSIDE:
        return
    path = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
    if not path.exists():
        yield f"{link.target} leads nowhere"
    elif not path.is_relative_to(ROOT) and path != page.path:
        yield f"{link.target} leads out of the project"
    elif parts.fragment and path.suffix == ".md" and parts.fragment not in Page(path).anchors:
        yield f"{link.target}: there is no such heading"
