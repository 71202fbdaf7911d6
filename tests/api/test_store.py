"""The store: what a cluster comes back as, and what a transaction that fails leaves behind."""

import dataclasses
import sqlite3

import pytest

from ucmsim.api import inventory
from ucmsim.api.origin import Origin
from ucmsim.api.store import Store
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.conditions import Replication
from ucmsim.models.control import carry_out
from ucmsim.models.states import Action, NodeRef

NOW = 1_700_000_000_000
LAB = inventory.builtin("lab").clusters[0]
PUB = NodeRef("lab", "cucm-pub")
ADMIN = Origin("SOAP", "administrator", "127.0.0.1", "soapDoServiceDeployment")


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'ucmsim.sqlite'}"


@pytest.fixture
def store(url):
    store = Store(url)
    with store.writing() as connection:
        store.install(connection, ["lab"], NOW)
    yield store
    store.close()


def loaded(store):
    with store.reading() as connection:
        return store.load(connection, LAB)


def test_a_cluster_comes_back_as_it_was_saved(store, url):
    before = loaded(store)
    after, _ = carry_out(before.cluster, Deploy(PUB, activate=True, names=("Cisco CTIManager",)), NOW, 1)
    after, _ = carry_out(after, Control(PUB, Action.RESTART, ("Cisco DRF Local",)), NOW + 5, 2)
    with store.writing() as connection:
        saved = store.save(connection, before, after)
    store.close()

    again = Store(url)
    assert loaded(again) == saved
    assert loaded(again).version == before.version + 1
    again.close()


def test_the_conditions_and_server_entries_of_a_node_come_back(store):
    before = loaded(store)
    node = before.cluster.nodes["imp-sub"]
    changed = dataclasses.replace(
        node,
        conditions=dataclasses.replace(node.conditions, replication=Replication.BROKEN, reachable=False),
        server_entries={"Cisco CallManager": "CM_192.0.2.1"},
    )
    with store.writing() as connection:
        store.save(connection, before, before.cluster.with_node(changed))
    assert loaded(store).cluster.nodes["imp-sub"] == changed


def test_only_what_changed_is_written(store):
    before = loaded(store)
    after, _ = carry_out(before.cluster, Control(PUB, Action.STOP, ("Cisco DRF Local",)), NOW, 1)
    with store.writing() as connection:
        store.save(connection, before, after)
    with store.reading() as connection:
        rows = connection.exec_driver_sql("select node, service from instances").all()
    assert rows == [("cucm-pub", "Cisco DRF Local")]


def test_a_transaction_that_fails_leaves_nothing_behind(store):
    before = loaded(store)
    after, _ = carry_out(before.cluster, Deploy(PUB, activate=True, names=("Cisco Tftp",)), NOW, 1)

    def dies_half_way():
        with store.writing() as connection:
            store.save(connection, before, after)
            store.record(connection, "lab", NOW, "service.activate", ADMIN, {})
            raise RuntimeError("the machine died")

    with pytest.raises(RuntimeError, match="the machine died"):
        dies_half_way()
    assert loaded(store) == before
    with store.reading() as connection:
        assert store.events(connection) == []


def test_services_that_the_inventory_no_longer_has_are_passed_over(store):
    before = loaded(store)
    after, _ = carry_out(before.cluster, Control(PUB, Action.STOP, ("Cisco Smart License Manager",)), NOW, 1)
    after, _ = carry_out(after, Control(PUB, Action.STOP, ("Cisco UDS Tomcat", "Cisco DRF Local")), NOW, 1)
    with store.writing() as connection:
        store.save(connection, before, after)
    older = tuple(dataclasses.replace(node, version="11.5.1.10000-4") for node in LAB.nodes)
    with store.reading() as connection:
        kept = store.load(connection, dataclasses.replace(LAB, nodes=older))
    node = kept.cluster.nodes["cucm-pub"]
    assert "Cisco UDS Tomcat" not in node.instances
    assert node.instances["Cisco DRF Local"] == after.nodes["cucm-pub"].instances["Cisco DRF Local"]


def test_events_are_read_in_pages(store):
    with store.writing() as connection:
        for number in range(5):
            store.record(connection, "lab", NOW + number, "service.start", ADMIN, {"number": number})
    with store.reading() as connection:
        first = store.events(connection, limit=2)
        rest = store.events(connection, after=first[-1].id)
    assert [event.data["number"] for event in first] == [0, 1]
    assert [event.data["number"] for event in rest] == [2, 3, 4]
    assert rest[0].origin == ADMIN


@pytest.mark.parametrize("used_before", [True, False])
def test_a_connection_that_is_in_use_at_the_end_is_closed_when_it_is_given_back(url, used_before):
    store = Store(url)
    if not used_before:
        store.close()
    with store.reading() as connection:
        used = connection.connection.dbapi_connection
        store.close()
    assert used is not None
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        used.cursor()
