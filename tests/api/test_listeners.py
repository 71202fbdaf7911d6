"""Listening sockets: one free port for all addresses, and errors that say what to do."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl

import pytest

from ucmsim.api import listeners as module
from ucmsim.api.listeners import ListenError, Listeners, bind

ADDRESSES = ("127.0.0.1", "127.0.0.2")


def test_a_port_that_is_taken_on_one_address_is_not_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first port offered is in use on the second address: the next one is tried."""
    with socket.create_server(("127.0.0.2", 0)) as other:
        taken = other.getsockname()[1]
        bind_one, offered = module._bind, [taken]

        def offer(address: str, port: int, *, shared: bool) -> socket.socket:
            return bind_one(address, port or (offered.pop() if offered else 0), shared=shared)

        monkeypatch.setattr(module, "_bind", offer)
        bound = bind(ADDRESSES, 0)

    ports = {opened.getsockname()[1] for opened in bound.values()}
    assert len(ports) == 1
    assert taken not in ports
    for opened in bound.values():
        opened.close()


def test_searching_for_a_port_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.2", 0)) as other:
        taken = other.getsockname()[1]
        bind_one = module._bind
        monkeypatch.setattr(
            module, "_bind", lambda address, port, *, shared: bind_one(address, port or taken, shared=shared)
        )

        with pytest.raises(ListenError, match="in use"):
            bind(ADDRESSES, 0)


@pytest.mark.parametrize(
    ("number", "problem", "hint"),
    [
        (errno.EADDRINUSE, "port 8443 of ::1 is in use", "--port"),
        (errno.EADDRNOTAVAIL, "the address ::1 does not belong to this machine", "add the address"),
        (errno.EACCES, "listening on [::1]:8443 is not permitted", "above 1023"),
        (errno.ENOBUFS, "[::1]:8443 cannot be listened on: No buffer space available", "check"),
    ],
)
def test_what_went_wrong_is_said_with_what_to_do(number: int, problem: str, hint: str) -> None:
    error = module._explained("::1", 8443, OSError(number, "x"))

    assert str(error) == problem
    assert hint in error.hint


def test_an_address_of_another_machine_is_said_so() -> None:
    with pytest.raises(ListenError, match=r"192\.0\.2\.1 does not belong to this machine"):
        bind(["127.0.0.1", "192.0.2.1"], 0)


class Starved:
    """A listening socket of a system that has no more file descriptors, and then has some again."""

    def __init__(self, real: socket.socket) -> None:
        self._real = real
        self.refusals = 1
        self.accepted = 0

    def accept(self) -> tuple[socket.socket, object]:
        if self.refusals:
            self.refusals -= 1
            raise OSError(errno.EMFILE, "Too many open files")
        accepted = self._real.accept()
        self.accepted += 1
        return accepted

    def fileno(self) -> int:
        return self._real.fileno()

    def close(self) -> None:
        self._real.close()


def test_a_system_without_file_descriptors_is_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "RELIEF_SECONDS", 0.01)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    async def visit() -> int:
        listeners = Listeners(bind(["127.0.0.1"], 0), context, asyncio.Protocol)
        listeners.open("127.0.0.1")
        real = listeners._listening["127.0.0.1"]
        starved = Starved(real)
        listeners._listening["127.0.0.1"] = starved  # type: ignore[assignment]
        reader, writer = await asyncio.open_connection(*real.getsockname())
        writer.write(b"this is no TLS\r\n\r\n")
        await asyncio.wait_for(
            reader.read(), 20
        )  # ends when somebody has taken the connection, and found no TLS
        writer.close()
        listeners.close("127.0.0.1", keep_port=False)
        return starved.accepted

    assert asyncio.run(visit()) == 1
    assert "Too many open files" in caplog.text
