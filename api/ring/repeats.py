"""Repeats: questions that come again in the very same bytes are answered without being read again.

What is remembered is what the bytes mean, never what was answered: who asks, what may be asked and how things stand is
found out every time. A monitor that asks the same every second is most of what a server like this one has to do.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ucmsim.api.ring.reply import Reply
from ucmsim.api.sessions import Session


class Again(NamedTuple):
    """An answer that stands, and the session that begins with it this time, for a web application's `path`."""

    reply: Reply
    session: Session | None = None
    path: str = "/"

    @property
    def cookies(self) -> tuple[str, ...]:
        """The values of `Set-Cookie`."""
        return self.session.cookies(self.path) if self.session else ()


Repeat = Callable[[str], Again | None]
"""Answers a request once more, for a client at an address; None if it must be read after all. Never waits."""

OFFER = "ucmsim.repeat"
"""The key of `scope["extensions"]` under which a connection takes the repeat of the request that it passes on.

Who stands around the application and takes part in every answer puts a function of his own there, which wraps the repeat.
"""

_UNKNOWN = None, 0
_END_OF_HEAD = b"\r\n\r\n"

KEPT = 16_384
BYTES = 32 * 1024 * 1024
LONGEST = 16 * 1024
PIECES = 2
"""So many requests are remembered, of so many bytes together, none longer than this or in more pieces."""


class Repeats:
    """The repeats of a server by the bytes of their requests, in its event loop's thread.

    The bytes hold a password, so that only a keyed hash of them is kept.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._repeats: dict[tuple[str, bytes], tuple[Repeat, int]] = {}
        self._bytes = 0  # of all requests that are remembered
        self._heads: dict[tuple[str, bytes], None] = {}

    def find(self, address: str, data: bytes) -> Repeat | None:
        """Return what answers these bytes, which came in on a node's address."""
        if len(data) > LONGEST:
            return None
        repeat, _ = self._repeats.get((address, self._digest(data)), _UNKNOWN)
        return repeat

    def begins(self, address: str, data: bytes) -> bool:
        """Whether these bytes are the head of a request that was kept, whose body came after it."""
        return data.endswith(_END_OF_HEAD) and (address, self._digest(data)) in self._heads

    def keep(self, address: str, pieces: Sequence[bytes], repeat: Repeat) -> None:
        """Remember what answers a request that came in these pieces: in one, or as a head and a body."""
        data = b"".join(pieces)
        if len(pieces) > PIECES or len(data) > LONGEST:
            return
        head, *bodies = pieces
        if bodies:
            # Who expects to be told to continue sends no body before.
            if not head.endswith(_END_OF_HEAD) or b"\r\nexpect:" in head.lower():
                return
            self._heads[address, self._digest(head)] = None
            if len(self._heads) > KEPT:
                del self._heads[next(iter(self._heads))]
        self._forget((address, self._digest(data)))
        self._repeats[address, self._digest(data)] = repeat, len(data)
        self._bytes += len(data)
        while len(self._repeats) > KEPT or self._bytes > BYTES:
            self._forget(next(iter(self._repeats)))

    def _forget(self, key: tuple[str, bytes]) -> None:
        _, size = self._repeats.pop(key, _UNKNOWN)
        self._bytes -= size

    def _digest(self, data: bytes) -> bytes:
        return hashlib.blake2b(data, digest_size=16, key=self._secret).digest()
