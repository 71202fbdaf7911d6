"""The gate of a REST face: an ASGI application that finds out who asks, reads the body, and hands over to Flask's threads.

It knows HTTP and accounts. Streams, which must not hold a thread, are ASGI applications of their own beside Flask.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol
from urllib.parse import urlsplit

from a2wsgi.wsgi import WSGIMiddleware
from flask import Flask

from ucmsim.api.accounts import Permission
from ucmsim.api.rest.calls import CALL, Visitor
from ucmsim.api.rest.problems import (
    BODY_TIMEOUT,
    BODY_TOO_LARGE,
    FORBIDDEN,
    NOT_AUTHENTICATED,
    VALIDATION_ERROR,
    Problem,
    problem_response,
)
from ucmsim.api.rest.standing import UNTIL, Answers, Look, World
from ucmsim.api.ring.authentication import Identity
from ucmsim.api.ring.exchange import (
    Application,
    BodyTooLargeError,
    BodyTooSlowError,
    ClientGoneError,
    Exchange,
    Message,
    Receive,
    Scope,
    Send,
)
from ucmsim.api.ring.interception import InterceptedError, Interception, undisturbed
from ucmsim.api.ring.repeats import Again, Repeat
from ucmsim.api.ring.reply import Reply

BODY_LIMIT = 1024 * 1024
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Identifies(Protocol):
    """Finds out who asks: the ring's authentication."""

    async def identify(self, exchange: Exchange) -> Identity | None:
        """Return who asks; None if nobody known does."""

    def repeated(self, exchange: Exchange, identity: Identity) -> Callable[[], Identity | None]:
        """Return what tells who asks when the same request comes again."""


