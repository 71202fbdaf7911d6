"""The console's event stream: the one of `/api/v1/events`, for whoever has the console's session cookie.

An ASGI application; it knows who may listen, and nothing of what is told.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

from ucmsim.api.accounts import Permission
from ucmsim.api.console.surroundings import Surroundings
from ucmsim.api.console.visitor import cookie_name
from ucmsim.api.events.log import EVERYTHING
from ucmsim.api.events.stream import Hub
from ucmsim.api.ring.exchange import Exchange, Receive, Scope, Send
from ucmsim.api.ring.pages import page


class Stream:
    """Lets a hub's events through to signed-in visitors."""

    def __init__(self, hub: Hub, surroundings: Surroundings) -> None:
        self._hub = hub
        self._around = surroundings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve events as long as the visitor listens; a browser that comes back says which was the last."""
        exchange = Exchange(scope, receive, send)
        if exchange.method != "GET":
            await exchange.reply(page(405, (("Allow", "GET"),)))
            return
        if not self._may_listen(exchange):
            await exchange.reply(page(403))
            return
        last = (exchange.header(b"last-event-id") or b"").decode("latin-1")
        cursor = int(last) if last.isdecimal() else None
        await self._hub.serve(receive, send, EVERYTHING, cursor, scope.get("extensions"))

    def _may_listen(self, exchange: Exchange) -> bool:
        cookies = SimpleCookie()
        try:
            cookies.load((exchange.header(b"cookie") or b"").decode("latin-1"))
        except CookieError:
            return False
        session = cookies.get(cookie_name(exchange.scope["server"][1]))
        name = self._around.sessions.user(session.value) if session else None
        accounts = self._around.accounts()
        return name is not None and name in accounts and accounts[name].may(Permission.MONITOR)
