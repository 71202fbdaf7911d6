"""Authentication: whose request it is, by password or by session cookie (specification section 3.2).

It knows headers and accounts; what an account may do is asked elsewhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import NamedTuple

from ucmsim.api.accounts import Account, Accounts
from ucmsim.api.ring.exchange import Exchange
from ucmsim.api.ring.reply import Headers
from ucmsim.api.sessions import SINGLE_SIGN_ON, Session, Sessions

CHALLENGE: Headers = (("WWW-Authenticate", 'Basic realm="Cisco Web Services Realm"'),)


class Identity(NamedTuple):
    """An account that has shown who it is, and the session begun for it, if it had none."""

    account: Account
    session: Session | None = None


class Authentication:
    """The present accounts with their sessions. Passwords are checked in `executor`: a hash takes its time."""

    def __init__(self, accounts: Accounts, sessions: Sessions, executor: Executor) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._executor = executor

    @property
    def accounts(self) -> Accounts:
        """The accounts that count now."""
        return self._accounts

    def replace(self, accounts: Accounts) -> None:
        """From now on these accounts count; all that was verified against the old ones is forgotten."""
        self._accounts = accounts
        self._sessions.clear()

    async def identify(self, exchange: Exchange) -> Identity | None:
        """Who asks; None if nobody known does.

        A password that was sent decides, be there a cookie or not; the cookie counts beside an absent or empty
        `Authorization` header.
        """
        accounts = self._accounts
        header = _password(exchange)
        user = self._user(exchange.header(b"cookie"))
        if not header:
            return Identity(accounts[user]) if user is not None and user in accounts else None
        remembered, account = accounts.recall(header)
        if not remembered:
            account = await asyncio.get_running_loop().run_in_executor(
                self._executor, accounts.verify, header
            )
        if account is None:
            return None
        return Identity(account, None if user == account.name else self._sessions.begin(account.name))

    def repeated(self, exchange: Exchange, identity: Identity) -> Callable[[], Identity | None]:
        """Return what tells who asks when the same request, which was `identity`'s, comes again: None if it has to be looked at."""
        account, cookies = identity.account, exchange.header(b"cookie")
        proved = bool(_password(exchange))

        def identify_again() -> Identity | None:
            accounts = self._accounts
            if account.name not in accounts or accounts[account.name] is not account:
                return None
            if self._user(cookies) == account.name:
                return Identity(account)
            return Identity(account, self._sessions.begin(account.name)) if proved else None

        return identify_again

    def _user(self, cookies: bytes | None) -> str | None:
        """Whose session cookie was sent."""
        if not cookies:
            return None
        for pair in cookies.decode("latin-1").split(";"):
            name, _, value = pair.strip().partition("=")
            if name == SINGLE_SIGN_ON and (user := self._sessions.user(value.strip('"'))) is not None:
                return user
        return None


def _password(exchange: Exchange) -> bytes:
    """The header that carries a password, empty if there is none."""
    return (exchange.header(b"authorization") or b"").strip()
