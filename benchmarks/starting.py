"""How long it takes from the start of a process to the first correct answer, and until the pytest fixture is there."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from benchmarks import subject
from benchmarks.machine import SERVER_CORES, answers, on_cores, stopping
from benchmarks.messages import ONE, SERVICE
from benchmarks.plan import Plan
from benchmarks.table import Table, target

_CONFTEST = """
def pytest_runtest_logreport(report):
    if report.when == "setup":
        print(f"set-up of {report.nodeid.rpartition('::')[2]}: {report.duration}")
"""

_TESTS = """
def test_first(ucm):
    assert ucm.nodes

def test_second(ucm):
    assert ucm.nodes

def test_third(ucm):
    assert ucm.nodes
"""


def measure(plan: Plan) -> Iterator[Table]:
    """Start again and again, and yield the table."""
    table = Table("From the start of the process", ["what", "median s", "÷ import flask", "target"])
    flask = _median(plan, lambda: _run("-c", "import flask"))
    first = statistics.median(_first_answer(plan, f"new-{number}") for number in range(plan.starts))
    again = _median(plan, lambda: _first_answer(plan, "kept"))
    table.rows += [
        ["python -c 'import flask'", f"{flask:.3f}", "1", ""],
        ["ucmsim serve to the first answer", f"{again:.3f}", f"{again / flask:.1f}", _eight(again / flask)],
        ["the same with an empty state directory", f"{first:.3f}", f"{first / flask:.1f}", ""],
    ]
    for name, command in (
        ("ucmsim --help", "from ucmsim.clients.cli import main; main(['--help'])"),
        ("import of the pytest plugin", "import ucmsim.clients.pytest_plugin"),
        ("import pytest alone", "import pytest"),
    ):
        took = _median(plan, lambda command=command: _run("-P", "-c", command))  # type: ignore[misc]
        table.rows.append([name, f"{took:.3f}", f"{took / flask:.1f}", ""])
    yield table
    yield _fixture(plan)


def _fixture(plan: Plan) -> Table:
    table = Table("The pytest fixture ucm", ["set-up of", "ms", "target"])
    folder = plan.folder / "fixture"
    folder.mkdir()
    (folder / "conftest.py").write_text(_CONFTEST)
    (folder / "test_it.py").write_text(_TESTS)
    command = [sys.executable, "-P", "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    took = {name: float(seconds) for name, seconds in re.findall(r"set-up of (\w+): ([\d.e-]+)", done.stdout)}
    for name, seconds in took.items():
        wanted = "" if name == "test_first" else target(seconds * 1000, 20, at_least=False)
        table.rows.append([name, f"{seconds * 1000:.0f}", wanted])
    return table


def _first_answer(plan: Plan, folder: str) -> float:
    """Seconds from the start of a server to its first correct answer."""
    began = time.monotonic()
    running = subject.start(plan.folder / folder)
    with stopping(running.server):
        answer = answers(running.port, ONE.path, body=ONE.body, headers=ONE.headers)
        took = time.monotonic() - began
        assert answer is not None
        assert f"<ns1:ServiceName>{SERVICE}<".encode() in answer
    return took


def _run(*arguments: str) -> float:
    began = time.monotonic()
    subprocess.run(
        on_cores(SERVER_CORES, [sys.executable, *arguments]), check=True, stdout=subprocess.DEVNULL
    )
    return time.monotonic() - began


def _median(plan: Plan, once: Callable[[], float]) -> float:
    once()  # files into memory
    return statistics.median(once() for _ in range(plan.starts))


def _eight(ratio: float) -> str:
    return target(ratio, 8, at_least=False)
