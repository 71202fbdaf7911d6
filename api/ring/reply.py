"""Replies: a status, headers and bytes on their way to a client; they know no request."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Concatenate, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")

Headers = tuple[tuple[str, str], ...]

HTML = "text/html;charset=utf-8"
XML = "text/xml;charset=UTF-8"
JSON = "application/json"

SET_COOKIE = "Set-Cookie"

ALWAYS: Headers = (("X-Frame-Options", "SAMEORIGIN"), ("Server", ""))
"""On everything that poses as the vendor's server; `Server` really is there and empty (specification section 3.2)."""


@dataclass(frozen=True)
class Reply:
    """What is sent: the headers in the order `leading`, cookies, `headers`, Content-Type, Content-Length.

    The last two follow from the body; `cookies` are the values of `Set-Cookie`.
    """

    status: int
    body: bytes
    content_type: str = HTML
    headers: Headers = ALWAYS
    leading: Headers = ()
    cookies: tuple[str, ...] = ()

    @property
    def all_headers(self) -> Headers:
        """All headers, in the order in which they are sent."""
        cookies = tuple((SET_COOKIE, cookie) for cookie in self.cookies)
        length = str(len(self.body))
        described = (("Content-Type", self.content_type), ("Content-Length", length))
        return self.leading + cookies + self.headers + described

    def encoded(self) -> list[tuple[bytes, bytes]]:
        """All headers as ASGI wants them."""
        return [(name.encode("ascii"), value.encode("latin-1")) for name, value in self.all_headers]

    def once(self, make: Callable[Concatenate[Reply, P], T], /, *about: P.args, **more: P.kwargs) -> T:
        """Return `make(reply, *about)`: the same object each time, kept as long as the reply is.

        For a reply that stands and is sent many times.
        """
        key = (make, about, *more.items())
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = make(self, *about, **more)
        return made

    @cached_property
    def _made(self) -> dict[Hashable, Any]:
        return {}


def json_reply(status: int, document: Mapping[str, object]) -> Reply:
    """One of our own answers: not cached, and without the vendor's headers."""
    return Reply(status, json.dumps(document).encode(), JSON, (("Cache-Control", "no-store"),))
