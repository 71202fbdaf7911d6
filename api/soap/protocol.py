"""Spyne's part of a SOAP face: the application of a contract, and the protocol that reads and writes its messages.

Spyne finds the operation, holds the classes and carries the call. What goes over the wire is read and written by our
own modules, because Spyne's SOAP protocol lets exceptions out, and words and forms its answers differently.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

import ucmsim.wsdl.spyne_shim  # noqa: F401

# isort: split

from spyne import MethodContext, rpc
from spyne.application import Application
from spyne.protocol import ProtocolBase
from spyne.server import ServerBase
from spyne.service import Service

from ucmsim.api.soap import envelope, reading, writing
from ucmsim.wsdl.contract import Contract, Operation


class Task(Protocol):
    """A request on its way through Spyne, as the server sees it that took it in."""

    @property
    def encoding(self) -> str | None:
        """The charset that its transport gave it."""

    def unknown(self) -> Exception:
        """Return what to raise when the Body means no operation of the contract."""

    def perform(self, operation: str, request: Any) -> Mapping[str, Any]:
        """Carry out the operation and return its answer."""


class Dispatcher:
    """Takes a request's bytes through Spyne to the task, and its answer back to bytes."""

    def __init__(self, contract: Contract) -> None:
        self.write = writing.Writing(contract)
        self._server = ServerBase(_Application(contract, self.write))

    def answer(self, body: bytes, task: Task) -> bytes:
        """Return the envelope with the answer. Raises `faults.SoapFault` and whatever the task raises."""
        context = MethodContext(self._server, MethodContext.SERVER)
        context.in_string = [body]
        context.udc = task
        try:
            (context,) = self._server.generate_contexts(context, task.encoding)
            self._server.get_in_object(context)
            self._server.get_out_object(context)
            self._server.get_out_string(context)
            return b"".join(context.out_string)
        finally:
            vars(
                context
            ).clear()  # it is part of a cycle, and would keep the document until the collector comes


@cache
def dispatcher(contract: Contract) -> Dispatcher:
    """Return the dispatcher of a contract: one for all servers of a process, since each task brings its own functions."""
    return Dispatcher(contract)


class _Application(Application):
    """A contract's operations as service methods, in bare style: the messages are as the contract gives them."""

    def __init__(self, contract: Contract, write: writing.Writing) -> None:
        methods = {operation.name: _method(operation) for operation in contract.operations.values()}
        super().__init__(
            [type(Service)(contract.name, (Service,), methods)],
            contract.namespace,
            contract.name,
            in_protocol=_Axis2(contract, write),
            out_protocol=_Axis2(contract, write),
        )

    def process_request(self, ctx: Any) -> None:
        """Call the function and let exceptions through: only one place turns them into faults."""
        ctx.out_object = [ctx.function(ctx, ctx.in_object)]


def _method(operation: Operation) -> Any:
    def perform(ctx: Any, request: Any) -> Any:
        return ctx.udc.perform(operation.name, request)

    perform.__name__ = operation.name
    return rpc(
        operation.request.type,
        _returns=operation.response.type,
        _body_style="bare",
        _in_message_name=operation.name,
        _out_message_name=operation.response.name,
    )(perform)


class _Axis2(ProtocolBase):
    """The messages of a contract as Axis2 reads and writes them. The methods are the stages of Spyne's pipeline."""

    def __init__(self, contract: Contract, write: writing.Writing) -> None:
        super().__init__()
        self.contract = contract
        self.write = write

    def create_in_document(self, ctx: Any, charset: str | None = None) -> None:
        """Bytes to the element in the Body."""
        ctx.in_document = envelope.unwrap(b"".join(ctx.in_string), charset)

    def decompose_incoming_envelope(self, ctx: Any, _message: Any) -> None:
        """Which operation is meant: the Body alone says (`U-49`)."""
        if reading.operation(self.contract, ctx.in_document) is None:
            raise ctx.udc.unknown()
        ctx.in_body_doc = ctx.in_document
        ctx.method_request_string = ctx.in_body_doc.tag

    def deserialize(self, ctx: Any, message: Any) -> None:  # noqa: ARG002  Spyne passes it by name
        """The element to the request object."""
        operation = self.contract.operations[ctx.descriptor.name]
        ctx.in_object = reading.read(operation.request, ctx.in_body_doc)

    def serialize(self, ctx: Any, message: Any) -> None:  # noqa: ARG002  Spyne passes it by name
        """The answer to bytes, in one step: there is no document in between."""
        (answer,) = ctx.out_object
        ctx.out_document = self.write(ctx.descriptor.name, answer)

    def create_out_string(self, ctx: Any) -> None:
        """The bytes as a server sends them."""
        ctx.out_string = [ctx.out_document]
