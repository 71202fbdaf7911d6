"""Freshness: before a request is looked at, what other server processes have done is known.

It stands outside of everything that reads state. It does not know what there is to know, only how to find out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

from ucmsim.api.ring.exchange import Application, Receive, Scope, Send
from ucmsim.api.ring.repeats import OFFER, Repeat
from ucmsim.api.ring.reply import Reply


class Freshness:
    """An ASGI application around another. `refresh` is called in `executor`, or at once if there is none."""

    def __init__(
        self, app: Application, refresh: Callable[[Scope], None], executor: Executor | None = None
    ) -> None:
        self._app = app
        self._refresh = refresh
        self._executor = executor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find out what is new, then pass the request on."""
        extensions = scope.get("extensions", {})
        if self._executor is not None:
            await asyncio.get_running_loop().run_in_executor(self._executor, self._refresh, scope)
            extensions.pop(OFFER, None)  # a repeat must not wait
        else:
            self._refresh(scope)
            if offer := extensions.get(OFFER):
                extensions[OFFER] = lambda repeat: offer(self._refreshed(repeat, scope))
        await self._app(scope, receive, send)

    def _refreshed(self, repeat: Repeat, scope: Scope) -> Repeat:
        def refreshed(client: str) -> Reply | None:
            self._refresh(scope)
            return repeat(client)

        return refreshed
