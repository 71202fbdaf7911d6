"""One of the vendor's web applications: its SOAP endpoints, their contracts and the listing (sections 3.2 to 3.4).

It knows paths, methods, sizes and roles; what is in an envelope is the face's business.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Protocol, TypeVar
from urllib.parse import unquote

from ucmsim.api.accounts import Permission
from ucmsim.api.origin import Origin
from ucmsim.api.ring.authentication import CHALLENGE, Authentication, Identity
from ucmsim.api.ring.exchange import Exchange
from ucmsim.api.ring.interception import Interception, undisturbed
from ucmsim.api.ring.pages import LISTED_AT, Stack, listing, page
from ucmsim.api.ring.repeats import Again, Repeat
from ucmsim.api.ring.reply import XML, Headers, Reply
from ucmsim.api.workers import Workers
from ucmsim.models.states import NodeRef

T = TypeVar("T")

BODY_LIMIT = 10 * 1024 * 1024
"""Bytes of a SOAP request that are read at most."""

METHODS: Headers = (("Allow", "GET, HEAD, POST"),)
READING: Headers = (("Allow", "GET, HEAD"),)


class Response(Protocol):
    """What a face answers."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> bytes: ...
    @property
    def content_type(self) -> str: ...


@dataclass(frozen=True)
class Posted:
    """What was posted to an endpoint: the bytes, for which node, by whom, and what HTTP says of them.

    `address` is the endpoint's as the caller wrote it, `action` the SOAPAction.
    """

    body: bytes
    node: NodeRef
    origin: Origin
    address: str
    content_type: str | None = None
    action: str | None = None


class Face(Protocol):
    """A SOAP API behind one path; `answer` may block, and is then called in a worker thread."""

    @property
    def stack(self) -> Stack:
        """Whose pages it shows."""

    def answer(self, posted: Posted) -> Response:
        """The answer to a POST; never raises."""

    def knows(self, posted: Posted) -> bool:
        """Whether it is a question that was asked before: then `answer` makes nothing that has to be waited for."""

    def operation(self, body: bytes, content_type: str | None) -> str | None:
        """The operation that `answer` would carry out, by its local name; None if it would be a fault anyway."""

    def nothing_asked(self, address: str) -> Response:
        """The answer to a GET that asks for no contract; `address` is the endpoint's."""

    def no_service(self, address: str) -> Response:
        """The answer to a request for a service of this web application that does not exist."""

    def wsdl(self, address: str) -> bytes:
        """The contract with `address` (`https://…`, path included) as its location."""

    def schema(self, name: str) -> bytes | None:
        """The schema of that name (empty: the only one), None if there is none."""


class Moment(Protocol):
    """A node until the next moment at which a client could tell a difference."""

    def once(self, make: Callable[[Moment], T], /) -> T:
        """Return `make(self)`, made before if it was and is still kept. It must follow from the node alone."""


class Passing:
    """A moment that is over at once."""

    def once(self, make: Callable[[Moment], T], /) -> T:
        """Return `make(self)`."""
        return make(self)


@dataclass(frozen=True)
class Surroundings:
    """What a web application asks of the server it runs in.

    `zone` is a node's time zone, `deployed` says whether an application (by its first path segment) is up on a node.
    `moment` says until when a node's answers stand.
    `intercept` may disturb a request that was let in, `located` is the address that a contract gives for an endpoint.
    """

    authentication: Authentication
    workers: Workers
    zone: Callable[[NodeRef], tzinfo]
    deployed: Callable[[NodeRef, str], bool] = lambda _node, _application: True
    intercept: Interception = undisturbed
    located: Callable[[str], str] = lambda address: address
    moment: Callable[[NodeRef], Moment] = lambda _node: Passing()


