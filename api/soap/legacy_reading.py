"""Reads requests in SOAP encoding: resolves references, finds parameters by place, and leaves the rest to `reading`.

It makes of an encoded call the plain element that the current contract describes; it does not know what is asked.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from ucmsim.api.soap import faults, reading
from ucmsim.api.soap.reading import Element, local_name
from ucmsim.wsdl.contract import Contract, Member, Operation

ENCODING = "http://schemas.xmlsoap.org/soap/encoding/"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

DEEPEST = 16
"""No request is nested so deeply: whoever goes on follows references in a circle."""
LARGEST = 1_000_000
"""So many elements and characters may come of references: each may stand for many more."""


def operation(contract: Contract, element: Element | None) -> Operation | None:
    """Return the operation that an element in the Body means, in whatever namespace, None if it means none.

    Its first letter may be of either case (`U-53`).
    """
    if element is None:
        return None
    name = local_name(element)
    return contract.operations.get(name[:1].lower() + name[1:])


def unknown_operation(element: Element | None) -> faults.SoapFault:
    """Return the fault for an element in the Body that means no operation."""
    name = "null" if element is None else local_name(element)
    return faults.SoapFault(
        f"No such operation '{name}'", "ns1:Client", ' xmlns:ns1="http://xml.apache.org/axis/"'
    )


def read(operation: Operation, element: Element) -> Any:
    """Return the request in `element` as an object of the contract's class; raises `faults.SoapFault`."""
    call = _resolved(element)
    (parameter,) = operation.request.members
    _name_parameters(parameter, call)
    for array in call.iter():
        if _is_array(array):
            for entry in array:
                entry.tag = "item"  # an array's entries are known by their places
    return reading.read(operation.request, call)


def _name_parameters(parameter: Member, call: Element) -> None:
    """Give what stands in the only parameter's place its name; an argument that is ignored may be anything."""
    if parameter.kind == "text" and parameter.repeated:
        for child in call:
            child.tag = parameter.name
    elif parameter.kind == "text":
        call[:] = [etree.Element(parameter.name)]


def _is_array(element: Element) -> bool:
    kind = element.get(XSI_TYPE, "").rpartition(":")[2]
    return kind == "Array" or f"{{{ENCODING}}}arrayType" in element.attrib


def _resolved(call: Element) -> Element:
    """Return the call with every reference replaced by what it refers to; Axis clients send structures that way."""
    if all(element.get("href") is None for element in call.iter()):
        return call
    body = call.getparent()
    assert body is not None
    targets = {element.get("id"): element for element in body.iter() if element.get("id") is not None}
    left = LARGEST

    def copy(element: Element, depth: int) -> Element:
        nonlocal left
        reference = element.get("href")
        source = element if reference is None else targets.get(reference.removeprefix("#"))
        if source is None:
            raise faults.SoapFault(f"No such reference {reference}")
        left -= 1 + len(source.text or "")
        if left < 0 or depth > DEEPEST:
            raise faults.SoapFault("References lead to too much")
        attributes = {str(name): str(value) for name, value in source.items() if name != "href"}
        copied = etree.Element(element.tag, attributes)
        copied.text = source.text
        copied.extend([copy(child, depth + 1) for child in source])
        return copied

    return copy(call, 0)
