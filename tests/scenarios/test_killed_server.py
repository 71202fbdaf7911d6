"""`kill -9` under load: nothing that was acknowledged is lost, nothing is half done."""

import http.client
import random
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from pathlib import Path

from tests.scenarios.server_process import Caller, ServerProcess

ROUNDS = 6

# Immediate transitions: the test is about what is kept, not about how long it takes.
INVENTORY = """
durations.scale = 0

[[clusters]]
id = "killed"
name = "Killed"
version = "15.0.1.12900-43"

[[clusters.nodes]]
id = "pub"
product = "UCM"
role = "publisher"
address = "127.0.0.1"

[[clusters.nodes]]
id = "sub"
product = "UCM"
role = "subscriber"
address = "127.0.0.2"
"""

PLAIN = [
    "Cisco AMC Service",
    "Cisco Audit Event Service",
    "Cisco CDP",
    "Cisco CDP Agent",
    "Cisco CDR Agent",
    "Cisco Certificate Change Notification",
    "Cisco Certificate Expiry Monitor",
    "Cisco DRF Local",
    "Cisco E911",
    "Cisco Log Partition Monitoring Tool",
    "Cisco RIS Data Collector",
    "Cisco Syslog Agent",
    "Cisco Trace Collection Service",
    "Cisco Trust Verification Service",
    "Host Resources Agent",
    "MIB2 Agent",
    "SNMP Master Agent",
    "System Application Agent",
]
CASCADE = ("Cisco CallManager", "Cisco CTIManager", "Self Provisioning IVR")


class Load:
    """Counts acknowledged commands of all writers and says when to kill the server."""

    def __init__(self, kill_after: int) -> None:
        self._left = kill_after
        self._lock = threading.Lock()
        self.reached = threading.Event()

    def acknowledged(self) -> None:
        with self._lock:
            self._left -= 1
            if self._left == 0:
                self.reached.set()


class Writer:
    """Sends one command after another over its own connection until the server is gone."""

    def __init__(self, load: Load, caller: Caller, commands: Iterator[tuple[str, Callable[[], str]]]) -> None:
        self.acknowledged: list[str] = []
        self.under_way: str | None = None
        self._load = load
        self._caller = caller
        self._commands = commands
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            for name, send in self._commands:
                self.under_way = name
                send()
                self.acknowledged.append(name)
                self._load.acknowledged()
        except (OSError, http.client.HTTPException):
            self._load.reached.set()  # the server is gone: what it said before is what counts
        finally:
            self._caller.close()


def items(answer: str) -> dict[str, tuple[str, int]]:
    found = re.findall(
        "<ns1:ServiceName>(.*?)</ns1:ServiceName><ns1:ServiceStatus>(.*?)</ns1:ServiceStatus>"
        "<ns1:ReasonCode>(.*?)</ns1:ReasonCode>",
        answer,
    )
    return {name: (status, int(reason)) for name, status, reason in found}


def status(server: ServerProcess, address: str, *names: str) -> dict[str, tuple[str, int]]:
    caller = server.connect(address)
    try:
        return items(caller.status(*names))
    finally:
        caller.close()


def at_goal(server: ServerProcess, address: str, goal: str) -> set[str]:
    return {name for name, (state, _) in status(server, address, *PLAIN).items() if state == goal}


def to_and_fro(caller: Caller) -> Iterator[tuple[str, Callable[[], str]]]:
    """Activate a chain of three services by its last link, and deactivate all three in one request, for ever."""
    for activate in cycle((True, False)):
        if activate:
            yield "activated", lambda: caller.deploy("Deploy", CASCADE[-1])
        else:
            yield "deactivated", lambda: caller.deploy("UnDeploy", *CASCADE)


def test_killed_under_load_again_and_again(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path, INVENTORY)
    chance = random.Random(20)
    for round_number in range(ROUNDS):
        server.start()
        load = Load(kill_after=chance.randrange(10, 60))
        verb, goal = (("Stop", "Stopped"), ("Start", "Started"))[round_number % 2]
        singles = {}
        before = {address: at_goal(server, address, goal) for address in ("127.0.0.1", "127.0.0.2")}
        for address in before:
            names = sorted(set(PLAIN) - before[address])
            chance.shuffle(names)
            caller = server.connect(address)
            commands = [(name, partial(caller.control, verb, name)) for name in names]
            singles[address] = Writer(load, caller, iter(commands))
        caller = server.connect("127.0.0.1")
        caller.deploy("UnDeploy", *CASCADE)
        chain = Writer(load, caller, to_and_fro(caller))
        assert load.reached.wait(timeout=60)
        server.kill()
        for writer in (*singles.values(), chain):
            writer.thread.join(timeout=60)

        server.start()
        for address, writer in singles.items():
            moved = at_goal(server, address, goal) - before[address]
            assert moved >= set(writer.acknowledged), "an acknowledged command was lost"
            assert moved <= {*writer.acknowledged, writer.under_way}, "something moved that nobody asked for"
        links = {
            "deactivated" if reason == -1068 else "activated"
            for _, reason in status(server, "127.0.0.1", *CASCADE).values()
        }
        assert len(links) == 1, "half a cascade is left"
        assert chain.acknowledged, "the load never got under way"
        assert links <= {chain.acknowledged[-1], chain.under_way}
        assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()
