"""Identifiers: a prefix and a ULID, made of a moment and a number, so that they sort by time (REST specification section 1).

The text is derived and can be taken apart again: nothing but the number needs to be stored.
"""

from __future__ import annotations

import secrets
from typing import NamedTuple

from ucmsim.models.states import Instant

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_LENGTH = 26
_NUMBER_BITS = 80


class Ulid(NamedTuple):
    """The two halves of a ULID: 48 bits of milliseconds since the epoch, 80 bits of number."""

    at: Instant
    number: int

    def text(self, prefix: str) -> str:
        """The identifier, such as `op_01J8Z…`."""
        value = max(self.at, 0) << _NUMBER_BITS | self.number
        letters = (_ALPHABET[value >> shift & 31] for shift in range(5 * (_LENGTH - 1), -1, -5))
        return f"{prefix}_{''.join(letters)}" if prefix else "".join(letters)


def parse(prefix: str, identifier: str) -> Ulid | None:
    """Take an identifier apart; None if it is none with this prefix."""
    head, _, letters = identifier.rpartition("_")
    if head != prefix or len(letters) != _LENGTH or not _VALUES.keys() >= set(letters):
        return None
    value = 0
    for letter in letters:
        value = value << 5 | _VALUES[letter]
    return Ulid(value >> _NUMBER_BITS, value & (1 << _NUMBER_BITS) - 1)


def unguessable(prefix: str, at: Instant) -> str:
    """A new identifier of random number."""
    return Ulid(at, secrets.randbits(_NUMBER_BITS)).text(prefix)
