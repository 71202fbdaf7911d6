"""Late: what is made, and its modules imported, when it is asked for the first time, so that a server starts soon.

It knows no application; what fails to be made is tried again by whoever asks next.
"""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Generic, TypeVar

from ucmsim.api.ring.exchange import Application, Receive, Scope, Send

T = TypeVar("T")

# One for everything: packages whose modules import each other must not be entered by two threads from different ends.
_making = threading.RLock()


class Once(Generic[T]):
    """A value that `make` makes when it is first wanted, whichever threads want it."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self.made: T | None = None

    def __call__(self) -> T:
        """Return the value; raises what `make` raises, and tries again the next time."""
        if self.made is None:
            with _making:
                if self.made is None:
                    self.made = self._make()
                    if gc.get_freeze_count():  # as all that was there when the server began to answer
                        gc.freeze()
        return self.made


class Late:
    """An ASGI application that `make` makes at its first request, in a thread of `executor`."""

    def __init__(self, make: Callable[[], Application], executor: Executor) -> None:
        self._application = Once(make)
        self._executor = executor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer."""
        application = self._application.made
        if application is None:
            loop = asyncio.get_running_loop()
            application = await loop.run_in_executor(self._executor, self._application)
        await application(scope, receive, send)
