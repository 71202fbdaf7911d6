"""Documents: what goes in and out as JSON (REST specification section 1.2), camelCase, unknown fields refused.

Answers always carry every field; in requests absent and null mean the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, PlainSerializer, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema

from ucmsim.api.instants import rfc3339

T = TypeVar("T")


Timestamp = Annotated[
    int,
    PlainSerializer(rfc3339, return_type=str),
    Field(
        json_schema_extra={
            "type": "string",
            "format": "date-time",
            "description": "Simulated time, RFC 3339 in UTC.",
        }
    ),
]
"""A moment of simulated time: milliseconds inside, RFC 3339 text outside."""


class Document(BaseModel):
    """An answer. `volatile` names what follows from other fields and the time, and so does not count for the ETag."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, validate_by_name=True, serialize_by_alias=True
    )

    volatile: ClassVar[Mapping[str, Any]] = {}

    def json(self) -> bytes:  # type: ignore[override]  # pydantic keeps the name for its first version only
        """The document as it is sent."""
        return self.model_dump_json(by_alias=True).encode()

    def etag(self) -> str:
        """The version of the resource's state, as an ETag's value without its quotes (section 1.6)."""
        stable = self.model_dump_json(by_alias=True, exclude=dict(self.volatile))
        return hashlib.blake2b(stable.encode(), digest_size=12).hexdigest()


class Page(Document, Generic[T]):
    """A list, or a part of one (section 1.5)."""

    items: list[T]
    next: str | None = Field(
        description="The cursor of the next part, null when there is none.", examples=[None]
    )


class Body(BaseModel):
    """A request's body. Types are strict: the text "3" is no number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=to_camel)

    @model_validator(mode="before")
    @classmethod
    def _as_json_means(cls, given: Any) -> Any:
        """Null is absent, and 3.0 is the number 3: JSON knows one kind of number."""
        if isinstance(given, Mapping):
            return {key: _whole(value) for key, value in given.items() if value is not None}
        return given

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The schema, saying that what may be absent may be null as well."""
        described = handler.resolve_ref_schema(handler(schema))
        required = described.get("required", [])
        for name, facts in described.get("properties", {}).items():
            if name not in required:
                described["properties"][name] = _nullable(facts)
        return described


class Query(BaseModel):
    """A request's query parameters; those that may be repeated are lists."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _nullable(facts: dict[str, Any]) -> dict[str, Any]:
    options = facts.get("anyOf", [])
    if {"type": "null"} in options:
        return facts
    said: dict[str, Any] = {
        key: facts[key] for key in ("title", "description", "default", "examples") if key in facts
    }
    bare = {key: value for key, value in facts.items() if key not in said}
    return {"anyOf": [*(options or [bare]), {"type": "null"}], **said}
