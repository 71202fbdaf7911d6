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
    """An ASGI application around another. `cluster` says which cluster a request asks, by its scope.

    `refresh` finds out what is new, for that cluster above all, and is called in `executor`. `stale` says, without
    waiting, whether that is necessary; None if nobody can say.
    """

    def __init__(
        self,
        app: Application,
        cluster: Callable[[Scope], str],
        refresh: Callable[[str], None],
        executor: Executor,
        stale: Callable[[str], bool] | None = None,
    ) -> None:
        self._app = app
        self._cluster = cluster
        self._refresh = refresh
        self._executor = executor
        self._stale = stale

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find out what is new, then pass the request on."""
        cluster = self._cluster(scope)
        if self._stale is None or self._stale(cluster):
            await asyncio.get_running_loop().run_in_executor(self._executor, self._refresh, cluster)
        extensions = scope.get("extensions", {})
        if offer := extensions.pop(OFFER, None):
            extensions[OFFER] = lambda repeat: self._offer(offer, repeat, cluster)
        await self._app(scope, receive, send)

    def _offer(self, offer: Callable[[Repeat], None], repeat: Repeat, cluster: str) -> None:
        """Pass a repeat on that is good as long as there is nothing to find out, for it must not wait."""
        stale = self._stale
        if stale is None:
            return

        def fresh(client: str) -> Again | None:
            return None if stale(cluster) else repeat(client)

        offer(fresh)
