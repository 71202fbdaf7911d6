"""One of two servers over one database is killed under load, again and again: its clients go on with the other."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from tests.postgres.members import Member, act, operations, state

ROUNDS = 3
ACKNOWLEDGED_A_ROUND = 40
SERVICES = ("cisco-cdp", "cisco-amc-service", "cisco-drf-local", "mib2-agent", "host-resources-agent")


@dataclass
class Client:
    """Stops and starts one service, each time with a key; a call that was not answered is repeated at the other server."""

    service: str
    members: list[Member]
    acknowledged: threading.Semaphore
    last: str = "start"
    keys: list[str] = field(default_factory=list)

    def go_on(self, enough: threading.Event) -> None:
        for turn in itertools.count():
            if enough.is_set():
                return
            verb = "stop" if self.last == "start" else "start"
            key = f"{self.service}/{len(self.keys)}"
            self._act_somewhere(verb, key, turn)
            self.keys.append(key)
            self.last = verb
            self.acknowledged.release()

    def _act_somewhere(self, verb: str, key: str, turn: int) -> None:
        for attempt in range(100):
            try:
                with self.members[(turn + attempt) % len(self.members)].rest() as client:
                    answer = act(client, verb, self.service, key)
            except (httpx.TransportError, OSError):
                continue  # killed; nobody knows whether it was done
            if answer.status_code == 409:
                continue  # the first try is still being answered
            assert answer.status_code == 200, answer.text
            return
        raise AssertionError(f"{key} was never answered")


def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice(
    members: Callable[..., list[Member]],
) -> None:
    first, second = members()
    acknowledged, enough = threading.Semaphore(0), threading.Event()
    clients = [Client(service, [first, second], acknowledged) for service in SERVICES]
    with ThreadPoolExecutor(len(clients)) as threads:
        running = [threads.submit(client.go_on, enough) for client in clients]
        try:
            for _ in range(ROUNDS):
                for _ in range(ACKNOWLEDGED_A_ROUND):
                    assert acknowledged.acquire(timeout=60), [
                        each.exception(0) for each in running if each.done()
                    ]
                first.kill()
                first.start()
        finally:
            enough.set()
        for each in running:
            each.result()

    with first.rest() as here, second.rest() as there:
        done = Counter(operation["reason"] for operation in operations(there))
        assert done == Counter(key for client in clients for key in client.keys)
        for client in clients:
            final = {"start": "STARTED", "stop": "STOPPED"}[client.last]
            assert [state(here, client.service), state(there, client.service)] == [final, final]
