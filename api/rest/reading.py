"""Reading requests: the body and the query of a request become values of the route's models, or a problem that says why not.

It knows media types and pydantic's errors; it calls no handler.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MIMEAccept

from ucmsim.api.rest.calls import Header
from ucmsim.api.rest.documents import Body, Query
from ucmsim.api.rest.problems import (
    MEDIA_TYPE,
    NOT_ACCEPTABLE,
    UNSUPPORTED_MEDIA_TYPE,
    VALIDATION_ERROR,
    Problem,
)
from ucmsim.api.rest.routes import JSON, Content, Route

LONGEST_ERROR_LIST = 50


def accept(route: Route, accepted: MIMEAccept) -> None:
    """Refuse a caller that takes none of the media types of the route's answers; their parameters do not matter."""
    offered = (*route.produces, MEDIA_TYPE) if JSON in route.produces else route.produces
    ranges = [(kind.partition(";")[0].strip().lower(), quality) for kind, quality in accepted]
    if ranges and not any(_quality(kind, ranges) > 0 for kind in offered):
        raise Problem(NOT_ACCEPTABLE, f"this resource is {' or '.join(route.produces)}")


def _quality(kind: str, ranges: Iterable[tuple[str, float]]) -> float:
    """How much a caller likes a media type: what the most exact range that covers it says (RFC 9110 section 12.5.1)."""
    main = kind.partition("/")[0]
    liked = {name: quality for name, quality in ranges if name in (kind, f"{main}/*", "*/*")}
    return next((liked[name] for name in (kind, f"{main}/*", "*/*") if name in liked), 0.0)


def content(route: Route, media_type: str, body: bytes) -> Content:
    """The body of a request that the handler reads itself."""
    if not body:
        raise Problem(VALIDATION_ERROR, "the request has no body", errors=[("#", "a body is required")])
    return Content(_supported(route, media_type), body)


def document(route: Route, model: type[Body], media_type: str, body: bytes) -> Body:
    """The body of a request; without one the model's defaults, if it has them for every field."""
    if not body and not route.needs_body:
        return model()
    if not body:
        raise Problem(VALIDATION_ERROR, "the request has no body", errors=[("#", "a body is required")])
    _supported(route, media_type)
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise invalid(error, "the body is not valid", _pointer) from None


def query(model: type[Query] | None, given: Mapping[str, list[str]]) -> Query | None:
    """The query parameters of a request; unknown ones are refused (section 1.2)."""
    known = (
        {facts.alias or name: facts.annotation for name, facts in model.model_fields.items()} if model else {}
    )
    wrong = [(f"?{name}", "there is no such parameter") for name in given if name not in known]
    wrong += [
        (f"?{name}", "this parameter may be given only once")
        for name, values in given.items()
        if name in known and len(values) > 1 and not _is_list(known[name])
    ]
    if wrong:
        raise Problem(VALIDATION_ERROR, "the query is not valid", errors=wrong)
    if model is None:
        return None
    values = {name: values if _is_list(known[name]) else values[0] for name, values in given.items()}
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise invalid(error, "the query is not valid", lambda place: f"?{place[0]}") from None


def header(known: Header, given: str | None) -> None:
    """Refuse a header that is not what its description says."""
    schema = known.schema
    if given is None:
        return
    fits = len(given) >= schema.get("minLength", 0) and len(given) <= schema.get("maxLength", len(given))
    if not fits or not re.search(schema.get("pattern", ""), given):
        raise Problem(
            VALIDATION_ERROR, f"the header {known.name} is not valid", errors=[("", known.description)]
        )


def invalid(error: ValidationError, detail: str, pointer: Any = None) -> Problem:
    """The problem for what pydantic found wrong; `pointer` makes a pointer of a place."""
    pointer = pointer or _pointer
    found = error.errors(include_url=False, include_context=False, include_input=False)
    errors = [(pointer(fault["loc"]), _sentence(fault["msg"])) for fault in found]
    return Problem(VALIDATION_ERROR, detail, errors=errors[:LONGEST_ERROR_LIST])


def _supported(route: Route, media_type: str) -> str:
    bare = media_type.partition(";")[0].strip().lower()
    if bare not in route.consumes:
        raise Problem(
            UNSUPPORTED_MEDIA_TYPE,
            f"send {' or '.join(route.consumes)}, not {bare or 'a body without a type'}",
        )
    return bare


def _pointer(place: Iterable[str | int]) -> str:
    """A JSON pointer as a URI fragment (RFC 6901)."""
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in place)
    return "#" + "".join(f"/{part}" for part in parts)


def _sentence(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _is_list(annotation: Any) -> bool:
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        return any(_is_list(option) for option in get_args(annotation))
    return origin in (list, tuple)


def is_model(hint: Any) -> bool:
    """Whether a hint is a model of pydantic's."""
    return isinstance(hint, type) and issubclass(hint, BaseModel)
