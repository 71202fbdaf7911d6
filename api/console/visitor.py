"""Who is looking: the console's session cookie, and the token that proves that a form came from its own pages.

It knows names, permissions and cookies; passwords are checked by the accounts.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from flask import Response, abort, g, request

from ucmsim.api.accounts import Account, Permission
from ucmsim.api.console.surroundings import surroundings
from ucmsim.api.origin import Origin

_SECRET = secrets.token_bytes(32)
"""Signs form tokens; the sessions they belong to do not outlive the process either."""

FIELD = "token"
_SALT = 16
"""How many characters of a token are its salt."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who has signed in, and the session that says so."""

    account: Account
    session: str

    @property
    def name(self) -> str:
        """The account's name."""
        return self.account.name

    @property
    def controls(self) -> bool:
        """Whether services may be controlled and deployed (G-CTL-15)."""
        return self.account.may(Permission.SERVICEABILITY)

    @property
    def watches(self) -> bool:
        """Whether states may be seen."""
        return self.account.may(Permission.MONITOR)

    @property
    def simulates(self) -> bool:
        """Whether the simulation may be changed."""
        return self.account.may(Permission.SIMULATION)


def cookie_name(port: object = None) -> str:
    """Name the session cookie of the server at `port`, by default that of the present request.

    Cookies know hosts but no ports, and several servers share 127.0.0.1.
    """
    return f"__Host-ucmsim-{request.environ.get('SERVER_PORT', '') if port is None else port}"


def visitor() -> Visitor | None:
    """Return who sent the present request, or None; looked up once a request."""
    if "visitor" not in g:
        g.visitor = _look_up()
    found: Visitor | None = g.visitor
    return found


def signed_in() -> Visitor:
    """Return who sent the present request; 401 for nobody."""
    found = visitor()
    if found is None:
        abort(401)
    return found


def origin() -> Origin:
    """Return where a command of the present request comes from."""
    return Origin("CONSOLE", signed_in().name, request.remote_addr or "")


def sign_in(name: str, password: str) -> str | None:
    """Begin a session and return its identifier, or None for a wrong name or password."""
    credentials = base64.b64encode(f"{name}:{password}".encode())
    account = surroundings().accounts().verify(b"Basic " + credentials)
    # A colon would shift the border between the two.
    if account is None or account.name != name:
        return None
    return surroundings().sessions.begin(account.name).single_sign_on


def sign_out() -> None:
    """End the session of the present request."""
    surroundings().sessions.end(request.cookies.get(cookie_name(), ""))


def set_cookie(response: Response, session: str) -> None:
    """Give the session to the browser: never to scripts, never in the clear, never to requests from other sites."""
    response.set_cookie(cookie_name(), session, secure=True, httponly=True, samesite="Lax", path="/")


def token(session: str) -> str:
    """Return what a form has to carry to be believed; another one each time, so that no compression gives it away."""
    return _signed(secrets.token_hex(_SALT // 2), session)


def believed(session: str) -> bool:
    """Say whether the form of the present request came from a page of this session, and from this very server."""
    sent = request.form.get(FIELD, "")
    return _same_site() and hmac.compare_digest(sent.encode(), _signed(sent[:_SALT], session).encode())


def _signed(salt: str, session: str) -> str:
    return salt + hmac.new(_SECRET, f"{salt}/{session}".encode(), hashlib.sha256).hexdigest()


def _same_site() -> bool:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    claimed = request.headers.get("Origin")
    return claimed is None or claimed.partition("://")[2] == request.host


def _look_up() -> Visitor | None:
    session = request.cookies.get(cookie_name(), "")
    name = surroundings().sessions.user(session) if session else None
    accounts = surroundings().accounts()
    return Visitor(accounts[name], session) if name is not None and name in accounts else None
