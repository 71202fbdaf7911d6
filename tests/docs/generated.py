"""The generated pages of the reference: made from the code, committed, and compared with it by a test.

python -P tests/docs/generated.py          writes them (make docs)
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from ucmsim.clients import cli, pytest_plugin
from ucmsim.clients.commands.exits import Exit

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"

LONGEST_DEFAULT = 60

HEAD = "<!-- Generated from the code by make docs; a test compares them. -->\n\n"


def command_line() -> str:
    """Every command with its options."""
    lines = [
        "# Command line",
        "",
        "Every command has `--help`. A password never stands on the command line: it comes from `UCMSIM_PASSWORD`, from",
        "`--password-file`, from the state directory of a server on the same machine, or it is asked for.",
        "",
        "## Exit statuses",
        "",
        "| status | meaning |",
        "|---|---|",
        *(f"| {each.value} | {each.meaning} |" for each in Exit),
    ]
    context = click.Context(cli.main, info_name="ucmsim")
    for name in cli.main.list_commands(context):
        command = cli.main.get_command(context, name)
        assert command is not None
        lines += ["", f"## ucmsim {name}", "", *_command(command, context)]
    return _page(lines)


def _command(command: click.Command, parent: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=command.name, parent=parent)
    yield from _help_text(inspect.cleandoc(command.help or ""))
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from ("", f"### {context.command_path} {name}", "", *_command(inner, context))
        return
    yield from ("", "```text", context.get_usage().removeprefix("Usage: ").replace("\n", ""), "```", "")
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    if options:
        yield from ("| option | meaning |", "|---|---|")
    for option in options:
        record = option.get_help_record(context)
        if record:
            yield f"| `{record[0].replace('|', '¦')}` | {' '.join(record[1].split()).replace('|', '¦')} |"
    if command.epilog:
        yield from ("", " ".join(command.epilog.split()))


def _help_text(text: str) -> Iterator[str]:
    """Paragraphs as they are, those that Click must not wrap (marked by a backspace) as a block."""
    for paragraph in text.split("\n\n"):
        if not paragraph.startswith("\b"):
            yield from (" ".join(paragraph.split()), "")
            continue
        head, *rest = paragraph.removeprefix("\b\n").split("\n")
        yield from (head, "", "```console", *(f"$ {line.strip()}" for line in rest), "```", "")


def python() -> str:
    """Every public class of the clients with its methods."""
    lines = ["# Python", ""]
    for title, text, names in _PYTHON:
        lines += [f"## {title}", "", text, ""]
        for path in names:
            lines += _described(path)
    return _page(lines)


_PYTHON: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Clients",
        """SOAP, for real and simulated nodes: `from ucmsim.clients import ControlCenter, AsyncControlCenter`.
