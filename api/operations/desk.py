"""The desk: where operations are asked for, looked up, waited for and given up.

It joins the engine's transactions with the ledger; it knows no face.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from ucmsim.api.engine import Engine
from ucmsim.api.operations import idempotency, ledger
from ucmsim.api.operations.idempotency import Key
from ucmsim.api.operations.ledger import Search
from ucmsim.api.operations.record import Operation
from ucmsim.api.operations.requests import Refusal, Request
from ucmsim.api.operations.undertaking import undertake
from ucmsim.api.origin import Origin
from ucmsim.api.rows import Json
from ucmsim.api.transactions import Transaction
from ucmsim.models.states import Instant

Condition = Callable[[Transaction], None]
"""Looks at the state in which a request would be carried out; raises what keeps it from that."""


class KeyReusedError(Exception):
    """The key stands for another request."""


class KeyInUseError(Exception):
    """The first request with this key is still being answered."""


class OverError(Exception):
    """The operation has ended, or nothing holds it back: it cannot be given up."""


class Replay(NamedTuple):
    """A request that was carried out before; `answer` is what it was answered, if it came to that."""

    operation: Operation
    answer: Json | None


class Desk:
    """Operations of all clusters of an engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._in_use: set[Key] = set()
        self._lock = threading.Lock()

    def ask(
        self,
        request: Request,
        origin: Origin,
        *,
        condition: Condition | None = None,
        key: Key | None = None,
        fingerprint: str = "",
    ) -> Operation | Refusal | Replay:
        """Carry out a request in one transaction, unless its key says that this was done before.

        Raises KeyReusedError, and what `condition` raises.
        """
        with self._engine.transaction([place.cluster for place in request.places], origin) as transaction:
            connection, now = transaction.connection, transaction.now
            used = idempotency.recall(connection, key, now) if key else None
            if used is not None:
                if used.fingerprint != fingerprint:
                    raise KeyReusedError
                before = ledger.find(connection, used.operation)
                if before is not None:
                    return Replay(before, used.answer)
            if condition is not None:
                condition(transaction)
            done = undertake(transaction, request)
            if key is not None and isinstance(done, Operation):
                idempotency.remember(connection, key, fingerprint, done.number, now)
            return done

    @contextmanager
    def answering(self, key: Key | None) -> Iterator[None]:
        """Hold a key while its request is answered; raises KeyInUseError if it is held already."""
        if key is None:
            yield
            return
        with self._lock:
            if key in self._in_use:
                raise KeyInUseError
            self._in_use.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._in_use.discard(key)

    def answered(self, key: Key, answer: Json, origin: Origin) -> None:
        """Note what the request with a key was answered, for whoever repeats it."""
        with self._engine.transaction([], origin) as transaction:
            idempotency.answered(transaction.connection, key, answer)

    def find(self, number: int) -> Operation | None:
        """Return an operation, None if there is none of this number, or none any more."""
        with self._engine.reading() as connection:
            return ledger.find(connection, number)

    def search(self, wanted: Search, before: int | None = None, limit: int = 100) -> list[Operation]:
        """Return up to `limit` operations, newest first, of those with a number below `before`."""
        with self._engine.reading() as connection:
            return ledger.search(connection, wanted, self._engine.clock.now(), before, limit)

    def running(self, cluster: str) -> list[Operation]:
        """Return the operations that run in a cluster."""
        with self._engine.reading() as connection:
            return ledger.running(connection, cluster, self._engine.clock.now())

    def wait(self, operation: Operation, seconds: float) -> Operation:
        """Return the operation when it is over, or as it stands after so many real seconds."""
        latest = operation

        def look() -> tuple[Operation | None, Instant | None]:
            nonlocal latest
            latest = self.find(operation.number) or latest
            over = latest.standing(self._engine.clock.now()).over
            return (latest if over else None), latest.end.at

        self._engine.wait(look, seconds)
        return latest

    def cancel(self, number: int, origin: Origin) -> Operation | None:
        """Give an operation up; None if there is none of this number. Raises OverError."""
        known = self.find(number)
        if known is None:
            return None
        clusters = {target.place.cluster for target in known.targets}
        with self._engine.transaction(clusters, origin) as transaction:
            operation = ledger.find(transaction.connection, number) or known
            if not operation.cancellable(transaction.now):
                raise OverError
            return transaction.conclude(operation.cancelled(transaction.now))
