"""The console as one ASGI application: its pages, made in threads, and beside them its event stream, which holds none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from a2wsgi import WSGIMiddleware

from ucmsim.api.console.app import console
from ucmsim.api.console.stream import Stream
from ucmsim.api.console.surroundings import Surroundings
from ucmsim.api.events.stream import Hub
from ucmsim.api.ring.exchange import Application, Receive, Scope, Send


class Site:
    """The console below the `root_path` of a request. Pages are made in the threads of `executor`."""

    def __init__(self, surroundings: Surroundings, executor: ThreadPoolExecutor, hub: Hub) -> None:
        pages = WSGIMiddleware(cast(Any, console(surroundings)))
        pages.executor = executor
        self._pages = cast(Application, pages)
        self._stream = Stream(hub, surroundings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        streams = scope["path"] == f"{scope['root_path']}/stream"
        await (self._stream if streams else self._pages)(scope, receive, send)
