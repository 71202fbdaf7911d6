"""Routes: one decorated method of a resource for each line of the specification's tables.

A route is declared once, by its decorator, its signature and its docstring; requests are dispatched by it and the OpenAPI
description is made from it. It knows neither Flask nor ASGI.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from pydantic import ValidationError

from ucmsim.api.accounts import Permission
from ucmsim.api.rest.calls import IF_NONE_MATCH, Header
from ucmsim.api.rest.documents import Body, Document, Query
from ucmsim.api.rest.problems import ProblemType
from ucmsim.models.states import Instant

D = TypeVar("D", bound=Document)
Handler = TypeVar("Handler", bound=Callable[..., Any])

JSON = "application/json"


class Path(NamedTuple):
    """What a path parameter means, with an example; for use in `Annotated`."""

    description: str
    example: str


class Content(NamedTuple):
    """A body that is not one JSON document: its media type without parameters, and its bytes."""

    media_type: str
    body: bytes


@dataclass(frozen=True)
class Reply(Generic[D]):
    """An answer with more than a document: another status, headers, bytes instead of a document, or no body at all.

    `stands` says until when it is the same, as long as no cluster and no operation is changed; None: nobody knows.
    """

    document: D | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content: Content | None = None
    stands: Instant | None = None


class Link(NamedTuple):
    """Where the answer leads: a route by its operation id, and its parameters as OpenAPI runtime expressions."""

    operation: str
    parameters: Mapping[str, str]
    description: str


@dataclass(frozen=True)
class Route:
    """What is known of one route; `path` is relative to the face's prefix and has its parameters in braces."""

    method: str
    path: str
    name: str
    handler: Callable[..., Any]
    statuses: tuple[int, ...] = (200,)
    problems: tuple[ProblemType, ...] = ()
    headers: tuple[Header, ...] = ()
    answers: Mapping[str, Header] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    consumes: tuple[str, ...] = (JSON,)
    produces: tuple[str, ...] = (JSON,)
    public: bool = False
    versioned: bool = False
    needs: Permission | None = None
    example: Any = None

    @cached_property
    def hints(self) -> dict[str, Any]:
        """The types of the handler's parameters and of its answer."""
        return get_type_hints(self.handler, include_extras=True)

    @cached_property
    def path_parameters(self) -> dict[str, Any]:
        """The types of the path's parameters, in their order."""
        return {name: self.hints[name] for name in re.findall(r"{(\w+)}", self.path)}

    @cached_property
    def body(self) -> type[Body] | None:
        """The model of the body, if it is JSON."""
        found = self._special(Body)
        return found[1] if found else None

    @cached_property
    def query(self) -> type[Query] | None:
        """The model of the query parameters."""
        found = self._special(Query)
        return found[1] if found else None

    @cached_property
    def reads_content(self) -> bool:
        """Whether the handler takes the body as it came."""
        return Content in self.hints.values()

    @property
    def needs_body(self) -> bool:
        """Whether a request without a body is incomplete."""
        if self.body is None:
            return self.reads_content
        try:
            self.body.model_validate({})
        except ValidationError:
            return True
        return False

    @cached_property
    def document(self) -> type[Document] | None:
        """The model of the answer, if it is JSON."""
        answer = self.hints.get("return")
        if get_origin(answer) is Reply:
            answer = get_args(answer)[0]
        return answer if isinstance(answer, type) and issubclass(answer, Document) else None

    @cached_property
    def operation(self) -> str:
        """The operation id."""
        return self.name.replace(".", "_")

    @cached_property
    def explained(self) -> tuple[str, str]:
        """The summary and the description, from the docstring."""
        summary, _, description = inspect.cleandoc(self.handler.__doc__ or "").partition("\n\n")
        return summary.replace("\n", " ").rstrip("."), description

    def parameter(self, wanted: type) -> str | None:
        """The name of the handler's parameter of a type, or of one derived from it."""
        found = self._special(wanted)
        return found[0] if found else None

    def _special(self, wanted: type) -> tuple[str, Any] | None:
        for name, hint in self.hints.items():
            if name != "return" and isinstance(hint, type) and issubclass(hint, wanted):
                return name, hint
        return None


_DECLARED = "__route__"


def _route(method: str, path: str, **facts: Any) -> Callable[[Handler], Handler]:
    def declare(handler: Handler) -> Handler:
        setattr(handler, _DECLARED, (method, path, facts))
        return handler

    return declare


def get(path: str, *, versioned: bool = False, **facts: Any) -> Callable[[Handler], Handler]:
    """Declare a reading route; a `versioned` one carries an ETag and answers 304 to who has it."""
    if versioned:
        facts["headers"] = (*facts.get("headers", ()), IF_NONE_MATCH)
    return _route("GET", path, versioned=versioned, **facts)


def post(path: str, **facts: Any) -> Callable[[Handler], Handler]:
    """Declare a route that does something."""
    return _route("POST", path, **facts)


def put(path: str, **facts: Any) -> Callable[[Handler], Handler]:
    """Declare a route that replaces a resource."""
    return _route("PUT", path, **facts)


def patch(path: str, **facts: Any) -> Callable[[Handler], Handler]:
    """Declare a route that changes a part of a resource."""
    return _route("PATCH", path, **facts)


def delete(path: str, **facts: Any) -> Callable[[Handler], Handler]:
    """Declare a route that removes a resource."""
    return _route("DELETE", path, statuses=(204,), **facts)


class Resource:
    """A set of routes over one kind of thing. Subclasses say in their docstring what it is; `name` is its noun."""

    name = ""

    @property
    def about(self) -> str:
        """What the resource is, from its docstring."""
        return inspect.cleandoc(type(self).__doc__ or "")

    @property
    def routes(self) -> list[Route]:
        """All routes in the order in which they are declared."""
        found = []
        for name, function in vars(type(self)).items():
            if declared := getattr(function, _DECLARED, None):
                method, path, facts = declared
                found.append(Route(method, path, f"{self.name}.{name}", getattr(self, name), **facts))
        return found


def choices(hint: Any) -> tuple[str, ...]:
    """The values that a path parameter may have, () for any."""
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    return get_args(hint) if get_origin(hint) is Literal else ()


def explanation(hint: Any) -> Path | None:
    """What the declaration says of a path parameter."""
    return next((extra for extra in get_args(hint) if isinstance(extra, Path)), None)
