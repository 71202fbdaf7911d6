"""Sessions: the cookies that stand for a user who has given a password (specification section 3.2).

They are kept behind three functions (begin, user, clear), so that server processes can share them one day.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

SINGLE_SIGN_ON = "JSESSIONIDSSO"
WEB_APPLICATION = "JSESSIONID"
IDLE_SECONDS = 30 * 60.0
BOUND = 10_000


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


class Sessions:
    """The open sessions of a server, each until it was idle for `idle` seconds of `clock`; the oldest give way to new ones."""

    def __init__(self, clock: Callable[[], float], idle: float = IDLE_SECONDS, bound: int = BOUND) -> None:
        self._clock = clock
        self._idle = idle
        self._bound = bound
        self._used: OrderedDict[str, tuple[str, float]] = OrderedDict()  # least recently used first
        self._lock = threading.Lock()

    def begin(self, user: str) -> Session:
        """A new session of `user`."""
        digits = secrets.token_hex(32).upper()  # both at once: the system's random numbers are not cheap
        session = Session(digits[:32], digits[32:])
        with self._lock:
            self._used[session.single_sign_on] = (user, self._clock())
            if len(self._used) > self._bound:
                self._used.popitem(last=False)
        return session

    def user(self, single_sign_on: str) -> str | None:
        """Whose session it is, which starts its idle time afresh; None if it is unknown or was idle for too long."""
        with self._lock:
            user, used = self._used.pop(single_sign_on, (None, 0.0))
            now = self._clock()
            if user is None or now - used > self._idle:
                return None
            self._used[single_sign_on] = (user, now)
            return user

    def end(self, single_sign_on: str) -> None:
        """End one session, if there is one: its user has signed out."""
        with self._lock:
            self._used.pop(single_sign_on, None)

    def clear(self) -> None:
        """End all sessions: the accounts behind them have changed."""
        with self._lock:
            self._used.clear()
