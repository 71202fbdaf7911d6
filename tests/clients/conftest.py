"""Clients of a node that is only played: what they send and what they make of what comes back."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.clients.lab import QUICK
from tests.clients.wire import Adapter, Node, Reply, transport
from ucmsim.clients import AsyncControlCenter, ControlCenter
from ucmsim.clients.cli import main
from ucmsim.clients.dialogues import Patience
from ucmsim.clients.pytest_plugin import Servers
from ucmsim.clients.running import Ucm

AT_ONCE = Patience(attempts=3, first=0)

Played = Callable[..., tuple[Any, Node]]


class Awaited:
    """An AsyncControlCenter whose methods are run to their end, so that one story tests both twins."""

    def __init__(self, client: AsyncControlCenter, runner: asyncio.Runner) -> None:
        self.client = client
        self.runner = runner

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.client, name)
        if not inspect.iscoroutinefunction(found):
            return found
        return lambda *args, **options: self.runner.run(found(*args, **options))


@pytest.fixture(params=["blocking", "awaiting"])
def played(request: pytest.FixtureRequest) -> Iterator[Played]:
    """Makes a client of a node that sends the given replies; both twins in turn."""
    with asyncio.Runner() as runner:
        open_clients: list[Any] = []

        def play(*replies: Reply | bytes, **options: Any) -> tuple[Any, Node]:
            node = Node.sending(*replies)
            options = {"patience": AT_ONCE, "poll_interval": 0, **options}
            if request.param == "blocking":
                client: Any = ControlCenter("cucm-pub", "admin", "s3cret", **options)
                client._session.mount("https://", Adapter(node))
            else:
                twin = AsyncControlCenter("cucm-pub", "admin", "s3cret", **options)
                twin._client._transport = transport(node)
                client = Awaited(twin, runner)
            open_clients.append(client)
            return client, node

        yield play
        for client in open_clients:
            client.close()


@pytest.fixture
def lab(ucm_servers: Servers) -> Iterator[Ucm]:
    """The small cluster, as it is after installation."""
    ucm = ucm_servers.over(QUICK)
    ucm.reset()
    yield ucm
    ucm.close_clients()


Run = Callable[..., Result]


@pytest.fixture
def run(lab: Ucm) -> Run:
    """Runs a command line against the lab, as its administrator; further arguments are environment variables."""
    runner = CliRunner()

    def command(*arguments: str, **environ: str) -> Result:
        return runner.invoke(
            main,
            arguments,
            prog_name="ucmsim",
            env={
                "UCMSIM_PORT": str(lab.port),
                "UCMSIM_CACERT": lab.verify,
                "UCMSIM_PASSWORD": lab.credentials.password,
                "UCMSIM_STATE_DIR": "/nonexistent",
                **environ,
            },
        )

    return command
