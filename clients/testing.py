"""A server for tests, inside the test's own process: `with serve() as ucm:`.

The only module of the clients, beside the command line, that starts a server; it imports it when it does.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ucmsim.clients.running import Ucm

PASSWORD = "ucmsim-test"  # noqa: S105 (of a server on the loopback interface that ends with the test)


@contextmanager
def serve(inventory: str | os.PathLike[str] | None = None, *, port: int = 0) -> Iterator[Ucm]:
    """A server over an inventory – a file, TOML text, or the built-in lab – until the end of the block.

    It listens on the addresses of the inventory's nodes, all of them loopback in the lab, and keeps its state in a
    temporary directory. Raises InventoryError, ListenError.
    """
    from ucmsim.api.announcement import ready_document
    from ucmsim.api.simulator import Simulator
    from ucmsim.api.state_directory import StateDirectory

    with (
        tempfile.TemporaryDirectory(prefix="ucmsim-") as path,
        StateDirectory(Path(path)) as directory,
    ):
        simulator = Simulator(read(inventory), directory, port=port, environ=_environ())
        try:
            simulator.start()
            ucm = Ucm(ready_document(simulator), PASSWORD)
            try:
                yield ucm
            finally:
                ucm.close()
        finally:
            simulator.stop(drain=2)


def read(inventory: str | os.PathLike[str] | None) -> Any:
    """The inventory in a file or a TOML text, which has more than one line; the built-in lab without one."""
    from ucmsim.api import inventory as inventories

    if inventory is None:
        return inventories.builtin()
    if isinstance(inventory, str) and "\n" in inventory:
        return inventories.loads(inventory)
    return inventories.load(Path(inventory))


def _environ() -> Mapping[str, str]:
    """The environment of the server: the password of its only user is known to the test."""
    return {**os.environ, "UCMSIM_PASSWORD": PASSWORD}
