"""Every row of the table of quirks, sent over HTTPS as its client sends it."""

from __future__ import annotations

import base64
import gzip
import http.client
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from lxml import etree

from tests.api.compatibility.quirk import Asks, Cuts, Does, Hears, Quirk, Sent
from tests.api.compatibility.quirks import ROWS
from tests.api.conftest import ACCOUNTS, LAB, ZONES, Heard
from tests.api.soap.conversation import FixedEngine
from ucmsim.api.accounts import Accounts
from ucmsim.api.certificate import Certificate
from ucmsim.api.faces import faces
from ucmsim.api.ring.addressing import Addressing
from ucmsim.api.ring.app import App
from ucmsim.api.ring.authentication import Authentication
from ucmsim.api.ring.compression import Compression
from ucmsim.api.ring.health import Health
from ucmsim.api.ring.web_application import Surroundings
from ucmsim.api.server import UcmServer
from ucmsim.api.sessions import Sessions
from ucmsim.api.workers import Workers

BASIC = "Basic " + base64.b64encode(b"administrator:s3cret: it").decode()


@dataclass
class Wire:
    """A server whose engine never changes and notes what it is asked, and raw connections to it."""

    server: UcmServer
    engine: FixedEngine
    trust: ssl.SSLContext
    sessions: Sessions

    def send(self, sent: Sent) -> Heard:
        client = http.client.HTTPSConnection("127.0.0.1", self.server.port, timeout=20, context=self.trust)
        client.connect()
        try:
            return self._exchange(client.sock, sent)
        finally:
            client.close()

    def _exchange(self, sock, sent: Sent) -> Heard:
        head = "".join(f"{name}: {value}\r\n" for name, value in self._headers(sent))
        first = f"{sent.method} {sent.path} {sent.version}\r\n{head}\r\n".encode()
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(sent.body), sent.body) if sent.chunked else sent.body
        if sent.in_pieces:
            for at in range(len(first + body)):
                sock.sendall((first + body)[at : at + 1])
        elif sent.expects:
            sock.sendall(first)
            assert sock.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
            sock.sendall(body)
        else:
            sock.sendall(first + body)
        response = http.client.HTTPResponse(sock, method=sent.method)
        response.begin()
        content = response.read()
        if response.headers["Content-Encoding"] == "gzip":
            content = gzip.decompress(content)
        return Heard(response.status, response.headers, content, response.version)

    def _headers(self, sent: Sent) -> Iterator[tuple[str, str]]:
        if sent.host is not None:
            yield "Host", sent.host
        if sent.credentials == "basic":
            yield "Authorization", BASIC
        if sent.credentials == "cookie":
            yield "Cookie", f"JSESSIONIDSSO={self.sessions.begin('administrator').single_sign_on}"
        yield from sent.headers
        if sent.expects:
            yield "Expect", "100-continue"
        if sent.chunked:
            yield "Transfer-Encoding", "chunked"
        elif sent.body:
            yield "Content-Length", str(len(sent.body))


@pytest.fixture(scope="module")
def wire(certificate: Certificate) -> Iterator[Wire]:
    engine, sessions, workers = FixedEngine(), Sessions(lambda: 0.0), Workers()
    authentication = Authentication(Accounts(ACCOUNTS), sessions, workers.passwords)
    around = Surroundings(authentication, workers, ZONES.__getitem__)
    app = App(Addressing([LAB]), around, Health("1", lambda: True), faces(engine))  # type: ignore[arg-type]
    server = UcmServer(Compression(app, workers.reads), certificate.context(), ["127.0.0.1"], port=0)
    server.start()
    yield Wire(server, engine, ssl.create_default_context(cafile=str(certificate.path)), sessions)
    server.stop()
    workers.close()


@pytest.mark.parametrize("quirk", ROWS, ids=lambda quirk: f"{quirk.client}: {quirk.what}")
def test_the_quirk_is_understood(wire: Wire, quirk: Quirk):
    engine = wire.engine
    engine.questions.clear()
    engine.commands.clear()

    heard = wire.send(quirk.sent)

    text = heard.body.decode()
    match quirk.outcome:
        case Asks(names):
            assert heard.status == 200
            assert (engine.questions, engine.commands) == ([names], [])
            assert "soapGetServiceStatusResponse" in text
        case Does(command):
            assert heard.status == 200
            assert (engine.questions, engine.commands) == ([], [command])
        case Hears(status, what, kind):
            assert (heard.status, heard.headers["Content-Type"]) == (status, kind)
            assert what in text
            assert not engine.questions
            assert not engine.commands
        case Cuts(expression, found):
            assert tuple(re.findall(expression, text, re.DOTALL)) == found
    if heard.headers["Content-Type"].startswith("text/xml"):
        etree.fromstring(heard.body)


def test_the_same_request_is_understood_again_and_again(wire: Wire):
    """Each row a second and third time over one connection: what is remembered of a request changes nothing."""
    client = http.client.HTTPSConnection("127.0.0.1", wire.server.port, timeout=20, context=wire.trust)
    plain = [
        quirk
        for quirk in ROWS
        if isinstance(quirk.outcome, Asks) and quirk.sent.method == "POST" and quirk.sent.version == "HTTP/1.1"
        and not (quirk.sent.expects or quirk.sent.in_pieces) and ("Connection", "close") not in quirk.sent.headers
    ]  # fmt: skip
    client.connect()
    for quirk in plain:
        answers = []
        for _ in range(3):
            wire.engine.questions.clear()
            answers.append(wire._exchange(client.sock, quirk.sent))
            assert isinstance(quirk.outcome, Asks)
            assert wire.engine.questions == [quirk.outcome.names]
        assert len({answer.body for answer in answers}) == 1
        assert len({answer.headers["Content-Encoding"] for answer in answers}) == 1
    client.close()
