"""Reads a request: from the element in the Body to the object that the contract types, forgiving what clients send.

Below the operation element fields are found by local name, whatever namespace, wrapper or order a client chose
(specification section 6, `U-5`, `U-33`, `U-35`). It does not know what an operation does with them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree

from ucmsim.api.soap import faults
from ucmsim.wsdl.contract import Contract, Member, Operation

Element = etree._Element  # noqa: SLF001  lxml has no other name for it

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
WHITE_SPACE = " \t\r\n"
LISTED_AS = ("item", "ServiceName")
"""What clients call one entry of a list of texts, besides its own name (`U-5`, `U-35`)."""


def read(message: Member, element: Element) -> Any:
    """The request in `element` as an object of the contract's class for `message`.

    Texts come stripped of surrounding white space, enumerations in the contract's spelling, lists of texts without
    empty ones; what is nil or absent is None. Raises `faults.SoapFault` for an element that has no place, one that
    is missing though the contract demands it, and a value outside its type.
    """
    wrapper = message.wrapper
    holder = None if wrapper is None else _holder(wrapper, element)
    if wrapper is None or holder is None:
        return _object(message, element)
    request = message.type()
    setattr(request, wrapper.name, _object(wrapper, holder))
    return request


def operation(contract: Contract, element: Element | None) -> Operation | None:
    """Return the operation that an element in the Body means, None if it means none.

    Raises `faults.SoapFault` for an operation's name in another namespace: the name is found, its type does not fit.
    """
    found = None if element is None else contract.operations.get(local_name(element))
    if found is not None and element is not None and etree.QName(element).namespace != contract.namespace:
        raise faults.unexpected(element)
    return found


def local_name(element: Element) -> str:
    """Return the element's name without its namespace."""
    return etree.QName(element).localname


def _holder(wrapper: Member, element: Element) -> Element | None:
    """Return what holds the wrapper's fields where a client calls it otherwise, or leaves it out (`U-35`)."""
    names = {local_name(child) for child in element}
    fields = {field.name for field in wrapper.members}
    if wrapper.name in names:
        return None
    if names & fields:
        return element
    if len(element) == 1 and any(local_name(field) in fields for field in element[0]):
        return element[0]
    return None


def _object(member: Member, element: Element) -> Any:
    found: dict[str, list[Element]] = {field.name: [] for field in member.members}
    for child in element:
        place = found.get(local_name(child))
        if place is None:
            raise faults.unexpected(child)
        place.append(child)
    result = member.type()
    for field in member.members:
        setattr(result, field.name, _value(field, found[field.name]))
    return result


def _value(member: Member, elements: list[Element]) -> Any:
    """What stands in the occurrences of one field."""
    if member.repeated:
        return _entries(member, elements)
    if not elements:
        if member.required and not member.nillable:
            raise faults.missing(member.name)
        return None
    if member.is_list and member.members[0].kind == "text":
        return _list(member, elements)
    if len(elements) > 1:
        raise faults.unexpected(elements[1])
    return _single(member, elements[0])


def _single(member: Member, element: Element) -> Any:
    nil = _is_nil(element)
    if member.members:
        if nil and not member.nillable:
            raise faults.missing(member.name)
        return None if nil else _object(member, element)
    if len(element):
        raise faults.unexpected(element[0])
    if nil:
        return None
    return _convert(member, _text(element))


def _entries(member: Member, elements: list[Element]) -> list[Any]:
    if member.kind == "text":
        return [text for element in elements for text in _texts(member, element)]
    return [_single(member, element) for element in elements]


def _list(member: Member, elements: list[Element]) -> Any:
    """A list of texts, which a client may also send in several pieces, or as bare text (`U-35`)."""
    if all(_is_nil(element) for element in elements):
        return None
    entry = member.members[0]
    result = member.type()
    setattr(result, entry.name, [text for element in elements for text in _texts(entry, element)])
    return result


def _texts(entry: Member, element: Element) -> list[str]:
    """The texts in one element, or in its children; an empty text says nothing (`U-5`)."""
    for child in element:
        if local_name(child) not in {entry.name, *LISTED_AS} or len(child):
            raise faults.unexpected(child)
    sources = [source for source in (list(element) or [element]) if not _is_nil(source)]
    return [text for source in sources if (text := _text(source))]


def _text(element: Element) -> str:
    return (element.text or "").strip(WHITE_SPACE)


def _is_nil(element: Element) -> bool:
    return element.get(NIL, "").strip() in {"true", "1"}


def _convert(member: Member, text: str) -> Any:
    """`text` as a value of the member's type; an empty one is only a value where any text is."""
    if member.kind == "text":
        return text
    if not text:
        return None
    if member.kind == "word":
        return _word(member.values, text)
    return _CONVERSIONS[member.kind](text)


def _word(words: tuple[str, ...], text: str) -> str:
    for word in words:
        if word.lower() == text.lower():
            return word
    raise faults.unknown_value()


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise faults.not_a_number(text) from None


def _truth(text: str) -> bool:
    return text.lower() in {"true", "1"}


_CONVERSIONS: dict[str, Callable[[str], Any]] = {"number": _number, "truth": _truth}
