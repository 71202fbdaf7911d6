"""A running ucmsim as a test sees it: where it is, how to get in, ready-made clients, clock, faults and requests.

It speaks HTTP only, so that a server of this process and one of another are the same to it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

from ucmsim.clients.calls import PLAIN
from ucmsim.clients.dialogues import Patience
from ucmsim.clients.endpoint import address
from ucmsim.clients.faults import Faults
from ucmsim.clients.requests_seen import RequestsSeen

if TYPE_CHECKING:
    import requests

    from ucmsim.clients.async_control_center import AsyncControlCenter
    from ucmsim.clients.control_center import ControlCenter
    from ucmsim.clients.rest.client import RestClient
    from ucmsim.clients.rest.simulation import Simulation

Mode = Literal["TIMED", "MANUAL", "IMMEDIATE"]

POLLS_EVERY = 0.02
"""Seconds between the questions of a ready-made client that waits: nobody counts them here."""
PATIENCE = Patience(first=POLLS_EVERY, limit=POLLS_EVERY)
"""How a ready-made client repeats what was throttled: as often as any other client, but without waiting long."""


class Credentials(NamedTuple):
    """A user and the password, in the order in which `requests` and zeep take them."""

    user: str
    password: str


@dataclass(frozen=True)
class RunningNode:
    """One node of a running server."""

    id: str
    cluster: str
    host: str
    port: int
    product: str
    role: str

    @property
    def url(self) -> str:
        """The root of its paths."""
        return address(self.host, self.port, "").partition("/controlcenterservice2")[0]

    @property
    def endpoint(self) -> str:
        """Where it answers ControlCenterServices."""
        return address(self.host, self.port, PLAIN)

    @property
    def wsdl(self) -> str:
        """Where it serves the contract."""
        return f"{self.endpoint}?wsdl"


class TestClock:
    """The clock of a server in the hand of a test."""

    __test__ = False  # a test class by its name only

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def stop(self) -> None:
        """Let time stand still until it is advanced."""
        self._simulation.stop_clock()

    def run(self, rate: float = 1.0) -> None:
        """Let time run, `rate` times as fast as the real one."""
        self._simulation.run_clock(rate)

    def immediate(self) -> None:
        """Let every change arrive at once."""
        self._simulation.immediate()

    def advance(self, seconds: float | timedelta) -> datetime:
        """Put the clock forward and return the new time."""
        span = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
        return self._simulation.advance(span).now

    def advance_to_next_change(self) -> datetime:
        """Put the clock forward to the next change of any service and return the new time."""
        return self._simulation.advance_to_next_change().now

    @property
    def now(self) -> datetime:
        """The simulated time."""
        return self._simulation.clock().now


class Ucm:
    """A running server. `host`, `url` and `wsdl` are those of its first node, the publisher of the built-in lab."""

    def __init__(
        self, document: Mapping[str, Any], password: str, reset: Callable[[Mode], None] | None = None
    ) -> None:
        """`document` is what the server's ready file says; `reset` sets a server of this process back directly."""
        self._directly = reset
        self.port = int(document["port"])
        self.verify = str(document["certificate"])
        self.credentials = Credentials(str(document["user"]), password)
        self.nodes = tuple(
            RunningNode(
                each["node"], each["cluster"], each["address"], self.port, each["product"], each["role"]
            )
            for each in document["nodes"]
        )
        self._open: list[ControlCenter | RestClient | requests.Session] = []

    @classmethod
    def from_ready_file(cls, path: str | os.PathLike[str], environ: Mapping[str, str] | None = None) -> Self:
        """The server that wrote this file: `ucmsim serve --port 0 --ready-file F`. Raises OSError, ValueError.

        A password that stands in an environment variable is looked for in `environ`, that of the process without it.
        """
        document = json.loads(Path(path).read_text("utf-8"))
        if variable := document.get("passwordVariable"):
            return cls(document, (os.environ if environ is None else environ)[variable])
        if file := document.get("passwordFile"):
            return cls(document, Path(file).read_text("utf-8").strip())
        raise ValueError("the password stands in the inventory: make Ucm(document, password) yourself")

    # where it is

    @property
    def host(self) -> str:
        """The address of the first node."""
        return self.nodes[0].host

    @property
    def url(self) -> str:
        """The root of the first node's paths."""
        return self.nodes[0].url

    @property
    def wsdl(self) -> str:
        """Where the first node serves the contract of ControlCenterServices."""
        return self.nodes[0].wsdl

    def node(self, name: str) -> RunningNode:
        """A node by its id; raises LookupError."""
        for node in self.nodes:
            if node.id == name:
                return node
        raise LookupError(f"no node named {name!r}; there are {', '.join(node.id for node in self.nodes)}")

    # ready-made clients, closed with the server or before the next test

    def control_center(self, node: str | None = None, **options: Any) -> ControlCenter:
        """A SOAP client of a node, of the first without a name; `options` are those of ControlCenter."""
        from ucmsim.clients.control_center import ControlCenter

        client = ControlCenter(self._host(node), *self.credentials, **self._reach(options))
        self._open.append(client)
        return client

    def async_control_center(self, node: str | None = None, **options: Any) -> AsyncControlCenter:
        """The awaiting twin; the caller closes it, on the loop that used it."""
        from ucmsim.clients.async_control_center import AsyncControlCenter

        return AsyncControlCenter(self._host(node), *self.credentials, **self._reach(options))

    def rest(self, node: str | None = None, **options: Any) -> RestClient:
        """A REST client of a node, of the first without a name."""
        client = self._rest(self.node(node) if node else self.nodes[0], options)
        self._open.append(client)
        return client

    def session(self) -> requests.Session:
        """A session of `requests` that gets in: for zeep with its own transport, or any other path of the server.

        The environment, which may name proxies and other certificates, has no say in it.
        """
        import requests

        session = requests.Session()
        session.auth, session.verify, session.trust_env = self.credentials, self.verify, False
        self._open.append(session)
        return session

    def close_clients(self) -> None:
        """Close all of them."""
        while self._open:
            self._open.pop().close()

    # the simulation

    @cached_property
    def simulation(self) -> Simulation:
        """Everything of `/sim/v1`."""
        return self._own.simulation

    @cached_property
    def clock(self) -> TestClock:
        """Its clock."""
        return TestClock(self.simulation)

    @cached_property
    def faults(self) -> Faults:
        """What shall go wrong."""
        return Faults(self.simulation)

    @cached_property
    def requests(self) -> RequestsSeen:
        """What it was asked since the last reset."""
        return RequestsSeen(self.simulation)

    def reset(self, clock: Mode = "TIMED") -> None:
        """Back to the inventory: states, clock, faults and journal; ready-made clients are closed.

        The clock goes on in real time (TIMED), stands still (MANUAL), or lets every change arrive at once (IMMEDIATE).
        """
        self.close_clients()
        if self._directly is not None:
            self._directly(clock)
            return
        self.simulation.reset()
        match clock:
            case "MANUAL":
                self.clock.stop()
            case "IMMEDIATE":
                self.clock.immediate()

    def play(self, scenario: Mapping[str, Any]) -> str:
        """Add a scenario (REST specification section 11), start it, and return its id."""
        name = self.simulation.put_scenario(scenario)
        self.simulation.start_scenario(name)
        return name

    def close(self) -> None:
        """Close every connection to the server."""
        self.close_clients()
        if "_own" in self.__dict__:
            self._own.close()

    @cached_property
    def _own(self) -> RestClient:
        return self._rest(self.nodes[0], {})

    def _rest(self, node: RunningNode, options: dict[str, Any]) -> RestClient:
        from ucmsim.clients.rest.client import RestClient

        # Asked for by name, so that nothing has to be looked up while fault rules may be acting.
        given = {"cluster": node.cluster, "node": node.id, **options}
        return RestClient(self.host, *self.credentials, **self._reach(given))

    def _host(self, node: str | None) -> str:
        return self.host if node is None else self.node(node).host

    def _reach(self, options: dict[str, Any]) -> dict[str, Any]:
        return {
            "verify": self.verify,
            "port": self.port,
            "poll_interval": POLLS_EVERY,
            "patience": PATIENCE,
            **options,
        }
