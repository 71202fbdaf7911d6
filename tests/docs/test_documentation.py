"""The documentation is true: links lead somewhere, generated pages are fresh, snippets run, command lines are understood."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

import click
import pytest

from tests.docs import checks, generated
from tests.docs.markdown import Page
from ucmsim.clients.cli import main
from ucmsim.clients.testing import serve

PAGES = checks.pages()
QUICK_LAB = "durations.scale = 0.0\n" + files("ucmsim.api.inventory").joinpath("lab.toml").read_text("utf-8")
README = Page(checks.ROOT / "README.md")
GUIDES = [page for page in PAGES if "how-to" in page.path.parts]


def name(page):
    return str(page.path.relative_to(checks.ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page):
    assert list(checks.faults(page)) == []


@pytest.mark.parametrize("path", generated.PAGES, ids=lambda path: path.name)
def test_the_reference_is_what_the_code_says(path):
    assert path.read_text("utf-8") == generated.PAGES[path](), "run: make docs"


def test_every_page_can_be_found():
    linked = {
        (page.path.parent / link.target.partition("#")[0]).resolve()
        for page in PAGES
        for link in page.links()
        if not link.target.startswith("http")
    }
    home = checks.ROOT / "docs"
    pages = {page.path for page in PAGES if page.path.is_relative_to(home)} - {home / "index.md"}
    assert {page for page in pages if not {page, page.parent} & linked} == set()


def fences(language):
    return [
        pytest.param(page, fence, id=f"{page.path.stem}-{fence.line}")
        for page in GUIDES
        for fence in page.fences()
        if fence.language == language
    ]


def command_lines():
    return [
        pytest.param(line.removeprefix("$ "), id=f"{page.path.stem}: {line[:60]}")
        for page in PAGES
        for fence in page.fences()
        if fence.language == "console"
        for line in fence.content.splitlines()
        if line.startswith("$ ucmsim ") and not line.startswith("$ ucmsim serve")
    ]


@pytest.mark.parametrize("line", command_lines())
def test_every_command_line_is_understood(line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for file in ("cucm.pem", "c.pem", "rule.toml", "lab.toml", "outage.toml"):
        (tmp_path / file).touch()
    words = shlex.split(line.partition(" > ")[0].partition(" >> ")[0].partition("   ")[0])[1:]
    command: click.Command = main
    context = click.Context(main, info_name="ucmsim")
    while isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        assert found, line
        command, words = found, words[1:]
        context = click.Context(command, info_name=command.name, parent=context)
    command.make_context(command.name, words)


PROGRAMS = [each for each in fences("python") if "def test_" not in each.values[1].content]


@pytest.mark.parametrize(("page", "fence"), PROGRAMS)
def test_every_program_runs(page, fence):
    with serve(QUICK_LAB) as ucm:
        names = {
            "host": ucm.host,
            "port": ucm.port,
            "user": ucm.credentials.user,
            "password": ucm.credentials.password,
            "certificate": ucm.verify,
            "__name__": "__main__",
        }
        exec(compile(fence.content, f"{page.path.name}:{fence.line}", "exec"), names)


def test_every_test_in_the_guides_passes(tmp_path):
    for page in (README, *GUIDES):
        for fence in page.fences():
            if fence.language == "python" and "def test_" in fence.content:
                (tmp_path / f"test_{page.path.stem.replace('-', '_')}_{fence.line}.py").write_text(
                    fence.content
                )
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", tmp_path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("page", "fence"), fences("toml"))
def test_every_toml_is_toml_and_every_inventory_can_be_served(page, fence):
    document = tomllib.loads(fence.content)
    if "clusters" in document:
        from ucmsim.api.inventory import loads

        loads(fence.content, page.path.name)


@pytest.mark.parametrize(("page", "fence"), fences("json"))
def test_every_json_is_json(page, fence):
    json.loads(fence.content)


BROKEN = """# Head

[a](#nowhere) [b](missing.md) ![](../README.md)

```klingon
```

/home/somebody/file
"""


def test_a_broken_page_is_seen(tmp_path):
    page = tmp_path / "broken.md"
    page.write_text(BROKEN)
    told = " ".join(checks.faults(Page(page)))
    for fault in ("#nowhere", "missing.md leads nowhere", "klingon", "somebody's machine", "has no text"):
        assert fault in told


def test_anchors_are_those_of_github(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# `ucmsim list`\n\n## A, b & c\n\n## Twice\n\n## Twice\n")
    assert Page(page).anchors == {"ucmsim-list", "a-b--c", "twice", "twice-1"}


def test_generated_files_lie_where_the_guides_look():
    assert all(Path(path).is_file() for path in generated.PAGES)
