"""Control of the simulation over `/sim/v1`: clock, conditions, forced states, faults, snapshots, scenarios, journal.

What each means is the server's business; here are names, and nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from ucmsim.clients.rest import reading
from ucmsim.clients.rest.connection import Connection

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock: TIMED runs at `rate`, MANUAL stands until it is advanced, IMMEDIATE lets every change arrive at once."""

    mode: str
    rate: float
    now: datetime


class Simulation:
    """What only a simulator can do. Every method raises UcmError; user needs the role simulation."""

    def __init__(self, connection: Connection, place: Callable[[], tuple[str, str]]) -> None:
        """`place` returns the cluster and the node that a method means when it is given none."""
        self._connection = connection
        self._place = place

    # clock

    def clock(self) -> Clock:
        """How the clock stands."""
        return _clock(self._send("GET", "clock"))

    def stop_clock(self) -> Clock:
        """Let simulated time stand still until it is advanced."""
        return _clock(self._send("PATCH", "clock", {"mode": "MANUAL"}))

    def run_clock(self, rate: float = 1.0) -> Clock:
        """Let it run: 1 is real time, 60 a minute each second."""
        return _clock(self._send("PATCH", "clock", {"mode": "TIMED", "rate": float(rate)}))

    def immediate(self) -> Clock:
        """Let every planned change arrive at once."""
        return _clock(self._send("PATCH", "clock", {"mode": "IMMEDIATE"}))

    def advance(self, seconds: float) -> Clock:
        """Put the clock forward."""
        return _clock(self._send("POST", "clock/actions/advance", {"seconds": seconds}))

    def advance_to_next_change(self) -> Clock:
        """Put the clock forward to the next moment at which a service changes."""
        return _clock(self._send("POST", "clock/actions/advance", {"toNextChange": True}))

    # nodes and services

    def condition(self, *, node: str | None = None, **conditions: Any) -> Json:
        """Change the world around a node: `reachable=False`, `latency_ms=250`, `db_replication="BROKEN"` …"""
        return self._sent(
            "PATCH", self._node(node), {_camel(name): value for name, value in conditions.items()}
        )

    def force(self, service: str, state: str, cause: str | None = None, *, node: str | None = None) -> Json:
        """Put a service into a state at once, without rules: `force("Cisco Tftp", "STOPPED", "CRASHED")`."""
        path = f"{self._node(node)}/services/{quote(service, safe='')}/state"
        return self._sent("PUT", path, {"state": state, "cause": cause})

    # faults

    def faults(self) -> list[Json]:
        """All fault rules."""
        return list(self._sent("GET", "faults")["items"])

    def add_fault(self, rule: Json) -> str:
        """Add a fault rule (REST specification section 10) and return its id."""
        return str(self._sent("POST", "faults", rule)["id"])

    def remove_fault(self, fault: str) -> None:
        """Remove a fault rule."""
        self._send("DELETE", f"faults/{quote(fault)}")

    def clear_faults(self) -> None:
        """Remove all of them."""
        self._send("POST", "faults/actions/clear")

    # journal

    def requests(self, **match: str) -> list[Json]:
        """The requests that the server remembers, newest last, that match `operation`, `node`, `service`, `api` …"""
        return list(
            self._sent("POST", "requests/actions/find", {_camel(k): v for k, v in match.items()})["items"]
        )

    def unmatched(self) -> list[Json]:
        """Requests that led nowhere, each with what it was closest to."""
        return list(self._sent("GET", "requests/unmatched")["items"])

    def forget_requests(self) -> None:
        """Empty the journal."""
        self._send("DELETE", "requests")

    # state as a whole

    def reset(self, *, keep: Iterable[str] = ()) -> None:
        """Back to the inventory; `keep` names what stays: FAULTS, JOURNAL, CLOCK, SUBSCRIPTIONS."""
        self._send("POST", "reset", {"keep": list(keep)})

    def save(self, snapshot: str) -> None:
        """Save the state of everything under a name."""
        self._send("POST", "snapshots", {"id": snapshot})

    def restore(self, snapshot: str) -> None:
        """Bring it back."""
        self._send("POST", f"snapshots/{quote(snapshot)}/actions/restore")

    def remove_snapshot(self, snapshot: str) -> None:
        """Forget a snapshot; the present state stays."""
        self._send("DELETE", f"snapshots/{quote(snapshot)}")

    def snapshots(self) -> list[Json]:
        """All snapshots."""
        return list(self._sent("GET", "snapshots")["items"])

    def topology(self) -> Json:
        """The inventory that the server simulates."""
        return self._sent("GET", "topology")

    def put_topology(self, document: Json, *, dry_run: bool = False) -> Json:
        """Replace the inventory, or only learn what that would change."""
        params = {"dryRun": "true"} if dry_run else None
        answered: Json = self._connection.send("PUT", "/sim/v1/topology", json=document, params=params)
        return answered

    # scenarios

    def scenarios(self) -> list[Json]:
        """All scenarios with how far they are."""
        return list(self._sent("GET", "scenarios")["items"])

    def put_scenario(self, document: Json) -> str:
        """Add or replace a scenario (REST specification section 11) and return its id.

        Raises ValueError for one without an id.
        """
        if not document.get("id"):
            raise ValueError('a scenario needs an "id"')
        return str(self._sent("PUT", f"scenarios/{quote(document['id'])}", document)["id"])

    def start_scenario(self, scenario: str) -> Json:
        """Start a scenario from its first step."""
        return self._sent("POST", f"scenarios/{quote(scenario)}/actions/start")

    def stop_scenario(self, scenario: str) -> Json:
        """Stop it where it is."""
        return self._sent("POST", f"scenarios/{quote(scenario)}/actions/stop")

    def remove_scenario(self, scenario: str) -> None:
        """Remove a scenario; what it has done stays."""
        self._send("DELETE", f"scenarios/{quote(scenario)}")

    # how

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        return self._connection.send(method, f"/sim/v1/{path}", json=body)

    def _sent(self, method: str, path: str, body: Any = None) -> Json:
        answered: Json = self._send(method, path, body)
        return answered

    def _node(self, node: str | None) -> str:
        cluster, own = self._place()
        return f"clusters/{cluster}/nodes/{quote(node or own)}"


def _clock(document: Json) -> Clock:
    return Clock(document["mode"], float(document["rate"]), reading.moment(document["now"]))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
