"""Mutations: requests that were good once, damaged in their bytes or bent in their structure, by chance."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random

from lxml import etree

from tests.api.soap.conversation import NAMESPACE, envelope
from tests.api.soap.test_golden import QUESTIONS, QUESTIONS_EX
from tests.api.soap.test_legacy import QUESTIONS as QUESTIONS_LEGACY
from ucmsim.api.faces import CONTROL_CENTER, CONTROL_CENTER_EX, CONTROL_CENTER_LEGACY

Element = etree._Element

SEEDS: dict[str, list[bytes]] = {
    CONTROL_CENTER: [envelope(body) for body in QUESTIONS.values()],
    CONTROL_CENTER_EX: [envelope(body) for body in QUESTIONS_EX.values()],
    CONTROL_CENTER_LEGACY: [*QUESTIONS_LEGACY.values()],
}
"""Good requests by the path of the service that understands them."""

LARGEST = 5_000
"""A document of so many elements is bent no further."""

PIECES = (
    b"<", b">", b"&", b"&x;", b"&#0;", b"&#x1F600;", b"]]>", b"<!--", b"-->", b"<![CDATA[", b"<?x?>", b"<!DOCTYPE a>", b'"', b"'",
    b"\0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\r\n", b" ", b"</soapenv:Body>", b"<ast:item>", b"xmlns:ast=''", b"xsi:nil='1'",
)  # fmt: skip
TEXTS = (
    "", " ", "Cisco Tftp", "Start", "Deploy", "-1", "9" * 400, "true", "\u202e", "😀" * 50, "x" * 20_000, "a\nb\tc", "../../etc/passwd",
    "'; DROP TABLE cluster; --", "%s%n{0}", "${jndi:x}",
)  # fmt: skip
NAMES = ("item", "ServiceName", "ServiceList", "ServiceStatus", "NodeName", "ControlType", "ControlServiceRequest", "Body", "x",
         "soapGetServiceStatus", "soapDoControlServices", "getFileDirectoryList", "Fault", "multiRef")  # fmt: skip
NAMESPACES = (
    NAMESPACE,
    "",
    "urn:x",
    "http://schemas.xmlsoap.org/soap/envelope/",
    "http://www.w3.org/2003/05/soap-envelope",
)
ATTRIBUTES = (
    ("href", "#a"),
    ("id", "a"),
    ("{http://www.w3.org/2001/XMLSchema-instance}nil", "true"),
    ("{http://www.w3.org/2001/XMLSchema-instance}nil", "maybe"),
    ("{http://www.w3.org/2001/XMLSchema-instance}type", "enc:Array"),
    ("{http://schemas.xmlsoap.org/soap/encoding/}arrayType", "xsd:string[9999999999]"),
    ("{http://schemas.xmlsoap.org/soap/envelope/}mustUnderstand", "1"),
)


def mutated(chance: Random, document: bytes) -> bytes:
    """Return a document that was damaged once or several times."""
    if chance.random() < 0.6:
        document = _bent(chance, document)
    if chance.random() < 0.4:
        for _ in range(chance.randint(1, 6)):
            document = chance.choice(_DAMAGES)(chance, document)
    return document


def _bent(chance: Random, document: bytes) -> bytes:
    root = etree.fromstring(document)
    for _ in range(chance.randint(1, 6)):
        elements = [element for element in root.iter("*") if element is not root]
        if not 0 < len(elements) < LARGEST:
            break
        chance.choice(_BENDS)(chance, chance.choice(elements))
    if chance.random() < 0.1:
        root.tag = _name(chance)
    return etree.tostring(root)


def _name(chance: Random) -> str:
    namespace = chance.choice(NAMESPACES)
    name = chance.choice(NAMES)
    return f"{{{namespace}}}{name}" if namespace else name


def _rename(chance: Random, element: Element) -> None:
    element.tag = _name(chance)


def _remove(_chance: Random, element: Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def _repeat(chance: Random, element: Element) -> None:
    parent = element.getparent()
    assert parent is not None
    for _ in range(chance.choice((1, 2, 50))):
        parent.append(deepcopy(element))


def _wrap(chance: Random, element: Element) -> None:
    parent = element.getparent()
    assert parent is not None
    outer = etree.Element(_name(chance))
    parent.replace(element, outer)
    outer.append(element)


def _nest(chance: Random, element: Element) -> None:
    for _ in range(chance.choice((1, 3, 200))):
        element = etree.SubElement(element, element.tag)


def _say(chance: Random, element: Element) -> None:
    element.text = chance.choice(TEXTS)


def _mark(chance: Random, element: Element) -> None:
    element.set(*chance.choice(ATTRIBUTES))


def _remark(chance: Random, element: Element) -> None:
    element.append(
        chance.choice((etree.Comment("x"), etree.ProcessingInstruction("x", "y"), etree.Element("y")))
    )


def _insert(chance: Random, document: bytes) -> bytes:
    at = chance.randrange(len(document) + 1)
    return document[:at] + chance.choice(PIECES) + document[at:]


def _delete(chance: Random, document: bytes) -> bytes:
    at = chance.randrange(len(document) + 1)
    return document[:at] + document[at + chance.randint(1, 40) :]


def _flip(chance: Random, document: bytes) -> bytes:
    at = chance.randrange(len(document) + 1)
    return document[:at] + bytes([chance.randrange(256)]) + document[at + 1 :]


def _cut(chance: Random, document: bytes) -> bytes:
    return document[: chance.randrange(len(document) + 1)]


def _copy(chance: Random, document: bytes) -> bytes:
    at, length = chance.randrange(len(document) + 1), chance.randint(1, 200)
    return document[: at + length] + document[at:]


def _recode(chance: Random, document: bytes) -> bytes:
    name = chance.choice(("utf-16", "utf-32", "latin-1", "cp037", "utf-7"))
    return document.decode(errors="replace").encode(name, errors="replace")


_BENDS: tuple[Callable[[Random, Element], None], ...] = (
    _rename, _remove, _repeat, _wrap, _nest, _say, _mark, _remark,
)  # fmt: skip
_DAMAGES: tuple[Callable[[Random, bytes], bytes], ...] = (_insert, _delete, _flip, _cut, _copy, _recode)
