"""Servers from start to end: ports, nodes that go down and come up, running requests, nothing left behind."""

from __future__ import annotations

import gc
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.conftest import PATH, Serving
from tests.api.ring.test_exchange import SIGNED, read
from tests.api.ring.test_web_application import ADMINISTRATOR
from ucmsim.api.certificate import Certificate
from ucmsim.api.listeners import ListenError
from ucmsim.api.ring.exchange import Receive, Scope, Send
from ucmsim.api.server import UcmServer

LOOPBACK = ("127.0.0.1", "127.0.0.2", "127.0.0.3")


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


def refused(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=20).close()
    except (ConnectionRefusedError, ConnectionResetError):  # reset: it closed in this very moment
        return True
    return False


def ended(connection: socket.socket) -> bool:
    """Whether nothing more comes in; how a connection is cut off is up to the system."""
    try:
        return connection.recv(1) == b""
    except OSError:
        return True


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0


def test_one_free_port_serves_all_addresses(certificate: Certificate) -> None:
    server = UcmServer(nothing, certificate.context(), LOOPBACK, port=0)
    server.start()
    try:
        assert not any(refused(address, server.port) for address in LOOPBACK)
    finally:
        server.stop()
    assert all(refused(address, server.port) for address in LOOPBACK)


def test_a_given_port_can_be_used_again_at_once(certificate: Certificate) -> None:
    port = 0
    for _ in range(3):
        server = UcmServer(nothing, certificate.context(), LOOPBACK[:1], port)
        port = server.port
        server.start()
        assert not refused("127.0.0.1", port)
        server.stop()


