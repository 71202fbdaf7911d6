"""Readings of the operator API that come again: answered without being read, and never from an old truth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.api.rest.conftest import NOW
from tests.api.sim.conftest import Live
from ucmsim.api import inventory
from ucmsim.api.accounts import Accounts
from ucmsim.api.clock import Clock
from ucmsim.api.engine import Engine
from ucmsim.api.origin import Origin
from ucmsim.api.rest.resources import names, services
from ucmsim.api.rest.standing import KEPT, Answers, World
from ucmsim.api.ring.reply import Reply
from ucmsim.api.simulator import Simulator
from ucmsim.api.state_directory import DATABASE, StateDirectory
from ucmsim.api.store import Store
from ucmsim.models.commands import Control
from ucmsim.models.states import Action, NodeRef

NODE = "/api/v1/clusters/lab/nodes/cucm-pub"
LIST = f"{NODE}/services"
ONE = f"{LIST}/cisco-cdp"
ADMIN = Origin("SOAP", "administrator", "127.0.0.1", "soapDoControlServices")


class Monitor:
    """A client that asks the same again and again."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.times_read = 0

    def ask(self, path: str = ONE, **headers: str) -> requests.Response:
        return self.live.http.get(self.live.url(path), headers=headers)

    def state(self, path: str = ONE) -> Any:
        told = self.ask(path).json()
        return told["state"] if path == ONE else _cdp(told)["state"]

    def count(self, make: Any) -> Any:
        def counted(*about: Any) -> Any:
            self.times_read += 1
            return make(*about)

        return counted


def _undated(answer: requests.Response) -> list[tuple[str, str]]:
    return [(name, value) for name, value in answer.headers.items() if name != "Date"]


def _cdp(listed: Any) -> Any:
    return next(each for each in listed["items"] if each["id"] == "cisco-cdp")


@pytest.fixture
def monitor(live: Live, monkeypatch: pytest.MonkeyPatch) -> Monitor:
    monitor = Monitor(live)
    # What every reading of a service, or of the list, asks for.
    find = names.find_cluster
    monkeypatch.setattr(services, "find_cluster", monitor.count(find))
    return monitor


@pytest.mark.parametrize("path", [LIST, ONE, f"{LIST}?state=STARTED"])
def test_a_reading_that_comes_again_is_answered_alike_without_being_read(monitor: Monitor, path: str) -> None:
    first, *others = [monitor.ask(path) for _ in range(4)]

    assert monitor.times_read == 1
    for other in others:
        assert (other.status_code, other.content) == (200, first.content)
        assert _undated(other) == _undated(first)


@pytest.mark.parametrize("path", [LIST, ONE])
def test_a_command_shows_at_once(monitor: Monitor, path: str) -> None:
    assert [monitor.state(path) for _ in range(2)] == ["STARTED"] * 2

    monitor.live.control("Stop", "Cisco CDP")

    assert monitor.state(path) == "STOPPING"


@pytest.mark.parametrize("path", [LIST, ONE])
def test_time_that_passes_shows(monitor: Monitor, path: str) -> None:
    _, before = [monitor.ask(path).content for _ in range(2)]

    monitor.live.sim("POST", "/clock/actions/advance", {"seconds": 1})

    assert monitor.ask(path).content != before


def test_an_operation_that_runs_out_of_time_is_no_longer_pending(monitor: Monitor) -> None:
    """Nothing happens to the service then, and the second is not over: only the operation ends."""
    clock = monitor.live.simulator.clock
    monitor.live.sim("PUT", "/timings", {"scale": 10})
    clock.advance(500)
    asked = monitor.live.http.post(monitor.live.url(f"{ONE}/actions/stop"), json={"timeoutSeconds": 1})
    assert asked.status_code == 202, asked.text
    clock.advance(999)
    assert [monitor.ask().json()["pendingOperation"] is not None for _ in range(2)] == [True, True]

    clock.advance(1)

    assert monitor.ask().json()["pendingOperation"] is None


def test_a_clock_that_was_put_back_shows_what_was_then(monitor: Monitor) -> None:
    live = monitor.live
    live.sim("POST", "/snapshots", {"id": "before"})
    live.sim("POST", "/clock/actions/advance", {"seconds": 60})
    _, later = [monitor.ask().json()["uptimeSeconds"] for _ in range(2)]

    live.sim("POST", "/snapshots/before/actions/restore")

    assert monitor.ask().json()["uptimeSeconds"] == later - 60


