"""The contracts that a node answers under, as zeep reads them, and what zeep raises over an answer.

They are ours and bundled: nothing is downloaded.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import zeep.exceptions
from zeep.wsdl import Document

from ucmsim import wsdl
from ucmsim.clients.errors import FaultError, ThrottledError, UnexpectedAnswerError

NAMESPACE = "http://schemas.cisco.com/ast/soap"

_RATE = re.compile("exceeded allowed rate", re.IGNORECASE)
_SETTINGS = zeep.Settings(forbid_dtd=True, forbid_entities=True, forbid_external=True)


@cache
def document(contract: str) -> Any:
    """The parsed contract; it is parsed once and shared, since it never changes."""
    return Document(io.BytesIO(wsdl.read(contract)), None, settings=_SETTINGS)


def operations(proxy: Any, contract: str, transport: Any, address: str) -> Any:
    """What has a contract's operations as methods; `proxy` is zeep's class for a blocking or an awaiting transport."""
    client = zeep.Client(document(contract), transport=transport, settings=_SETTINGS)
    # Not client.create_service: an AsyncClient of zeep inherits it and gets a proxy that does not await.
    return proxy(client, client.wsdl.bindings[f"{{{NAMESPACE}}}{contract}Binding"], address=address)


@contextmanager
def soap_errors(node: str, operation: str) -> Iterator[None]:
    """Turns what zeep raises over an answer into our exceptions."""
    try:
        yield
    except zeep.exceptions.Fault as fault:
        code, text = str(fault.code or ""), str(fault.message or "")
        if _RATE.search(text) or "RateControl" in code:
            raise ThrottledError(f"{node}: {text}", "Ask less often, or later", node=node) from fault
        raise FaultError(node, operation, code, text) from fault
    except zeep.exceptions.Error as error:
        raise UnexpectedAnswerError(
            f"{node} answered {operation} with something that is no SOAP message",
            "Check host and port: another server may be listening there",
            node=node,
        ) from error
