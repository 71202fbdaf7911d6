"""What is made late: once, whoever comes first; and a making that fails is told and tried again."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.api.conftest import Serving
from tests.api.ring.test_app import Mounted
from ucmsim.api.ring.exchange import Application
from ucmsim.api.ring.late import Late, Once


@pytest.fixture
def threads():
    with ThreadPoolExecutor(8) as threads:
        yield threads


def test_nothing_is_made_before_somebody_asks_and_then_once_for_all(
    serve: Callable[..., Serving], threads: ThreadPoolExecutor
) -> None:
    makers: list[str] = []
    all_are_waiting = threading.Barrier(2, timeout=10)

    def make() -> Application:
        makers.append(threading.current_thread().name)
        all_are_waiting.wait()
        return Mounted("late")

    serving = serve(mounts={"/late": Late(make, threads)})
    assert serving.ask("GET", "/elsewhere").status == 404
    assert makers == []

    with ThreadPoolExecutor(4) as clients:
        replies = [clients.submit(serving.ask, "GET", "/late") for _ in range(4)]
        all_are_waiting.wait()
        assert [reply.result().body for reply in replies] == [b"late"] * 4
    assert serving.ask("GET", "/late").body == b"late"
    assert len(makers) == 1
    assert makers[0] != "ucmsim-server"  # other requests are answered meanwhile


def test_one_thing_is_made_at_a_time(threads: ThreadPoolExecutor) -> None:
    steps: list[str] = []
    second: list[Future[str]] = []

    def make_first() -> str:
        steps.append("first begins")
        second.append(threads.submit(Once(make_second)))
        assert Once(lambda: "part of it")() == "part of it"  # what is made may ask for more
        while "asked for the second" not in steps:
            threads.submit(steps.append, "asked for the second").result()
        steps.append("first ends")
        return "first"

    def make_second() -> str:
        steps.append("second")
        return "second"

    assert Once(make_first)() == "first"
    assert second[0].result() == "second"
    assert steps == ["first begins", "asked for the second", "first ends", "second"]


def test_a_making_that_fails_is_loud_and_the_next_request_tries_again(
    serve: Callable[..., Serving], threads: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    attempts = iter((RuntimeError("no template"), Mounted("late")))

    def make() -> Application:
        attempt = next(attempts)
        if isinstance(attempt, RuntimeError):
            raise attempt
        return attempt

    serving = serve(mounts={"/late": Late(make, threads)})

    assert serving.ask("GET", "/late").status == 500
    assert "no template" in caplog.text
    assert serving.ask("GET", "/late").body == b"late"


@pytest.mark.parametrize(("frozen", "freezes"), [(0, 0), (1000, 1)])
def test_what_comes_late_is_kept_from_the_collector_where_the_rest_is(monkeypatch, frozen, freezes):
    calls: list[None] = []
    monkeypatch.setattr(gc, "get_freeze_count", lambda: frozen)
    monkeypatch.setattr(gc, "freeze", lambda: calls.append(None))
    once = Once(lambda: "made")
    assert (once(), once()) == ("made", "made")
    assert len(calls) == freezes
