"""The legacy face: the operations of ControlCenterServices as the older web application of Axis1 offers them.

The same functions answer as behind the current face; only the messages wear another dress, that of remote procedure
calls in SOAP encoding (specification section 9, `U-53`). It knows neither HTTP beyond the status nor what the
operations do.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal
from xml.sax.saxutils import quoteattr

from ucmsim import wsdl
from ucmsim.api.soap import Call, Function, Posted, Response, envelope, faults, legacy_reading
from ucmsim.api.soap.legacy_writing import LegacyWriting, fault
from ucmsim.wsdl.contract import Contract

log = logging.getLogger(__name__)

CONTRACT = "ControlCenterServicesPort"
ENCODING = "SoapEncoding.xsd"
LOCATION = "https://localhost:8443/controlcenterservice/services/ControlCenterServicesPort"

HTML = "text/html;charset=utf-8"
GREETING = f"<h1>{CONTRACT}</h1>\n<p>Hi there, this is an AXIS service!</p>\n"
NOBODY = "<h2>AXIS error</h2>\n<p>No service is available at this URL</p>\n"


class LegacyApi:
    """`operations` are the functions for the operations of `contract`, the current one. Any thread may use it."""

    stack: Literal["Axis1"] = "Axis1"

    def __init__(self, contract: Contract, operations: Mapping[str, Function]) -> None:
        self.contract = contract
        self.operations = operations
        self._write = LegacyWriting(contract)

    def answer(self, posted: Posted) -> Response:
        """Return the answer to a request; never raises."""
        try:
            return Response(200, self._answer(posted))
        except faults.SoapFault as refused:
            return self._failed(refused, posted)
        except Exception:
            incident = secrets.token_hex(4)
            log.exception("%s: a request failed, incident %s", CONTRACT, incident)
            return self._failed(faults.internal(incident), posted)

    def knows(self, _posted: Posted) -> bool:
        """Say that no question is remembered."""
        return False

    def operation(self, body: bytes, content_type: str | None = None) -> str | None:
        """Return the operation that `answer` would carry out, None if a fault would be the answer; never raises."""
        try:
            element = envelope.unwrap(body, envelope.charset(content_type))
        except faults.SoapFault:
            return None
        found = legacy_reading.operation(self.contract, element)
        return None if found is None else found.name

    def nothing_asked(self, _address: str) -> Response:
        """Return the page that a browser sees here (section 3.4)."""
        return Response(200, GREETING.encode(), HTML)

    def no_service(self, _address: str) -> Response:
        """Return the page for whoever asks for another service beside this one."""
        return Response(404, NOBODY.encode(), HTML)

    def wsdl(self, address: str) -> bytes:
        """Return the contract's WSDL file for a caller who reaches the service at `address`."""
        document = wsdl.read(CONTRACT).replace(quoteattr(LOCATION).encode(), quoteattr(address).encode())
        return document.replace(quoteattr(ENCODING).encode(), quoteattr(f"{address}?xsd={ENCODING}").encode())

    def schema(self, name: str) -> bytes | None:
        """Return the schema that the WSDL imports, None by any other name."""
        return wsdl.schema(ENCODING) if name == ENCODING else None

    def _answer(self, posted: Posted) -> bytes:
        element = envelope.unwrap(posted.body, envelope.charset(posted.content_type))
        operation = legacy_reading.operation(self.contract, element)
        if operation is None or element is None:
            raise legacy_reading.unknown_operation(element)
        function = self.operations.get(operation.name)
        if function is None:
            raise faults.not_implemented(operation.name, CONTRACT)
        call = Call(posted.node, replace(posted.origin, operation=operation.name))
        payload = function(call, legacy_reading.read(operation, element))
        return self._write(operation.name, element, payload)

    def _failed(self, refused: faults.SoapFault, posted: Posted) -> Response:
        return Response(500, fault(refused, posted.node.node))
