"""The OpenAPI 3.1 description of a face, made from its routes, models and docstrings: it cannot say anything else than the code.

It reads declarations only; nothing is called.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from ucmsim.api.rest import problems
from ucmsim.api.rest.application import Face
from ucmsim.api.rest.calls import Header
from ucmsim.api.rest.problems import ProblemDocument, ProblemType
from ucmsim.api.rest.routes import JSON, Content, Resource, Route, choices, explanation

_REFERENCE = "#/components/schemas/{model}"

ETAG = Header("ETag", "The version of the resource's state.", {"type": "string"}, '"7c1d0c2f5a9b"')

_ALWAYS = (
    problems.NOT_ACCEPTABLE,
    problems.RATE_LIMITED,
    problems.INTERNAL_ERROR,
    problems.NOT_READY,
)
_WITH_CREDENTIALS = (problems.NOT_AUTHENTICATED, problems.FORBIDDEN)
_WITH_BODY = (problems.BODY_TOO_LARGE, problems.UNSUPPORTED_MEDIA_TYPE, problems.BODY_TIMEOUT)


def describe(face: Face) -> dict[str, Any]:
    """Return the OpenAPI document of a face."""
    routes = list(face.routes)
    models: list[tuple[Any, JsonSchemaMode]] = [(ProblemDocument, "serialization")]
    for _, route in routes:
        if route.document:
            models.append((route.document, "serialization"))
        if route.body:
            models.append((route.body, "validation"))
    models = list(dict.fromkeys(models))
    named, schemas = models_json_schema(models, ref_template=_REFERENCE)
    components = {name: _titleless(schema) for name, schema in schemas.get("$defs", {}).items()}
    paths: dict[str, dict[str, Any]] = {}
    for resource, route in routes:
        described = _operation(face, resource, route, named)
        components |= _query_schemas(route)
        paths.setdefault(face.prefix + route.path, {})[route.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {"title": face.title, "version": face.version, "description": face.about},
        "servers": [{"url": "/", "description": "The server that this description came from."}],
        "security": [{"basic": []}],
        "tags": [{"name": resource.name, "description": resource.about} for resource in face.resources],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic", "description": "The accounts of the SOAP APIs."}
            },
        },
    }


def _operation(face: Face, resource: Resource, route: Route, named: Any) -> dict[str, Any]:
    summary, description = route.explained
    needed = face.needs(route)
    role = f"Needs the role `{needed.value}`." if needed else "Needs no credentials."
    described: dict[str, Any] = {
        "operationId": route.operation,
        "tags": [resource.name],
        "summary": summary,
        "description": f"{description}\n\n{role}".strip(),
        "parameters": [*_path_parameters(route), *_query_parameters(route), *map(_header, route.headers)],
        "responses": _responses(route, named),
    }
    if route.public:
        described["security"] = []
    if body := _request_body(route, named):
        described["requestBody"] = body
    return described


def _request_body(route: Route, named: Any) -> dict[str, Any] | None:
    if route.body:
        media: dict[str, Any] = {"schema": named[(route.body, "validation")]}
        if route.example is not None:
            media["examples"] = {"example": {"value": route.example}}
        content = dict.fromkeys(route.consumes, media)
    elif route.reads_content:
        content = {kind: {"schema": {"type": "string"}} for kind in route.consumes}
        if JSON in content:
            content[JSON] = {"schema": {"type": "object"}}
        if isinstance(route.example, Content):
            content[route.example.media_type]["examples"] = {
                "example": {"value": route.example.body.decode()}
            }
    else:
        return None
    return {"required": route.needs_body, "content": content}


def _responses(route: Route, named: Any) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status in route.statuses:
        answer: dict[str, Any] = {"description": HTTPStatus(status).phrase}
        if status != HTTPStatus.NO_CONTENT:
            answer["content"] = {
                kind: {"schema": named[(route.document, "serialization")]}
                if kind == JSON and route.document
                else {"schema": {"type": "object" if kind == JSON else "string"}}
                for kind in route.produces
            }
        headers = {**route.answers, **({"ETag": ETAG} if route.versioned else {})}
        if headers:
            answer["headers"] = {name: _answer_header(header) for name, header in headers.items()}
        if route.links:
            answer["links"] = {
                name: {
                    "operationId": link.operation,
                    "parameters": dict(link.parameters),
                    "description": link.description,
                }
                for name, link in route.links.items()
            }
        responses[str(status)] = answer
    if route.versioned:
        responses["304"] = {"description": "The caller has it (`If-None-Match`)."}
    for status, kinds in sorted(_by_status(_possible(route)).items()):
        responses[str(status)] = _problem_response(status, kinds)
    return responses


def _possible(route: Route) -> Iterable[tuple[ProblemType, tuple[int, ...]]]:
    """The problems that a route may answer with, each with its statuses."""
    # Any request may be malformed; that one is well-formed and impossible is a route's own business.
    yield problems.VALIDATION_ERROR, (400,)
    always = (*_ALWAYS, *(() if route.public else _WITH_CREDENTIALS))
    with_body = _WITH_BODY if route.body or route.reads_content else ()
    for kind in (*always, *with_body, *route.problems):
        yield kind, kind.statuses


def _by_status(kinds: Iterable[tuple[ProblemType, tuple[int, ...]]]) -> dict[int, list[ProblemType]]:
    found: dict[int, dict[ProblemType, None]] = {}
    for kind, statuses in kinds:
        for status in statuses:
            found.setdefault(status, {})[kind] = None
    return {status: list(listed) for status, listed in found.items()}


def _problem_response(status: int, kinds: list[ProblemType]) -> dict[str, Any]:
    return {
        "description": "; ".join(kind.title for kind in kinds) + ".",
        "content": {
            problems.MEDIA_TYPE: {
                "schema": {"$ref": _REFERENCE.format(model=ProblemDocument.__name__)},
                "examples": {
                    kind.name: {"summary": kind.title, "value": problems.example(kind, status)}
                    for kind in kinds
                },
            }
        },
    }


def _path_parameters(route: Route) -> Iterable[dict[str, Any]]:
    for name, hint in route.path_parameters.items():
        said = explanation(hint)
        options = choices(hint)
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": said.description if said else "",
            "schema": {"type": "string", **({"enum": list(options)} if options else {"minLength": 1})},
            **({"example": said.example} if said else {}),
        }


def _query_parameters(route: Route) -> Iterable[dict[str, Any]]:
    if route.query is None:
        return
    for name, facts in route.query.model_fields.items():
        schema = _schema(facts)
        schema.pop("$defs", None)
        options = [option for option in schema.pop("anyOf", []) if option != {"type": "null"}]
        if options:
            schema = {**options[0], **schema}
        if facts.default is not None and not facts.is_required():
            schema["default"] = facts.default
        described = {
            "name": facts.alias or name,
            "in": "query",
            "required": facts.is_required(),
            "description": facts.description or "",
            "schema": _titleless(schema),
        }
        if facts.examples:
            described["example"] = facts.examples[0]
        yield described


def _query_schemas(route: Route) -> dict[str, Any]:
    """The named schemas that a route's query parameters refer to."""
    found: dict[str, Any] = {}
    for facts in route.query.model_fields.values() if route.query else ():
        found |= {name: _titleless(schema) for name, schema in _schema(facts).get("$defs", {}).items()}
    return found


def _schema(facts: FieldInfo) -> dict[str, Any]:
    return TypeAdapter(facts.rebuild_annotation()).json_schema(ref_template=_REFERENCE)


def _header(header: Header) -> dict[str, Any]:
    return {"name": header.name, "in": "header", "required": False, **_answer_header(header)}


def _answer_header(header: Header) -> dict[str, Any]:
    described: dict[str, Any] = {"description": header.description, "schema": dict(header.schema)}
    if header.example is not None:
        described["example"] = header.example
    return described


def _titleless(schema: Any) -> Any:
    """The schema without the titles that pydantic makes of field names: they say nothing new."""
    if isinstance(schema, dict):
        return {
            key: _titleless(value)
            for key, value in schema.items()
            if not (key == "title" and isinstance(value, str))
        }
    return [_titleless(item) for item in schema] if isinstance(schema, list) else schema
