"""ucmsim itself, started as a user starts it, in a process of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.machine import SERVER_CORES, Server
from benchmarks.messages import PASSWORD

COMMAND = (sys.executable, "-P", "-c", "from ucmsim.clients.cli import main; main()", "serve")


@dataclass(frozen=True)
class Subject:
    """A running ucmsim; `ready` is what its ready file says."""

    server: Server
    ready: dict[str, Any]

    @property
    def port(self) -> int:
        """The port of all its addresses."""
        return int(self.ready["port"])

    @property
    def certificate(self) -> Path:
        """Its certificate; the key is beside it."""
        return Path(self.ready["certificate"])


def start(
    folder: Path,
    *,
    workers: int = 1,
    inventory: Path | None = None,
    database: str | None = None,
    cores: Sequence[int] = SERVER_CORES,
) -> Subject:
    """Start a server with its state in `folder`, and wait until it answers. Raises NeverReadyError."""
    folder.mkdir(exist_ok=True)
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    command = [*COMMAND, "--port", "0", "--state-dir", str(folder / "state"), "--ready-file", str(ready)]
    command += ["--workers", str(workers)]
    command += ["--inventory", str(inventory)] if inventory else []
    command += ["--database", database] if database else []
    server = Server(command, folder / "server.log", cores, UCMSIM_PASSWORD=PASSWORD)
    server.wait_until(ready.exists)
    return Subject(server, json.loads(ready.read_text()))
