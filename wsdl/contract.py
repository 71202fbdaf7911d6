"""Reads a contract: its operations, and the Spyne classes of their messages in the contract's own order.

The one place that knows how WSDL describes a message and how Spyne describes a class. It does not know what an
operation does, nor how a message is written. Spyne's own schema reader is not used, because it reorders members.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Literal
from xml.sax.saxutils import quoteattr

from lxml import etree

import ucmsim.wsdl.spyne_shim  # noqa: F401

# isort: split

from spyne.model.complex import ComplexModel, ComplexModelBase, TypeInfo
from spyne.model.primitive import Boolean, Integer, Unicode

from ucmsim import wsdl

XSD = "{http://www.w3.org/2001/XMLSchema}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"

BUILT_IN: Mapping[str, type] = {
    "string": Unicode,
    "boolean": Boolean,
    "integer": Integer,
    "int": Integer,
    "unsignedInt": Integer,
    "byte": Integer,
}
"""The types of XML Schema that our contracts use, and how Spyne calls them."""

KINDS: Mapping[Kind, type] = {
    "text": Unicode,
    "truth": Boolean,
    "number": Integer,
    "object": ComplexModelBase,
}
"""The same from the other side: what a Spyne class holds."""


class ContractError(ValueError):
    """The contract uses something that this module cannot read: the file and the construct are in the message."""


Kind = Literal["text", "word", "number", "truth", "object"]


@dataclass(frozen=True, slots=True)
class Member:
    """One element of a message: what it is called, how often it may stand there, and what may be in it.

    `type` is the Spyne class that its objects are of. A word is one of `values`; an object has `members`, in that order.
    """

    name: str
    type: Any
    kind: Kind
    required: bool
    repeated: bool
    nillable: bool
    values: tuple[str, ...]
    members: tuple[Member, ...]

    @property
    def is_list(self) -> bool:
        """Whether it is only there to hold another element any number of times."""
        return len(self.members) == 1 and self.members[0].repeated

    @property
    def wrapper(self) -> Member | None:
        """The one object that all of its content stands in, if it is made so."""
        only = self.members[0] if len(self.members) == 1 else None
        return (
            only
            if only is not None and only.kind == "object" and not (only.repeated or only.is_list)
            else None
        )


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation and its two messages, both named by the element that stands in the Body."""

    name: str
    request: Member
    response: Member


@dataclass(frozen=True, eq=False)
class Contract:
    """One service, as its WSDL describes it. A contract equals itself alone."""

    name: str
    namespace: str
    address: str
    operations: Mapping[str, Operation]
    document: bytes = field(repr=False)

    def addressed(self, address: str) -> bytes:
        """The WSDL file with the address of the service replaced (specification section 3.4)."""
        return self.document.replace(quoteattr(self.address).encode(), quoteattr(address).encode())

    @cached_property
    def types(self) -> bytes:
        """The schema of the messages as a document of its own."""
        types = _first(etree.fromstring(self.document), f"{XSD}schema")
        # To text, for a copied element forgets the prefixes that stand in its attributes.
        return etree.tostring(types, xml_declaration=True, encoding="UTF-8", with_tail=False)

    def schema(self) -> etree.XMLSchema:
        """The schema of the messages. A new one each time, for its error log must not be shared between threads."""
        return etree.XMLSchema(etree.fromstring(self.types))


@cache
def load(name: str) -> Contract:
    """The contract `name`, read once. Raises `FileNotFoundError` and `ContractError`."""
    return parse(name, wsdl.read(name))


def parse(name: str, document: bytes) -> Contract:
    """The contract in `document`. Raises `ContractError` for what this module cannot read."""
    try:
        return _Document(document).contract()
    except (KeyError, ContractError) as error:
        raise ContractError(f"{name}.wsdl: {error} is missing, or of a kind that is not read") from error


def _member(name: str, model: Any) -> Member:
    attributes = model.Attributes
    values = tuple(getattr(attributes, "values", ()))
    return Member(
        name=name,
        type=getattr(model, "__orig__", None) or model,  # Spyne makes no objects of a class with occurrences
        kind="word" if values else next(kind for kind, models in KINDS.items() if issubclass(model, models)),
        required=attributes.min_occurs > 0,
        repeated=attributes.max_occurs > 1,
        nillable=attributes.nillable,
        values=values,
        members=tuple(_member(*member) for member in getattr(model, "_type_info", {}).items()),
    )


