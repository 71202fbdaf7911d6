"""Asking for an operation over REST: preconditions, idempotency keys, waiting, and the answer (REST specification section 4)."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from typing import Any

from ucmsim.api.engine import Engine
from ucmsim.api.operations.desk import Condition, Desk, KeyInUseError, KeyReusedError, Replay
from ucmsim.api.operations.idempotency import Key
from ucmsim.api.operations.record import Operation, Place
from ucmsim.api.operations.requests import Refusal, Request
from ucmsim.api.rest.calls import IDEMPOTENCY_KEY, PREFER, Call, Header
from ucmsim.api.rest.documents import Body
from ucmsim.api.rest.problems import (
    IDEMPOTENCY_KEY_REUSED,
    OPERATION_IN_PROGRESS,
    Problem,
)
from ucmsim.api.rest.resources.names import BASE
from ucmsim.api.rest.resources.operation_documents import OperationDocument, operation_document
from ucmsim.api.rest.resources.refusals import problem
from ucmsim.api.rest.routes import JSON, Content, Link, Reply
from ucmsim.models.cluster import Node

ASKING_HEADERS = (PREFER, IDEMPOTENCY_KEY)
ANSWER_HEADERS = {
    "Location": Header(
        "Location", "Where the operation is.", {"type": "string"}, f"{BASE}/operations/op_01J8Z…"
    ),
    "Retry-After": Header(
        "Retry-After",
        "Real seconds until it is worth looking again; left out when it has ended or the clock stands still.",
        {"type": "integer"},
        2,
    ),
    "Preference-Applied": Header("Preference-Applied", "`wait=N` if the caller's wish was granted."),
    "Idempotency-Replayed": Header(
        "Idempotency-Replayed", "`true` if this is the answer to an earlier request."
    ),
}
REPLAYED = {"Idempotency-Replayed": "true"}
OPERATION_LINKS = {
    "read": Link("operations_read", {"operation": "$response.body#/id"}, "How the operation stands."),
    "cancel": Link("operations_cancel", {"operation": "$response.body#/id"}, "Give the operation up."),
}


class Asking:
    """Turns requests into operations, and operations into answers."""

    def __init__(self, engine: Engine, desk: Desk) -> None:
        self._engine = engine
        self._desk = desk

    def ask(
        self, call: Call, request: Request, body: Body, condition: Condition | None = None
    ) -> Reply[OperationDocument]:
        """Answer a request for an operation; raises Problem."""
        key = None
        if call.idempotency_key is not None:
            key = Key(call.origin.user, call.path, call.idempotency_key)
        fingerprint = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
        try:
            with self._desk.answering(key):
                done = self._desk.ask(
                    request, call.origin, condition=condition, key=key, fingerprint=fingerprint
                )
                if isinstance(done, Refusal):
                    raise problem(*done)
                if isinstance(done, Replay) and done.answer is not None:
                    return _replayed(done.answer)
                # A server that ended between commit and answer left an operation that nobody was told of yet.
                operation, marks = (done.operation, REPLAYED) if isinstance(done, Replay) else (done, {})
                reply = self.answer(call, operation)
                if key is not None:
                    self._desk.answered(key, _stored(reply), call.origin)
                return replace(reply, headers={**reply.headers, **marks})
        except KeyReusedError:
            raise Problem(IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_KEY_REUSED.meaning) from None
        except KeyInUseError:
            raise Problem(
                OPERATION_IN_PROGRESS,
                "the first request with this key is still being answered",
                headers={"Retry-After": "1"},
            ) from None

    def answer(self, call: Call, operation: Operation) -> Reply[OperationDocument]:
        """Answer with an operation that was accepted, after waiting for its end if the caller prefers that."""
        headers = {"Location": f"{BASE}/operations/{operation.id}"}
        status = 202
        if call.wait is not None:
            operation = self._desk.wait(operation, call.wait)
            if operation.standing(self._engine.clock.now()).over:
                status = 200
                headers["Preference-Applied"] = f"wait={call.wait}"
        return Reply(self.document(operation), status, headers | self.retry_after(operation))

    def document(self, operation: Operation) -> OperationDocument:
        """Return an operation as it stands now."""
        return operation_document(operation, self._engine.clock.now(), self._node)

    def retry_after(self, operation: Operation) -> dict[str, str]:
        """Return the header that says when it is worth looking again."""
        end = operation.end.at
        clock = self._engine.clock
        if clock.setting.rate == 0 or (end is not None and end <= clock.now()):
            return {}
        seconds = 2.0 if end is None else clock.real_seconds_until(end) or 0.0
        return {"Retry-After": str(min(max(1, math.ceil(seconds)), 60))}

    def _node(self, place: Place) -> Node | None:
        if place.cluster not in self._engine.clusters:
            return None
        return self._engine.cluster(place.cluster).nodes.get(place.node)


def _replayed(stored: dict[str, Any]) -> Reply[OperationDocument]:
    content = Content(JSON, stored["body"].encode())
    return Reply(None, stored["status"], stored["headers"] | REPLAYED, content)


def _stored(reply: Reply[OperationDocument]) -> dict[str, Any]:
    document = reply.document
    body = document.json().decode() if document else ""
    return {"status": reply.status, "headers": dict(reply.headers), "body": body}
