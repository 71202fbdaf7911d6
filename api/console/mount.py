"""The console where it is reached: under one path of every node, and away where the guide says that the pages are.

An ASGI application around the Flask one; it knows paths and nodes and no page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from flask import Flask

from ucmsim.api.ring.exchange import Application, Exchange, Receive, Scope, Send
from ucmsim.api.ring.pages import page
from ucmsim.models.states import NodeRef

THREADS = 8


class Mount:
    """Serves the console below `prefix` on every node for which `present` says so, with its event stream beside it."""

    def __init__(
        self,
        prefix: str,
        pages: Flask,
        stream: Application | None = None,
        present: Callable[[NodeRef], bool] = lambda _node: True,
    ) -> None:
        self._prefix = prefix
        self._pages = WSGIMiddleware(cast(Any, pages), workers=THREADS)
        self._stream = stream
        self._present = present

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if not self._present(scope["state"]["node"]):
            await Exchange(scope, receive, send).reply(page(404))  # G-CTL-11
            return
        if self._stream is not None and scope["path"] == f"{self._prefix}/stream":
            await self._stream(scope, receive, send)
            return
        await self._pages(
            cast(Any, {**scope, "root_path": self._prefix}), cast(Any, receive), cast(Any, send)
        )
