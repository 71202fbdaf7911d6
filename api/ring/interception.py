"""Interception: what may come between a request that was let in and its answer, such as an injected fault.

The ring asks here once for every request to an API; it does not know what the answer is for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ucmsim.api.ring.exchange import Exchange
from ucmsim.api.ring.reply import Reply
from ucmsim.models.states import NodeRef

Alteration = Callable[[Reply], Reply]


class InterceptedError(Exception):
    """The request ends with `reply`, to which nothing is added."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


class Interception(Protocol):
    """Asked with a request's node, user and body before it is answered; may take its time."""

    async def __call__(
        self, exchange: Exchange, node: NodeRef, user: str, body: bytes, /
    ) -> Reply | Alteration | None:
        """Return a reply to send instead of the API's answer, what to do to that answer, or None.

        Raises `InterceptedError`, or `ClientGoneError` when the connection is no more.
        """

    def idle(self, path: str, node: NodeRef, /) -> bool:
        """Whether every request to `path` of a node is let through as it is. Never waits."""


class Undisturbed:
    """Lets everything through."""

    async def __call__(self, _exchange: Exchange, _node: NodeRef, _user: str, _body: bytes, /) -> None:
        """Do nothing."""

    def idle(self, _path: str, _node: NodeRef, /) -> bool:
        """Whether nothing is done."""
        return True


undisturbed = Undisturbed()
