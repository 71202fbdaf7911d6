"""Finds where each rule of the guide is honoured and proved, and writes docs/guide-rules.md from that.

A rule is honoured where its id stands in a docstring (or in a stanza of the catalogue), and proved where its id stands in
the docstring of a test. Run by ``make docs``; a test fails when the document is not what this would write.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ucmsim.models.rules import GROUPS, RULES

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "guide-rules.md"

ID = re.compile(r"G-[A-Z]+-\d+")
SPAN = re.compile(r"G-([A-Z]+)-(\d+) (?:to|…) G-\1-(\d+)")

NOT_APPLICABLE: Mapping[str, str] = {}
"""Rules that nothing honours, with the reason."""

INTRODUCTION = """\
# The guide's rules: where each is honoured, and what proves it

Written by `make docs` from the code; do not edit it here. The rules are those of the administration guide's chapter
*Services*, in our own words. Ids are stable: search the code for one and you are there.

*Where* names the functions, classes and facts of the core (for a rule of access: of the server) whose documentation
names the rule; *tests* those of the core and the scenarios. A rule without either fails the build.

Some sentences of the guide leave room; this is how they are read here:

* **Hard and soft.** What the guide says a system *does* is done or refused. What it *recommends*, or says a service
  *needs* on its node or in its cluster, refuses nothing: it is advice (`ucmsim.models.advice`), shown to people.
* **Dependents go on.** Stopping or deactivating a service leaves those that depend on it running; a restart of them is
  refused until it is back. Two relations are hard: a web application runs only inside its Tomcat (G-CTL-12), an XCP
  service only behind Cisco XCP Router (G-CTL-8). The property tests hold those two for any sequence of commands,
  conditions and work on nodes.
* **Every XCP service** (G-CTL-8) is every one that depends on the router. Cisco XCP Config Manager, which watches the
  others restart (G-IMP-10), goes on.
* **The time limit** (G-IMP-7) is the publisher's, for its Sync Agent and for replication alike. A subscriber waits for its
  own replication without a limit (G-IMP-8).
* **Pages, APIs and devices** are facts of a node that a face asks for: what answers (`ucmsim.models.presence`), what can be
  used (`facilities`), where a phone registers (`devices`), who serves whose users (`redundancy`), which restarts are due
  (`notices`), what a person is told before a command (`cautions`).
"""


@dataclass(frozen=True)
class Mention:
    """A documented thing that names a rule: its file below the root, its name there, and the kind of mention."""

    file: str
    name: str
    rule: str
    stanza: bool = False


def named(text: str) -> Iterator[str]:
    """Yield the rules that a text names, also those between the ends of `G-X-1 to G-X-3`."""
    for group, first, last in SPAN.findall(text):
        yield from (f"G-{group}-{number}" for number in range(int(first), int(last) + 1))
    yield from ID.findall(text)


def mentions(file: str, source: str) -> Iterator[Mention]:
    """Yield the rules that the docstrings of a source file name, and its stanzas."""
    tree = ast.parse(source)
    seen = dict.fromkeys((*_documented(tree, ""), *_stanzas(tree)))
    for name, text, stanza in seen:
        for rule in dict.fromkeys(named(text)):
            yield Mention(file, name, rule, stanza)


def _documented(node: ast.AST, prefix: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the name and the documentation of everything documented: modules, classes, functions, constants."""
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        yield prefix, ast.get_docstring(node) or "", False
    body: list[ast.stmt] = getattr(node, "body", [])
    for before, statement in zip([None, *body], body, strict=False):
        if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{prefix}.{statement.name}" if prefix else statement.name
            yield from _documented(statement, name)
        elif isinstance(before, ast.Assign | ast.AnnAssign) and _text(statement):
            target = before.targets[0] if isinstance(before, ast.Assign) else before.target
            name = ast.unparse(target)
            yield (f"{prefix}.{name}" if prefix else name), _text(statement), False


def _stanzas(tree: ast.Module) -> Iterator[tuple[str, str, bool]]:
    """Yield the name of every service described in a catalogue, and the rules that its stanza lists."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "stanza":
            rules = [ast.unparse(word.value) for word in call.keywords if word.arg in ("rules", "needs")]
            yield ast.literal_eval(call.args[0]), " ".join(rules), True


def _text(statement: ast.stmt) -> str:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return statement.value.value if isinstance(statement.value.value, str) else ""
    return ""


def scan(*folders: str) -> list[Mention]:
    """Return every mention below some folders of the project, in the order of files and lines."""
    return [
        mention
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        for mention in mentions(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    ]


@dataclass(frozen=True)
class Trace:
    """Where one rule is honoured and proved."""

    rule: str
    places: tuple[Mention, ...]
    tests: tuple[Mention, ...]


def trace(rule: str, code: Iterable[Mention], tests: Iterable[Mention]) -> Trace:
    """Return what honours and proves a rule: the core's own if there is any, else what there is."""
    here = [mention for mention in code if mention.rule == rule]
    places = (
        [one for one in here if one.file.startswith("models/") and not one.stanza]
        or [one for one in here if not one.stanza]
        or here
    )
    proofs = [one for one in tests if one.rule == rule and one.name.split(".")[-1].startswith("test_")]
    own = [one for one in proofs if one.file.startswith(("tests/models/", "tests/scenarios/"))]
    return Trace(rule, tuple(places), tuple(own or proofs))


def traces() -> list[Trace]:
    """Return the traces of all rules."""
    code = [one for one in scan("models", "api", "clients") if one.file != "models/rules.py"]
    tests = scan("tests")
    return [trace(rule, code, tests) for rule in RULES]


def document(found: Iterable[Trace]) -> str:
    """Return the whole document."""
    by_rule = {one.rule: one for one in found}
    parts = [INTRODUCTION]
    for heading, rules in GROUPS.items():
        parts.append(f"## {heading}\n\n| rule | what | where | tests |\n|---|---|---|---|")
        parts[-1] += "".join(_row(by_rule[rule], text) for rule, text in rules.items()) + "\n"
    return "\n".join(parts)


def _row(one: Trace, text: str) -> str:
    where = NOT_APPLICABLE.get(one.rule) or _cell(one.places)
    return f"\n| {one.rule} | {text} | {where} | {_cell(one.tests)} |"


def _cell(mentions: Iterable[Mention]) -> str:
    """Return links, each file once with its names."""
    files: dict[str, list[str]] = {}
    for mention in mentions:
        files.setdefault(mention.file, []).append(mention.name)
    return "<br>".join(
        f"[{file}](../{file})" + "".join(f" `{name}`" for name in names if name)
        for file, names in files.items()
    )


if __name__ == "__main__":
    DOCUMENT.write_text(document(traces()), encoding="utf-8")
    print(f"wrote {DOCUMENT.relative_to(ROOT)}")
