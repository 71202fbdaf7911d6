"""The engine: commands over a real store with a clock in the test's hand."""

import threading

import pytest

from ucmsim.api import inventory
from ucmsim.api.clock import Clock
from ucmsim.api.engine import Engine, UnknownNodeError
from ucmsim.api.events.log import Filter
from ucmsim.api.interventions import Untouched
from ucmsim.api.origin import Origin
from ucmsim.api.store import Store
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.maintenance import upgrade
from ucmsim.models.states import Action, NodeRef, Status

NOW = 1_700_000_000_000
PUB = NodeRef("lab", "cucm-pub")
SUB = NodeRef("lab", "cucm-sub")
ADMIN = Origin("SOAP", "administrator", "127.0.0.1", "soapDoControlServices")


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'ucmsim.sqlite'}"


@pytest.fixture
def clock():
    return Clock.frozen(NOW)


@pytest.fixture
def engine(url, clock):
    engine = Engine(Store(url), inventory.builtin("lab"), clock)
    yield engine
    engine.close()


def states(answer):
    return {row.name: row.status for row in answer.rows}


def test_activation_pulls_in_what_a_service_depends_on(engine, clock):
    """G-ACT-6, seen from outside: Cisco CallManager comes with Cisco CTIManager, and comes first."""
    engine.deploy(Deploy(PUB, activate=True, names=("Cisco CTIManager",)), ADMIN)
    both = ("Cisco CallManager", "Cisco CTIManager")
    assert states(engine.status(PUB, both)) == dict.fromkeys(both, Status.STARTING)
    clock.advance(120_000)
    rows = {row.name: row for row in engine.status(PUB, both).rows}
    assert {row.status for row in rows.values()} == {Status.STARTED}
    assert rows["Cisco CallManager"].started < rows["Cisco CTIManager"].started


def test_a_command_concerns_the_node_that_is_asked(engine):
    """G-CTL-5: services are controlled for one node at a time."""
    engine.control(Control(PUB, Action.STOP, ("Cisco DRF Local",)), ADMIN)
    assert states(engine.status(PUB, ("Cisco DRF Local",))) == {"Cisco DRF Local": Status.STOPPING}
    assert states(engine.status(SUB, ("Cisco DRF Local",))) == {"Cisco DRF Local": Status.STARTED}


def test_state_survives_a_new_engine_on_the_same_store(engine, url, clock):
    engine.deploy(Deploy(PUB, activate=True, names=("Cisco Tftp",)), ADMIN)
    before = engine.cluster("lab")
    engine.close()
    clock.advance(60_000)
    again = Engine(Store(url), inventory.builtin("lab"), clock)
    assert again.cluster("lab") == before
    assert states(again.status(PUB, ("Cisco Tftp",))) == {"Cisco Tftp": Status.STARTED}
    again.close()


def test_every_command_is_recorded_with_who_and_how(engine):
    engine.deploy(Deploy(PUB, activate=True, names=("Cisco CTIManager", "Cisco Tomcat")), ADMIN)
    event, *happened = engine.events()
    assert (event.cluster, event.node, event.at) == ("lab", "cucm-pub", NOW)
    assert (event.type, event.origin, event.data["kind"]) == ("operation.created", ADMIN, "SERVICE_ACTIVATE")
    assert event.data["targets"] == [[*PUB, "Cisco CTIManager"], [*PUB, "Cisco Tomcat"]]
    touched = [one.service for one in happened if one.type == "service.activation.changed"]
    assert touched == ["Cisco CallManager", "Cisco CTIManager"]
    assert {(one.origin, one.operation) for one in happened} == {(ADMIN, event.operation)}


def test_an_unknown_node_is_an_error_that_names_the_nearest(engine):
    with pytest.raises(UnknownNodeError, match="no node named 'cucm-pubb'; closest: 'cucm-pub'"):
        engine.status(NodeRef("lab", "cucm-pubb"))
    with pytest.raises(UnknownNodeError, match="no cluster named 'lob'; closest: 'lab'"):
        engine.execute(Control(NodeRef("lob", "x"), Action.STOP, ("Cisco Tftp",)), ADMIN)
    assert engine.events() == []


def test_with_a_frozen_clock_a_control_call_answers_at_once(engine):
    """Nothing can arrive by itself, so the call does not wait its ten seconds (U-21)."""
    answer = engine.control(Control(PUB, Action.RESTART, ("Cisco DRF Local",)), ADMIN)
    assert states(answer) == {"Cisco DRF Local": Status.STOPPING}


def test_a_control_call_returns_when_its_services_have_arrived(url):
    """U-21: the call blocks until they are up; here a second of real time is an hour of the simulation."""
    clock = Clock()
    clock.run(rate=3600)
    engine = Engine(Store(url), inventory.builtin("lab"), clock, blocks_for=60)
    answer = engine.control(Control(PUB, Action.RESTART, ("Cisco DRF Local", "Cisco CDP")), ADMIN)
    assert set(states(answer).values()) == {Status.STARTED}
    engine.close()


