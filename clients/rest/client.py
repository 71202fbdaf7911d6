"""Control Center of one node over REST: `RestClient` has the methods of `ControlCenter`, and what only REST can.

Each method is a request or two; what the answers mean stands in `ucmsim.clients.rest.reading`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from ucmsim.clients import endpoint
from ucmsim.clients.calls import some
from ucmsim.clients.dialogues import Patience, Waiting
from ucmsim.clients.errors import RefusedError
from ucmsim.clients.reasons import advice
from ucmsim.clients.rest import events, reading
from ucmsim.clients.rest.connection import Connection
from ucmsim.clients.rest.simulation import Simulation
from ucmsim.clients.rest.values import (
    ClusterInformation,
    Event,
    Finding,
    NodeInformation,
    Operation,
    Outcome,
    PlatformService,
)
from ucmsim.clients.results import (
    NO_SUCH_SERVICE,
    SEVERAL,
    Action,
    Answer,
    Product,
    ProductInformation,
    Reason,
    Service,
    ServiceState,
    Status,
)
from ucmsim.clients.service_control import ServiceControl
from ucmsim.clients.trust import Verify

T = TypeVar("T")
Json = Mapping[str, Any]

BLOCKS_FOR = 10
"""How many seconds a command waits for its services, as a SOAP call does (`U-21`)."""


@dataclass(frozen=True)
class Request(Generic[T]):
    """One question to the API and how to read the answer."""

    path: str
    read: Any
    params: Mapping[str, Any] | None = None


class RestClient(ServiceControl):
    """The services of one node of ucmsim; `cluster` and `node` name it, or else it is looked up by `host`.

    The parameters are those of `ControlCenter`; every method raises UcmError.
    """

    def __init__(
        self,
        host: str,
        user: str,
        password: str,
        *,
        verify: Verify = True,
        port: int = 8443,
        timeout: float = 60.0,
        cluster: str | None = None,
        node: str | None = None,
        poll_interval: float = 1.0,
        patience: Patience | None = None,
    ) -> None:
        """Nothing is sent yet. Raises UntrustedError when `verify` names a file that is not there."""
        self.host = host
        self.port = port
        self._connection = Connection(host, user, password, verify=verify, port=port, timeout=timeout)
        self._asked_for = (cluster, node or host)
        self._patience = patience or Patience()
        self._waiting = Waiting(node or host, poll_interval, self._patience, time.monotonic)
        self.simulation = Simulation(self._connection, lambda: self._place)

    def close(self) -> None:
        """Close the connection for good."""
        self._connection.close()

    # questions, as ControlCenter has them

    def services(self) -> list[Service]:
        """What the node offers, activated or not, in the order of the catalogue."""
        documents = self._documents()
        names = {document["id"]: document["name"] for document in documents}
        return [reading.service(document, names) for document in documents]

    def product_information(self) -> ProductInformation:
        """The node's version, products and services, and its publisher's name."""
        platform = self._connection.send("GET", f"{self._path}/platform")
        cluster = self._connection.send("GET", f"/api/v1/clusters/{self._place[0]}")
        return ProductInformation(
            version=platform["activeVersion"],
            primary_node=cluster["publisher"],
            secondary_node="",
            products=tuple(
                Product(each["displayName"], each["version"], "", each["id"], "")
                for each in platform["products"]
            ),
            services=tuple(self.services()),
        )

    # what only REST can

    def clusters(self) -> list[ClusterInformation]:
        """All clusters of the server."""
        return [reading.cluster(each) for each in self._pages("/api/v1/clusters")]

    def nodes(self) -> list[NodeInformation]:
        """The nodes of this node's cluster, the publishers first."""
        path = f"/api/v1/clusters/{self._place[0]}/nodes"
        return [reading.node(each) for each in self._pages(path)]

    def platform_services(self) -> list[PlatformService]:
        """What the node's platform runs itself, such as System SSH: no SOAP API knows."""
        platform = self._connection.send("GET", f"{self._path}/platform")
        return [
            PlatformService(each["name"], each["status"], each["remark"]) for each in platform["services"]
        ]

    def matrix(self) -> dict[str, dict[str, Status]]:
        """The status of every service on every node of the cluster that has it: by node, then by service."""
        found: dict[str, dict[str, Status]] = {node.id: {} for node in self.nodes()}
        for row in self._pages(f"/api/v1/clusters/{self._place[0]}/services"):
            for node, cell in row["nodes"].items():
                found[node][row["name"]] = Status(cell["state"].capitalize())
        return found

    def advice(self) -> list[Finding]:
        """What the administration guide would have otherwise in this cluster, node by node, the gravest first."""
        return [reading.finding(each) for each in self._pages(f"/api/v1/clusters/{self._place[0]}/advice")]

    def order(
        self, action: Action, *names: str, reason: str = "", nodes: Iterable[str] = (), wait: float = 0
    ) -> Operation:
        """Give a command and return its operation at once, or after up to `wait` (at most 60) seconds.

        `nodes` are other nodes than this one; `*` is every node that has the service.
        """
        cluster, own = self._place
        body = {
            "kind": f"SERVICE_{action.name}",
            "reason": reason or None,
            "targets": [
                {"cluster": cluster, "node": node, "service": name}
                for node in list(nodes) or [own]
                for name in some(names)
            ],
        }
        headers = {"Prefer": f"wait={wait:g}"} if wait else {}
        return reading.operation(
            self._connection.send("POST", "/api/v1/operations", json=body, headers=headers)
        )

    def operation(self, operation: str, wait: float = 0) -> Operation:
        """An operation by its id; with `wait` as soon as it is over, or after so many (at most 60) seconds."""
        headers = {"Prefer": f"wait={wait:g}"} if wait else {}
        return reading.operation(
            self._connection.send("GET", f"/api/v1/operations/{quote(operation)}", headers=headers)
        )

    def operations(self, **filters: str) -> Iterator[Operation]:
        """Operations, newest first; filters are `status`, `kind`, `node`, `service` and `origin`."""
        return (reading.operation(each) for each in self._pages("/api/v1/operations", filters))

    def cancel(self, operation: str) -> Operation:
        """Cancel what an operation has not begun yet."""
        path = f"/api/v1/operations/{quote(operation)}/actions/cancel"
        return reading.operation(self._connection.send("POST", path))

    def events(
        self, *types: str, since: str | None = None, follow: bool = False, **filters: str
    ) -> Iterator[Event]:
        """Events, oldest first, from the one after the cursor `since`; with `follow` for ever, as they happen.

        Filters are `node`, `service` and `operation`; `types` are such as `service.state.changed`.
        """
        chosen = {**filters, "type": list(types)}
        if follow:
            return events.followed(self._connection, chosen, since)
        return events.stored(self._connection, chosen, since)

    # how

    @cached_property
    def _place(self) -> tuple[str, str]:
        """Cluster and node as the API names them."""
        cluster, node = self._asked_for
        if cluster and node != self.host:
            return cluster, node
        names = dict.fromkeys([node, *(endpoint.addresses(node) if node == self.host else ())])
        unknown: list[reading.ProblemError] = []
        for each in [cluster] if cluster else [each.id for each in self.clusters()]:
            for name in names:
                path = f"/api/v1/clusters/{quote(each)}/nodes/{quote(name)}"
                try:
                    found = self._connection.send("GET", path)
                except reading.ProblemError as problem:
                    if problem.code != "NODE_NOT_FOUND":
                        raise
                    unknown.append(problem)
                else:
                    return found["cluster"], found["id"]
        raise unknown[0]

    @property
    def _path(self) -> str:
        cluster, node = self._place
        return f"/api/v1/clusters/{cluster}/nodes/{node}"

    def _documents(self) -> list[Json]:
        return list(self._pages(f"{self._path}/services"))

    def _pages(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[Any]:
        cursor = None
        while True:
            given = {**(params or {}), **({"cursor": cursor} if cursor else {})}
            page = self._connection.send("GET", path, params=given)
            yield from page["items"]
            cursor = page["next"]
            if not cursor:
                return

    def _states(self, names: Iterable[str]) -> Request[Answer]:
        wanted = tuple(names)

        def read(page: Json) -> Answer:
            found = {document["name"]: document for document in page["items"]}
            states = [
                reading.state(found[name])
                if name in found
                else ServiceState(name, Status.STOPPED, Reason(NO_SUCH_SERVICE, "No such service"))
                for name in wanted or found
            ]
            return Answer(Reason(-1), tuple(states))

        return Request(f"{self._path}/services", read)

    def _command(self, action: Action, names: tuple[str, ...]) -> list[ServiceState]:
        unknown = [state for state in self.status(*some(names)) if not state.known]
        if unknown:  # the API would do nothing at all; SOAP does what it can with the others
            raise RefusedError(
                self._place[1], action, unknown[0].reason, unknown, advice(unknown[0].reason.code)
            )
        try:
            operation = self.order(action, *names, wait=BLOCKS_FOR)
        except reading.ProblemError as problem:
            if problem.reason is None:
                raise
            states = self.status(*names)
            raise RefusedError(self._place[1], action, problem.reason, states, problem.problem) from None
        states = self.status(*names)
        kept = [outcome for outcome in operation.outcomes if outcome.problem]
        if kept:
            raise self._refusal(action, kept, states)
        return states

    def _refusal(self, action: Action, kept: list[Outcome], states: list[ServiceState]) -> RefusedError:
        reasons = {outcome.reason or Reason(SEVERAL, outcome.problem) for outcome in kept}
        reason = reasons.pop() if len(reasons) == 1 else Reason(SEVERAL, "Multiple Modules have error")
        slugs = {outcome.service for outcome in kept}
        named = {document["name"]: document["id"] for document in self._documents()}
        failed = [state for state in states if named.get(state.name) in slugs]
        hint = "; ".join(outcome.problem for outcome in kept) or advice(reason.code)
        return RefusedError(self._place[1], action, reason, failed, hint)

    def _ask(self, request: Request[T]) -> T:
        answered: T = request.read(self._connection.send("GET", request.path, params=request.params))
        return answered