class WebApplication:
    """The endpoints below one first path segment, such as `controlcenterservice2`."""

    def __init__(self, name: str, faces: Mapping[str, Face], surroundings: Surroundings) -> None:
        self._name = name
        self._path = f"/{name}/"
        self._faces = faces
        self._around = surroundings
        self._stack = next(iter(faces.values())).stack
        self._lists = {f"/{name}/services{path}" for path in LISTED_AT[self._stack]}

    async def reply(self, exchange: Exchange, node: NodeRef) -> Reply:
        """The reply to a request below this application's path."""
        if not self._around.deployed(node, self._name):
            return page(404)  # U-48
        identity = await self._around.authentication.identify(exchange)
        uncached = uncacheable(self._around.zone(node))
        if identity is None:
            return page(401, uncached + CHALLENGE)
        exchange.note(user=identity.account.name)
        if not identity.account.may(Permission.MONITOR):
            return page(403, uncached)
        reply = await self._answer(exchange, node, identity)
        return self._finished(reply, node, identity)

    def _finished(self, reply: Reply, node: NodeRef, identity: Identity) -> Reply:
        """The reply with what every answer of a web application carries, and the cookies of a new session."""
        cookies = identity.session.cookies(self._path) if identity.session else ()
        return replace(reply, leading=uncacheable(self._around.zone(node)), cookies=cookies)

    async def _answer(self, exchange: Exchange, node: NodeRef, identity: Identity) -> Reply:
        path = exchange.path.rstrip("/")
        reading = exchange.method in {"GET", "HEAD"}
        if path in self._lists:
            services = [(path, path.rpartition("/")[2]) for path in self._faces]
            return listing(self._stack, exchange.address, services) if reading else page(405, READING)
        face = self._faces.get(path)
        if face is None:
            return self._no_service(exchange.address, path)
        if reading:
            met = await self._around.intercept(exchange, node, identity.account.name, b"")
            if isinstance(met, Reply):
                return met
            contract = _contract(face, exchange, self._around.located)
            return met(contract) if met else contract
        if exchange.method == "POST":
            # `?wsdl` in the URL of a call means nothing (section 3.4).
            return await self._call(face, exchange, node, identity)
        return page(405, METHODS)

    def _no_service(self, address: str, path: str) -> Reply:
        if not path.startswith(f"/{self._name}/services/"):
            return page(404)
        return _replied(next(iter(self._faces.values())).no_service(address + path))

    async def _call(self, face: Face, exchange: Exchange, node: NodeRef, identity: Identity) -> Reply:
        account = identity.account
        body = await exchange.body(BODY_LIMIT)
        posted = Posted(
            body,
            node,
            Origin("SOAP", account.name, exchange.client, request=exchange.noted("request", "")),
            exchange.address + exchange.path.rstrip("/"),
            exchange.text(b"content-type"),
            exchange.text(b"soapaction"),
        )
        if not account.may(Permission.SERVICEABILITY) and is_command(
            face.operation(body, posted.content_type)
        ):
            return page(403)  # G-CTL-15
        met = await self._around.intercept(exchange, node, account.name, body)
        if isinstance(met, Reply):
            return met
        reply = await self._reply(face, posted)
        if face.knows(posted):
            exchange.offer(self._repeat(face, posted, exchange, identity))
        return met(reply) if met else reply

    async def _reply(self, face: Face, posted: Posted) -> Reply:
        if face.knows(posted):  # it is answered in less time than it would take to hand it to another thread
            return _replied(face.answer(posted))
        workers = self._around.workers
        readers = workers.soap_commands if _may_block(posted.body) else workers.soap_reads
        threads = readers.threads(len(posted.body))
        return _replied(await asyncio.get_running_loop().run_in_executor(threads, face.answer, posted))

    def _repeat(self, face: Face, posted: Posted, exchange: Exchange, identity: Identity) -> Repeat:
        """What answers the same question again: as it was answered now, with everything that may have changed looked at."""
        around, node, path = self._around, posted.node, exchange.path
        identify_again = around.authentication.repeated(exchange, identity)

        def stand(_moment: Moment) -> Reply | None:
            if not (around.deployed(node, self._name) and face.knows(posted)):
                return None
            reply = _replied(face.answer(posted))
            # A failure does not stand: it may be over the next time.
            return replace(reply, leading=uncacheable(around.zone(node))) if reply.status == 200 else None

        def repeat(_client: str) -> Again | None:
            reply = around.moment(node).once(stand)
            if reply is None or not around.intercept.idle(path, node):
                return None
            again = identify_again()
            return Again(reply, again.session, self._path) if again else None

        return repeat


def _replied(response: Response) -> Reply:
    return Reply(response.status, response.body, response.content_type)


def _contract(face: Face, exchange: Exchange, located: Callable[[str], str]) -> Reply:
    """The contract, its schema, or what an endpoint answers to a GET that asks for neither."""
    address = exchange.address + exchange.path.rstrip("/")
    asked, _, name = exchange.query.partition("=")
    if asked.lower() == "wsdl":
        return Reply(200, face.wsdl(located(address)), XML)
    if asked.lower() == "xsd" and (schema := face.schema(unquote(name))):
        return Reply(200, schema, XML)
    return _replied(face.nothing_asked(address))


def is_command(operation: str | None) -> bool:
    """Whether an operation changes something: all of these APIs' commands are called soapDo…, the legacy ones also SoapDo…"""
    return operation is not None and operation.lower().startswith("soapdo")


def _may_block(body: bytes) -> bool:
    """Whether a request may take seconds, judged from its bytes: only the choice of threads depends on it.

    A zero byte means UTF-16 or UTF-32, in which the name would not be found.
    """
    return b"oapDo" in body or b"\0" in body


def uncacheable(zone: tzinfo) -> Headers:
    """What keeps an answer out of caches: `Expires` is the epoch, as the node's clock shows it (section 3.2)."""
    return (("Cache-Control", "private"), ("Expires", epoch(zone)))


@lru_cache(maxsize=256)
def epoch(zone: tzinfo) -> str:
    """The epoch in `zone`, such as `Wed, 31 Dec 1969 19:00:00 EST`."""
    then = datetime.fromtimestamp(0, zone)
    day = "Wed, 31 Dec 1969" if then.year < 1970 else "Thu, 01 Jan 1970"
    return f"{day} {then:%H:%M:%S} {then.tzname()}"