REST, for ucmsim only: `from ucmsim.clients.rest import RestClient`.""",
        (
            "control_center.ControlCenter",
            "async_control_center.AsyncControlCenter",
            "rest.client.RestClient",
            "dialogues.Patience",
        ),
    ),
    (
        "What they return",
        "Frozen values.",
        tuple(
            f"results.{name}"
            for name in (
                "ServiceState", "Status", "Reason", "Service", "Form", "Action", "ExtendedList", "ExtendedService",
                "ProductInformation", "Product",
            )
        ) + tuple(f"rest.values.{name}" for name in ("Operation", "Outcome", "Event", "NodeInformation", "ClusterInformation")),
    ),
    (
        "What they raise",
        "All of it is a `UcmError` from `ucmsim.clients.errors`.",
        tuple(
            f"errors.{name}"
            for name in (
                "UcmError", "UnreachableError", "UntrustedError", "CredentialsError", "ForbiddenError", "NotServedError",
                "ThrottledError", "FaultError", "UnexpectedAnswerError", "UnknownServiceError", "RefusedError",
                "NotReachedError",
            )
        ),
    ),
    (
        "A server of the test's own",
        "`from ucmsim.clients.testing import serve`.",
        ("testing.serve", "running.Ucm", "running.RunningNode", "running.TestClock", "faults.Faults", "faults.Scope",
         "requests_seen.RequestsSeen", "requests_seen.Seen"),
    ),
    ("The simulation", "`RestClient.simulation`, `Ucm.simulation`.", ("rest.simulation.Simulation", "rest.simulation.Clock")),
)  # fmt: skip


def _described(path: str) -> Iterator[str]:
    module, _, name = path.rpartition(".")
    thing = getattr(__import__(f"ucmsim.clients.{module}", fromlist=[name]), name)
    yield from (f"### {name}", "")
    if inspect.isfunction(thing) or not inspect.isclass(thing):
        yield from _callable(name, thing)
        return
    if not issubclass(thing, Enum) and "__init__" in vars(thing) and not issubclass(thing, BaseException):
        yield from ("```python", _signature(name, thing.__init__), "```", "")
    yield from (_prose(thing), "")
    if issubclass(thing, Enum):
        yield ", ".join(f"`{each.name}`" for each in thing)
        yield ""
    fields = getattr(thing, "__dataclass_fields__", {})
    for field in fields.values():
        yield f"* `{field.name}: {_annotation(field.type)}`"
    if fields:
        yield ""
    for member, found in _members(thing):
        if isinstance(found, property) or not callable(found):
            yield from (f"* `.{member}` – {_sentence(found)}", "")
        else:
            yield from _callable(member, found)


def _members(kind: type) -> Iterator[tuple[str, Any]]:
    """The public methods and properties that the class defines, before them those that it has from an abstract one."""
    own = vars(kind)
    given = [
        (name, found)
        for above in reversed(kind.__mro__)
        for name, found in vars(above).items()
        if inspect.isabstract(above) and name not in own
    ]
    for name, found in [*given, *own.items()]:
        if name.startswith("_") or isinstance(found, Enum):
            continue
        plain = found.__func__ if isinstance(found, classmethod | staticmethod) else found
        if inspect.isfunction(plain) or isinstance(plain, property) or hasattr(plain, "func"):
            yield name, plain


def _callable(name: str, found: Callable[..., Any]) -> Iterator[str]:
    yield from ("```python", _signature(name, found), "```", "", _prose(found), "")


def _signature(name: str, found: Callable[..., Any]) -> str:
    signature = inspect.signature(inspect.unwrap(found))
    kept = [parameter for parameter in signature.parameters.values() if parameter.name not in {"self", "cls"}]
    written = []
    star = False
    for parameter in kept:
        # A value of the machine that generates must never get into a page.
        assert len(repr(parameter.default)) < LONGEST_DEFAULT, f"{name}: the default of {parameter.name}"
        if parameter.kind is parameter.VAR_POSITIONAL:
            star = True
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            written.append("*")
            star = True
        written.append(str(parameter.replace(annotation=_annotation(parameter.annotation))).replace("'", ""))
    returned = signature.return_annotation
    arrow = (
        ""
        if returned in (inspect.Signature.empty, "None") or name[:1].isupper()
        else f" -> {_annotation(returned)}"
    )
    prefix = "async " if inspect.iscoroutinefunction(found) else ""
    return f"{prefix}{name}({', '.join(written)}){arrow}"


def _annotation(annotation: Any) -> str:
    return annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))


def _prose(thing: Any) -> str:
    text = inspect.getdoc(thing)
    assert text, thing
    return text


def _sentence(found: Any) -> str:
    return " ".join((inspect.getdoc(getattr(found, "func", found)) or "").split())


def pytest_page() -> str:
    """The fixtures, markers and settings of the plugin."""
    lines = ["# pytest plugin", "", inspect.getdoc(pytest_plugin) or "", "", "## Fixtures", ""]
    for name in ("ucm", "ucm_clock", "ucm_faults", "ucm_servers"):
        definition = getattr(pytest_plugin, name)
        lines += [f"### {name}", "", inspect.getdoc(inspect.unwrap(definition)) or "", ""]
    lines += [
        "## Markers",
        "",
        *(f"* `{each.partition(':')[0]}` –{each.partition(':')[2]}" for each in pytest_plugin.MARKERS),
    ]
    lines += [
        "",
        "## Settings",
        "",
        *(f"* `{name}` – {text}" for name, text in pytest_plugin.SETTINGS.items()),
    ]
    return _page(lines)


def inventory() -> str:
    """Every key of an inventory file."""
    from ucmsim.api.inventory import documents

    lines = [
        "# Inventory",
        "",
        "A TOML file that says which clusters `ucmsim serve --inventory FILE` simulates. Nothing is required but one cluster",
        "with one node. Unknown keys are refused; every mistake is told with its line, all of them at once.",
    ]
    for head, table in (
        ("[[clusters]]", documents.ClusterTable),
        ("[[clusters.nodes]]", documents.NodeTable),
        ("[clusters.nodes.conditions]", documents.ConditionsTable),
        ("[[clusters.nodes.listing]]", documents.ListedTable),
        ("[durations] and [clusters.durations]", documents.DurationsTable),
        ('[durations.services."Cisco CallManager"]', documents.ServiceDurationsTable),
        ("[[users]]", documents.UserTable),
    ):
        lines += [
            "",
            f"## {head}",
            "",
            inspect.getdoc(table) or "",
            "",
            "| key | meaning | value | default |",
            "|---|---|---|---|",
        ]
        lines += _keys(table.model_json_schema(), _meanings(table))
    return _page(lines)


def _meanings(table: type) -> dict[str, str]:
    """What stands below each key of a table in the code."""
    (definition,) = ast.parse(inspect.getsource(table)).body
    assert isinstance(definition, ast.ClassDef)
    found = {}
    for key, below in pairwise(definition.body):
        match key, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = inspect.cleandoc(text)
    return found


def _keys(schema: dict[str, Any], meanings: dict[str, str]) -> Iterator[str]:
    required = schema.get("required", [])
    for name, facts in schema["properties"].items():
        default = "required" if name in required else _default(facts.get("default"))
        yield f"| `{name}` | {meanings[name]} | {_value(facts)} | {default} |"


def _value(facts: dict[str, Any]) -> str:
    options = [each for each in facts.get("anyOf", [facts]) if each.get("type") != "null"]
    return " or ".join(_one_value(each) for each in options)


def _one_value(facts: dict[str, Any]) -> str:
    if "$ref" in facts:
        return "table"
    if "enum" in facts:
        return ", ".join(f"`{each}`" for each in facts["enum"])
    kind = {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "object": "table",
    }
    if facts.get("type") == "array":
        return f"list of {_one_value(facts['items'])}" if "$ref" not in facts["items"] else "tables"
    limits = [
        f"{word} {facts[key]:.16g}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in facts
    ]
    return " ".join([kind[facts["type"]], *limits])


def _default(value: Any) -> str:
    if value in (None, [], {}):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


PAGES: dict[Path, Callable[[], str]] = {
    REFERENCE / "command-line.md": command_line,
    REFERENCE / "python.md": python,
    REFERENCE / "pytest.md": pytest_page,
    REFERENCE / "inventory.md": inventory,
}
"""The generated pages and what makes them."""


def _page(lines: Iterable[str]) -> str:
    text = HEAD + "\n".join(line.rstrip() for line in lines)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.rstrip() + "\n"


def main() -> None:
    """Write all of them."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for path, make in PAGES.items():
        path.write_text(make(), "utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
