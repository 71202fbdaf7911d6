"""What is wrong with an inventory, in sentences that name the place, the key and what is allowed there.

It words faults, those of pydantic included; it does not look for any. Values of passwords never appear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ucmsim.models.catalogue import nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]
"""Where a value stands in a document: keys of tables and indexes of lists."""


BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Problem:
    """One fault: where it is, what is wrong and, when the document was a text, in which line of it."""

    path: Path
    message: str
    line: int | None = None

    @property
    def key(self) -> str:
        """The path as people write it: ``clusters[0].nodes[1].role``."""
        return "".join(
            f"[{part}]" if isinstance(part, int) else f".{part}" if BARE_KEY.fullmatch(part) else f'."{part}"'
            for part in self.path
        ).lstrip(".")

    def at(self, line: int | None) -> Problem:
        """Return the same problem with its line."""
        return replace(self, line=line)

    def __str__(self) -> str:
        return f"{self.key}: {self.message}" if self.path else self.message


class InventoryError(Exception):
    """An inventory cannot be used; `problems` has everything that was found, in the order of the text."""

    def __init__(self, problems: Iterable[Problem], source: str = "inventory") -> None:
        self.problems = tuple(problems)
        self.source = source
        super().__init__(self.problems, source)

    def __str__(self) -> str:
        return "\n".join(
            f"{self.source}:{problem.line}: {problem}" if problem.line else f"{self.source}: {problem}"
            for problem in self.problems
        )


def choice(given: object, allowed: Iterable[str], what: str = "", *, show: bool = True) -> str:
    """Say that `given` is not among `allowed`, with the nearest that is; `show` also lists them."""
    known = list(allowed)
    meant = nearest(str(given), known)
    sentence = f"{quoted(given)} is not {what}" if what else f"{quoted(given)} is not allowed"
    if show:
        sentence += f"; allowed: {', '.join(known)}"
    if meant:
        sentence += f"; did you mean {quoted(meant)}?"
    return sentence


def quoted(value: object) -> str:
    """Return `value` as it stands in the file, cut when it is long."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    text = text if len(text) <= 60 else f"{text[:57]}…"
    return f'"{text}"' if isinstance(value, str) else text


TYPES = {
    "string_type": "must be text in quotes",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "missing": "is missing",
    "too_short": "must not be empty",
}


def worded(error: ErrorDetails, keys: Iterable[str]) -> str:
    """Return the sentence for one error of pydantic; `keys` are those allowed in the table around it."""
    kind = error["type"]
    context: dict[str, Any] = error.get("ctx", {})
    if kind in TYPES:
        return TYPES[kind]
    if kind == "extra_forbidden":
        return choice(error["loc"][-1], keys, "a key of this table")
    if kind in {"literal_error", "enum"}:
        return choice(error["input"], re.findall(r"'([^']*)'", context["expected"]))
    if kind == "value_error":
        return str(context["error"])
    if kind == "greater_than_equal":
        return f"must be at least {context['ge']}"
    if kind == "less_than_equal":
        return f"must be at most {context['le']}"
    return error["msg"]
