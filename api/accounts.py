"""Accounts: who may call the server, in which roles, and whether a password is right.

A set of accounts never changes; new accounts are a new set, so nothing remembered about the old one can outlive it.
It knows the Basic scheme's header, but no request and no page.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

import argon2

REMEMBERED = 1024
"""How many headers of each verdict are remembered: a client sends one again and again, an attacker ever new ones."""

# Argon2id with the least cost that OWASP's password storage guide accepts: 25 ms once for each header, not for each request.
_HASHER = argon2.PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)


class Permission(Enum):
    """What an account's roles allow; the values are the roles' names in an inventory."""

    MONITOR = "monitor"
    """Read states and lists."""
    SERVICEABILITY = "serviceability"
    """Control and deploy services as well (G-CTL-15)."""
    SIMULATION = "simulation"
    """What only a simulator can do: clock, faults, snapshots."""


EVERY_PERMISSION = frozenset(Permission)


@dataclass(frozen=True)
class Account:
    """A name, the Argon2 hash of its password, and what it may do."""

    name: str
    password_hash: str = field(repr=False)
    permissions: frozenset[Permission]

    @classmethod
    def of(cls, name: str, password_hash: str, roles: Iterable[str]) -> Account:
        """An account from the role names of an inventory; serviceability includes monitor. ValueError for other names."""
        permissions = {Permission(role) for role in roles}
        if Permission.SERVICEABILITY in permissions:
            permissions.add(Permission.MONITOR)
        return cls(name, password_hash, frozenset(permissions))

    def may(self, permission: Permission) -> bool:
        """Whether one of its roles gives `permission`."""
        return permission in self.permissions


def hash_password(password: str) -> str:
    """The salted Argon2id hash that is kept in place of a password."""
    return _HASHER.hash(password)


class Accounts:
    """All accounts of a server and the headers that were verified against them. Thread-safe."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._accounts = {account.name: account for account in accounts}
        self._right = _Memory()
        self._wrong = _Memory()

    def __getitem__(self, name: str) -> Account:
        """The account of that name; KeyError if there is none."""
        return self._accounts[name]

    def __contains__(self, name: object) -> bool:
        return name in self._accounts

    @property
    def names(self) -> Iterable[str]:
        """The names of all accounts."""
        return self._accounts.keys()

    def recall(self, header: bytes) -> tuple[bool, Account | None]:
        """Whether the verdict on this `Authorization` header is remembered, and the account it is for. Never blocks."""
        if (name := self._right.get(header)) is not None:
            return True, self._accounts[name]
        return self._wrong.get(header) is not None, None

    def verify(self, header: bytes) -> Account | None:
        """The account whose name and password a Basic `Authorization` header carries; None if they are wrong.

        Takes tens of milliseconds of CPU for a header that it does not remember.
        """
        remembered, account = self.recall(header)
        if remembered:
            return account
        account = self._check(header)
        if account:
            self._right.put(header, account.name)
        else:
            self._wrong.put(header, "")
        return account

    def _check(self, header: bytes) -> Account | None:
        credentials = read_basic(header)
        if credentials is None:
            return None
        name, password = credentials
        account = self._accounts.get(name)
        try:
            # An unknown name costs as much as a wrong password, so that the time does not tell which names exist.
            _HASHER.verify(account.password_hash if account else _nobody(), password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return None
        return account


def read_basic(header: bytes) -> tuple[str, str] | None:
    """Name and password of a Basic `Authorization` header (RFC 7617); None if it is no such header."""
    scheme, _, encoded = header.strip().partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error:
        return None
    try:
        text = decoded.decode("utf-8")
    except UnicodeDecodeError:
        text = decoded.decode("latin-1")  # what older clients send
    name, colon, password = text.partition(":")
    return (name, password) if colon else None


@functools.cache
def _nobody() -> str:
    """A hash that no password fits, made when it is first needed."""
    return hash_password(secrets.token_hex())


class _Memory:
    """The last headers seen, by keyed hash: a password is not kept even in memory. Bounded, thread-safe."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._names: OrderedDict[bytes, str] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, header: bytes) -> str | None:
        digest = self._digest(header)
        with self._lock:
            name = self._names.get(digest)
            if name is not None:
                self._names.move_to_end(digest)
            return name

    def put(self, header: bytes, name: str) -> None:
        digest = self._digest(header)
        with self._lock:
            self._names[digest] = name
            if len(self._names) > REMEMBERED:
                self._names.popitem(last=False)

    def _digest(self, header: bytes) -> bytes:
        return hashlib.blake2b(header, digest_size=16, key=self._key).digest()
