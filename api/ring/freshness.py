"""Freshness: before a request is looked at, what other server processes have done is known.

It stands outside of everything that reads state. It does not know what there is to know, only how to find out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

from ucmsim.api.ring.exchange import Application, Receive, Scope, Send
from ucmsim.api.ring.repeats import OFFER, Again, Repeat


class Freshness:
    """An ASGI application around another. `refresh` is called in `executor`, before a request as its scope describes it.

    `stale` says of a scope, without waiting, whether that is necessary; None if nobody can say.
    """

    def __init__(
        self,
        app: Application,
        refresh: Callable[[Scope], None],
        executor: Executor,
        stale: Callable[[Scope], bool] | None = None,
    ) -> None:
        self._app = app
        self._refresh = refresh
        self._executor = executor
        self._stale = stale

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find out what is new, then pass the request on."""
        if self._stale is None or self._stale(scope):
            await asyncio.get_running_loop().run_in_executor(self._executor, self._refresh, scope)
        extensions = scope.get("extensions", {})
        if offer := extensions.pop(OFFER, None):
            extensions[OFFER] = lambda repeat: self._offer(offer, repeat, scope)
        await self._app(scope, receive, send)

    def _offer(self, offer: Callable[[Repeat], None], repeat: Repeat, scope: Scope) -> None:
        """Pass a repeat on that is good as long as there is nothing to find out, for it must not wait."""
        stale = self._stale
        if stale is None:
            return

        def fresh(client: str) -> Again | None:
            return None if stale(scope) else repeat(client)

        offer(fresh)
