"""Writes an answer: from nested mappings to the element in the Body, in the contract's order and the vendor's form.

Every element has the prefix ns1, a start tag and an end tag, and no white space around it (specification section 3.1).
The tags of a message are put together once; what remains for a call is to join texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from ucmsim.api.soap import envelope
from ucmsim.api.soap.text import escape
from ucmsim.wsdl.contract import Contract, Member

T = TypeVar("T")
Writer = Callable[[Any], str]

XSI = "http://www.w3.org/2001/XMLSchema-instance"
REMEMBERED = 1024
"""So many values of one element keep their written form: names and reasons come back with every answer."""
LONG = 200
"""A text of more characters is written anew each time: a client could have the server remember megabytes."""


class UnfitAnswerError(TypeError):
    """An answer does not have the shape that the contract gives it: a mistake in the server, never the client's."""


class Standing(dict[str, Any]):
    """An answer that is given more than once: it keeps its written forms, and must not change any more."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(fields)
        self.forms: dict[Callable[[Any], Any], Any] = {}


def written(answer: Mapping[str, Any], write: Callable[[Any], T]) -> T:
    """Return what `write` makes of an answer; of one that stands, what it has made of it before."""
    if not isinstance(answer, Standing):
        return write(answer)
    if write not in answer.forms:
        answer.forms[write] = write(answer)
    form: T = answer.forms[write]
    return form


class Writing:
    """Writes the answers of a contract, envelope and all."""

    def __init__(self, contract: Contract) -> None:
        self._writers = {
            operation.name: _message(writer(operation.response, contract.namespace))
            for operation in contract.operations.values()
        }

    def __call__(self, operation: str, answer: Mapping[str, Any]) -> bytes:
        """Return the bytes of the answer to an operation; raises `UnfitAnswerError`."""
        return written(answer, self._writers[operation])


def _message(write: Writer) -> Callable[[Any], bytes]:
    return lambda answer: envelope.wrap(write(answer))


def writer(message: Member, namespace: str) -> Writer:
    """Return the function that writes answers of this shape; it raises `UnfitAnswerError` for any other.

    An answer is a mapping with exactly the names of the contract; a repeated element is a sequence. None is written
    as an empty element where the contract lets one stand (`U-40`, `U-42`), otherwise as nil, in the captures' form.
    """
    write = _content(message)
    start, end = f'<ns1:{message.name} xmlns:ns1="{namespace}">', f"</ns1:{message.name}>"
    return lambda answer: f"{start}{write(answer)}{end}"


def _content(member: Member) -> Writer:
    """Return what writes the inside of an object."""
    writers = [
        (field.name, _repeated(field) if field.repeated else _single(field)) for field in member.members
    ]

    def write(answer: Any) -> str:
        if len(answer) != len(writers):
            raise UnfitAnswerError(
                f"{member.name} has {[*answer]} instead of {[name for name, _ in writers]}"
            )
        return "".join([write_field(answer[name]) for name, write_field in writers])

    return write


def _repeated(member: Member) -> Writer:
    write = _single(member)
    return lambda values: "".join([write(value) for value in values])


def _single(member: Member) -> Writer:
    """Return what writes one occurrence, tags included."""
    start, end = f"<ns1:{member.name}>", f"</ns1:{member.name}>"
    nothing = _nothing(member)
    content = _content(member) if member.kind == "object" else _CONTENTS[member.kind](member)

    def write(value: Any) -> str:
        if value is not None:
            return f"{start}{content(value)}{end}"
        if nothing is None:
            raise UnfitAnswerError(f"{member.name} must have a value")
        return nothing

    if member.kind == "object":
        return write
    remembered = lru_cache(REMEMBERED)(write)
    if member.kind != "text":
        return remembered
    return lambda value: write(value) if isinstance(value, str) and len(value) > LONG else remembered(value)


def _nothing(member: Member) -> str | None:
    """Return how None is written, None where it cannot be."""
    may_be_empty = member.kind == "text" or (
        member.kind == "object" and not any(field.required for field in member.members)
    )
    if may_be_empty:
        return f"<ns1:{member.name}></ns1:{member.name}>"
    if member.nillable:
        return f'<ns1:{member.name} xmlns:xsi="{XSI}" xsi:nil="1" />'
    return None


def _text(member: Member) -> Writer:
    def write(value: Any) -> str:
        if not isinstance(value, str):
            raise UnfitAnswerError(f"{member.name} is a text, not {value!r}")
        return escape(value)

    return write


def _word(member: Member) -> Writer:
    words = {word: escape(word) for word in member.values}

    def write(value: Any) -> str:
        if value not in words:
            raise UnfitAnswerError(f"{member.name} is one of {[*words]}, not {value!r}")
        return words[value]

    return write


def _number(member: Member) -> Writer:
    def write(value: Any) -> str:
        if type(value) is not int:
            raise UnfitAnswerError(f"{member.name} is a number, not {value!r}")
        return str(value)

    return write


def _truth(member: Member) -> Writer:
    def write(value: Any) -> str:
        if type(value) is not bool:
            raise UnfitAnswerError(f"{member.name} is true or false, not {value!r}")
        return "true" if value else "false"

    return write


_CONTENTS: dict[str, Callable[[Member], Writer]] = {
    "text": _text,
    "word": _word,
    "number": _number,
    "truth": _truth,
}
