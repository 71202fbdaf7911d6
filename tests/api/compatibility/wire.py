"""The wire: a server whose engine never changes, and raw connections on which a request goes just as it is described."""

from __future__ import annotations

import base64
import gzip
import http.client
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from tests.api.compatibility.quirk import Sent
from tests.api.conftest import Heard
from tests.api.soap.conversation import FixedEngine
from ucmsim.api.server import UcmServer
from ucmsim.api.sessions import Sessions

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
            return self.exchange(client.sock, sent)
        finally:
            client.close()

    def exchange(self, sock, sent: Sent) -> Heard:
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
