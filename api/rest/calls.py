"""The caller's side of a request, as handlers see it: who asks, from where, and under which preconditions.

It reads headers; it knows no route and sends nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ucmsim.api.accounts import Account, Permission
from ucmsim.api.origin import Origin
from ucmsim.models.states import NodeRef

CALL = "ucmsim.call"
"""The key of the WSGI environment under which the gate puts the `Visitor`."""

LONGEST_WAIT = 60


@dataclass(frozen=True)
class Visitor:
    """Who stands behind a request: the account (None on public paths), the client's address, the node's address used.

    `request` is what the journal calls it.
    """

    account: Account | None
    client: str
    node: NodeRef | None = None
    request: str = ""

    def may(self, permission: Permission) -> bool:
        """Whether the account has the role."""
        return self.account is not None and self.account.may(permission)


@dataclass(frozen=True)
class Header:
    """A request header that a route reads, as the description names it."""

    name: str
    description: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    example: Any = None


PREFER = Header(
    "Prefer",
    "`wait=N`: answer as soon as the operation has ended, or after N real seconds, at most 60 (RFC 7240).",
    {"type": "string"},
    "wait=20",
)
IDEMPOTENCY_KEY = Header(
    "Idempotency-Key",
    "The same key with the same body gives the same answer again, for 24 hours, and nothing is done twice.",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
)
IF_MATCH = Header(
    "If-Match",
    "The ETag that the resource has to have still; otherwise 412.",
    {"type": "string"},
)
IF_NONE_MATCH = Header(
    "If-None-Match",
    "The ETag that the caller has: 304 if the resource still has it.",
    {"type": "string"},
    '"7c1d0c2f5a9b"',
)


@dataclass(frozen=True)
class Call:
    """One request: its path as the caller wrote it, the visitor, and the headers that handlers read."""

    path: str
    visitor: Visitor
    headers: Mapping[str, str]

    @property
    def origin(self) -> Origin:
        """What operations and events record about the caller."""
        account = self.visitor.account
        user = account.name if account else ""
        return Origin("REST", user, self.visitor.client, request=self.visitor.request)

    @property
    def wait(self) -> int | None:
        """How many real seconds the caller prefers to wait; None without that preference. What is no number is ignored."""
        for preference in self.headers.get("Prefer", "").split(","):
            found = re.fullmatch(r"\s*wait\s*=\s*(\d{1,9})\s*(;.*)?", preference, re.IGNORECASE)
            if found:
                return min(int(found[1]), LONGEST_WAIT)
        return None

    @property
    def idempotency_key(self) -> str | None:
        """The key under which the caller may repeat this request."""
        return self.headers.get("Idempotency-Key")

    @property
    def conditional(self) -> bool:
        """Whether the caller names the state that the resource has to have."""
        return "If-Match" in self.headers

    def matches(self, etag: str) -> bool:
        """Whether `If-Match` allows a write to a resource with this ETag."""
        return _names(self.headers.get("If-Match"), etag, weak=False, absent=True)

    def has(self, etag: str) -> bool:
        """Whether `If-None-Match` says that the caller has the resource with this ETag."""
        return _names(self.headers.get("If-None-Match"), etag, weak=True, absent=False)


def _names(header: str | None, etag: str, *, weak: bool, absent: bool) -> bool:
    """Whether a list of ETags names this one (RFC 9110 section 13.1)."""
    if header is None:
        return absent
    if header.strip() == "*":
        return True
    listed = re.findall(r'(W/)?"([^"]*)"', header)
    return any(tag == etag and (weak or not prefix) for prefix, tag in listed)