def test_a_fault_that_is_armed_meanwhile_acts(monitor: Monitor) -> None:
    assert [monitor.ask().status_code for _ in range(2)] == [200, 200]

    name = monitor.live.fault("HTTP_STATUS", {"status": 503}, {"api": "REST"})
    assert monitor.ask().status_code == 503
    monitor.live.sim("DELETE", f"/faults/{name}")

    assert monitor.ask().status_code == 200


def test_a_limit_counts_every_reading(monitor: Monitor) -> None:
    assert [monitor.ask().status_code for _ in range(2)] == [200, 200]

    monitor.live.sim("PATCH", "/settings", {"restRateLimitPerMinute": 2})

    assert [monitor.ask().status_code for _ in range(3)] == [200, 200, 429]


def test_a_password_counts_only_as_long_as_its_account(monitor: Monitor) -> None:
    assert [monitor.ask().status_code for _ in range(2)] == [200, 200]
    authentication = monitor.live.simulator.authentication
    before = authentication.accounts

    authentication.replace(Accounts(()))
    try:
        assert monitor.ask().status_code == 401
    finally:
        authentication.replace(before)


def test_every_reading_is_in_the_journal(monitor: Monitor) -> None:
    bodies = [monitor.ask().text for _ in range(3)]

    found = monitor.live.journal(api="REST")

    assert [(each["request"]["path"], each["response"]["status"], each["user"]) for each in found] == [
        (ONE, 200, "administrator")
    ] * 3
    assert [each["response"]["body"] for each in found] == bodies
    assert len({each["id"] for each in found}) == 3


def test_who_has_the_present_state_is_told_so_every_time(monitor: Monitor) -> None:
    etag = monitor.ask().headers["ETag"]

    assert [monitor.ask(**{"If-None-Match": etag}).status_code for _ in range(2)] == [304, 304]
    monitor.live.control("Stop", "Cisco CDP")
    assert monitor.ask(**{"If-None-Match": etag}).status_code == 200


def test_a_problem_is_found_anew_every_time(monitor: Monitor) -> None:
    answers = [monitor.ask(f"{LIST}/cisco-nothing") for _ in range(2)]

    assert [each.status_code for each in answers] == [404, 404]
    assert monitor.times_read == 2


def test_only_so_many_answers_are_kept_and_none_that_is_over() -> None:
    now, revision = 0, 1
    world, answers = World(lambda: revision, lambda: now), Answers()
    each = [answers.keep(Reply(200, b"%d" % number), world.look(), 10) for number in range(KEPT + 1)]
    assert len(answers) == KEPT
    assert each[0]() is None
    assert each[1]() == Reply(200, b"1")

    now = 10
    assert each[1]() is None
    answers.keep(Reply(200, b"later"), world.look(), 20)

    assert len(answers) == 1


@pytest.mark.parametrize(("revision", "now"), [(2, 5), (None, 5), (1, 10), (1, 4)])
def test_an_answer_stands_while_nothing_changes_and_its_time_has_not_passed(
    revision: int | None, now: int
) -> None:
    present: list[tuple[int | None, int]] = [(1, 5)]
    world = World(lambda: present[-1][0], lambda: present[-1][1])
    again = Answers().keep(Reply(200, b""), world.look(), 10)
    assert again() is not None

    present.append((revision, now))

    assert again() is None


@pytest.fixture
def one_of_several(tmp_path: Any) -> Iterator[tuple[Live, Engine]]:
    """A server, and the engine of another one over the same file."""
    with StateDirectory(tmp_path) as directory:
        environ = {"UCMSIM_PASSWORD": "hunter2"}
        lab, clock = inventory.builtin("lab"), Clock.frozen(NOW)
        simulator = Simulator(lab, directory, port=0, environ=environ, clock=clock, crowded=True)
        simulator.start()
        live = Live(simulator)
        other = Engine(Store(f"sqlite:///{directory / DATABASE}"), lab, clock, shared=True)
        yield live, other
        other.close()
        live.http.close()
        simulator.stop(drain=1)


@pytest.mark.parametrize("path", [LIST, ONE])
def test_what_another_process_did_shows_at_once(one_of_several: tuple[Live, Engine], path: str) -> None:
    live, other = one_of_several
    monitor = Monitor(live)
    assert [monitor.state(path) for _ in range(3)] == ["STARTED"] * 3

    other.execute(Control(NodeRef("lab", "cucm-pub"), Action.STOP, ("Cisco CDP",)), ADMIN)

    assert monitor.state(path) == "STOPPING"
