"""Fault rules in words: what shall go wrong, for whom, how often. Each method adds one rule and returns its id.

It makes the documents of REST specification section 10; acting on them is the server's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, Unpack

if TYPE_CHECKING:
    from ucmsim.clients.rest.simulation import Json, Simulation

MATCH = ("api", "operation", "cluster", "node", "service", "client")


class Elsewhere(TypedDict):
    """For which requests a rule is, and how often it acts. Everything is optional; `*` in a text stands for anything.

    `operation` is such as `soapGetServiceStatus`, `api` such as `CONTROLCENTER`. A rule lets `after` matches pass, then
    acts `times` times (without it: always), each time with `probability`.
    """

    api: NotRequired[str]
    operation: NotRequired[str]
    cluster: NotRequired[str]
    node: NotRequired[str]
    client: NotRequired[str]
    times: NotRequired[int]
    after: NotRequired[int]
    probability: NotRequired[float]


class Scope(Elsewhere):
    """The same with a service, by its exact name or its id."""

    service: NotRequired[str]


class Faults:
    """Adds and removes fault rules of one server."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    # answers that are no answer

    def soap_fault(self, text: str, code: str = "soapenv:Server", **scope: Unpack[Scope]) -> str:
        """Answer with a SOAP fault."""
        return self._add("SOAP_FAULT", scope, faultstring=text, faultcode=code)

    def throttle(self, **scope: Unpack[Scope]) -> str:
        """Answer as the API does to too many requests."""
        return self._add("THROTTLE", scope)

    def http_status(self, status: int, body: str = "", **scope: Unpack[Scope]) -> str:
        """Answer with an HTTP status."""
        return self._add("HTTP_STATUS", scope, status=status, body=body)

    def wrong_password(self, **scope: Unpack[Scope]) -> str:
        """Answer as to a wrong password."""
        return self._add("AUTH_FAIL", scope)

    def drop(self, **scope: Unpack[Scope]) -> str:
        """Close the connection without an answer."""
        return self._add("DROP", scope)

    def reset(self, **scope: Unpack[Scope]) -> str:
        """Reset the TCP connection."""
        return self._add("RESET", scope)

    def truncate(self, length: int, **scope: Unpack[Scope]) -> str:
        """End the answer's body after so many bytes."""
        return self._add("TRUNCATE", scope, bytes=length)

    def delay(self, milliseconds: int, jitter: int = 0, **scope: Unpack[Scope]) -> str:
        """Answer so many real milliseconds later."""
        return self._add("DELAY", scope, ms=milliseconds, jitterMs=jitter)

    # answers that say something else

    def refuse(self, code: int, text: str, **scope: Unpack[Scope]) -> str:
        """Refuse commands with a reason of the vendor's table, as a normal answer, and do nothing."""
        return self._add("APP_ERROR", scope, reasonCode=code, reasonCodeString=text)

    def replace(self, path: str, value: str, **scope: Unpack[Scope]) -> str:
        """Replace the text of one element of the answer, such as `item[1]/ServiceStatus`."""
        return self._add("WRONG_RESULT", scope, path=path, value=value)

    # services that misbehave

    def fails_to_start(self, service: str, **scope: Unpack[Elsewhere]) -> str:
        """Let a service go down again instead of coming up."""
        return self._add("FAILS_TO_START", {"service": service, **scope})

    def crashes_after(self, service: str, seconds: float, **scope: Unpack[Elsewhere]) -> str:
        """Let a service crash so many simulated seconds after it has come up."""
        return self._add("CRASHES_AFTER", {"service": service, **scope}, ms=round(seconds * 1000))

    def stuck(self, service: str, state: str | None = None, **scope: Unpack[Elsewhere]) -> str:
        """Keep a service in STARTING or STOPPING until the rule is removed."""
        return self._add("STUCK_TRANSITION", {"service": service, **scope}, state=state)

    # rules as such

    def add(self, rule: Json) -> str:
        """Add a rule as a document."""
        return self._simulation.add_fault(rule)

    def remove(self, rule: str) -> None:
        """Remove a rule by its id."""
        self._simulation.remove_fault(rule)

    def clear(self) -> None:
        """Remove all rules."""
        self._simulation.clear_faults()

    def all(self) -> list[Json]:
        """All rules with how often they have matched and acted."""
        return self._simulation.faults()

    def _add(self, effect: str, scope: Mapping[str, Any], **params: Any) -> str:
        given = dict(scope)
        rule = {
            "match": {name: given.pop(name) for name in MATCH if name in given},
            "effect": {"type": effect, "params": params},
            "afterMatches": given.pop("after", 0),
            **given,
        }
        return self.add(rule)
