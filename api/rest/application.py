"""The Flask application of a REST face: a blueprint for each resource, one way in and one way out for every route.

It knows Flask; what a route does is the resource's business, who may ask was found out by the gate.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from ucmsim.api.accounts import Permission
from ucmsim.api.rest import reading
from ucmsim.api.rest.calls import CALL, Call, Visitor
from ucmsim.api.rest.documents import Body, Document, Query
from ucmsim.api.rest.problems import (
    BODY_TOO_LARGE,
    FORBIDDEN,
    INTERNAL_ERROR,
    METHOD_NOT_ALLOWED,
    NOT_AUTHENTICATED,
    NOT_FOUND,
    VALIDATION_ERROR,
    Problem,
    ProblemType,
    problem_response,
)
from ucmsim.api.rest.routes import JSON, Content, Reply, Resource, Route, choices
from ucmsim.api.rest.standing import UNTIL

log = logging.getLogger(__name__)

Translation = Callable[[Exception], Problem | None]


@dataclass(frozen=True)
class Face:
    """A REST API below one prefix: its resources, and the roles that reading and writing need.

    `translations` turn exceptions of the engine into problems.
    """

    prefix: str
    title: str
    about: str
    version: str
    resources: tuple[Resource, ...]
    reading: Permission = Permission.MONITOR
    writing: Permission = Permission.SERVICEABILITY
    translations: tuple[Translation, ...] = field(default=())

    @property
    def routes(self) -> Iterable[tuple[Resource, Route]]:
        """Every route with its resource."""
        return ((resource, route) for resource in self.resources for route in resource.routes)

    def needs(self, route: Route) -> Permission | None:
        """The role that a route needs, None if it is public."""
        if route.public:
            return None
        return route.needs or (self.reading if route.method == "GET" else self.writing)


def flask_application(face: Face) -> Flask:
    """Return the WSGI application of a face. The environment's `ucmsim.call` says who asks."""
    app = Flask(__name__, static_folder=None)
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False
    for resource in face.resources:
        blueprint = Blueprint(resource.name, __name__, url_prefix=face.prefix)
        for route in resource.routes:
            blueprint.add_url_rule(
                _rule(route),
                endpoint=route.name.replace(".", "_"),
                view_func=_view(face, route),
                methods=[route.method],
            )
        app.register_blueprint(blueprint)
    app.register_error_handler(Exception, lambda error: _failed(face, error))
    app.after_request(_finished)
    return app


def _rule(route: Route) -> str:
    """The path as Werkzeug writes it."""
    path = route.path
    for name, hint in route.path_parameters.items():
        options = choices(hint)
        converter = f"any({','.join(repr(option) for option in options)}):" if options else ""
        path = path.replace(f"{{{name}}}", f"<{converter}{name}>")
    return path


def _view(face: Face, route: Route) -> Callable[..., Response]:
    needed = face.needs(route)

    def view(**path: str) -> Response:
        visitor: Visitor = request.environ[CALL]
        if needed is not None and not visitor.may(needed):
            raise Problem(
                FORBIDDEN if visitor.account else NOT_AUTHENTICATED, f"this needs the role {needed.value!r}"
            )
        reading.accept(route, request.accept_mimetypes)
        call = Call(request.path, visitor, dict(request.headers))
        return _answer(route, call, route.handler(**path, **_arguments(route, call)))

    return view


def _arguments(route: Route, call: Call) -> dict[str, Any]:
    """What the handler takes besides the path's parameters."""
    for header in route.headers:
        reading.header(header, call.headers.get(header.name.title()))
    arguments: dict[str, Any] = {}
    asked = reading.query(route.query, request.args.to_dict(flat=False))
    if name := route.parameter(Query):
        arguments[name] = asked
    if name := route.parameter(Call):
        arguments[name] = call
    media_type = request.headers.get("Content-Type", "")
    if (name := route.parameter(Body)) and route.body:
        arguments[name] = reading.document(route, route.body, media_type, request.get_data())
    if name := route.parameter(Content):
        arguments[name] = reading.content(route, media_type, request.get_data())
    return arguments


def _answer(route: Route, call: Call, answer: Document | Reply[Any] | None) -> Response:
    if answer is None:
        return Response(status=204)
    reply = answer if isinstance(answer, Reply) else Reply(answer, route.statuses[0])
    if reply.content is not None:
        _stands(reply)
        return Response(
            reply.content.body, reply.status, dict(reply.headers), content_type=reply.content.media_type
        )
    if reply.document is None:
        return Response(status=reply.status, headers=dict(reply.headers))
    headers = dict(reply.headers)
    if route.versioned:
        etag = reply.document.etag()
        headers["ETag"] = f'"{etag}"'
        if call.has(etag):
            return Response(status=304, headers=headers)
    _stands(reply)
    return Response(reply.document.json(), reply.status, headers, content_type=JSON)


def _stands(reply: Reply[Any]) -> None:
    """Tell the gate until when an answer stands, if that is known."""
    if reply.stands is not None and (scope := request.environ.get("asgi.scope")):
        scope["state"][UNTIL] = reply.stands


def _failed(face: Face, error: Exception) -> Response:
    problem = _problem(face, error)
    status, headers, body = problem_response(problem, request.path)
    if problem.type is INTERNAL_ERROR:
        log.error("%s %s failed: %s", request.method, request.path, body.decode(), exc_info=error)
    return Response(body, status, headers)


def _problem(face: Face, error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        return Problem(METHOD_NOT_ALLOWED, f"allowed here: {allowed}", headers={"Allow": allowed})
    if isinstance(error, HTTPException):
        kind = _HTTP.get(error.code or 500, VALIDATION_ERROR)
        return Problem(kind, kind.meaning)
    for translation in face.translations:
        if problem := translation(error):
            return problem
    return Problem(INTERNAL_ERROR, "the server failed; its log says more")


_HTTP: dict[int, ProblemType] = {404: NOT_FOUND, 413: BODY_TOO_LARGE, 500: INTERNAL_ERROR}


def _finished(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
