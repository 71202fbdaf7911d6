"""Listeners: one listening socket for each node address, each of which can be closed and opened while the server runs.

They know addresses and one port; what comes in on them is the protocol's business.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import ssl
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from ucmsim.api import descriptors

log = logging.getLogger(__name__)

BACKLOG = 2048
HANDSHAKE_SECONDS = 20.0
GOODBYE_SECONDS = 5.0
"""How long a closed connection waits for the client's own TLS goodbye."""

RELIEF_SECONDS = 1.0
"""How long nothing is accepted after the system refused to."""

_ATTEMPTS = 32
_BURST = 64

Handshake = asyncio.Task[None]
Context = ssl.SSLContext | Callable[[str], ssl.SSLContext]
"""What it takes to speak TLS: the same on all addresses, or by address."""


class ListenError(Exception):
    """An address cannot be listened on; the text says which and why, `hint` what to do about it."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.hint = hint


def bind(addresses: Iterable[str], port: int, *, shared: bool = False) -> dict[str, socket.socket]:
    """Sockets bound to `port` of every address, not listening yet; port 0 takes one that is free on all of them.

    Other processes of the same user can bind a `shared` port as well; the system deals connections out among those that
    listen. Raises `ListenError`; none is left bound then.
    """
    wanted = list(addresses)
    descriptors.allow(len(wanted))
    if port:
        return _bind_all(wanted, port, shared=shared)
    for attempt in range(_ATTEMPTS):
        first = _bind(wanted[0], 0, shared=shared)
        chosen = first.getsockname()[1]
        try:
            return {wanted[0]: first, **_bind_all(wanted[1:], chosen, shared=shared)}
        except ListenError as error:
            first.close()
            cause = error.__cause__
            taken = isinstance(cause, OSError) and cause.errno == errno.EADDRINUSE
            if not taken or attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")  # the last attempt returns or raises


def _bind_all(addresses: Iterable[str], port: int, *, shared: bool) -> dict[str, socket.socket]:
    bound: dict[str, socket.socket] = {}
    try:
        for address in addresses:
            bound[address] = _bind(address, port, shared=shared)
    except ListenError:
        for opened in bound.values():
            opened.close()
        raise
    return bound


def _bind(address: str, port: int, *, shared: bool) -> socket.socket:
    try:
        opened = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    except OSError as error:
        raise _explained(address, port, error) from error
    try:
        if sys.platform != "win32":  # there the option would let two servers share a port
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if opened.family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind((address, port))
    except OSError as error:
        opened.close()
        raise _explained(address, port, error) from error
    opened.setblocking(False)
    return opened


def _explained(address: str, port: int, error: OSError) -> ListenError:
    where = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    match error.errno:
        case errno.EADDRINUSE:
            return ListenError(
                f"port {port} of {address} is in use",
                "stop the program that uses it, or choose another port with --port (0 takes a free one)",
            )
        case errno.EADDRNOTAVAIL:
            return ListenError(
                f"the address {address} does not belong to this machine",
                "give the nodes addresses of this machine, or add the address first "
                f"(macOS: sudo ifconfig lo0 alias {address})",
            )
        case errno.EACCES:
            return ListenError(
                f"listening on {where} is not permitted", "choose a port above 1023 with --port"
            )
        case errno.EMFILE:
            return ListenError(
                f"{where} cannot be listened on: this process may open {descriptors.limit():,} files at most, "
                "and every address takes one",
                "allow more (ulimit -n, LimitNOFILE= of systemd, --ulimit nofile= of Docker), or simulate fewer nodes",
            )
        case _:
            # asyncio words its own errors differently from the system
            reason = os.strerror(error.errno) if error.errno else str(error)
            return ListenError(f"{where} cannot be listened on: {reason}", "check the node's address")


class Listeners:
    """The addresses of a running server. All methods are for its event loop's thread.

    `bound` are the sockets of `bind`, `shared` as there; `protocol` makes the protocol of a new connection. Connections are accepted here,
    and not by the loop, so that those still shaking hands can be ended as well.
    """

    def __init__(
        self,
        bound: Mapping[str, socket.socket],
        context: Context,
        protocol: Callable[[], asyncio.Protocol],
        *,
        shared: bool = False,
    ) -> None:
        self._bound = dict(bound)
        self._ports = {address: opened.getsockname()[1] for address, opened in bound.items()}
        self._listening: dict[str, socket.socket] = {}
        self._handshakes: dict[str, set[Handshake]] = {address: set() for address in bound}
        self._context = context if callable(context) else lambda _address: context
        self._protocol = protocol
        self._shared = shared
        self._loop = asyncio.get_running_loop()

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses, open or not."""
        return tuple(self._ports)

    def add(self, address: str) -> None:
        """Take the port of another address, without listening yet; does nothing if it is there. Raises `ListenError`."""
        if address not in self._ports:
            port = next(iter(self._ports.values()))
            self._bound[address] = _bind(address, port, shared=self._shared)
            self._ports[address] = port
            self._handshakes[address] = set()

    def remove(self, address: str) -> None:
        """Refuse connections on `address` and let its port go; does nothing if it is not there."""
        if address in self._ports:
            self.close(address, keep_port=False)
            del self._ports[address], self._handshakes[address]

    def open(self, address: str) -> None:
        """Accept connections on `address`; does nothing if it is open. KeyError for an unknown address, `ListenError`."""
        port = self._ports[address]
        if address in self._listening:
            return
        opened = self._bound.pop(address, None) or _bind(address, port, shared=self._shared)
        try:
            opened.listen(BACKLOG)
        except OSError as error:
            opened.close()
            raise _explained(address, port, error) from error
        self._listening[address] = opened
        self._loop.add_reader(opened.fileno(), self._accept, address)

    def close(self, address: str, *, keep_port: bool) -> None:
        """Refuse connections on `address`, end handshakes; does nothing if it is closed. KeyError for an unknown address.

        With `keep_port` the port stays bound, without listening, so that no other program takes it meanwhile.
        """
        port = self._ports[address]
        opened = self._listening.pop(address, None)
        if opened is not None:
            self._loop.remove_reader(opened.fileno())
            opened.close()
            for handshake in self._handshakes[address]:
                handshake.cancel()
            if keep_port:
                self._bound[address] = _bind(address, port, shared=self._shared)
        elif not keep_port and (bound := self._bound.pop(address, None)):
            bound.close()

    def _accept(self, address: str) -> None:
        """Take what waits on a listening socket, a bounded number at a time: other sockets wait as well."""
        listening = self._listening[address]
        for _ in range(_BURST):
            try:
                accepted, _peer = listening.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:  # out of file descriptors or memory: the rest waits until some are free
                log.error("connections on %s wait: %s", address, error)  # noqa: TRY400 (the text says it all)
                self._loop.remove_reader(listening.fileno())
                self._loop.call_later(RELIEF_SECONDS, self._resume, address, listening)
                return
            accepted.setblocking(False)
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            handshake = self._loop.create_task(self._shake_hands(address, accepted))
            self._handshakes[address].add(handshake)
            handshake.add_done_callback(partial(self._shaken, address, accepted))

    def _resume(self, address: str, listening: socket.socket) -> None:
        if self._listening.get(address) is listening:
            self._loop.add_reader(listening.fileno(), self._accept, address)

    def _shaken(self, address: str, accepted: socket.socket, handshake: Handshake) -> None:
        self._handshakes[address].discard(handshake)
        if handshake.cancelled():  # perhaps before it began, so that no transport has the socket
            accepted.close()

    async def _shake_hands(self, address: str, accepted: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(
                self._protocol,
                accepted,
                ssl=self._context(address),
                ssl_handshake_timeout=HANDSHAKE_SECONDS,
                ssl_shutdown_timeout=GOODBYE_SECONDS,
            )
        except OSError as error:
            # Whoever speaks no TLS, trusts nobody or just knocked is gone; the transport has closed the socket.
            log.debug("a handshake came to nothing: %r", error)
