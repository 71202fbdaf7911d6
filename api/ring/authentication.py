"""Authentication: whose request it is, by password or by session cookie (specification section 3.2).

It knows headers and accounts; what an account may do is asked elsewhere.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from dataclasses import dataclass

from ucmsim.api.accounts import Account, Accounts
from ucmsim.api.ring.exchange import Exchange
from ucmsim.api.ring.reply import Headers
from ucmsim.api.sessions import SINGLE_SIGN_ON, Session, Sessions

CHALLENGE: Headers = (("WWW-Authenticate", 'Basic realm="Cisco Web Services Realm"'),)


@dataclass(frozen=True)
class Identity:
    """An account that has shown who it is, and the session begun for it, if it had none."""

    account: Account
    session: Session | None = None


class Authentication:
    """The present accounts with their sessions. Passwords are checked in `executor`: a hash takes its time."""

    def __init__(self, accounts: Accounts, sessions: Sessions, executor: Executor) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._executor = executor

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
        header = (exchange.header(b"authorization") or b"").strip()
        user = self._user(exchange)
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

    def _user(self, exchange: Exchange) -> str | None:
        """Whose session cookie was sent."""
        for pair in (exchange.header(b"cookie") or b"").decode("latin-1").split(";"):
            name, _, value = pair.strip().partition("=")
            if name == SINGLE_SIGN_ON and (user := self._sessions.user(value.strip('"'))) is not None:
                return user
        return None
