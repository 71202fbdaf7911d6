"""The wire: ends connections in ways that no answer can, by their transport.

It knows sockets; which request deserves it is decided elsewhere.
"""

from __future__ import annotations

from typing import Any

from ucmsim.api.connection import TRANSPORT
from ucmsim.api.ring.exchange import Application, Message, Receive, Scope, Send

CUT = "cut"
"""Where `scope["state"]` says after how many bytes of its body an answer ends."""


class Cutting:
    """An ASGI application around another, which ends answers early where `scope["state"]` says so."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; of its answer, only as much as is allowed."""
        state: dict[str, Any] = scope.setdefault("state", {})
        ended = False

        async def cut(message: Message) -> None:
            nonlocal ended
            if ended:
                return
            if CUT in state and message["type"] == "http.response.body":
                part = message.get("body", b"")
                if len(part) > state[CUT]:
                    ended = True
                    await send({"type": "http.response.body", "body": part[: state[CUT]], "more_body": True})
                    _transport(scope).close()
                    await gone(receive)
                    return
                state[CUT] -= len(part)
            await send(message)

        await self._app(scope, receive, cut)


async def gone(receive: Receive) -> None:
    """Wait until the connection is known to be closed."""
    while (await receive())["type"] != "http.disconnect":
        continue


def _transport(scope: Scope) -> Any:
    return scope["extensions"][TRANSPORT]
