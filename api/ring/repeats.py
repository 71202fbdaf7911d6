"""Repeats: questions that come again in the very same bytes are answered without being read again.

What is remembered is what the bytes mean, never what was answered: who asks, what may be asked and how things stand is
found out every time. A monitor that asks the same every second is most of what a server like this one has to do.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

from ucmsim.api.ring.reply import Reply

Repeat = Callable[[str], Reply | None]
"""Answers a request once more, for a client at an address; None if it must be read after all. Never waits."""

OFFER = "ucmsim.repeat"
"""The key of `scope["extensions"]` under which a connection takes the repeat of the request that it passes on.

Who stands around the application and takes part in every answer puts a function of his own there, which wraps the repeat.
"""

KEPT = 16_384
LONGEST = 16 * 1024
"""So many requests are remembered, none of them longer than this many bytes."""


class Repeats:
    """The repeats of a server by the bytes of their requests, in its event loop's thread.

    The bytes hold a password, so that only a keyed hash of them is kept.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._repeats: dict[tuple[str, bytes], Repeat] = {}

    def find(self, address: str, data: bytes) -> Repeat | None:
        """Return what answers these bytes, which came in on a node's address."""
        return self._repeats.get((address, self._digest(data))) if len(data) <= LONGEST else None

    def keep(self, address: str, data: bytes, repeat: Repeat) -> None:
        """Remember what answers these bytes."""
        if len(data) > LONGEST:
            return
        if len(self._repeats) >= KEPT:
            del self._repeats[next(iter(self._repeats))]
        self._repeats[address, self._digest(data)] = repeat

    def _digest(self, data: bytes) -> bytes:
        return hashlib.blake2b(data, digest_size=16, key=self._secret).digest()
