"""Markdown as far as the documentation uses it: headings with their anchors, links, fenced blocks. It reads and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token


@dataclass(frozen=True)
class Link:
    """Where a link or an image leads, and the line on which its paragraph begins."""

    target: str
    line: int
    image: bool
    text: str


@dataclass(frozen=True)
class Fence:
    """A fenced block: its language, its content and the line on which it begins."""

    language: str
    content: str
    line: int


@dataclass(frozen=True)
class Page:
    """One Markdown file."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def tokens(self) -> list[Token]:
        return MarkdownIt("commonmark").enable("table").parse(self.text)

    @cached_property
    def anchors(self) -> set[str]:
        """The anchors that GitHub makes of the headings."""
        found: set[str] = set()
        for opening, inline in zip(self.tokens, self.tokens[1:], strict=False):
            if opening.type == "heading_open":
                anchor = slug("".join(child.content for child in inline.children or ()))
                number = 0
                while (unique := f"{anchor}-{number}" if number else anchor) in found:
                    number += 1
                found.add(unique)
        return found

    @cached_property
    def title(self) -> str:
        """The first heading."""
        return next(inline.content for opening, inline in zip(self.tokens, self.tokens[1:], strict=False)
                    if opening.type == "heading_open")  # fmt: skip

    def links(self) -> Iterator[Link]:
        for token in self.tokens:
            line = (token.map or [0])[0] + 1
            for child in token.children or ():
                if child.type == "link_open":
                    yield Link(str(child.attrGet("href")), line, False, "")
                elif child.type == "image":
                    yield Link(str(child.attrGet("src")), line, True, child.content)

    def fences(self) -> Iterator[Fence]:
        for token in self.tokens:
            if token.type == "fence":
                yield Fence(token.info.strip(), token.content, (token.map or [0])[0] + 1)


def slug(heading: str) -> str:
    """The anchor of a heading as GitHub makes it."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")
