"""Replies: a status, headers and bytes on their way to a client; they know no request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

Headers = tuple[tuple[str, str], ...]

HTML = "text/html;charset=utf-8"
XML = "text/xml;charset=UTF-8"
JSON = "application/json"

ALWAYS: Headers = (("X-Frame-Options", "SAMEORIGIN"), ("Server", ""))
"""On everything that poses as the vendor's server; `Server` really is there and empty (specification section 3.2)."""


@dataclass(frozen=True)
class Reply:
    """What is sent: `headers` come before Content-Type and Content-Length, which follow from the body."""

    status: int
    body: bytes
    content_type: str = HTML
    headers: Headers = ALWAYS

    def with_headers(self, headers: Headers) -> Reply:
        """The same with `headers` before its own."""
        return Reply(self.status, self.body, self.content_type, headers + self.headers)

    def encoded(self) -> list[tuple[bytes, bytes]]:
        """All headers as ASGI wants them."""
        pairs = (
            *self.headers,
            ("Content-Type", self.content_type),
            ("Content-Length", str(len(self.body))),
        )
        return [(name.encode("ascii"), value.encode("latin-1")) for name, value in pairs]


def json_reply(status: int, document: Mapping[str, object]) -> Reply:
    """One of our own answers: not cached, and without the vendor's headers."""
    return Reply(status, json.dumps(document).encode(), JSON, (("Cache-Control", "no-store"),))
