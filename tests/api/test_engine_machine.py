"""Any sequence of commands over a real store: what the engine answers and what it keeps agree at every step."""

import tempfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ucmsim.api import inventory
from ucmsim.api.clock import Clock
from ucmsim.api.engine import Engine
from ucmsim.api.events.log import Filter
from ucmsim.api.operations import ledger
from ucmsim.api.origin import Origin
from ucmsim.api.store import Store
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.states import Action, Kind, NodeRef, Status, Via

LAB = inventory.builtin("lab")
REFS = [NodeRef("lab", node.id) for node in LAB.clusters[0].nodes]
ADMIN = Origin("SOAP", "administrator", "127.0.0.1")
NAMES = [
    "Cisco CallManager",
    "Cisco CTIManager",
    "Self Provisioning IVR",
    "Cisco Tftp",
    "Cisco DRF Local",
    "Cisco DRF Master",
    "Cisco Tomcat",
    "A Cisco DB",
    "Cisco Database Layer Monitor",
    "Cisco Audit Event Service",
    "Cisco XCP Router",
    "Cisco XCP Connection Manager",
    "Cisco XCP Authentication Service",
    "SOAP -Real-Time Service APIs",
    "Connection Conversation Manager",
    "No Such Service",
]
nodes = st.sampled_from(REFS)
some_names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map(tuple)


class EngineMachine(RuleBasedStateMachine):
    """Commands, time and restarts of the server, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.url = f"sqlite:///{Path(self.folder.name) / 'ucmsim.sqlite'}"
        self.clock = Clock.frozen(1_700_000_000_000)
        self.commands = 0

    @initialize()
    def start_the_server(self) -> None:
        self.engine = Engine(Store(self.url), LAB, self.clock)

    @rule(
        ref=nodes,
        action=st.sampled_from([Action.START, Action.STOP, Action.RESTART]),
        names=some_names,
        via=st.sampled_from(Via),
        enforce=st.booleans(),
    )
    def control(self, ref, action, names, via, enforce) -> None:
        self._command(self.engine.control, Control(ref, action, names, enforce=enforce, via=via))

    @rule(ref=nodes, activate=st.booleans(), names=some_names, recorded=st.booleans())
    def deploy(self, ref, activate, names, recorded) -> None:
        self._command(self.engine.deploy, Deploy(ref, activate=activate, names=names, recorded=recorded))

    @rule(seconds=st.integers(0, 90))
    def time_passes(self, seconds) -> None:
        self.clock.advance(seconds * 1000)

    @rule()
    def the_server_is_killed_and_started_again(self) -> None:
        before = self.engine.cluster("lab")
        self.engine.close()
        self.engine = Engine(Store(self.url), LAB, self.clock)
        assert self.engine.cluster("lab") == before

    def _command(self, act, command) -> None:
        self.commands += 1
        answer = act(command, ADMIN)
        assert [row.name for row in answer.rows] == list(command.names)

    @invariant()
    def every_row_is_consistent(self) -> None:
        for ref in REFS:
            for row in self.engine.status(ref).rows:
                if row.status is Status.STARTED:
                    assert row.started is not None
                    assert row.uptime >= 0
                elif row.status is not Status.STOPPING:
                    assert (row.started, row.uptime) == (None, -1)

    @invariant()
    def nothing_runs_that_is_not_activated(self) -> None:
        for ref in REFS:
            node = self.engine.node(ref)
            for name, instance in node.instances.items():
                if node.services[name].kind is Kind.NETWORK:
                    assert instance.activated
                if instance.at(self.clock.now()).status is Status.STARTED:
                    assert instance.activated

    @invariant()
    def every_command_has_its_event(self) -> None:
        created = Filter(types=("operation.created",))
        assert len(self.engine.events(limit=1000, wanted=created)) == self.commands

    @invariant()
    def what_happened_is_told_in_order_and_to_the_end(self) -> None:
        """Following the events from the first one leads to the state in which every service now is."""
        events = self.engine.events(limit=10_000)
        assert [event.id for event in events] == list(range(1, len(events) + 1))
        assert [event.at for event in events] == sorted(event.at for event in events)
        last: dict[tuple[NodeRef, Any], Any] = {}
        for event in events:
            if event.type == "service.state.changed":
                place = NodeRef(event.cluster, event.node), event.service
                assert last.get(place, event.data["from"]) == event.data["from"]
                last[place] = event.data["to"]
        for (ref, name), told in last.items():
            assert self.engine.node(ref).instances[name].at(self.clock.now()).status.name == told

    @invariant()
    def an_operation_that_is_over_has_told_so_once(self) -> None:
        ended = [
            event.operation
            for event in self.engine.events(limit=10_000)
            if event.type == "operation.finished"
        ]
        with self.engine.reading() as connection:
            operations = ledger.search(connection, ledger.Search(), self.clock.now(), limit=1000)
        over = [one.id for one in operations if one.standing(self.clock.now()).over]
        assert sorted(ended) == sorted(over)

    def teardown(self) -> None:
        self.engine.close()
        self.folder.cleanup()


TestEngineMachine = EngineMachine.TestCase
TestEngineMachine.settings = settings(
    max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
