"""Operations of any face, work on nodes, changed conditions and crashes, in any order: what operations and events say is what is."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ucmsim.api import inventory
from ucmsim.api.clock import Clock
from ucmsim.api.engine import Engine
from ucmsim.api.events.happenings import Event
from ucmsim.api.operations.desk import Desk
from ucmsim.api.operations.ledger import Search
from ucmsim.api.operations.record import Kind, Operation, Place, Standing, foresee
from ucmsim.api.operations.requests import Refusal, Request
from ucmsim.api.origin import Origin
from ucmsim.api.store import Store
from ucmsim.models.cluster import Cluster
from ucmsim.models.commands import Control
from ucmsim.models.conditions import Replication
from ucmsim.models.forcing import force
from ucmsim.models.presence import Reachability, reachability
from ucmsim.models.states import Action, Instant, Status
from ucmsim.models.surroundings import change_conditions

LAB = inventory.builtin("lab")
REST = Origin("REST", "administrator", "127.0.0.1")
SOAP = Origin("SOAP", "administrator", "127.0.0.1", "soapDoControlServices")
SIM = Origin("SIM", "administrator", "127.0.0.1")

PLACES = [
    Place("lab", node, service)
    for node, services in {
        "cucm-pub": (
            "Cisco CallManager",
            "Cisco CTIManager",
            "Cisco CDP",
            "Cisco AXL Tomcat",
            "Cisco AXL Web Service",
        ),
        "imp-sub": (
            "Cisco XCP Router",
            "Cisco XCP Connection Manager",
            "Cisco Presence Engine",
            "Cisco SIP Proxy",
        ),
    }.items()
    for service in services
]
places = st.sampled_from(PLACES)
service_kinds = st.sampled_from([kind for kind in Kind if kind.action is not None])
node_kinds = st.sampled_from([Kind.NODE_RESTART, Kind.NODE_SHUTDOWN])
node_ids = st.sampled_from(["cucm-pub", "imp-sub"])


class OperationsMachine(RuleBasedStateMachine):
    """Everything that can happen to an operation."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.url = f"sqlite:///{Path(self.folder.name) / 'ucmsim.sqlite'}"
        self.clock = Clock.frozen(1_700_000_000_000)

    @initialize()
    def start_the_server(self) -> None:
        self.engine = Engine(Store(self.url), LAB, self.clock)
        self.desk = Desk(self.engine)

    @rule(kind=service_kinds, place=places)
    def one_service_over_rest(self, kind, place) -> None:
        before = self.engine.cluster("lab")
        done = self.desk.ask(Request(kind, (place,), single=True), REST)
        if isinstance(done, Refusal):
            assert self.engine.cluster("lab") == before

    @rule(
        kind=service_kinds,
        chosen=st.lists(places, min_size=2, max_size=5, unique=True),
        stop=st.booleans(),
        timeout=st.sampled_from([None, 1_000, 20_000]),
    )
    def several_services_over_rest(self, kind, chosen, stop, timeout) -> None:
        done = self.desk.ask(Request(kind, tuple(chosen), stop_on_error=stop, timeout=timeout), REST)
        assert isinstance(done, Operation)
        assert [target.place for target in done.asked] == chosen

    @rule(action=st.sampled_from([Action.START, Action.STOP, Action.RESTART]), place=places)
    def a_soap_command(self, action, place) -> None:
        self.engine.control(Control(place.ref, action, (place.service,)), SOAP)

    @rule(kind=node_kinds, node=node_ids)
    def work_on_a_node(self, kind, node) -> None:
        self.desk.ask(Request(kind, (Place("lab", node),), single=True), REST)

    @rule(replication=st.sampled_from(Replication))
    def replication_changes(self, replication) -> None:
        def change(cluster: Cluster, now: Instant, chance: int) -> tuple[Cluster, None]:
            return change_conditions(cluster, "imp-sub", {"replication": replication}, now, chance), None

        self.engine.change("lab", SIM, change)

    @rule(node=node_ids, reachable=st.booleans())
    def the_network_changes(self, node, reachable) -> None:
        def change(cluster: Cluster, now: Instant, chance: int) -> tuple[Cluster, None]:
            return change_conditions(cluster, node, {"reachable": reachable}, now, chance), None

        self.engine.change("lab", SIM, change)

    @rule(place=places, status=st.sampled_from([Status.STOPPED, Status.STARTED]))
    def a_state_is_forced(self, place, status) -> None:
        def change(cluster: Cluster, now: Instant, chance: int) -> tuple[Cluster, None]:
            return force(cluster, place.node, place.service, status, None, now, chance), None

        self.engine.change("lab", SIM, change)

    @rule(number=st.integers(1, 12))
    def an_operation_is_given_up(self, number) -> None:
        found = self.desk.find(number)
        if found is not None and found.cancellable(self.clock.now()):
            self.desk.cancel(number, REST)

    @rule(seconds=st.sampled_from([0, 1, 3, 10, 60, 600]))
    def time_passes(self, seconds) -> None:
        self.clock.advance(seconds * 1000)

    @rule()
    def the_server_is_killed_and_started_again(self) -> None:
        before, operations = self.engine.cluster("lab"), self._operations()
        self.engine.close()
        self.start_the_server()
        assert self.engine.cluster("lab") == before
        assert self._operations() == operations

    @invariant()
    def a_running_target_ends_as_its_service_will(self) -> None:
        """The operation is a look-up: it never says anything else than the timeline of the service."""
        now = self.clock.now()
        cluster = self.engine.cluster("lab")
        for operation in self._operations():
            for target in operation.targets:
                if target.standing(now).over or not target.place.service:
                    continue
                instance = cluster.nodes[target.place.node].instances[target.place.service]
                end = foresee(instance, target.wanted, now)
                late = operation.deadline is not None and (end.at is None or end.at > operation.deadline)
                if late:
                    assert (target.end.at, target.end.standing) == (operation.deadline, Standing.FAILED)
                else:
                    assert target.end == end

    @invariant()
    def an_operation_that_is_over_has_told_so_once_and_no_other_has(self) -> None:
        now = self.clock.now()
        ended = [event.operation for event in self._events() if event.type == "operation.finished"]
        assert sorted(ended) == sorted(one.id for one in self._operations() if one.standing(now).over)

    @invariant()
    def events_lead_to_what_is(self) -> None:
        now = self.clock.now()
        states: dict[tuple[str, str], Any] = {}
        presence: dict[str, Any] = {}
        for event in self._events():
            told = (event.data.get("from"), event.data.get("to"))
            if event.type == "service.state.changed":
                assert states.get((event.node, event.service), told[0]) == told[0]
                states[event.node, event.service] = told[1]
            elif event.type == "node.reachability.changed":
                presence[event.node] = told[1]
        nodes = self.engine.cluster("lab").nodes
        for (node, service), told_last in states.items():
            assert nodes[node].instances[service].at(now).status.name == told_last
        for node, told_last in presence.items():
            found = reachability(nodes[node], now)
            assert told_last == ("UNREACHABLE" if found is Reachability.OFF else found.name)

    def _operations(self) -> list[Operation]:
        return self.desk.search(Search(), limit=1000)

    def _events(self) -> list[Event]:
        return self.engine.events(limit=10_000)

    def teardown(self) -> None:
        self.engine.close()
        self.folder.cleanup()


TestOperationsMachine = OperationsMachine.TestCase
TestOperationsMachine.settings = settings(
    max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
