"""The server: an event loop that serves one application on many addresses, in a thread of its own or in the caller's.

It knows when to start and how to stop; which requests come and what they mean is the application's business.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable

from uvicorn.config import Config

from ucmsim.api import descriptors
from ucmsim.api.connection import Connection, Connections
from ucmsim.api.listeners import Context, ListenError, Listeners, bind
from ucmsim.api.ring.exchange import Application
from ucmsim.api.ring.repeats import Repeats

KEEP_ALIVE_SECONDS = 75
"""How long an idle connection stays open: longer than the interval of any usual poller."""
DRAIN_SECONDS = 12.0
"""How long `stop` waits for running requests: longer than any of them blocks (U-21)."""
_GOODBYE_SECONDS = 0.05


class UcmServer:
    """Serves `app` over TLS on `port` of every address; port 0 takes one that is free on all of them.

    The sockets are bound here, so that `ListenError` comes now and `port` is known; nothing is answered before `start`
    or `run`. `goodbye` is called when nothing more is accepted: answers that would last have to end then. A server
    serves once. Other processes can serve a `shared` port as well.
    """

    def __init__(
        self,
        app: Application,
        context: Context,
        addresses: Iterable[str],
        port: int = 8443,
        goodbye: Callable[[], None] = lambda: None,
        *,
        shared: bool = False,
    ) -> None:
        self._app = app
        self._goodbye = goodbye
        self._context = context
        self._shared = shared
        self._bound = bind(addresses, port, shared=shared)
        self.addresses = tuple(self._bound)
        self.port: int = next(iter(self._bound.values())).getsockname()[1]
        self._thread: threading.Thread | None = None
        self._running: _Running | None = None

    def start(self) -> None:
        """Serve from a thread of its own; returns when requests are answered. Raises `ListenError`."""
        ready = threading.Event()
        failures: list[BaseException] = []

        def serve() -> None:
            try:
                self._serve(ready.set)
            except BaseException as error:  # noqa: BLE001 (it is raised again in the thread that waits)
                failures.append(error)
            finally:
                ready.set()

        self._thread = threading.Thread(target=serve, name="ucmsim-server")
        self._thread.start()
        ready.wait()
        if failures:
            self._thread.join()
            raise failures[0]

    def stop(self, drain: float = DRAIN_SECONDS) -> None:
        """Accept nothing more, let running requests finish for `drain` seconds, end. A second call does nothing."""
        if self._running is not None:
            self._running.stop_soon(drain)
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        for opened in self._bound.values():  # bound, but never served
            opened.close()

    def run(self, ready: Callable[[], None]) -> None:
        """Serve from the caller's thread until SIGTERM or SIGINT; calls `ready` when requests are answered.

        A second signal does not wait for running requests. Raises `ListenError`.
        """
        self._serve(ready, signals=True)

    def close_node(self, address: str) -> None:
        """Refuse connections on a node's address and abort those that are open; from any thread but the server's.

        KeyError for an address that is not served.
        """
        self._in_loop(self._live().close_address, address)

    def open_node(self, address: str) -> None:
        """Accept connections again on the same port. Raises `ListenError`; KeyError for an address that is not served."""
        self._in_loop(self._live().open_address, address)

    def add(self, addresses: Iterable[str]) -> None:
        """Take the port of further addresses, without listening yet; from any thread but the server's. Raises `ListenError`.

        None is taken then.
        """
        added: list[str] = []
        wanted = set(addresses) - set(self.addresses)
        descriptors.allow(len(wanted))
        try:
            for address in wanted:
                self._in_loop(self._live().add_address, address)
                added.append(address)
        except ListenError:
            for address in added:
                self._in_loop(self._live().remove_address, address)
            raise

    def move(self, addresses: Iterable[str]) -> None:
        """Listen on these addresses, taken before, and on no others; connections that are open end with their request."""
        kept = tuple(addresses)
        for address in kept:
            self._in_loop(self._live().open_address, address)
        for address in set(self.addresses) - set(kept):
            self._in_loop(self._live().remove_address, address)
        self._in_loop(lambda _: self._live().forget_repeats(), "")
        self.addresses = kept

    def _live(self) -> _Running:
        if self._running is None:
            raise RuntimeError("the server is not running")
        return self._running

    def _in_loop(self, work: Callable[[str], None], address: str) -> None:
        async def do() -> None:
            work(address)

        asyncio.run_coroutine_threadsafe(do(), self._live().loop).result()

    def _serve(self, ready: Callable[[], None], *, signals: bool = False) -> None:
        with asyncio.Runner(loop_factory=_event_loop) as runner:
            runner.run(self._main(ready, signals=signals))

    async def _main(self, ready: Callable[[], None], *, signals: bool) -> None:
        running = _Running(self._app, self._context, self._bound, shared=self._shared)
        self._bound = {}
        try:
            for address in self.addresses:
                running.open_address(address)
            self._running = running
            if signals:
                running.stop_on_signals()
            ready()
            await running.stopping.wait()
        finally:
            self._running = None
            await running.end(self._goodbye)


def _event_loop() -> asyncio.AbstractEventLoop:
    if (
        sys.platform == "win32"
    ):  # where uvloop does not exist and the usual loop cannot watch a listening socket
        return asyncio.SelectorEventLoop()
    import uvloop

    return uvloop.new_event_loop()


class _Running:
    """A server inside its event loop; `stop_soon` is for other threads, everything else for the loop's."""

    def __init__(
        self,
        app: Application,
        context: Context,
        bound: dict[str, socket.socket],
        *,
        shared: bool,
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.stopping = asyncio.Event()
        self._hurry = asyncio.Event()
        self._drain = DRAIN_SECONDS
        self._connections = Connections()
        config = Config(
            app,
            http=Connection,
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        config.load()
        self._listeners = Listeners(
            bound,
            context,
            lambda: Connection(config, self._connections, {}, self.loop),
            shared=shared,
        )

    def add_address(self, address: str) -> None:
        self._listeners.add(address)

    def remove_address(self, address: str) -> None:
        self._listeners.remove(address)
        for connection in self._connections.on(address):
            connection.shutdown()

    def forget_repeats(self) -> None:
        self._connections.repeats = Repeats()

    def open_address(self, address: str) -> None:
        self._listeners.open(address)

    def close_address(self, address: str) -> None:
        self._listeners.close(address, keep_port=True)
        for connection in self._connections.on(address):
            connection.transport.abort()

    def stop_soon(self, drain: float) -> None:
        def stop() -> None:
            self._drain = drain
            self.stopping.set()

        with contextlib.suppress(RuntimeError):  # the loop has ended already
            self.loop.call_soon_threadsafe(stop)

    def stop_on_signals(self) -> None:
        def stop() -> None:
            if self.stopping.is_set():
                self._hurry.set()
            self.stopping.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            try:
                self.loop.add_signal_handler(number, stop)
            except NotImplementedError:  # Windows
                signal.signal(number, lambda _number, _frame: self.loop.call_soon_threadsafe(stop))

    async def end(self, goodbye: Callable[[], None]) -> None:
        """Close the addresses, finish what runs, say goodbye to clients that listen, cut off the rest."""
        for address in self._listeners.addresses:
            self._listeners.close(address, keep_port=False)
        goodbye()
        for connection in list(self._connections.connections):
            connection.shutdown()
        await self._finish_requests()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_SECONDS):
                await self._connections.none_open.wait()
        for connection in list(self._connections.connections):
            connection.transport.abort()
        for task in self._connections.tasks:
            task.cancel()
        await asyncio.gather(*self._connections.tasks, return_exceptions=True)
        await self._connections.none_open.wait()

    async def _finish_requests(self) -> None:
        if not self._connections.tasks:
            return
        hurry = asyncio.ensure_future(self._hurry.wait())
        requests = asyncio.ensure_future(asyncio.wait(self._connections.tasks))
        await asyncio.wait({hurry, requests}, timeout=self._drain, return_when=asyncio.FIRST_COMPLETED)
        for waiting in (hurry, requests):
            waiting.cancel()
