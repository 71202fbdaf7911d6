"""What holds the start of IM and Presence services back, and what makes it fail (rules G-IMP)."""

from dataclasses import replace

import pytest

from tests.models.lab import (
    CONNECTION_MANAGER,
    IMP,
    IMP_SUB,
    LAB,
    NOON,
    ROUTER,
    Lab,
    imp_lab,
    seen,
)
from ucmsim.models.conditions import Conditions, ExternalDatabase, Replication, SyncAgent
from ucmsim.models.states import SECOND, Product

ENGINE = "Cisco Presence Engine"
PROXY = "Cisco SIP Proxy"
CHAT = "Cisco XCP Text Conference Manager"
ARCHIVER = "Cisco XCP Message Archiver"
DIRECTORY = "Cisco XCP Directory Service"
FEDERATION = "Cisco XCP XMPP Federation Connection Manager"
DAY = 86_400


@pytest.mark.parametrize("database", list(ExternalDatabase))
@pytest.mark.parametrize("persistent", [True, False])
def test_persistent_chat_without_an_external_database_keeps_chat_from_starting(persistent, database):
    """G-IMP-2: only that combination does."""
    lab = imp_lab(persistent_chat=persistent, external_database=database)
    lab.activate(IMP, CHAT)
    fails = persistent and database is ExternalDatabase.ABSENT
    assert seen(lab.wait().row(IMP, CHAT)) == ("Stopped -1019" if fails else "Started -1")


@pytest.mark.parametrize(
    ("database", "expected"),
    [
        (ExternalDatabase.CONFIGURED, "Started -1"),
        (ExternalDatabase.ABSENT, "Stopped -1019"),
        (ExternalDatabase.UNREACHABLE, "Stopped -1019"),
    ],
)
def test_the_message_archiver_needs_an_external_database_that_can_be_reached(database, expected):
    """G-IMP-3."""
    lab = imp_lab(external_database=database)
    lab.activate(IMP, ARCHIVER)
    assert seen(lab.wait().row(IMP, ARCHIVER)) == expected


def test_the_directory_service_starts_and_stops_again_without_ldap_contact_search():
    """G-IMP-4: it is seen running for a moment."""
    lab = imp_lab(ldap_contact_search=False)
    lab.activate(IMP, DIRECTORY)
    lab.wait(9)
    assert seen(lab.row(IMP, DIRECTORY)) == "Started -1"
    lab.wait(9)
    assert seen(lab.row(IMP, DIRECTORY)) == "Stopped -1019"
    assert lab.answer().reason.code == -1007
    assert lab.activated(IMP, DIRECTORY)


@pytest.mark.parametrize(("on", "expected"), [(True, "Started -1"), (False, "Stopped -1019")])
def test_xmpp_federation_is_turned_on_for_the_node_first(on, expected):
    """G-IMP-5."""
    lab = imp_lab(xmpp_federation=on)
    lab.activate(IMP, FEDERATION)
    assert seen(lab.wait().row(IMP, FEDERATION)) == expected


@pytest.mark.parametrize("replication", [Replication.SETUP, Replication.BROKEN])
def test_a_subscriber_waits_for_its_replication(replication):
    """G-IMP-7, G-IMP-8: however long that takes."""
    lab = imp_lab(replication=replication)
    lab.activate(IMP_SUB, ENGINE, PROXY)
    lab.wait(30 * DAY)
    assert [seen(lab.row(IMP_SUB, name)) for name in (ENGINE, PROXY, ROUTER)] == ["Starting -1"] * 3


def test_what_stands_behind_a_held_service_waits_with_it():
    """G-IMP-7: an XCP service depends on the router, which the Data Monitor holds."""
    lab = imp_lab(replication=Replication.BROKEN)
    answer = lab.activate(IMP_SUB, CONNECTION_MANAGER)
    assert (answer.reason.code, seen(answer.rows[0])) == (-1, "Starting -1")
    assert seen(lab.wait(DAY).row(IMP_SUB, CONNECTION_MANAGER)) == "Starting -1"


def test_what_does_not_depend_on_the_data_monitor_is_not_held():
    """G-IMP-7."""
    lab = imp_lab(replication=Replication.BROKEN)
    lab.activate(IMP_SUB, "Cisco Serviceability Reporter")
    lab.wait()
    assert {"Cisco Serviceability Reporter", "Cisco Sync Agent", "Cisco AXL Web Service"} <= lab.running(
        IMP_SUB
    )


@pytest.mark.parametrize(
    "conditions",
    [
        {"sync_agent": SyncAgent.RUNNING},
        {"replication": Replication.BROKEN},
        {"sync_agent": SyncAgent.RUNNING, "replication": Replication.SETUP},
    ],
    ids=["Sync Agent", "replication", "both"],
)
def test_the_publisher_waits_no_longer_than_its_time_limit(conditions):
    """G-IMP-7: for its Sync Agent and for replication alike."""
    lab = imp_lab(**conditions, sync_agent_limit=3600)
    lab.activate(IMP, ENGINE)
    lab.wait(3590)
    assert seen(lab.row(IMP, ENGINE)) == "Starting -1"
    lab.wait(10 + 25)
    assert seen(lab.row(IMP, ENGINE)) == "Started -1"
    assert lab.up_since(IMP, ENGINE) == NOON + (3600 + 25) * SECOND


def test_the_sync_agent_is_the_publishers_business():
    """G-IMP-7: a subscriber does not wait for it."""
    lab = imp_lab(sync_agent=SyncAgent.RUNNING)
    lab.activate(IMP_SUB, ENGINE)
    assert seen(lab.wait().row(IMP_SUB, ENGINE)) == "Started -1"


def test_one_node_whose_replication_is_down_holds_back_no_other():
    """G-IMP-8."""
    broken = Conditions(replication=Replication.BROKEN)
    lab = Lab([replace(node, conditions=broken) if node.id == IMP_SUB else node for node in LAB])
    lab.activate(IMP, ENGINE)
    lab.activate(IMP_SUB, ENGINE)
    lab.wait(DAY)
    assert seen(lab.row(IMP, ENGINE)) == "Started -1"
    assert seen(lab.row(IMP_SUB, ENGINE)) == "Starting -1"


def test_no_gate_stands_on_ucm():
    """G-IMP-7: replication of a UCM node holds none of its services."""
    broken = Conditions(replication=Replication.BROKEN)
    lab = Lab([replace(node, conditions=broken, uptime=0) for node in LAB if node.product is Product.UCM])
    lab.activate("cucm-sub", "Cisco CTIManager")
    assert "Cisco CTIManager" in lab.wait().running("cucm-sub")
