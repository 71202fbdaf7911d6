"""The supervisor: workers that die are started again, and all end with it. Run in a process of its own, as it forks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PROGRAM = """
import os, signal, sys
from pathlib import Path
from ucmsim.api import descriptors
from ucmsim.api.supervisor import Supervisor, WorkersDieError

folder = Path(sys.argv[1])
descriptors.allow(FLEET := 1100)
listening = [os.open(os.devnull, os.O_RDONLY) for _ in range(FLEET)]

def work(ready):
    if (folder / "broken").exists():
        raise ArithmeticError("a worker that cannot start")
    (folder / f"worker-{os.getpid()}").touch()
    signal.signal(signal.SIGTERM, lambda number, frame: (folder / f"told-{os.getpid()}").touch())
    ready()
    signal.pause()

try:
    Supervisor(3, work).run((folder / "ready").touch)
except WorkersDieError as error:
    sys.exit(f"gave up: {error}")
"""


class Supervised:
    """A supervisor with three workers, and the files by which they tell what happens to them.

    It holds as many descriptors as a fleet has sockets.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", PROGRAM, str(folder)], stderr=subprocess.PIPE, text=True
        )

    def workers(self) -> set[int]:
        return {int(file.name.partition("-")[2]) for file in self.folder.glob("worker-*")}

    def told(self) -> set[int]:
        return {int(file.name.partition("-")[2]) for file in self.folder.glob("told-*")}

    def until(self, true: Callable[[], object]) -> None:
        tick = threading.Event()
        for _ in range(1000):
            if true():
                return
            tick.wait(0.02)
        raise AssertionError("it did not happen")

    def ready(self) -> None:
        self.until((self.folder / "ready").exists)


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Supervised]:
    supervised = Supervised(tmp_path)
    yield supervised
    if supervised.process.poll() is None:
        supervised.process.kill()
    supervised.process.communicate()


def test_it_is_ready_when_all_workers_are_and_ends_with_them(supervised: Supervised) -> None:
    supervised.ready()
    workers = supervised.workers()
    assert len(workers) == 3

    supervised.process.send_signal(signal.SIGTERM)

    assert supervised.process.wait(20) == 0
    assert supervised.told() == workers
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


def test_a_worker_that_is_killed_has_a_successor(supervised: Supervised) -> None:
    supervised.ready()
    first = supervised.workers()

    os.kill(min(first), signal.SIGKILL)

    supervised.until(lambda: len(supervised.workers()) == 4)
    assert supervised.process.poll() is None


def test_workers_do_not_outlive_a_supervisor_that_is_killed(supervised: Supervised) -> None:
    supervised.ready()
    workers = supervised.workers()

    supervised.process.kill()

    supervised.until(lambda: supervised.told() == workers)


def test_it_gives_up_when_no_worker_lives_long(tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    supervised = Supervised(tmp_path)

    _, said = supervised.process.communicate(timeout=60)

    assert supervised.process.returncode == 1
    assert "a worker that cannot start" in said
    assert "gave up: worker processes end as soon as they are started" in said