def test_a_control_call_gives_up_waiting_and_says_how_things_stand(url):
    """U-21: after its bounded time the call answers Starting, as a real one does for a slow service."""
    engine = Engine(Store(url), inventory.builtin("lab"), Clock(), blocks_for=0.01)
    answer = engine.deploy(Deploy(PUB, activate=True, names=("Cisco CallManager",)), ADMIN)
    assert states(answer) == {"Cisco CallManager": Status.STARTING}
    engine.close()


def test_advancing_the_clock_releases_a_waiting_call(url):
    clock = Clock()
    clock.run(rate=0.000001)
    engine = Engine(Store(url), inventory.builtin("lab"), clock, blocks_for=60)
    answers = []
    command = Control(PUB, Action.RESTART, ("Cisco DRF Local",))
    report = engine.execute(command, ADMIN)
    caller = threading.Thread(target=lambda: answers.append(engine.await_answer(report)))
    caller.start()
    clock.advance(60_000)
    engine.wake()
    caller.join(timeout=30)
    assert states(answers[0]) == {"Cisco DRF Local": Status.STARTED}
    engine.close()


def test_commands_from_many_threads_are_all_applied(engine):
    names = ["Cisco DRF Local", "Cisco CDP", "Cisco AMC Service", "Cisco Syslog Agent", "MIB2 Agent"]
    threads = [
        threading.Thread(target=engine.control, args=(Control(ref, Action.STOP, (name,)), ADMIN))
        for name in names
        for ref in (PUB, SUB)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for ref in (PUB, SUB):
        assert set(states(engine.status(ref, tuple(names))).values()) == {Status.STOPPING}
    assert len(engine.events(wanted=Filter(types=("operation.created",)))) == len(threads)


def test_two_processes_on_one_store_see_each_others_changes(url, clock):
    """Two engines stand for two server processes here: each asks the store whether its copy is still true."""
    first = Engine(Store(url), inventory.builtin("lab"), clock, shared=True)
    second = Engine(Store(url), inventory.builtin("lab"), clock, shared=True)
    second.status(PUB)
    first.control(Control(PUB, Action.STOP, ("Cisco CDP",)), ADMIN)
    second.refresh()
    assert states(second.status(PUB, ("Cisco CDP",))) == {"Cisco CDP": Status.STOPPING}
    second.control(Control(PUB, Action.STOP, ("MIB2 Agent",)), ADMIN)
    clock.advance(60_000)
    stopped = dict.fromkeys(("Cisco CDP", "MIB2 Agent"), Status.STOPPED)
    first.refresh()
    assert states(first.status(PUB, tuple(stopped))) == stopped
    first.close()
    second.close()


def test_whoever_asks_if_there_is_news_never_waits_for_those_who_take_it_over(url, clock):
    """The event loop asks, and a change of the topology is taken over with the event loop's help."""

    class Following(Untouched):
        def refreshed(self):
            asking = threading.Thread(target=lambda: heard.append(second.stale))
            asking.start()
            asking.join(10)
            heard.append("followed")

    heard: list[bool | str] = []
    first = Engine(Store(url), inventory.builtin("lab"), clock, shared=True)
    second = Engine(Store(url), inventory.builtin("lab"), clock, shared=True)
    second.refresh()
    second.interventions = Following()
    first.control(Control(PUB, Action.STOP, ("Cisco CDP",)), ADMIN)
    second.refresh()
    assert heard == [True, "followed"]
    assert not second.stale
    first.close()
    second.close()


def test_the_same_commands_at_the_same_times_give_the_same_cluster(tmp_path):
    clusters = []
    for run in ("one", "two"):
        engine = Engine(Store(f"sqlite:///{tmp_path / run}"), inventory.builtin("lab"), Clock.frozen(NOW))
        engine.deploy(Deploy(PUB, activate=True, names=("Cisco CTIManager",)), ADMIN)
        engine.clock.advance(30_000)
        engine.control(Control(PUB, Action.RESTART, ("Cisco DRF Local",)), ADMIN)
        clusters.append(engine.cluster("lab"))
        engine.close()
    assert clusters[0] == clusters[1]


def test_the_product_list_names_the_publisher_of_the_server_table(engine):
    """U-37: on IM and Presence it is the UCM publisher, on Unity Connection its own."""
    assert engine.product_information(SUB).primary == "cucm-pub.lab.example"
    assert engine.product_information(NodeRef("lab", "imp-sub")).primary == "cucm-pub.lab.example"
    assert engine.product_information(NodeRef("lab", "cuc-pub")).primary == "cuc-pub.lab.example"
    assert [p.short_name for p in engine.product_information(PUB).products] == ["UCM", "SELFCARE", "SYS"]


def test_after_a_switch_the_product_list_tells_the_new_version_and_its_services(engine, clock):
    """G-ACT-8: what the node is from then on is what it says of itself."""

    def upgraded(cluster, now, chance):
        return upgrade(cluster, "cucm-sub", "11.5.1.10000-4", now, chance)

    engine.change("lab", ADMIN, upgraded)
    clock.advance(3_600_000)
    told = engine.product_information(SUB)
    assert told.version == "11.5.1.10000-4"
    assert "Cisco UDS Tomcat" not in {service.name for service in told.services}
    assert engine.product_information(PUB).version == "15.0.1.12900-43"
