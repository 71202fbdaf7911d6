"""The load: eight kept connections that ask as fast as they are answered, and what was seen of the answers.

Driven by wrk where it can be had, otherwise by our own generator, which is too slow to find nginx's limit.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.debian import provide
from benchmarks.machine import LOAD_CORES, on_cores
from benchmarks.messages import Message

CONNECTIONS = 8
LOOPBACK = "127.0.0.1"

_REPORT = """
done = function(summary, latency)
  io.write(string.format('{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "failures": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


class Figures(NamedTuple):
    """What one run saw: answers a second, and the time to an answer in milliseconds. `failures` are all not 2xx or 3xx."""

    rate: float
    p50: float
    p99: float
    requests: int
    failures: int


class Load:
    """Applies load; what it writes goes to `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.tool = provide("wrk", "wrk")

    def run(
        self,
        message: Message,
        port: int,
        seconds: float,
        *,
        connections: int = CONNECTIONS,
        path: str = "",
        addresses: Sequence[str] = (LOOPBACK,),
    ) -> Figures:
        """Send a message again and again; `path` replaces its own. The connections are dealt out over the addresses."""
        chosen = {
            "method": message.method,
            "path": path or message.path,
            "body": message.body.decode(),
            "headers": dict(message.headers),
        }
        if self.tool and len(addresses) == 1:
            command = self._wrk(chosen, f"https://{addresses[0]}:{port}", seconds, connections)
        else:
            plan = {
                "message": chosen,
                "addresses": list(addresses),
                "port": port,
                "seconds": seconds,
                "connections": connections,
            }
            command = [sys.executable, "-m", "benchmarks.generator", json.dumps(plan)]
        done = subprocess.run(on_cores(LOAD_CORES, command), capture_output=True, text=True, check=False)
        if "{" not in done.stdout:
            raise AssertionError(f"no load could be applied: {done.stderr[-500:]}")
        seen = json.loads(done.stdout[done.stdout.rindex("{") :])
        return Figures(
            seen["requests"] / seen["seconds"], seen["p50"], seen["p99"], seen["requests"], seen["failures"]
        )

    def _wrk(self, message: dict[str, Any], url: str, seconds: float, connections: int) -> list[str]:
        script = self._folder / "load.lua"
        headers = ", ".join(
            f"[ {_quoted(name)} ] = {_quoted(value)}" for name, value in message["headers"].items()
        )
        lines = [
            f"wrk.method = {_quoted(message['method'])}",
            f"wrk.path = {_quoted(message['path'])}",
            f"wrk.headers = {{ {headers} }}",
            f"wrk.body = {_quoted(message['body']) if message['body'] else 'nil'}",
        ]
        script.write_text("\n".join(lines) + _REPORT)
        span = f"{max(1, round(seconds))}s"  # wrk takes whole seconds only
        options = ["-t1", f"-c{connections}", f"-d{span}", "-s", str(script)]
        return [str(self.tool), *options, url]


def median(runs: Iterable[Figures]) -> Figures:
    """Return the median of each figure; failures are added up."""
    listed = list(runs)
    return Figures(
        statistics.median(run.rate for run in listed),
        statistics.median(run.p50 for run in listed),
        statistics.median(run.p99 for run in listed),
        sum(run.requests for run in listed),
        sum(run.failures for run in listed),
    )


def _quoted(text: object) -> str:
    return f"[==[{text}]==]"
