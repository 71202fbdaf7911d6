"""The pytest plugin: a simulated cluster as a fixture, one server for the whole run, reset before each test.

Loaded by every pytest run of the environment, so it imports nothing but pytest until a fixture is used.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ucmsim.clients.faults import Faults
    from ucmsim.clients.running import TestClock, Ucm

MARKERS = (
    "ucm_inventory(source): the cluster of this test: an inventory file, relative to the test's own, or TOML text",
    "ucm_scenario(source): start this scenario before the test: a JSON or TOML file, relative to the test's own, or a dict",
)

SETTINGS = {"ucm_inventory": "inventory file of the fixture ucm, relative to the root directory"}
"""The settings of a pytest configuration, with what they mean."""

_USED = pytest.StashKey["Ucm"]()
SHOWN = 20
"""How many requests the report of a failed test shows."""


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the setting for an inventory of one's own."""
    parser.addini(
        "ucm_inventory", "inventory file of the fixture ucm, relative to the root directory", default=""
    )


class Servers:
    """The servers of a run, by inventory; each is started when it is first wanted."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._running: dict[str | None, Ucm] = {}

    def over(self, inventory: str | None) -> Ucm:
        """The server over an inventory: a path, TOML text, or None for the built-in lab."""
        if inventory not in self._running:
            from ucmsim.clients.testing import serve

            self._running[inventory] = self._stack.enter_context(serve(inventory))
        return self._running[inventory]


@pytest.fixture(scope="session")
def ucm_servers() -> Iterator[Servers]:
    """The servers of this run; a test asks for `ucm`."""
    with ExitStack() as stack:
        yield Servers(stack)


@pytest.fixture
def ucm(request: pytest.FixtureRequest, ucm_servers: Servers) -> Iterator[Ucm]:
    """A running cluster on loopback addresses and a free port, as it is after installation.

    Every change arrives at once, unless the test takes the clock into its hand with `ucm_clock`.
    """
    server = ucm_servers.over(_inventory(request))
    server.reset("MANUAL" if "ucm_clock" in request.fixturenames else "IMMEDIATE")
    for marker in request.node.iter_markers("ucm_scenario"):
        server.play(_scenario(marker.args[0], request.path))
    request.node.stash[_USED] = server
    yield server
    server.close_clients()


@pytest.fixture
def ucm_clock(ucm: Ucm) -> TestClock:
    """The clock of the cluster: it stands still until the test advances it."""
    return ucm.clock


@pytest.fixture
def ucm_faults(ucm: Ucm) -> Faults:
    """What shall go wrong; forgotten after the test."""
    return ucm.faults


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show in the report of a failed test what the cluster was asked."""
    report = yield
    server = item.stash.get(_USED, None)
    if server is not None and report.when == "call" and report.failed:
        report.sections.append(("requests to ucmsim", _requests(server)))
    return report


def _requests(server: Ucm) -> str:
    from ucmsim.clients.errors import UcmError

    try:
        seen = server.requests.all()
    except UcmError as error:
        return f"not known: {error}"
    return "\n".join(str(each) for each in seen[-SHOWN:]) or "none"


def _inventory(request: pytest.FixtureRequest) -> str | None:
    """What the nearest marker says, else the setting, else the built-in lab."""
    marker = request.node.get_closest_marker("ucm_inventory")
    if marker is not None:
        source = str(marker.args[0])
        return source if "\n" in source else str(request.path.parent / source)
    setting = str(request.config.getini("ucm_inventory"))
    return str(request.config.rootpath / setting) if setting else None


def _scenario(source: str | Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    if isinstance(source, Mapping):
        return source
    import json
    import tomllib

    file = path.parent / source
    text = file.read_text("utf-8")
    document = tomllib.loads(text) if file.suffix == ".toml" else json.loads(text)
    return {"id": file.stem, **document}
