"""Fields: a pydantic document as a form, and a form as a document, so that a page offers whatever the document has.

It knows types of fields and their values; what they mean is the document's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel


@dataclass(frozen=True)
class Field:
    """One field of a form: `kind` is `yes-no`, `choice`, `number` or `text`."""

    name: str
    label: str
    hint: str
    kind: str
    options: tuple[str, ...]
    value: str


def fields(document: type[BaseModel], present: BaseModel, labels: Mapping[str, str]) -> list[Field]:
    """Return a field for everything that `document` can change, with the value that `present` has."""
    found = []
    for name, facts in document.model_fields.items():
        kind, options = _kind(facts.annotation)
        label = labels.get(name, name.replace("_", " ").capitalize())
        value = _text(getattr(present, name))
        found.append(Field(facts.alias or name, label, facts.description or "", kind, options, value))
    return found


def changes(shown: list[Field], form: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form changes, by field; what is as it was, or was not sent, is left out."""
    sent = {field: form.get(field.name, field.value).strip() for field in shown}
    return {field.name: _value(field, text) for field, text in sent.items() if text != field.value}


def _kind(annotation: Any) -> tuple[str, tuple[str, ...]]:
    """Say how a type is asked for; None stands for "leave it" and is no choice."""
    if get_origin(annotation) is Annotated:
        return _kind(get_args(annotation)[0])
    if annotation is bool:
        return "yes-no", ("yes", "no")
    if annotation is int:
        return "number", ()
    if get_origin(annotation) is Literal:
        return "choice", tuple(str(option) for option in get_args(annotation))
    for inner in get_args(annotation):
        if inner is not type(None):
            return _kind(inner)
    return "text", ()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _value(field: Field, text: str) -> Any:
    match field.kind:
        case "yes-no":
            return text == "yes"
        case "number":
            return int(text) if text.lstrip("-").isdecimal() else text
    return text
