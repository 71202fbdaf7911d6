"""The architecture, as tests: which way imports point, what the core may touch, how a module is named and opened."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("api", "clients", "models", "wsdl")

# What each folder may import of ours, besides itself.
POINTS_TO = {"clients": {"wsdl"}, "api": {"models", "wsdl"}, "models": set(), "wsdl": set()}

# These start a server for their caller, and import it only when they do.
STARTS_A_SERVER = {"ucmsim.clients.cli", "ucmsim.clients.testing"}

KNOWS_SPYNE = {
    "ucmsim.wsdl.contract",
    "ucmsim.wsdl.spyne_shim",
    "ucmsim.api.soap",
    "ucmsim.api.soap.protocol",
}

# Values, algorithms and text: nothing that reads a clock, a file, a socket, the environment or chance.
PURE = {
    "__future__", "abc", "bisect", "collections", "copy", "dataclasses", "difflib", "enum", "fractions", "functools",
    "graphlib", "hashlib", "heapq", "itertools", "math", "operator", "re", "string", "textwrap", "types", "typing",
    "unicodedata", "zlib",
}  # fmt: skip
IMPURE_BUILTINS = {"open", "print", "input", "exec", "eval", "breakpoint", "__import__"}

VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "base", "misc", "shared_code"}

LONGEST = 350
# Stanzas: one a service, read by searching, not from top to bottom.
LISTS = {"ucmsim.models.catalogue"}


@dataclass(frozen=True)
class Import:
    """One import of a module; a late one stands inside a function, or is for type checkers only."""

    target: str
    line: int
    late: bool


@dataclass(frozen=True)
class Module:
    """A source file under the name it is imported by."""

    name: str
    text: str

    @property
    def folder(self) -> str:
        return self.name.split(".")[1]

    @property
    def length(self) -> int:
        return len(self.text.splitlines())

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        late = {
            id(inner)
            for around in ast.walk(self.tree)
            if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef) or _for_type_checkers(around)
            for inner in ast.walk(around)
        }
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                targets = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                package = "." * node.level + (node.module or "")
                targets = [f"{package}.{alias.name}" for alias in node.names]
            else:
                continue
            found += [Import(target, node.lineno, id(node) in late) for target in targets]
        return tuple(found)

    def called_names(self) -> set[str]:
        return {
            node.func.id
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }


def _for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def source(path: Path) -> Module:
    parts = [*path.relative_to(ROOT).with_suffix("").parts]
    if parts[-1] == "__init__":
        parts.pop()
    return Module(".".join(["ucmsim", *parts]), path.read_text(encoding="utf-8"))


MODULES = [source(path) for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


def turned_round(module: Module) -> list[str]:
    """Imports that point the wrong way."""
    allowed = POINTS_TO[module.folder] | {module.folder}
    return [
        f"{module.name}:{found.line} imports {found.target}"
        for found in module.imports
        if found.target.startswith("ucmsim.")
        and found.target.split(".")[1] not in allowed
        and not (found.late and module.name in STARTS_A_SERVER)
    ]


def impure(module: Module) -> list[str]:
    """What the core must not touch."""
    imports = [
        f"{module.name}:{found.line} imports {found.target}"
        for found in module.imports
        if found.target.split(".")[0] not in PURE | {"ucmsim"}
    ]
    return imports + [
        f"{module.name} calls {name}" for name in sorted(module.called_names() & IMPURE_BUILTINS)
    ]


def spyne_strangers(module: Module) -> list[str]:
    """Imports of Spyne outside the modules that confine it."""
    return [
        f"{module.name}:{found.line} imports {found.target}"
        for found in module.imports
        if found.target.split(".")[0] == "spyne" and module.name not in KNOWS_SPYNE
    ]


def outside_the_namespace(module: Module) -> list[str]:
    """Imports of our code by another name than ucmsim."""
    return [
        f"{module.name}:{found.line} imports {found.target}"
        for found in module.imports
        if found.target.split(".")[0] in {*FOLDERS, "", "tests"}
    ]


def unexplained(module: Module) -> list[str]:
    """Modules that do not open by saying what they are."""
    opening = (ast.get_docstring(module.tree) or "").strip()
    return [] if opening.partition("\n\n")[0].rstrip().endswith((".", ":")) else [module.name]


def vague(module: Module) -> list[str]:
    """Modules named after no noun of the field."""
    return [module.name] if set(module.name.split(".")) & VAGUE else []


def too_long(module: Module) -> list[str]:
    """Modules that should be two."""
    listed = any(module.name.startswith(f"{package}.") for package in LISTS)
    return [f"{module.name}: {module.length} lines"] if module.length > LONGEST and not listed else []


RULES = [turned_round, spyne_strangers, outside_the_namespace, unexplained, vague, too_long]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_module_breaks(rule):
    assert [fault for module in MODULES for fault in rule(module)] == []


def test_the_core_is_pure():
    assert [fault for module in MODULES if module.folder == "models" for fault in impure(module)] == []


def test_modules_are_small():
    assert median(module.length for module in MODULES) <= 150


@pytest.mark.parametrize(
    ("rule", "name", "text", "fault"),
    [
        (turned_round, "ucmsim.models.x", "import ucmsim.api.engine", "ucmsim.api.engine"),
        (turned_round, "ucmsim.wsdl.x", "from ucmsim.models import states", "ucmsim.models.states"),
        (turned_round, "ucmsim.wsdl.x", "from ucmsim import api", "ucmsim.api"),
        (turned_round, "ucmsim.clients.x", "def f():\n    import ucmsim.api", "ucmsim.api"),
        (turned_round, "ucmsim.clients.cli", "import ucmsim.api.boot", "ucmsim.api.boot"),
        (turned_round, "ucmsim.api.x", "from ucmsim.clients import rest", "ucmsim.clients.rest"),
        (impure, "ucmsim.models.x", "from time import time", "time.time"),
        (impure, "ucmsim.models.x", "def f():\n    import threading", "threading"),
        (impure, "ucmsim.models.x", "open('x')", "open"),
        (impure, "ucmsim.models.x", "import lxml.etree", "lxml.etree"),
        (spyne_strangers, "ucmsim.api.engine", "from spyne import Fault", "spyne.Fault"),
        (outside_the_namespace, "ucmsim.api.x", "from models.states import Product", "models.states"),
        (outside_the_namespace, "ucmsim.api.x", "from . import engine", ".engine"),
        (unexplained, "ucmsim.api.x", "X = 1", "ucmsim.api.x"),
        (unexplained, "ucmsim.api.x", '"""Things"""', "ucmsim.api.x"),
        (vague, "ucmsim.api.utils", "", "ucmsim.api.utils"),
        (too_long, "ucmsim.api.x", "X = 1\n" * 351, "351 lines"),
    ],
)
def test_a_broken_rule_is_seen(rule, name, text, fault):
    found = rule(Module(name, text))
    assert len(found) == 1
    assert fault in found[0]


@pytest.mark.parametrize("where", ["def serve()", "if TYPE_CHECKING"])
def test_a_client_may_start_a_server_when_asked_to(where):
    assert turned_round(Module("ucmsim.clients.cli", f"{where}:\n    import ucmsim.api.boot")) == []
