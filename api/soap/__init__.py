"""A SOAP face: bytes of a request in, bytes of the answer out, for one contract.

It finds the operation, calls its function and turns whatever goes wrong into a fault, so that no exception leaves it.
It knows neither HTTP beyond the status nor what the operations do.
"""

from __future__ import annotations

import inspect
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import ModuleType
from typing import Any

from ucmsim.api.origin import Origin
from ucmsim.api.soap import envelope, faults, reading
from ucmsim.api.soap.protocol import dispatcher
from ucmsim.models.states import NodeRef
from ucmsim.wsdl.contract import Contract

__all__ = ["Call", "Function", "Payload", "Response", "SoapApi", "functions"]

log = logging.getLogger(__name__)

Payload = Mapping[str, Any]
"""What an operation returns: nested mappings with the contract's names, a sequence for a repeated element."""


@dataclass(frozen=True, slots=True)
class Call:
    """The node that is asked, and by whom; the operation is entered in `origin` once it is known."""

    node: NodeRef
    origin: Origin


@dataclass(frozen=True, slots=True)
class Response:
    """What goes back: 200 with an answer, or 500 with a fault."""

    status: int
    body: bytes


Function = Callable[[Call, Any], Payload]


def functions(module: ModuleType, *services: Any) -> dict[str, partial[Payload]]:
    """Return the public functions of a module by name, each bound to `services`, its first arguments."""
    return {
        name: partial(function, *services)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


class SoapApi:
    """One contract, answered by `operations`: a function for each operation, by its name. Any thread may use it."""

    def __init__(self, contract: Contract, operations: Mapping[str, Function]) -> None:
        self.contract = contract
        self.operations = operations
        self._dispatcher = dispatcher(contract)

    def answer(
        self,
        body: bytes,
        call: Call,
        *,
        content_type: str | None = None,
        address: str | None = None,
        action: str | None = None,
    ) -> Response:
        """Return the answer to a request; never raises.

        The content type only helps to decode what does not say its own encoding (`U-50`). `address` and `action`, the
        URL and the SOAPAction of the request, appear in the fault for an unknown operation and nowhere else (`U-49`).
        """
        try:
            task = _Task(self, call, envelope.charset(content_type), address or self.contract.address, action)
            return Response(200, self._dispatcher.answer(body, task))
        except faults.SoapFault as fault:
            return _failed(fault)
        except Exception:
            incident = secrets.token_hex(4)
            log.exception("%s: a request failed, incident %s", self.contract.name, incident)
            return _failed(faults.internal(incident))

    def operation(self, body: bytes, content_type: str | None = None) -> str | None:
        """Return the operation that `answer` would carry out, None if a fault would be the answer; never raises."""
        try:
            element = envelope.unwrap(body, envelope.charset(content_type))
            operation = reading.operation(self.contract, element)
        except faults.SoapFault:
            return None
        return None if operation is None else operation.name

    def nothing_asked(self, address: str) -> Response:
        """Return the answer to a GET at `address` that asks for no contract: such a request means no operation."""
        return _failed(faults.unknown_operation(address, None))

    def wsdl(self, address: str) -> bytes:
        """Return the contract's WSDL file for a caller who reaches the service at `address` (section 3.4)."""
        return self.contract.addressed(address)


@dataclass(frozen=True, slots=True)
class _Task:
    """One request while it is being answered: what `protocol.Task` asks of it."""

    api: SoapApi
    call: Call
    encoding: str | None
    address: str
    action: str | None

    def unknown(self) -> Exception:
        return faults.unknown_operation(self.address, self.action)

    def perform(self, operation: str, request: Any) -> Payload:
        function = self.api.operations.get(operation)
        if function is None:
            raise faults.not_implemented(operation, self.api.contract.name)
        origin = replace(self.call.origin, operation=operation)
        return function(replace(self.call, origin=origin), request)


def _failed(fault: faults.SoapFault) -> Response:
    return Response(500, envelope.wrap(fault.payload))
