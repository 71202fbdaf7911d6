"""Signing in and out, and choosing the colours: the pages that are not about any cluster."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from ucmsim.api.console import visitor

pages = Blueprint("signing_in", __name__)

THEMES = ("auto", "light", "dark")
_YEAR = 365 * 86_400


@pages.get("/sign-in")
def sign_in() -> Answer:
    """Show the form."""
    if visitor.visitor() is not None:
        return redirect(_next())
    return _form()


@pages.post("/sign-in")
def take_credentials() -> Answer:
    """Check name and password and begin a session."""
    name = request.form.get("name", "")
    before = request.cookies.get(_before(), "")
    if not before or not visitor.believed(before):
        return _form(name, "The form was out of date. Please sign in again.")
    session = visitor.sign_in(name, request.form.get("password", ""))
    if session is None:
        return _form(name, "Name or password is not right.")
    response = make_response(redirect(_next(), 303))
    visitor.set_cookie(response, session)
    response.delete_cookie(_before(), secure=True, httponly=True, samesite="Lax")
    return response


@pages.post("/sign-out")
def sign_out() -> Answer:
    """End the session."""
    visitor.sign_out()
    response = redirect(url_for("signing_in.sign_in"), 303)
    response.delete_cookie(visitor.cookie_name(), secure=True, httponly=True, samesite="Lax")
    return response


@pages.post("/theme")
def theme() -> Answer:
    """Remember light, dark or whatever the system prefers."""
    chosen = request.form.get("theme", "auto")
    response = redirect(_next(), 303)
    if chosen in THEMES:
        response.set_cookie("ucmsim-theme", chosen, max_age=_YEAR, secure=True, httponly=True, samesite="Lax")
    return response


def _form(name: str = "", problem: str = "") -> Response:
    # A form that anybody can get needs a token too: otherwise a stranger's page could sign a visitor in as the stranger.
    before = request.cookies.get(_before()) or secrets.token_urlsafe(24)
    page = render_template(
        "sign_in.html", name=name, problem=problem, next=_next(), form_token=visitor.token(before)
    )
    response = make_response(page, 401 if problem else 200)
    response.set_cookie(_before(), before, secure=True, httponly=True, samesite="Lax")
    return response


def _before() -> str:
    """Name the cookie of somebody who has not signed in yet."""
    return visitor.cookie_name() + "-form"


def _next() -> str:
    """Return where to go on: a path of this console and nothing else."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    inside = wanted.startswith(f"{request.script_root}/") and not wanted.startswith("//")
    if not inside or parts.scheme or parts.netloc or "\\" in wanted:
        return url_for("overview.index")
    return wanted
