"""The console where it is reached: under its own path on every node, and at the guide's where the guide puts the pages.

ASGI applications around it; they know paths and nodes and no page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

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


def mounts(console: Application, engine: Engine) -> Mapping[str, Application]:
    """Return the console, which finds its prefix as the `root_path`, by prefix.

    The vendor's one is away while its application is (G-CTL-11), ours stays.
    """
    return {"/": _landing, OWN: Mount(OWN, console), VENDORS: Mount(VENDORS, console, _met(engine))}


async def _landing(scope: Scope, receive: Receive, send: Send) -> None:
    """Lead whoever opens a node's address in a browser to the console."""
    exchange = Exchange(scope, receive, send)
    reading = exchange.method in {"GET", "HEAD"}
    await exchange.reply(page(302, (("Location", f"{OWN}/"),)) if reading else page(405, READING))


def _met(engine: Engine) -> Met:
    return lambda ref: reply(engine.node(ref), f"{VENDORS}/", engine.clock.now())


class Mount:
    """Serves the console below `prefix` wherever `met` says that it answers."""

    def __init__(
        self,
        prefix: str,
        console: Application,
        met: Met = lambda _node: Reply.ANSWERS,
    ) -> None:
        self._prefix = prefix
        self._console = console
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
        else:
            await self._console({**scope, "root_path": self._prefix}, receive, send)
