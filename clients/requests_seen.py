"""What a server was asked, as a test wants to assert it; a failed assertion shows the requests that came closest.

It reads the server's journal; nothing is recorded here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ucmsim.clients.rest.simulation import Simulation

SHOWN = 5
"""How many near misses a failed assertion shows."""

CONTRACT = "?wsdl"
"""What the journal calls a request for a contract; it is about no service."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One request of the journal; `services` are those that it named, `document` is all that is known of it."""

    operation: str
    node: str
    services: tuple[str, ...]
    user: str
    status: int | None
    document: Mapping[str, Any]

    def __str__(self) -> str:
        about = "" if self.operation == CONTRACT else f" for {', '.join(self.services) or 'all services'}"
        answered = "not answered" if self.status is None else f"answered {self.status}"
        return f"{self.operation or 'nothing known'}{about} on {self.node}, {answered}"

    @property
    def line(self) -> str:
        """The same with time, caller and what the server says it was close to."""
        when = str(self.document.get("time") or "")
        misses = "".join(f" ({each})" for each in self.misses)
        return f"{when} {self.user or 'nobody'} {self}{misses}"

    @property
    def misses(self) -> list[str]:
        """What the request asked for in vain, as the server says it."""
        told = self.document.get("nearMiss")
        if isinstance(told, Mapping):
            told = told.get("detail")
        return [str(told)] if told else []


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; None is anything."""

    operation: str
    node: str | None = None
    service: str | None = None
    user: str | None = None

    def differences(self, seen: Seen) -> list[str]:
        """In what a request differs; nothing for one that is looked for."""
        found = []
        if seen.operation != self.operation:
            found.append(f"operation is {seen.operation!r}")
        if self.node is not None and seen.node != self.node:
            found.append(f"node is {seen.node!r}")
        if self.service is not None and self.service not in seen.services:
            named = ", ".join(map(repr, seen.services)) or "none"
            found.append(f"services named are {named}")
        if self.user is not None and seen.user != self.user:
            found.append(f"user is {seen.user!r}")
        return found

    def distance(self, seen: Seen) -> tuple[int, float]:
        """How far a request is from what is looked for: in how many ways it differs, then how unlike its operation is."""
        alike = SequenceMatcher(None, self.operation.lower(), seen.operation.lower()).ratio()
        return len(self.differences(seen)), -alike

    def __str__(self) -> str:
        parts = [f"{name} {value!r}" for name, value in self._given() if value is not None]
        return f"{self.operation}" + (f" with {', '.join(parts)}" if parts else "")

    def _given(self) -> tuple[tuple[str, str | None], ...]:
        return (("node", self.node), ("service", self.service), ("user", self.user))


class RequestsSeen:
    """The requests of clients to one server since it was reset."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def all(self) -> list[Seen]:
        """Every request, oldest first."""
        return [seen(entry) for entry in reversed(self._simulation.requests())]

    def matching(
        self,
        operation: str,
        *,
        node: str | None = None,
        service: str | None = None,
        user: str | None = None,
    ) -> list[Seen]:
        """The requests that were such; `service` is an exact name that the request must have named."""
        asked = Asked(operation, node, service, user)
        return [seen for seen in self.all() if not asked.differences(seen)]

    def assert_called(
        self,
        operation: str,
        *,
        node: str | None = None,
        service: str | None = None,
        user: str | None = None,
        times: int | None = None,
    ) -> Seen:
        """Fail unless there was such a request, or exactly `times` of them; returns the last one.

        Raises AssertionError, whose text shows the requests that came closest and in what they differ.
        """
        __tracebackhide__ = True  # pytest then ends at the line of the test, where the mistake is
        asked = Asked(operation, node, service, user)
        everything = self.all()
        found = [seen for seen in everything if not asked.differences(seen)]
        if not found or (times is not None and len(found) != times):
            raise AssertionError(_failure(asked, times, found, everything))
        return found[-1]

    def assert_not_called(
        self,
        operation: str,
        *,
        node: str | None = None,
        service: str | None = None,
        user: str | None = None,
    ) -> None:
        """Fail if there was such a request; raises AssertionError."""
        __tracebackhide__ = True
        found = self.matching(operation, node=node, service=service, user=user)
        if found:
            asked = Asked(operation, node, service, user)
            listed = "".join(f"\n  {seen}" for seen in found[:SHOWN])
            raise AssertionError(f"there should be no {asked}, but there was:{listed}")

    def forget(self) -> None:
        """Forget what there was."""
        self._simulation.forget_requests()


def _failure(asked: Asked, times: int | None, found: list[Seen], everything: list[Seen]) -> str:
    if found:
        listed = "".join(f"\n  {seen}" for seen in found[:SHOWN])
        return f"expected {times} times {asked}, but there were {len(found)}:{listed}"
    head = f"there was no {asked}"
    if not everything:
        return f"{head}; no request came at all"
    near = sorted(everything, key=asked.distance)[:SHOWN]
    lines = [f"\n  {seen}\n    {'; '.join([*asked.differences(seen), *seen.misses])}" for seen in near]
    return f"{head}; {len(everything)} other requests came, closest:{''.join(lines)}"


def seen(document: Mapping[str, Any]) -> Seen:
    """A request from its document in the journal."""
    response = document.get("response") or {}
    return Seen(
        operation=str(document.get("operation") or ""),
        node=str(document.get("node") or ""),
        services=tuple(document.get("services") or ()),
        user=str(document.get("user") or ""),
        status=response.get("status"),
        document=document,
    )
