"""What a node sends, as text, and a node that sends it without a network: for both HTTP libraries."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from io import BytesIO
from typing import Any

import httpx
import requests
from lxml import etree
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

HEAD = "<?xml version='1.0' encoding='UTF-8'?>"
NAMESPACE = "http://schemas.cisco.com/ast/soap"


def envelope(inside: str) -> bytes:
    return (
        f'{HEAD}<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">'
        f"<soapenv:Body>{inside}</soapenv:Body></soapenv:Envelope>"
    ).encode()


def item(
    name: str, status: str = "Started", code: int = -1, text: str = " ", started: str = "", up: int = -1
) -> str:
    return (
        f"<ns1:item><ns1:ServiceName>{name}</ns1:ServiceName><ns1:ServiceStatus>{status}</ns1:ServiceStatus>"
        f"<ns1:ReasonCode>{code}</ns1:ReasonCode><ns1:ReasonCodeString>{text}</ns1:ReasonCodeString>"
        f"<ns1:StartTime>{started}</ns1:StartTime><ns1:UpTime>{up}</ns1:UpTime></ns1:item>"
    )


def answer(operation: str, *items: str, code: int = -1, text: str = " ") -> bytes:
    return envelope(
        f'<ns1:{operation}Response xmlns:ns1="{NAMESPACE}"><ns1:{operation}Return>'
        f"<ns1:ReturnCode>0</ns1:ReturnCode><ns1:ReasonCode>{code}</ns1:ReasonCode>"
        f"<ns1:ReasonString>{text}</ns1:ReasonString>"
        f"<ns1:ServiceInfoList>{''.join(items)}</ns1:ServiceInfoList>"
        f"</ns1:{operation}Return></ns1:{operation}Response>"
    )


def fault(code: str, text: str) -> bytes:
    return envelope(
        f"<soapenv:Fault><faultcode>{code}</faultcode><faultstring>{text}</faultstring><detail />"
        "</soapenv:Fault>"
    )


@dataclass(frozen=True)
class Sent:
    """One reply of the node."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/xml;charset=UTF-8"})


class Broken(Enum):
    """A connection that comes to nothing, with what each library raises then."""

    REFUSED = requests.ConnectionError("refused"), httpx.ConnectError("refused")
    SLOW = requests.ReadTimeout("slow"), httpx.ReadTimeout("slow")
    DISTRUSTED = (
        requests.exceptions.SSLError(ssl.SSLCertVerificationError("self-signed certificate")),
        httpx.ConnectError("self-signed certificate"),
    )
    HUNG_UP = (
        requests.exceptions.SSLError(ssl.SSLEOFError(8, "EOF occurred in violation of protocol")),
        httpx.ConnectError("EOF occurred in violation of protocol"),
    )


# httpx chains the cause; requests passes it on as an argument.
Broken.DISTRUSTED.value[1].__cause__ = ssl.SSLCertVerificationError("self-signed certificate")

Reply = Sent | Broken


@dataclass
class Node:
    """Sends its replies in order, whatever it is asked, and keeps the bodies of the questions."""

    replies: list[Reply]
    asked: list[bytes] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def sending(cls, *replies: Reply | bytes) -> Node:
        return cls([Sent(reply) if isinstance(reply, bytes) else reply for reply in replies])

    def reply(self, url: str, headers: Iterable[tuple[str, str]], body: bytes, library: int) -> Sent:
        self.urls.append(url)
        self.headers.append({name.lower(): value for name, value in headers})
        self.asked.append(body)
        reply = self.replies.pop(0)
        if isinstance(reply, Broken):
            raise reply.value[library]
        return reply

    def question(self, number: int = -1) -> etree._Element:
        """The operation's element of a question."""
        return etree.fromstring(self.asked[number])[-1][0]


class Adapter(BaseAdapter):
    """Puts a node behind a session of requests."""

    def __init__(self, node: Node) -> None:
        super().__init__()
        self.node = node

    def send(self, request: requests.PreparedRequest, *_args: Any, **_options: Any) -> requests.Response:
        body = request.body if isinstance(request.body, bytes) else b""
        sent = self.node.reply(request.url or "", request.headers.items(), body, 0)
        raw = HTTPResponse(BytesIO(sent.body), sent.headers, sent.status, preload_content=False)
        return requests.adapters.HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        """Nothing is open."""


def transport(node: Node) -> httpx.MockTransport:
    """Puts a node behind a client of httpx."""

    def handle(request: httpx.Request) -> httpx.Response:
        sent = node.reply(str(request.url), request.headers.items(), request.content, 1)
        return httpx.Response(sent.status, headers=sent.headers, content=sent.body)

    return httpx.MockTransport(handle)
