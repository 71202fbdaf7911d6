"""Enforcement: holds the fault rules against requests and commands, in the store's transactions.

Both kinds are counted in the same book and told as events; what an effect does is carried out elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import sqlalchemy as sql

from ucmsim.api.engine import Engine
from ucmsim.api.events.happenings import Happening, Type
from ucmsim.api.origin import Origin
from ucmsim.api.sim import asking, timings
from ucmsim.api.sim.rulebook import Rulebook
from ucmsim.api.sim.settings import Settings
from ucmsim.models.disturbances import CrashesAfter, FailsToStart, Refusal, StuckTransition
from ucmsim.models.faults import Effect, Rule, Subject
from ucmsim.models.interference import Interference
from ucmsim.models.inventory import ClusterSpec, Durations
from ucmsim.models.states import Instant, NodeRef

_ON_SERVICES = (Refusal, StuckTransition, FailsToStart, CrashesAfter)


class Enforcement:
    """The engine's interventions and the injection's rules, over one rulebook.

    `began` is told the request and the operation that it began, `refresh` takes over what other processes changed.
    """

    def __init__(
        self,
        engine: Engine,
        rulebook: Rulebook,
        settings: Callable[[], Settings],
        began: Callable[[str, str], None],
        refresh: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._refresh = refresh
        self._began = began
        self._rulebook = rulebook
        self._settings = settings

    @property
    def seed(self) -> int:
        """What chances are drawn from."""
        return self._settings().seed

    # requests

    def may_act(self, wanted: Callable[[Effect], bool]) -> bool:
        """Whether some rule with a wanted effect is armed."""
        return self._rulebook.may_act(lambda rule: wanted(rule.effect))

    def act(self, subject: Subject, wanted: Callable[[Effect], bool], origin: Origin) -> tuple[Rule, ...]:
        """Count the rules that match a request, tell of those that act, and return them."""
        with self._engine.transaction([], origin) as transaction:
            acting = self._rulebook.consult(transaction.connection, subject, self.seed, wanted)
            for rule in acting:
                transaction.tell(
                    _triggered(
                        rule,
                        transaction.now,
                        origin,
                        NodeRef(subject.cluster, subject.node),
                        subject.services,
                    )
                )
        if acting:
            self._rulebook.refresh()
        return acting

    def refreshed(self) -> None:
        """Take over what other processes may have changed."""
        self._refresh()

    # commands

    def durations(self, connection: sql.Connection, spec: ClusterSpec) -> Durations:
        """Return how long transitions of a cluster take."""
        return timings.durations(connection, spec)

    def interference(self, connection: sql.Connection, origin: Origin, ref: NodeRef) -> Interference:
        """Return the rules that a command meets; none is read where none can act."""
        if not self.may_act(lambda effect: isinstance(effect, _ON_SERVICES)):
            return Interference()
        caller = Subject(_api(origin), origin.operation, ref.cluster, ref.node, origin.client)
        return Interference(self._rulebook.rules(connection), caller, self.seed)

    def interfered(
        self,
        connection: sql.Connection,
        interference: Interference,
        origin: Origin,
        ref: NodeRef,
        now: Instant,
    ) -> Iterable[Happening]:
        """Keep the counters and tell which rules acted on which services."""
        if not interference.rules:
            return ()
        self._rulebook.count(connection, interference.before, interference.rules)
        by_id = {rule.id: rule for rule in interference.rules}
        return [
            _triggered(by_id[name], now, origin, ref, tuple(services))
            for name, services in interference.acted.items()
            if services
        ]

    def began(self, origin: Origin, operation: str) -> None:
        """Tell the journal which operation a request began."""
        if origin.request:
            self._began(origin.request, operation)


def _triggered(
    rule: Rule, now: Instant, origin: Origin, ref: NodeRef, services: tuple[str, ...]
) -> Happening:
    data = {"fault": rule.id, "effect": kind(rule.effect)}
    only = services[0] if len(services) == 1 else ""
    return Happening(now, Type.FAULT_TRIGGERED, origin, data, ref.cluster, ref.node, only)


def kind(effect: Effect) -> str:
    """Return the type of an effect as its document has it."""
    if isinstance(effect, Refusal):
        return "APP_ERROR"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(effect).__name__).upper()


def _api(origin: Origin) -> str:
    """Return the API that a command came over, by its operation: the names of the SOAP operations are all different."""
    if origin.face != "SOAP":
        return asking.REST
    return "CONTROLCENTER_EX" if origin.operation in _EXTENDED else "CONTROLCENTER"


_EXTENDED = frozenset({"soapDoControlServicesEx", "soapDoServiceDeploymentNoDbUpdate"})
