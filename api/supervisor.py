"""The supervisor: starts worker processes, starts them again when they die, and ends them with itself.

Workers are forked, so that they share the memory of what was loaded before. It knows no server, and no Windows.
"""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

log = logging.getLogger(__name__)

Ready = Callable[[], None]

SHORT_LIFE = 5.0
"""A worker that lived for fewer seconds has probably failed to start."""
SHORT_LIVES = 5
"""After so many of those in a row it is given up."""


class WorkersDieError(Exception):
    """Workers do not live long enough to be of use; what they died of is in the log."""


class Supervisor:
    """Runs `count` processes that each do `work`, which calls its argument when it is ready and returns upon SIGTERM."""

    def __init__(self, count: int, work: Callable[[Ready], None]) -> None:
        self._count = count
        self._work = work
        self._born: dict[int, float] = {}  # by process id
        self._short_lives = 0
        self._wanted = True

    def run(self, ready: Ready) -> None:
        """Run until SIGTERM or SIGINT; calls `ready` once, when all workers are. Raises WorkersDieError."""
        with (
            _pipe() as (ready_end, self._report),
            _pipe() as (self._life, self._alive),
            self._signals() as wake_end,
        ):
            try:
                awaited = self._count
                while self._wanted or self._born:
                    self._replenish()
                    for end in self._wait(ready_end, wake_end):
                        heard = os.read(end, 4096)
                        if end == ready_end and awaited > 0:
                            awaited -= len(heard)
                            if awaited <= 0:
                                ready()
                    self._bury()
            finally:
                self._end_all()

    @contextmanager
    def _signals(self) -> Iterator[int]:
        """Turn signals into bytes at the end that is yielded; the first or second of them ends the workers."""
        with _pipe() as (read_end, write_end):
            os.set_blocking(write_end, False)
            former = signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
            handlers = {
                number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)
            }
            handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
            try:
                yield read_end
            finally:
                signal.set_wakeup_fd(former)
                for number, handler in handlers.items():
                    signal.signal(number, handler)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._wanted = False
        self._tell_all(signal.SIGTERM)  # a second one tells a worker not to wait for running requests

    def _wait(self, *ends: int) -> list[int]:
        """Wait for news; not for ever while a worker has to be started again."""
        missing = self._wanted and len(self._born) < self._count
        with (
            selectors.DefaultSelector() as selector
        ):  # select() would not know the descriptors beside a fleet's
            for end in ends:
                selector.register(end, selectors.EVENT_READ)
            return [key.fd for key, _ in selector.select(1.0 if missing else None)]

    def _replenish(self) -> None:
        while self._wanted and len(self._born) < self._count:
            sys.stdout.flush()
            sys.stderr.flush()
            process = os.fork()
            if process == 0:
                self._be_a_worker()
            self._born[process] = time.monotonic()

    def _bury(self) -> None:
        for process in list(self._born):
            found, status = os.waitpid(process, os.WNOHANG)
            if not found:
                continue
            life = time.monotonic() - self._born.pop(process)
            if self._wanted:
                code = os.waitstatus_to_exitcode(status)
                log.error("a worker process (%d) ended with %d and is started again", process, code)
                self._short_lives = self._short_lives + 1 if life < SHORT_LIFE else 0
                if self._short_lives >= SHORT_LIVES:
                    raise WorkersDieError("worker processes end as soon as they are started")

    def _tell_all(self, number: int) -> None:
        for process in list(self._born):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)

    def _end_all(self) -> None:
        self._wanted = False
        self._tell_all(signal.SIGTERM)
        while self._born:
            process, _ = self._born.popitem()
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process, 0)

    def _be_a_worker(self) -> NoReturn:
        status = 1
        try:
            os.setpgid(0, 0)  # Ctrl-C is for the supervisor, which passes it on
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            os.close(self._alive)
            threading.Thread(target=_end_with, args=(self._life,), daemon=True).start()
            self._work(lambda: _report(self._report))
            status = 0
        except BaseException:
            log.exception("a worker process failed")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)  # nothing that was begun before the fork is this process's to end


def _end_with(life: int) -> None:
    """End this process when the supervisor is no more: then the pipe that it holds open is closed."""
    os.read(life, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _report(end: int) -> None:
    os.write(end, b".")


@contextmanager
def _pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    try:
        yield ends
    finally:
        for end in ends:
            with contextlib.suppress(OSError):
                os.close(end)
