"""Sessions: the cookies that stand for a user who has given a password (specification section 3.2).

An identifier proves by itself whose it is, to every process that has the secret, so that beginning a session keeps
nothing: most clients never show the cookie that they are given. What is kept is when a session was last used.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

SINGLE_SIGN_ON = "JSESSIONIDSSO"
WEB_APPLICATION = "JSESSIONID"
IDLE_SECONDS = 30 * 60.0
BOUND = 10_000
"""Of so many sessions this process remembers when they were last used."""
TOLD_EVERY = 60.0
"""After so many seconds of use other processes are told about it again, and asked whether the session has ended there."""

_PROOF = 8  # bytes; the other half of an identifier is when it began and a serial number
_IDENTIFIER = re.compile(r"[0-9A-F]{32}")


class Session(NamedTuple):
    """The two identifiers that a browser or client gets: 32 upper-case hexadecimal digits each.

    `single_sign_on` is good for every web application; `web_application` is sent because the real one sends it.
    """

    single_sign_on: str
    web_application: str

    def cookies(self, path: str) -> tuple[str, str]:
        """The values of the two `Set-Cookie` headers; `path` is that of the web application (U-45)."""
        return (
            f"{SINGLE_SIGN_ON}={self.single_sign_on}; Path=/; Secure; HttpOnly",
            f"{WEB_APPLICATION}={self.web_application}; Path={path}; Secure; HttpOnly",
        )


class Use(NamedTuple):
    """When a session was last used, in seconds of the sessions' clock, and whether it was ended."""

    at: float
    ended: bool = False


class Register(Protocol):
    """Where processes tell each other about the use of sessions."""

    def look(self, session: str) -> Use | None:
        """Return what is known of a session, None if nobody has noted anything."""

    def note(self, session: str, use: Use) -> None:
        """Tell the others, sooner or later."""


class Alone:
    """There are no other processes."""

    def look(self, _session: str) -> None:
        """Know nothing."""

    def note(self, _session: str, _use: Use) -> None:
        """Tell nobody."""


class _Known(NamedTuple):
    user: str
    used: float
    told: float
    ended: bool = False


class Sessions:
    """The sessions of a server, each until it was idle for `idle` seconds of `clock` or somebody ended it. Thread-safe.

    Processes that share sessions have the same `secret`, a clock that shows them the same, and a `register`; `users`
    are the names of all users who may have a session that began elsewhere.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        idle: float = IDLE_SECONDS,
        *,
        secret: bytes | None = None,
        users: Callable[[], Iterable[str]] = tuple,
        register: Register | None = None,
    ) -> None:
        self._clock = clock
        self._idle = idle
        self._secret = secret or secrets.token_bytes(32)
        self._users = users
        self._register: Register = register or Alone()
        self._begun_here: dict[str, None] = {}
        self._known: OrderedDict[str, _Known] = OrderedDict()  # least recently used first
        self._serial = itertools.count(
            secrets.randbits(32)
        )  # never twice the same, and another in each process
        self._lock = threading.Lock()

    def begin(self, user: str) -> Session:
        """A new session of `user`."""
        self._begun_here[user] = None
        began = int(self._clock()).to_bytes(4, "big") + (next(self._serial) % 2**32).to_bytes(4, "big")
        drawn = self._drawn(began, user)
        return Session((began + drawn[:_PROOF]).hex().upper(), drawn[_PROOF:].hex().upper())

    def user(self, single_sign_on: str) -> str | None:
        """Whose session it is, which starts its idle time afresh; None if it is nobody's, ended or was idle for too long.

        Other processes hear of it about once a minute; the answer may have to be looked up then.
        """
        now = self._clock()
        known = self._known.get(single_sign_on) or self._proved(single_sign_on)
        if known is None or known.ended:
            return None
        told = known.told
        if now - told > TOLD_EVERY:
            elsewhere = self._register.look(single_sign_on) or Use(known.used)
            known = known._replace(used=max(known.used, elsewhere.at), ended=elsewhere.ended)
            told = now
        ended = known.ended or now - known.used > self._idle
        if not ended and told != known.told:
            self._register.note(single_sign_on, Use(now))
        self._keep(single_sign_on, _Known(known.user, now, told, ended))
        return None if ended else known.user

    def end(self, single_sign_on: str) -> None:
        """End one session, if there is one: its user has signed out. Other processes find out within a minute."""
        known = self._known.get(single_sign_on) or self._proved(single_sign_on)
        if known is not None:
            self._keep(single_sign_on, known._replace(ended=True))
            self._register.note(single_sign_on, Use(self._clock(), ended=True))

    def clear(self) -> None:
        """End all sessions: the accounts behind them have changed."""
        with self._lock:
            self._secret = hashlib.blake2b(self._secret, person=b"cleared").digest()[:32]
            self._known.clear()

    def sign(self, text: str) -> str:
        """Return a signature that every process with the secret gives the same text, and nobody else can."""
        return self._digest(b"signature", text.encode()).hex()

    def _keep(self, single_sign_on: str, known: _Known) -> None:
        with self._lock:
            self._known[single_sign_on] = known
            self._known.move_to_end(single_sign_on)
            if len(self._known) > BOUND:
                self._known.popitem(last=False)

    def _proved(self, single_sign_on: str) -> _Known | None:
        """What an identifier says of itself, if it is a true one in the spelling that was given out."""
        if not _IDENTIFIER.fullmatch(single_sign_on):  # another spelling would outlive the end of its session
            return None
        raw = bytes.fromhex(single_sign_on)
        began, proof = raw[:_PROOF], raw[_PROOF:]
        for user in {**self._begun_here, **dict.fromkeys(self._users())}:
            if hmac.compare_digest(self._drawn(began, user)[:_PROOF], proof):
                at = float(int.from_bytes(began[:4], "big"))
                return _Known(user, at, at)
        return None

    def _drawn(self, began: bytes, user: str) -> bytes:
        """The proof that a session began here, and the identifier for its web application."""
        return self._digest(b"session", began + user.encode(), _PROOF + 16)

    def _digest(self, purpose: bytes, content: bytes, size: int = 16) -> bytes:
        return hashlib.blake2b(content, digest_size=size, key=self._secret, person=purpose).digest()
