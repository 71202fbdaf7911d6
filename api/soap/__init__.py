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
from typing import Any, Literal, Protocol

from ucmsim.api.origin import Origin
from ucmsim.api.soap import envelope, faults, reading
from ucmsim.api.soap.protocol import dispatcher
from ucmsim.api.soap.writing import Standing
from ucmsim.models.states import NodeRef
from ucmsim.wsdl.contract import Contract

__all__ = ["Call", "Function", "Payload", "Posted", "Response", "SoapApi", "Standing", "functions"]

log = logging.getLogger(__name__)

XML = "text/xml;charset=UTF-8"

QUESTIONS = 1024
"""So many questions are remembered by their bytes: a monitor asks the same one again and again."""

Payload = Mapping[str, Any]
"""What an operation returns: nested mappings with the contract's names, a sequence for a repeated element.

A `Standing` one says that the operation only asked, and will answer at once when it is asked again.
"""


@dataclass(frozen=True, slots=True)
class Call:
    """What an operation's function is told besides the request: the node that is asked, and by whom."""

    node: NodeRef
    origin: Origin


class Posted(Protocol):
    """A request: its bytes, the node that is asked, by whom, and what the transport says of it."""

    @property
    def body(self) -> bytes:
        """The message."""

    @property
    def node(self) -> NodeRef:
        """The node that is asked."""

    @property
    def origin(self) -> Origin:
        """Who asks; the operation is entered by the face."""

    @property
    def address(self) -> str:
        """The URL of the service as the caller wrote it: it appears in the fault for an unknown operation."""

    @property
    def content_type(self) -> str | None:
        """It only helps to decode a message that does not say its own encoding (`U-50`)."""

    @property
    def action(self) -> str | None:
        """The SOAPAction: it appears in the fault for an unknown operation, and decides nothing (`U-49`)."""


@dataclass(frozen=True, slots=True)
class Response:
    """What goes back: 200 with an answer, or 500 with a fault."""

    status: int
    body: bytes
    content_type: str = XML


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

    stack: Literal["Axis2"] = "Axis2"

    def __init__(self, contract: Contract, operations: Mapping[str, Function]) -> None:
        self.contract = contract
        self.operations = operations
        self._dispatcher = dispatcher(contract)
        self._questions: dict[tuple[bytes, str | None], _Question] = {}

    def answer(self, posted: Posted) -> Response:
        """Return the answer to a request; never raises."""
        try:
            question = self._questions.get(_bytes(posted))
            if question is not None:
                payload = question.function(Call(posted.node, posted.origin), question.request)
                return Response(200, self._dispatcher.write(question.operation, payload))
            return Response(200, self._dispatcher.answer(posted.body, _Task(self, posted)))
        except faults.SoapFault as fault:
            return _failed(fault)
        except Exception:
            incident = secrets.token_hex(4)
            log.exception("%s: a request failed, incident %s", self.contract.name, incident)
            return _failed(faults.internal(incident))

    def knows(self, posted: Posted) -> bool:
        """Whether this is a question that was read before, so that `answer` takes no time to speak of."""
        return _bytes(posted) in self._questions

    def remember(self, posted: Posted, question: _Question) -> None:
        """Remember what the bytes of a question mean. How things stand is found out every time."""
        if len(posted.body) > envelope.ORDINARY:
            return
        if len(self._questions) >= QUESTIONS:
            self._questions.clear()
        self._questions[_bytes(posted)] = question

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

    def no_service(self, address: str) -> Response:
        """Return the answer to whoever asks for another service beside this one."""
        return replace(_failed(faults.unknown_service(address)), status=404)

    def wsdl(self, address: str) -> bytes:
        """Return the contract's WSDL file for a caller who reaches the service at `address` (section 3.4)."""
        return self.contract.addressed(address)

    def schema(self, _name: str) -> bytes | None:
        """Return the contract's schema: there is one, whatever it is called."""
        return self.contract.types


@dataclass(frozen=True, slots=True)
class _Question:
    """What was read from the bytes of a question, and the function that answers it."""

    operation: str
    function: Function
    request: Any


@dataclass(frozen=True, slots=True)
class _Task:
    """One request while it is being answered: what `protocol.Task` asks of it."""

    api: SoapApi
    posted: Posted

    @property
    def encoding(self) -> str | None:
        return envelope.charset(self.posted.content_type)

    def unknown(self) -> Exception:
        return faults.unknown_operation(self.posted.address, self.posted.action)

    def perform(self, operation: str, request: Any) -> Payload:
        function = self.api.operations.get(operation)
        if function is None:
            raise faults.not_implemented(operation, self.api.contract.name)
        origin = replace(self.posted.origin, operation=operation)
        payload = function(Call(self.posted.node, origin), request)
        if isinstance(payload, Standing):
            self.api.remember(self.posted, _Question(operation, function, request))
        return payload


def _bytes(posted: Posted) -> tuple[bytes, str | None]:
    """Return all that decides how a message is read."""
    return posted.body, posted.content_type


def _failed(fault: faults.SoapFault) -> Response:
    return Response(500, envelope.wrap(fault.payload))
