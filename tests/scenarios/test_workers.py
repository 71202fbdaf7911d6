"""`ucmsim serve --workers 2`: two processes that look like one server."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.server_process import Caller, ServerProcess
from tests.scenarios.test_killed_server import INVENTORY

SERVICE = "Cisco CDP"
SEVERAL = 8
"""So many connections that hardly ever one process alone gets them all."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    server = ServerProcess(tmp_path, INVENTORY, "--workers", "2")
    server.start()
    yield server
    assert server.stop() == 0, server.log.read_text()


def workers(server: ServerProcess) -> set[int]:
    assert server.process is not None
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return {int(pid) for pid in children.read_text().split()}


def state(caller: Caller) -> str:
    found = re.search("<ns1:ServiceStatus>(.*?)<", caller.status(SERVICE))
    assert found
    return found[1]


@contextlib.contextmanager
def callers(server: ServerProcess) -> Iterator[list[Caller]]:
    connected = [server.connect("127.0.0.1") for _ in range(SEVERAL)]
    yield connected
    for caller in connected:
        caller.close()


def test_the_next_request_to_any_process_sees_a_change(server: ServerProcess) -> None:
    with callers(server) as connected:
        assert {state(caller) for caller in connected} == {"Started"}
        for turn, (verb, then) in enumerate([("Stop", "Stopped"), ("Start", "Started")] * 4):
            connected[turn].control(verb, SERVICE)
            assert [state(caller) for caller in connected] == [then] * SEVERAL


def test_the_ready_file_comes_when_every_process_answers(server: ServerProcess) -> None:
    assert len(workers(server)) == 2
    assert server.process is not None
    assert server.ready["pid"] == server.process.pid


def test_a_process_that_is_killed_is_missed_by_nobody_for_long(server: ServerProcess) -> None:
    with callers(server) as connected:
        connected[0].control("Stop", SERVICE)
        victim = min(workers(server))

        os.kill(victim, signal.SIGKILL)

        for caller in connected:
            with contextlib.suppress(OSError, http.client.HTTPException):  # it was connected to the victim
                assert state(caller) == "Stopped"
    tick = threading.Event()
    for _ in range(500):
        if len(workers(server)) == 2 and victim not in workers(server):
            break
        tick.wait(0.02)
    with callers(server) as connected:
        assert {state(caller) for caller in connected} == {"Stopped"}


def test_a_session_is_good_in_any_process(server: ServerProcess) -> None:
    """Section 3.2; which process answers is the system's choice."""
    with callers(server) as connected:
        first = connected[0]
        cookie = first.session()
        assert all(caller.accepts(cookie) for caller in connected)
        assert not any(caller.accepts(cookie[:-1] + "x") for caller in connected)


def test_events_of_all_processes_are_one_sequence(server: ServerProcess) -> None:
    with callers(server) as connected:
        for turn, caller in enumerate(connected):
            caller.control("Start" if turn % 2 else "Stop", SERVICE)
        told = [
            json.loads(caller.get("/api/v1/events?since=0&type=operation.created")) for caller in connected
        ]

    assert all(each == told[0] for each in told)
    assert len(told[0]["items"]) == SEVERAL
