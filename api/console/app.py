"""The console as a Flask application: its pages, who may see them, and the headers that every answer carries."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from ucmsim.api.console import (
    activation,
    audit,
    control_center,
    dressing,
    overview,
    signing_in,
    timeline,
    visitor,
)
from ucmsim.api.console.simulation.pages import pages as simulation
from ucmsim.api.console.surroundings import Surroundings, surround
from ucmsim.api.console.visitor import Visitor
from ucmsim.api.engine import UnknownNodeError

BODY_LIMIT = 1024 * 1024

OPEN = frozenset({"signing_in.sign_in", "signing_in.take_credentials", "static"})
"""What nobody has to sign in for."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_SENTENCES = {
    400: "The form was out of date, or did not come from this console. Go back, reload the page and try again.",
    403: "Your account does not have the role that this needs (G-CTL-15).",
    404: "There is no such page.",
    405: "This page cannot be used in that way.",
    413: "That is more than this page accepts.",
}


def console(surroundings: Surroundings) -> Flask:
    """Return the console's WSGI application; it may be mounted under any path."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    surround(app.extensions, surroundings)
    dressing.dress(app)
    for module in (signing_in, overview, control_center, activation, timeline, audit):
        app.register_blueprint(module.pages)
    app.register_blueprint(simulation)
    app.before_request(_admit)
    app.after_request(_protect)
    app.register_error_handler(UnknownNodeError, _unknown)
    app.register_error_handler(HTTPException, _refused)
    return app


def _admit() -> Answer | None:
    """Let in who is signed in and may look, and believe no form of anybody else."""
    if request.endpoint in OPEN:
        return None
    found = visitor.visitor()
    if found is None:
        return _to_the_door()
    if request.method == "POST" and not visitor.believed(found.session):
        abort(400)
    if not (found.watches or _needs_no_watcher(found)):
        if found.simulates and request.endpoint == "overview.index":
            return redirect(url_for("simulation.clock"))
        abort(403)
    return None


def _needs_no_watcher(found: Visitor) -> bool:
    """Whether a page is for a visitor who may not see services: those of the simulation, and its own account."""
    return found.simulates and request.blueprint in ("simulation", "signing_in")


def _to_the_door() -> Answer:
    """Send a stranger to the form, and back afterwards to what was asked for, if that was a page."""
    if request.method != "GET" or "X-Live" in request.headers:
        abort(401)
    wanted = urlsplit(request.full_path.rstrip("?"))
    address = request.script_root + wanted.path + (f"?{wanted.query}" if wanted.query else "")
    return redirect(url_for("signing_in.sign_in", next=address if wanted.path != "/" else None))


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    elif "v" not in request.args:  # asked for by another script, under a name that stays the same
        response.headers["Cache-Control"] = "no-cache"
    return response


def _unknown(error: UnknownNodeError) -> Answer | tuple[str, int]:
    return _message(404, str(error))


def _refused(error: HTTPException) -> Answer | tuple[str, int]:
    code = error.code or 500
    if code == 401 and request.method == "POST":
        return redirect(url_for("signing_in.sign_in"), 303)
    if error.response is not None or code < 400:
        return error.get_response()
    return _message(code, _SENTENCES.get(code) or error.description or error.name)


def _message(code: int, sentence: str) -> tuple[str, int]:
    return render_template("message.html", heading="That did not work", sentence=sentence), code
