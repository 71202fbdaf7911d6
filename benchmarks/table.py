"""Tables of figures as text, and what they are compared with; it knows no figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass
class Table:
    """A title, a line of headings and lines of cells; notes stand below."""

    title: str
    headings: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the table as Markdown, in columns."""
        lines = [self.headings, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.headings))]
        rule = ["-" * width for width in widths]
        body = [_line(line, widths) for line in (self.headings, rule, *self.rows)]
        return "\n".join([f"## {self.title}", "", *body, *(f"\n{note}" for note in self.notes), ""])


def target(measured: float, wanted: float, *, at_least: bool) -> str:
    """Return whether a figure is as good as it should be."""
    met = measured >= wanted if at_least else measured <= wanted
    return f"{'≥' if at_least else '≤'} {wanted:g} {'met' if met else 'MISSED'}"


def _line(cells: Iterable[str], widths: Sequence[int]) -> str:
    first, *others = [
        cell.ljust(width) if column == 0 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join([first, *others])} |"
