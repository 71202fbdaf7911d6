"""The postman: brings events to subscribers, in order, each until it arrives or is given up.

What he does at a time is decided by that time alone, which is handed in; a thread of his own only wakes him.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from enum import Enum

from ucmsim.api.clock import real_time
from ucmsim.api.engine import Engine
from ucmsim.api.events.cloud import cloud_event, encoded
from ucmsim.api.events.happenings import Event, Happening, Type
from ucmsim.api.origin import Origin
from ucmsim.api.subscriptions import shelf
from ucmsim.api.subscriptions.allowance import DEFAULT, Destination, NotAllowedError, destination
from ucmsim.api.subscriptions.record import RETRIES, Subscription
from ucmsim.api.subscriptions.sending import post, signed

log = logging.getLogger(__name__)

Send = Callable[[Destination, dict[str, str], bytes], int | None]

GONE = 410
_AT_ONCE = 4
_BATCH = 100
_SYSTEM = Origin("SYSTEM", "", "")


class Arrival(Enum):
    """What became of one delivery."""

    ARRIVED = "arrived"
    FAILED = "failed"
    UNWANTED = "unwanted"


class Postman:
    """Delivers the events of an engine. `allowed` are the networks to which he may go, `real` is the real time."""

    def __init__(
        self,
        engine: Engine,
        allowed: Callable[[], Iterable[str]] = lambda: DEFAULT,
        send: Send = post,
        real: Callable[[], int] = real_time,
    ) -> None:
        self._engine = engine
        self.allowed = allowed
        self._send = send
        self._real = real
        self._wake = threading.Event()
        self._ended = False
        self._thread: threading.Thread | None = None
        self._carriers = ThreadPoolExecutor(_AT_ONCE, "ucmsim-webhook")
        self._out: set[int] = set()
        self._looked_at: dict[int, int] = {}

    def start(self) -> None:
        """Begin to deliver, in a thread."""
        if not self._engine.shared:
            with self._engine.transaction([], _SYSTEM) as transaction:
                shelf.release_all(transaction.connection)
        self._thread = threading.Thread(target=self._run, name="ucmsim-postman", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End; deliveries under way are finished."""
        self._ended = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._carriers.shutdown(cancel_futures=True)

    def hear(self, _batch: Sequence[Event]) -> None:
        """There may be something to deliver; called in anybody's thread."""
        self._wake.set()

    def round(self) -> int | None:
        """Send somebody to every subscriber for whom something is due; return when the next one is, None if nobody knows."""
        now = self._real()
        next_due: int | None = None
        with self._engine.asking() as connection:
            enabled = [each for each in shelf.everything(connection) if each.enabled]
        if not enabled:
            return None
        _, last = self._engine.event_range()
        for subscription in enabled:
            behind = max(subscription.cursor, self._looked_at.get(subscription.number, 0)) < last
            if not behind or subscription.number in self._out:
                continue
            if subscription.due > now:
                next_due = min(subscription.due, next_due or subscription.due)
                continue
            self._out.add(subscription.number)
            self._carriers.submit(self._carry, subscription.number)
        return next_due

    def deliver(self, number: int) -> None:
        """Bring a subscriber everything that is there for him, until something does not arrive."""
        with self._engine.transaction([], _SYSTEM) as transaction:
            subscription = shelf.lease(transaction.connection, number, self._real())
        while subscription is not None:
            _, last = self._engine.event_range()
            batch = self._engine.events(subscription.cursor, _BATCH, subscription.wanted)
            if not batch:
                self._looked_at[number] = last
                self._keep(replace(subscription, cursor=max(last, subscription.cursor)), leased_until=0)
                return
            for event in batch:
                subscription = self._bring(subscription, event)
                if subscription is None:
                    return

    def ping(self, subscription: Subscription) -> int | None:
        """Send a subscriber an event that says nothing; return the status that he answers, None if he does not."""
        at = self._engine.clock.now()
        event = Event(at, "subscription.ping", _SYSTEM, {"subscription": subscription.id})
        return self._post(subscription, event)

    def _bring(self, subscription: Subscription, event: Event) -> Subscription | None:
        """Bring one event and return the subscription to go on with, None if nothing more can be done now."""
        match self._arrival(subscription, event):
            case Arrival.ARRIVED:
                arrived = replace(subscription, cursor=event.id, failures=0, due=0)
                goes_on = self._keep(arrived, leased_until=self._real() + shelf.LEASE)
                return arrived if goes_on else None
            case Arrival.UNWANTED:
                with self._engine.transaction([], _SYSTEM) as transaction:
                    shelf.remove(transaction.connection, subscription.number)
                return None
            case Arrival.FAILED:
                self._failed(subscription)
                return None

    def _failed(self, subscription: Subscription) -> None:
        """Try again later, or give up."""
        failures = subscription.failures + 1
        if failures <= len(RETRIES):
            due = self._real() + RETRIES[failures - 1]
            self._keep(replace(subscription, failures=failures, due=due), leased_until=0)
            return
        given_up = replace(subscription, failures=failures, enabled=False)
        with self._engine.transaction([], _SYSTEM) as transaction:
            shelf.progress(transaction.connection, given_up, 0)
            data = {"subscription": subscription.id, "attempts": failures}
            transaction.tell(Happening(transaction.now, Type.SUBSCRIPTION_FAILED, _SYSTEM, data))

    def _arrival(self, subscription: Subscription, event: Event) -> Arrival:
        status = self._post(subscription, event)
        if status is not None and 200 <= status < 300:
            return Arrival.ARRIVED
        return Arrival.UNWANTED if status == GONE else Arrival.FAILED

    def _post(self, subscription: Subscription, event: Event) -> int | None:
        try:
            to = destination(subscription.url, self.allowed())
        except NotAllowedError:
            return None
        body = encoded(event)
        return self._send(
            to, signed(subscription.secret, cloud_event(event)["id"], self._real() // 1000, body), body
        )

    def _keep(self, subscription: Subscription, leased_until: int) -> bool:
        with self._engine.transaction([], _SYSTEM) as transaction:
            return shelf.progress(transaction.connection, subscription, leased_until)

    def _carry(self, number: int) -> None:
        try:
            self.deliver(number)
        except Exception:
            log.exception("subscription %d could not be served", number)
        finally:
            self._out.discard(number)
            self._wake.set()

    def _run(self) -> None:
        while not self._ended:
            self._wake.clear()
            try:
                due = self.round()
            except Exception:
                log.exception("subscriptions could not be served; trying again")
                due = self._real() + 1000
            self._wake.wait(None if due is None else max(0, due - self._real()) / 1000)