class Stream(Protocol):
    """An answer that lasts: served on the event loop, without a thread."""

    def wants(self, exchange: Exchange) -> bool:
        """Whether this request is for the stream."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""


class Gate:
    """Lets requests in to a Flask application.

    `reads` and `commands` are the threads for reading and for everything that may wait. Paths in `public` need no
    credentials. `limits` are the most bytes of a body, by path, where they are not the usual ones. `intercept` may
    disturb requests that were let in; it cannot alter their answers. `world` is what the answers to readings follow from:
    where it is known, those that stand are given again.
    """

    def __init__(
        self,
        app: Flask,
        authentication: Identifies,
        reads: ThreadPoolExecutor,
        commands: ThreadPoolExecutor,
        *,
        public: Collection[str] = (),
        limits: Mapping[str, int] | None = None,
        streams: Collection[Stream] = (),
        streaming: Permission = Permission.MONITOR,
        intercept: Interception = undisturbed,
        world: World | None = None,
    ) -> None:
        self._authentication = authentication
        self._reads = _threaded(app, reads)
        self._commands = _threaded(app, commands)
        self._public = frozenset(public)
        self._limits = dict(limits or {})
        self._streams = tuple(streams)
        self._streaming = streaming
        self._intercept = intercept
        self._world = world
        self._answers = Answers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        exchange = Exchange(scope, receive, send)
        try:
            identity = await self._identity(exchange)
            visitor = _visitor(exchange, identity)
            stream = self._stream(exchange, visitor)
            if stream is not None:
                await stream(scope, receive, send)
                return
            body = await self._body(exchange)
            await self._disturb(exchange, visitor, body)
        except Problem as problem:
            status, headers, content = problem_response(problem, exchange.path)
            kind = headers.pop("Content-Type")
            if exchange.method == "HEAD":
                content = b""
            await exchange.reply(Reply(status, content, kind, tuple(headers.items())))
            return
        except InterceptedError as intercepted:
            await exchange.reply(intercepted.reply)
            return
        except ClientGoneError:
            return
        waits = exchange.method not in READING or exchange.header(b"prefer") is not None
        scope, whole = {**scope, CALL: visitor}, _whole(body, receive)
        if waits:
            await self._commands(scope, whole, send)
        elif self._world is None or identity is None:
            await self._reads(scope, whole, send)
        else:
            await self._read(exchange, identity, self._world.look(), partial(self._reads, scope, whole), send)

    async def _read(
        self,
        exchange: Exchange,
        identity: Identity,
        look: Look,
        read: Callable[[Send], Awaitable[None]],
        send: Send,
    ) -> None:
        """Answer a reading, and offer to answer it again if its answer stands."""
        answer = _Answer()
        await read(answer.take)
        until = exchange.noted(UNTIL)
        if until is None or exchange.method != "GET":
            await answer.send(send)
            return
        again = self._answers.keep(answer.reply, look, until)
        exchange.offer(self._repeat(exchange, identity, again))
        await exchange.reply(answer.reply)

    def _repeat(self, exchange: Exchange, identity: Identity, answer: Callable[[], Reply | None]) -> Repeat:
        """What answers the same question again, as long as the answer stands and nothing else has come between."""
        identify_again = self._authentication.repeated(exchange, identity)
        path, node = exchange.path, exchange.noted("node")

        def repeat(_client: str) -> Again | None:
            reply = answer()
            if reply is None or not self._intercept.idle(path, node) or identify_again() is None:
                return None
            return Again(reply)

        return repeat

    async def _disturb(self, exchange: Exchange, visitor: Visitor, body: bytes) -> None:
        if visitor.account is not None and visitor.node is not None:
            exchange.note(user=visitor.account.name)
            met = await self._intercept(exchange, visitor.node, visitor.account.name, body)
            if isinstance(met, Reply):
                raise InterceptedError(met)

    async def _identity(self, exchange: Exchange) -> Identity | None:
        """Who asks; None on a public path."""
        if not exchange.query.isascii():
            raise Problem(VALIDATION_ERROR, "the query holds characters that are not percent-encoded")
        if exchange.path in self._public:
            return None
        identity = await self._authentication.identify(exchange)
        if identity is None:
            raise Problem(NOT_AUTHENTICATED, "send the name and password of an account with HTTP Basic")
        if exchange.method not in READING and _from_another_site(exchange):
            # A browser adds the credentials that it remembers to any site's request.
            raise Problem(FORBIDDEN, "the request came from a page of another site")
        return identity

    def _stream(self, exchange: Exchange, visitor: Visitor) -> Stream | None:
        stream = next((stream for stream in self._streams if stream.wants(exchange)), None)
        if stream is not None and not visitor.may(self._streaming):
            raise Problem(FORBIDDEN, f"this needs the role {self._streaming.value!r}")
        return stream

    async def _body(self, exchange: Exchange) -> bytes:
        limit = self._limits.get(exchange.path, BODY_LIMIT)
        try:
            return await exchange.body(limit)
        except BodyTooLargeError:
            raise Problem(BODY_TOO_LARGE, f"at most {limit} bytes are accepted here") from None
        except BodyTooSlowError:
            raise Problem(BODY_TIMEOUT, BODY_TIMEOUT.meaning) from None


def _visitor(exchange: Exchange, identity: Identity | None) -> Visitor:
    node = exchange.noted("node")
    if identity is None:
        return Visitor(None, exchange.client, node)
    return Visitor(identity.account, exchange.client, node, exchange.noted("request", ""))


class _Answer:
    """An answer on its way from Flask, kept until it is whole: who has all of it may ask the next thing at once."""

    def __init__(self) -> None:
        self._start: Message = {}
        self._body = b""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._body += message.get("body", b"")

    async def send(self, send: Send) -> None:
        await send(self._start)
        await send({"type": "http.response.body", "body": self._body})

    @property
    def reply(self) -> Reply:
        """The same, to be sent again."""
        pairs = self._start["headers"]
        named = {name.decode("latin-1").title(): value.decode("latin-1") for name, value in pairs}
        kind = named.pop("Content-Type")
        del named["Content-Length"]
        headers = tuple(("ETag" if name == "Etag" else name, value) for name, value in named.items())
        return Reply(self._start["status"], self._body, kind, headers)


def _threaded(app: Flask, executor: ThreadPoolExecutor) -> Application:
    def with_visitor(environ: Any, start_response: Any) -> Any:
        environ[CALL] = environ["asgi.scope"][CALL]
        # What was read is the whole body, however it was sent.
        environ["wsgi.input_terminated"] = True
        return app(environ, start_response)

    middleware = WSGIMiddleware(with_visitor)
    middleware.executor = executor
    return middleware  # type: ignore[return-value]  # its scopes are typed dictionaries


def _whole(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body that was read already, then what comes."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _from_another_site(exchange: Exchange) -> bool:
    site = (exchange.header(b"sec-fetch-site") or b"same-origin").decode("latin-1")
    origin = (exchange.header(b"origin") or b"").decode("latin-1")
    host = (exchange.header(b"host") or b"").decode("latin-1")
    return site not in {"same-origin", "none"} or (bool(origin) and urlsplit(origin).netloc != host)
