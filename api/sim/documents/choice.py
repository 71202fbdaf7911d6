"""Choices: documents of which exactly one key is given, and which say so in their schema."""

from __future__ import annotations

from typing import Any

from pydantic import GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from ucmsim.api.rest.documents import Body


class Choice(Body):
    """An object with exactly one of its keys."""

    @model_validator(mode="after")
    def _one_key(self) -> Choice:
        if sum(getattr(self, name) is not None for name in type(self).model_fields) != 1:
            raise ValueError(f"exactly one of {', '.join(_keys(type(self)))} is needed")
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The schema, with each choice as one form of the object: its key there, the others absent or null."""
        described = super().__get_pydantic_json_schema__(schema, handler)
        keys = _keys(cls)
        null = {"type": "null"}
        described["oneOf"] = [
            {
                "required": [chosen],
                "properties": {key: {"not": null} if key == chosen else null for key in keys},
            }
            for chosen in keys
        ]
        return described


def _keys(model: type[Choice]) -> list[str]:
    return [facts.alias or name for name, facts in model.model_fields.items()]
