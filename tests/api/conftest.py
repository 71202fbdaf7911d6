"""A server in this process over a SOAP face that only notes what it is asked: everything around the envelope, for real."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ucmsim.api.accounts import EVERY_PERMISSION, Account, Accounts, hash_password
from ucmsim.api.certificate import Certificate, provide
from ucmsim.api.ring.addressing import Addressing
from ucmsim.api.ring.app import App
from ucmsim.api.ring.authentication import Authentication
from ucmsim.api.ring.compression import Compression
from ucmsim.api.ring.health import Health
from ucmsim.api.ring.interception import Interception, undisturbed
from ucmsim.api.ring.pages import Stack
from ucmsim.api.ring.web_application import Moment, Passing, Posted, Surroundings
from ucmsim.api.server import UcmServer
from ucmsim.api.sessions import Sessions
from ucmsim.api.state_directory import StateDirectory
from ucmsim.api.workers import Workers
from ucmsim.models.inventory import ClusterSpec, NodeSpec
from ucmsim.models.states import NodeRef, Product, Role

PATH = "/controlcenterservice2/services/ControlCenterServices"

ACCOUNTS = (
    Account("administrator", hash_password("s3cret: it"), EVERY_PERMISSION),
    Account.of("watcher", hash_password("eyes"), ["monitor"]),
    Account.of("operator", hash_password("hands"), ["serviceability"]),
    Account.of("tester", hash_password("clock"), ["simulation"]),
    Account.of("jürgen", hash_password("pässword"), ["monitor"]),
)

PUBLISHER = NodeRef("lab", "cucm-pub")
SUBSCRIBER = NodeRef("lab", "cucm-sub")


@dataclass(frozen=True)
class Answered:
    """What the fake face answers."""

    status: int
    body: bytes
    content_type: str = "text/xml;charset=UTF-8"


@dataclass
class NotingFace:
    """A SOAP face that notes every call, and knows some questions.

    A body of `wait` answers when `go` is set, one of `crash` breaks its promise.
    """

    calls: list[Posted] = field(default_factory=list)
    questions: set[bytes] = field(default_factory=set)
    entered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    go: threading.Event = field(default_factory=threading.Event)
    stack: Stack = "Axis2"

    def answer(self, posted: Posted) -> Answered:
        self.calls.append(posted)
        self.entered.release()
        if posted.body.endswith(b"wait"):
            assert self.go.wait(20)
        if posted.body == b"crash":
            raise ArithmeticError("a bug")
        long = b"." * 10_000 if posted.body == b"long" else b""
        return Answered(500 if posted.body == b"fault" else 200, f"<{posted.node.node}/>".encode() + long)

    def knows(self, posted: Posted) -> bool:
        return posted.body in self.questions

    def operation(self, body: bytes, content_type: str | None) -> str | None:
        return body.decode("ascii").partition(" ")[0] or None

    def nothing_asked(self, address: str) -> Answered:
        return Answered(500, f"<nothing at='{address}'/>".encode())

    def no_service(self, address: str) -> Answered:
        return Answered(404, f"<nobody at='{address}'/>".encode())

    def wsdl(self, address: str) -> bytes:
        return f"<definitions location='{address}'/>".encode()

    def schema(self, name: str) -> bytes | None:
        return f"<schema called='{name}'/>".encode() if name != "unknown" else None


@dataclass
class Serving:
    """A running server, what is behind it, and how to talk to it."""

    server: UcmServer
    face: NotingFace
    certificate: Certificate
    authentication: Authentication
    sessions: Sessions
    undeployed: set[tuple[NodeRef, str]]
    addresses: tuple[str, ...] = ("127.0.0.1", "127.0.0.2")

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate.path))

    def connect(self, address: str = "127.0.0.1") -> ssl.SSLSocket:
        plain = socket.create_connection((address, self.server.port), timeout=20)
        return self.trust().wrap_socket(plain, server_hostname=address)

    def client(self, address: str = "127.0.0.1") -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(address, self.server.port, timeout=20, context=self.trust())

    def ask(
        self, method: str, path: str, *, address: str = "127.0.0.1", body: bytes = b"", **headers: str
    ) -> Heard:
        """One request on a connection of its own; underscores in the headers' names are hyphens."""
        client = self.client(address)
        try:
            client.request(
                method, path, body or None, {name.replace("_", "-"): value for name, value in headers.items()}
            )
            return heard(client.getresponse())
        finally:
            client.close()


@dataclass(frozen=True)
class Heard:
    """A whole reply."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    version: int

    @property
    def cookies(self) -> dict[str, str]:
        pairs = (value.partition(";")[0].partition("=") for value in self.headers.get_all("Set-Cookie", []))
        return {name: value for name, _, value in pairs}


def heard(response: http.client.HTTPResponse) -> Heard:
    return Heard(response.status, response.headers, response.read(), response.version)


def node(name: str, role: Role, address: str, **more: Any) -> NodeSpec:
    return NodeSpec(name, Product.UCM, role, address, f"{name}.lab.example", "15.0.1.12900-43", **more)


LAB = ClusterSpec(
    "lab",
    "Lab",
    (
        node("cucm-pub", Role.PUBLISHER, "127.0.0.1", timezone="America/New_York"),
        node("cucm-sub", Role.SUBSCRIBER, "127.0.0.2", timezone="Asia/Kolkata"),
    ),
)
ZONES = {NodeRef("lab", spec.id): ZoneInfo(spec.timezone) for spec in LAB.nodes}


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Certificate]:
    with StateDirectory(tmp_path_factory.mktemp("state")) as directory:
        yield provide(directory, ["127.0.0.2", "cucm-pub", "cucm-pub.lab.example"], datetime.now(UTC))


@pytest.fixture
def workers() -> Iterator[Workers]:
    workers = Workers()
    yield workers
    workers.close()


@pytest.fixture
def serve(certificate: Certificate, workers: Workers) -> Iterator[Callable[..., Serving]]:
    """Starts servers that are stopped after the test; options go to `App`."""
    started: list[Serving] = []

    def start(
        face: NotingFace | None = None,
        intercept: Interception = undisturbed,
        moment: Callable[[NodeRef], Moment] = lambda _node: Passing(),
        **options: Any,
    ) -> Serving:
        face = face or NotingFace()
        sessions, undeployed = Sessions(lambda: 0.0), set[tuple[NodeRef, str]]()
        authentication = Authentication(Accounts(ACCOUNTS), sessions, workers.passwords)
        around = Surroundings(
            authentication,
            workers,
            ZONES.__getitem__,
            lambda *asked: asked not in undeployed,
            intercept,
            moment=moment,
        )
        addressing = Addressing([LAB])
        app = App(addressing, around, Health("1.2.3", lambda: True), {PATH: face}, **options)
        server = UcmServer(
            Compression(app, workers.reads), certificate.context(), addressing.addresses, port=0
        )
        server.start()
        started.append(Serving(server, face, certificate, authentication, sessions, undeployed))
        return started[-1]

    yield start
    for serving in started:
        serving.face.go.set()
        serving.server.stop()


@pytest.fixture
def serving(serve: Callable[..., Serving]) -> Serving:
    return serve()
