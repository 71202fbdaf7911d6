"""The SOAP 1.1 envelope: takes the payload out of a request's bytes, and puts an answer's payload into one.

It trusts nothing: no document type, no entity, no network, and the parser's own limits on depth and length. It does
not know what the payload means.
"""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor

from lxml import etree

from ucmsim.api.soap import faults
from ucmsim.api.soap.faults import SOAP_11

SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"

OPENING = (
    f"<?xml version='1.0' encoding='UTF-8'?><soapenv:Envelope xmlns:soapenv=\"{SOAP_11}\"><soapenv:Body>"
)
CLOSING = "</soapenv:Body></soapenv:Envelope>"

ORDINARY = 16 * 1024
"""So many bytes are enough to name every service of a node. What is longer may be hostile."""

READ_AT_MOST = 16 * 1024 * 1024
"""So many bytes of ordinary documents are read in one thread, which keeps the names that are in them."""

_thread = threading.local()

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9][\w.:-]*)", re.IGNORECASE)


def wrap(payload: str) -> bytes:
    """Return the bytes of an answer: an envelope as the vendor writes it (specification section 3.1)."""
    return f"{OPENING}{payload}{CLOSING}".encode()


def charset(content_type: str | None) -> str | None:
    """Return the charset that a Content-Type names, if any."""
    match = _CHARSET.search(content_type or "")
    return match[1] if match else None


def unwrap(document: bytes, encoding: str | None = None) -> etree._Element | None:
    """Return the first element in the Body of a request, None if the Body is empty.

    `encoding` is tried when the document cannot be read as it presents itself. Raises `faults.SoapFault` for what
    is not XML, not SOAP 1.1, or carries a document type.
    """
    parse = _parse_aside if _makes_keep_too_much(document) else _parse
    envelope = parse(document, encoding)
    if envelope.getroottree().docinfo.internalDTD is not None:
        raise faults.document_type()
    name = etree.QName(envelope)
    if name.localname != "Envelope":
        raise faults.not_an_envelope(name.localname)
    if name.namespace == SOAP_12:
        raise faults.other_soap_version()
    if name.namespace != SOAP_11:
        raise faults.unknown_soap_version()
    body = envelope.find(f"{{{SOAP_11}}}Body")
    if body is None:
        raise faults.no_body()
    return next(body.iterchildren("*"), None)


def _makes_keep_too_much(document: bytes) -> bool:
    """Whether this thread should not read a document itself: libxml2 keeps every name that a thread has ever read."""
    if len(document) > ORDINARY:
        return True
    _thread.read = getattr(_thread, "read", 0) + len(document)
    return bool(_thread.read > READ_AT_MOST)


def _parse_aside(document: bytes, encoding: str | None) -> etree._Element:
    """Parse in a thread that ends with it, and its memory of names too."""
    with ThreadPoolExecutor(1, "ucmsim-parse") as thread:
        return thread.submit(_parse, document, encoding).result()


def _parse(document: bytes, encoding: str | None) -> etree._Element:
    try:
        return etree.fromstring(document, _parser())
    except etree.XMLSyntaxError as error:
        if b"<!DOCTYPE" in document:
            raise faults.document_type() from error
        if encoding is not None:
            try:
                return etree.fromstring(document, _parser(encoding))
            except (etree.XMLSyntaxError, LookupError):
                pass  # the first complaint is about the document as it stands, so that is the one to report
        raise faults.malformed(document, error) from error


def _parser(encoding: str | None = None) -> etree.XMLParser:
    """Return a new parser: one that threads share would make them wait for each other.

    `collect_ids` must stay on: lxml switches it off by a flag that makes libxml2 load external document types.
    """
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