def test_a_port_in_use_is_said_so_and_leaves_nothing_bound(certificate: Certificate) -> None:
    with socket.create_server(("127.0.0.2", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ListenError, match=rf"port {port} of 127\.0\.0\.2 is in use") as caught:
            UcmServer(nothing, certificate.context(), LOOPBACK, port)
        assert "--port" in caught.value.hint
        for address in ("127.0.0.1", "127.0.0.3"):
            socket.create_server((address, port)).close()


def test_starting_and_stopping_leaves_nothing_behind(serve: Callable[..., Serving]) -> None:
    serve().server.stop()  # what is made once, such as the threads that check passwords, is made now
    threads, files = threading.enumerate(), open_files()

    for _ in range(3):
        serving = serve()
        kept = serving.client()
        kept.request("GET", "/api/v1/health")
        kept.getresponse().read()
        silent = serving.connect()
        unshaken = socket.create_connection(("127.0.0.1", serving.server.port), timeout=20)
        serving.server.stop()
        assert ended(unshaken)
        for client in (kept, silent, unshaken):
            client.close()

    gc.collect()  # a forgotten socket or loop would warn now, and warnings are errors
    assert set(threading.enumerate()) <= set(threads)
    assert open_files() <= files


def test_stopping_twice_or_before_starting_does_nothing(certificate: Certificate) -> None:
    never = UcmServer(nothing, certificate.context(), LOOPBACK, port=0)
    never.stop()
    assert refused("127.0.0.1", never.port)
    never.stop()


def test_starting_takes_a_moment_only(certificate: Certificate) -> None:
    context = certificate.context()
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        server = UcmServer(nothing, context, LOOPBACK, port=0)
        server.start()
        took.append(time.perf_counter() - begun)
        server.stop()
    assert min(took) < 0.1


def test_a_node_that_is_down_refuses_connections_until_it_is_up(serving: Serving) -> None:
    """U-55: its port refuses; the other nodes go on."""
    port = serving.server.port
    kept, other = serving.client("127.0.0.2"), serving.client("127.0.0.1")
    for client in (kept, other):
        client.request("POST", PATH, b"x", {"Authorization": ADMINISTRATOR})
        client.getresponse().read()

    serving.server.close_node("127.0.0.2")
    serving.server.close_node("127.0.0.2")

    assert refused("127.0.0.2", port)
    assert kept.sock is not None
    assert ended(kept.sock)
    kept.close()
    other.request("POST", PATH, b"x", {"Authorization": ADMINISTRATOR})
    assert other.getresponse().read() == b"<cucm-pub/>"
    other.close()

    serving.server.open_node("127.0.0.2")
    serving.server.open_node("127.0.0.2")

    reply = serving.ask("POST", PATH, address="127.0.0.2", body=b"x", Authorization=ADMINISTRATOR)
    assert reply.body == b"<cucm-sub/>"


def test_a_node_that_goes_down_aborts_what_it_was_doing(serving: Serving) -> None:
    body = b"soapDoControlServices wait"
    with serving.connect("127.0.0.2") as connection:
        connection.sendall(
            f"POST {PATH} HTTP/1.1\r\n{SIGNED}Content-Length: {len(body)}\r\n\r\n".encode() + body
        )
        assert serving.face.entered.acquire(timeout=20)

        serving.server.close_node("127.0.0.2")

        assert ended(connection)


def test_a_node_that_goes_down_ends_handshakes(serving: Serving) -> None:
    plain = socket.create_connection(("127.0.0.2", serving.server.port), timeout=20)
    serving.server.close_node("127.0.0.2")
    with pytest.raises(OSError, match=r"EOF|reset"):
        serving.trust().wrap_socket(plain, server_hostname="127.0.0.2")
    plain.close()


def test_the_port_of_a_node_that_is_down_stays_its_own(serving: Serving) -> None:
    serving.server.close_node("127.0.0.2")
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.2", serving.server.port))


def test_an_address_that_is_not_served_is_an_error(serving: Serving) -> None:
    with pytest.raises(KeyError):
        serving.server.close_node("127.0.0.9")
    with pytest.raises(KeyError):
        serving.server.open_node("127.0.0.9")


def test_a_server_that_does_not_run_has_no_nodes_to_close(certificate: Certificate) -> None:
    server = UcmServer(nothing, certificate.context(), LOOPBACK, port=0)
    with pytest.raises(RuntimeError, match="not running"):
        server.close_node("127.0.0.1")
    server.stop()


def in_background(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_stopping_lets_a_running_request_finish(serving: Serving) -> None:
    body = b"soapDoControlServices wait"
    with serving.connect() as connection:
        connection.sendall(
            f"POST {PATH} HTTP/1.1\r\n{SIGNED}Content-Length: {len(body)}\r\n\r\n".encode() + body
        )
        assert serving.face.entered.acquire(timeout=20)

        stopping = in_background(serving.server.stop)
        while not refused("127.0.0.1", serving.server.port):
            pass
        assert stopping.is_alive()
        serving.face.go.set()

        reply = read(connection)
        assert (reply.status, reply.headers["Connection"]) == (200, "close")
        assert ended(connection)
    stopping.join(20)
    assert not stopping.is_alive()


def test_stopping_waits_for_a_running_request_only_so_long(serving: Serving) -> None:
    body = b"soapDoControlServices wait"
    with serving.connect() as connection:
        connection.sendall(
            f"POST {PATH} HTTP/1.1\r\n{SIGNED}Content-Length: {len(body)}\r\n\r\n".encode() + body
        )
        assert serving.face.entered.acquire(timeout=20)

        serving.server.stop(drain=0.01)

        assert ended(connection)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_run(certificate: Certificate, number: signal.Signals) -> None:
    server = UcmServer(nothing, certificate.context(), LOOPBACK[:1], port=0)

    server.run(lambda: os.kill(os.getpid(), number))

    assert refused("127.0.0.1", server.port)


def test_a_second_signal_does_not_wait(serve: Callable[..., Serving], certificate: Certificate) -> None:
    waits = threading.Event()

    async def forever(scope: Scope, receive: Receive, send: Send) -> None:
        waits.set()
        await receive()
        while (await receive())["type"] != "http.disconnect":
            pass

    server = UcmServer(forever, certificate.context(), LOOPBACK[:1], port=0)
    serving = Serving(server, None, certificate, None, None, set())  # type: ignore[arg-type]

    def visit() -> None:
        with serving.connect() as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert waits.wait(20)
            os.kill(os.getpid(), signal.SIGTERM)
            while not refused("127.0.0.1", server.port):
                pass
            os.kill(os.getpid(), signal.SIGTERM)
            assert ended(connection)

    visitors: list[threading.Thread] = []
    begun = time.monotonic()
    server.run(lambda: visitors.append(in_background(visit)))
    visitors[0].join(20)

    assert time.monotonic() - begun < 5
