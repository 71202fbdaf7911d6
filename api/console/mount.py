"""The console where it is reached: under its own path on every node, and at the guide's where the guide puts the pages.

An ASGI application around the Flask one; it knows paths and nodes and no page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from a2wsgi import WSGIMiddleware

from ucmsim.api.console.app import console
from ucmsim.api.console.surroundings import Surroundings
from ucmsim.api.engine import Engine
from ucmsim.api.ring.exchange import Application, Exchange, Receive, Scope, Send
from ucmsim.api.ring.pages import page
from ucmsim.api.ring.severing import reset
from ucmsim.api.ring.web_application import READING
from ucmsim.models.presence import Reply, reply
from ucmsim.models.states import NodeRef

OWN = "/ucmsim"
VENDORS = "/ccmservice"

Met = Callable[[NodeRef], Reply]
"""What a client of the console meets on a node."""


def mounts(
    surroundings: Surroundings, executor: ThreadPoolExecutor, stream: Application | None = None
) -> Mapping[str, Application]:
    """Return the console by prefix, its pages made in the threads of `executor`.

    The vendor's one is away while its application is (G-CTL-11), ours stays.
    """
    pages = WSGIMiddleware(cast(Any, console(surroundings)))
    pages.executor = executor
    return {
        "/": _landing,
        OWN: Mount(OWN, cast(Application, pages), stream),
        VENDORS: Mount(VENDORS, cast(Application, pages), stream, _met(surroundings.engine)),
    }


async def _landing(scope: Scope, receive: Receive, send: Send) -> None:
    """Lead whoever opens a node's address in a browser to the console."""
    exchange = Exchange(scope, receive, send)
    reading = exchange.method in {"GET", "HEAD"}
    await exchange.reply(page(302, (("Location", f"{OWN}/"),)) if reading else page(405, READING))


def _met(engine: Engine) -> Met:
    return lambda ref: reply(engine.node(ref), f"{VENDORS}/", engine.clock.now())


class Mount:
    """Serves the console below `prefix` wherever `met` says that it answers, with its event stream beside it."""

    def __init__(
        self,
        prefix: str,
        pages: Application,
        stream: Application | None = None,
        met: Met = lambda _node: Reply.ANSWERS,
    ) -> None:
        self._prefix = prefix
        self._pages = pages
        self._stream = stream
        self._met = met

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        exchange = Exchange(scope, receive, send)
        met = self._met(scope["state"]["node"])
        if met is Reply.NOT_FOUND:
            await exchange.reply(page(404))
        elif met is not Reply.ANSWERS:  # the node has no port to connect to (G-CTL-12, G-CTL-16)
            reset(scope)
        elif not exchange.query.isascii():
            await exchange.reply(page(400))
        elif self._stream is not None and exchange.path == f"{self._prefix}/stream":
            await self._stream(scope, receive, send)
        else:
            await self._pages({**scope, "root_path": self._prefix}, receive, send)
