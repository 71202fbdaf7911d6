"""The lines of a TOML text on which its keys and list items stand, which `tomllib` does not tell.

It reads only texts that `tomllib` has accepted, and knows no key of an inventory.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping

from ucmsim.api.inventory.problems import Path

SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
KEY = re.compile(r"[A-Za-z0-9_-]+|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'")
STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'", re.DOTALL
)
BARE = re.compile(r"[^,\]}#\n]+")


def lines(text: str) -> Mapping[Path, int]:
    """Return the line, counted from 1, of every table, key and list item of a valid TOML text."""
    return _Scan(text).lines


def line_of(path: Path, known: Mapping[Path, int]) -> int | None:
    """Return the line of `path`, or of the nearest table around it that the text names."""
    return next((known[path[:end]] for end in range(len(path), 0, -1) if path[:end] in known), None)


class _Scan:
    """One pass over the text; `lines` is its result."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.breaks = [found.start() for found in re.finditer("\n", self.text)]
        self.position = 0
        self.lines: dict[Path, int] = {}
        self.last: dict[Path, int] = {}
        table: Path = ()
        self.space()
        while self.position < len(self.text):
            if self.take("[["):
                table = self.header("]]", array=True)
            elif self.take("["):
                table = self.header("]", array=False)
            else:
                self.pair(table)
            self.space()

    def header(self, closing: str, *, array: bool) -> Path:
        line = self.line()
        parts = tuple(self.key())
        self.take(closing)
        path: Path = ()
        for number, part in enumerate(parts, 1):
            path = (*path, part)
            if array and number == len(parts):
                self.last[path] = self.last.get(path, -1) + 1
            self.lines.setdefault(path, line)
            if path in self.last:
                path = (*path, self.last[path])
                self.lines.setdefault(path, line)
        return path

    def pair(self, table: Path) -> None:
        line = self.line()
        path = table
        for part in self.key():
            path = (*path, part)
            self.lines.setdefault(path, line)
        self.take("=")
        self.space()
        self.value(path)

    def value(self, path: Path) -> None:
        if self.take("["):
            self.items(path)
        elif self.take("{"):
            self.space()
            while not self.take("}"):
                self.pair(path)
                self.space()
                self.take(",")
                self.space()
        else:
            self.match(STRING) or self.match(BARE)

    def items(self, path: Path) -> None:
        index = 0
        self.space()
        while not self.take("]"):
            self.lines[(*path, index)] = self.line()
            self.value((*path, index))
            self.space()
            self.take(",")
            self.space()
            index += 1

    def key(self) -> Iterator[str]:
        while True:
            self.space()
            part = self.match(KEY)
            yield tomllib.loads(f"key = {part}")["key"] if part[:1] in {'"', "'"} else part
            self.space()
            if not self.take("."):
                return

    def space(self) -> None:
        self.match(SPACE)

    def take(self, token: str) -> bool:
        if self.text.startswith(token, self.position):
            self.position += len(token)
            return True
        return False

    def match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.position)
        if found is None:
            return ""
        self.position = found.end()
        return found.group()

    def line(self) -> int:
        return bisect_left(self.breaks, self.position) + 1
