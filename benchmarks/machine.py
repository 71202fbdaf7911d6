"""The machine: its cores, free ports, and processes with what they cost. Linux only, for it reads `/proc`.

Servers get the first core and the load the others, so that neither slows the other down.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORES = (CORES[0],)
LOAD_CORES = tuple(CORES[1:]) or SERVER_CORES

_TICK = 1 / os.sysconf("SC_CLK_TCK")


class NeverReadyError(Exception):
    """A server ended, or did not answer in time; the text ends with its log."""


def on_cores(cores: Sequence[int], command: Sequence[str]) -> list[str]:
    """Return the command bound to some cores."""
    return ["taskset", "-c", ",".join(map(str, cores)), *command]


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port: int = chosen.getsockname()[1]
        return port


class Server:
    """A process with its children and a log of its own, ended by its id."""

    def __init__(
        self, command: Sequence[str], log: Path, cores: Sequence[int] = SERVER_CORES, **environment: str
    ) -> None:
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                on_cores(cores, command), stdout=output, stderr=output, env={**os.environ, **environment}
            )

    def wait_until(self, ready: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait until `ready`; raises NeverReadyError."""
        end = time.monotonic() + seconds
        while not ready():
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise NeverReadyError(self._log.read_text(errors="replace")[-2000:])
            time.sleep(0.005)

    @property
    def cpu_seconds(self) -> float:
        """The CPU time that it and its living children have used."""
        used = (_stat(pid) for pid in _family(self._process.pid))
        return sum((int(stat[11]) + int(stat[12])) * _TICK for stat in used)

    @property
    def memory(self) -> int:
        """The bytes of memory that it and its children occupy; what they share counts once."""
        return sum(_proportional_set(pid) for pid in _family(self._process.pid))

    def kill(self) -> None:
        """End it without a chance to clean up."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end, and wait; a second call does nothing."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def stopping(*servers: Server) -> Iterator[None]:
    """Stop the servers at the end, whatever happens."""
    try:
        yield
    finally:
        for server in servers:
            server.stop()


@contextmanager
def kept_connection(address: str, port: int) -> Iterator[http.client.HTTPSConnection]:
    """Open a connection over TLS; the certificate is not looked at."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection = http.client.HTTPSConnection(address, port, context=context, timeout=30)
    connection.connect()
    try:
        yield connection
    finally:
        connection.close()


def answers(
    port: int,
    path: str,
    *,
    method: str = "POST",
    body: bytes = b"",
    headers: Iterable[tuple[str, str]] = (),
    address: str = "127.0.0.1",
) -> bytes | None:
    """Return the body of a 200 answer over TLS, None if there is no such answer yet."""
    try:
        with kept_connection(address, port) as connection:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            content = answer.read()
    except (OSError, http.client.HTTPException):
        return None
    return content if answer.status == 200 else None


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _family(int(child))


def _stat(pid: int) -> list[str]:
    # The name, in parentheses, may itself contain spaces.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _proportional_set(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