class _Document:
    """A WSDL file while it is being read."""

    def __init__(self, document: bytes) -> None:
        self.document = document
        self.root: Any = etree.fromstring(document)
        self.namespace: str = self.root.get("targetNamespace", "")
        self.elements = dict(self._global(f"{XSD}element"))
        self.types = dict(self._global(f"{XSD}complexType")) | dict(self._global(f"{XSD}simpleType"))
        self.messages = {message.get("name"): message for message in self.root.iter(f"{WSDL}message")}
        self.type = cache(self._type)

    def contract(self) -> Contract:
        service = _first(self.root, f"{WSDL}service")
        operations = [
            self._operation(node) for node in _first(self.root, f"{WSDL}portType").iter(f"{WSDL}operation")
        ]
        return Contract(
            name=service.get("name"),
            namespace=self.namespace,
            address=_first(service, f"{SOAP}address").get("location"),
            operations={operation.name: operation for operation in operations},
            document=self.document,
        )

    def _operation(self, node: Any) -> Operation:
        request, response = (self._message(_first(node, f"{WSDL}{way}")) for way in ("input", "output"))
        return Operation(node.get("name"), request, response)

    def _message(self, way: Any) -> Member:
        part = _first(self.messages[_local(way.get("message"))], f"{WSDL}part")
        element = self.elements[_resolve(part, part.get("element"))]
        return _member(element.get("name"), self._content(element))

    def _global(self, tag: str) -> Iterator[tuple[str, Any]]:
        for schema in self.root.iter(f"{XSD}schema"):
            for node in schema.iterchildren(tag):
                yield f"{{{schema.get('targetNamespace')}}}{node.get('name')}", node

    def _element(self, element: Any) -> Any:
        """The class of an element inside another one: its type with how often and how it may stand there."""
        if element.tag != f"{XSD}element":
            raise ContractError(element.tag)
        model = self._content(element)
        upper = element.get("maxOccurs", "1")
        return self._named(
            model,
            model.get_type_name(),
            min_occurs=int(element.get("minOccurs", "1")),
            max_occurs=float("inf") if upper == "unbounded" else int(upper),
            nillable=element.get("nillable", "false") in {"true", "1"},
        )

    def _content(self, element: Any) -> Any:
        """The class of what an element holds, named here or elsewhere."""
        if element.get("type") is not None:
            return self.type(_resolve(element, element.get("type")))
        return self._definition(_first(element, f"{XSD}*"), element.get("name"))

    def _type(self, name: str) -> Any:
        if name.startswith(XSD):
            return BUILT_IN[name.removeprefix(XSD)]
        return self._definition(self.types[name], _local(name))

    def _definition(self, node: Any, name: str) -> Any:
        kinds: dict[str, Callable[[Any, str], Any]] = {
            f"{XSD}sequence": self._sequence,
            f"{XSD}simpleContent": self._simple_content,
            f"{XSD}restriction": self._restriction,
        }
        content = _first(node, f"{XSD}*")
        return kinds[content.tag](content, name)

    def _sequence(self, node: Any, name: str) -> Any:
        fields = [(child.get("name"), self._element(child)) for child in node.iterchildren(f"{XSD}*")]
        return ComplexModel.produce(self.namespace, name, TypeInfo(fields))

    def _simple_content(self, node: Any, name: str) -> Any:
        """Without attributes, of which our contracts have none, this is on the wire what it extends."""
        return self._named(self.type(_resolve(node[0], node[0].get("base"))), name)

    def _restriction(self, node: Any, name: str) -> Any:
        values = [value.get("value") for value in node.iterchildren(f"{XSD}enumeration")]
        return self._named(self.type(_resolve(node, node.get("base"))), name, values=values)

    def _named(self, model: Any, name: str, **attributes: Any) -> Any:
        return model.customize(type_name=name, **attributes)


def _first(node: Any, tag: str) -> Any:
    """The first element `tag` below `node`."""
    found = next(node.iterdescendants(tag), None)
    if found is None:
        raise ContractError(tag)
    return found


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


def _resolve(node: Any, name: str) -> str:
    """The prefixed name in an attribute of `node`, with its namespace instead of the prefix."""
    prefix, _, local = name.rpartition(":")
    return f"{{{node.nsmap[prefix or None]}}}{local}"
