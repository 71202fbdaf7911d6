"""A server for tests, inside the test's own process: `with serve() as ucm:`.

The only module of the clients, beside the command line, that starts a server; it imports it when it does.
"""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ucmsim.clients.running import Ucm

if TYPE_CHECKING:
    from ucmsim.api.simulator import Simulator
    from ucmsim.models.inventory import Inventory

PASSWORD = "ucmsim-test"  # noqa: S105 (of a server on the loopback interface that ends with the test)


@contextmanager
def serve(inventory: str | os.PathLike[str] | None = None, *, port: int = 0) -> Iterator[Ucm]:
    """A server over an inventory – a file, TOML text, or the built-in lab – until the end of the block.

    It listens on the addresses of the inventory's nodes, all of them loopback in the lab, and keeps its state in a
    temporary directory. Raises InventoryError, ListenError.
    """
    with ExitStack() as stack:
        with _in_one_go():
            simulator = _started(inventory, port, stack)
        ucm = Ucm(_announced(simulator), PASSWORD, simulator.reset)
        stack.callback(ucm.close)
        yield ucm


def _started(inventory: str | os.PathLike[str] | None, port: int, stack: ExitStack) -> Simulator:
    from ucmsim.api.simulator import Simulator
    from ucmsim.api.state_directory import StateDirectory

    path = stack.enter_context(tempfile.TemporaryDirectory(prefix="ucmsim-"))
    directory = stack.enter_context(StateDirectory(Path(path)))
    environ = {name: value for name, value in os.environ.items() if name != "UCMSIM_PASSWORD"}
    simulator = Simulator(_with_user(read(inventory)), directory, port=port, environ=environ)
    stack.callback(simulator.stop, drain=2)
    simulator.start()
    return simulator


def _announced(simulator: Simulator) -> Mapping[str, Any]:
    from ucmsim.api.announcement import ready_document

    return ready_document(simulator)


def _with_user(inventory: Inventory) -> Inventory:
    """The inventory with the user of the test, whose password is no secret: its hash may be made in no time."""
    from argon2 import PasswordHasher

    from ucmsim.api.passwords import ADMINISTRATOR
    from ucmsim.models.inventory import User

    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    others = (user for user in inventory.users if user.name != ADMINISTRATOR)
    return replace(inventory, users=(User(ADMINISTRATOR, frozenset(), password_hash=hashed), *others))


@contextmanager
def _in_one_go() -> Iterator[None]:
    """Nobody looks for garbage meanwhile: of what is loaded nothing is garbage, and looking takes its time."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looking:
            gc.enable()


def read(inventory: str | os.PathLike[str] | None) -> Any:
    """The inventory in a file or a TOML text, which has more than one line; the built-in lab without one."""
    from ucmsim.api import inventory as inventories

    if inventory is None:
        return inventories.builtin()
    if isinstance(inventory, str) and "\n" in inventory:
        return inventories.loads(inventory)
    return inventories.load(Path(inventory))
