"""The world around a node changes while its services run, start or wait."""

import pytest

from tests.models.lab import (
    CALL_MANAGER,
    CONNECTION_MANAGER,
    IMP,
    IMP_SUB,
    NOON,
    PUB,
    ROUTER,
    STARTING,
    Lab,
    imp_lab,
    seen,
)
from ucmsim.models.conditions import ExternalDatabase, Peering, Replication, SyncAgent
from ucmsim.models.states import SECOND

ENGINE = "Cisco Presence Engine"
ARCHIVER = "Cisco XCP Message Archiver"
CHAT = "Cisco XCP Text Conference Manager"
DIRECTORY = "Cisco XCP Directory Service"
NATIVE = "Native Agent Adaptor"


def test_what_the_data_monitor_held_starts_by_itself_when_replication_comes_up():
    """G-IMP-7: nobody gives a command; what stands behind it follows in order."""
    lab = imp_lab(replication=Replication.BROKEN)
    lab.activate(IMP_SUB, ENGINE, CONNECTION_MANAGER)
    lab.wait(86_400)
    assert {lab.status(IMP_SUB, name) for name in (ENGINE, ROUTER, CONNECTION_MANAGER)} == {STARTING}

    lab.change(IMP_SUB, replication=Replication.UP)
    up = lab.now
    lab.wait()
    assert lab.up_since(IMP_SUB, ENGINE) == up + 25 * SECOND
    assert lab.up_since(IMP_SUB, ROUTER) == up + 18 * SECOND
    assert lab.up_since(IMP_SUB, CONNECTION_MANAGER) == up + 28 * SECOND
    assert lab.settled() == lab.now


def test_one_subscriber_whose_replication_never_comes_up_holds_back_no_other():
    """G-IMP-8."""
    lab = imp_lab(replication=Replication.SETUP)
    lab.change(IMP, replication=Replication.UP)
    lab.activate(IMP, ENGINE)
    lab.activate(IMP_SUB, ENGINE)
    assert seen(lab.wait(86_400).row(IMP, ENGINE)) == "Started -1"
    assert seen(lab.row(IMP_SUB, ENGINE)) == "Starting -1"


def test_the_publisher_goes_on_as_soon_as_its_sync_agent_is_done():
    """G-IMP-7: also what was waiting behind the router, long before the time limit."""
    lab = imp_lab(sync_agent=SyncAgent.RUNNING, sync_agent_limit=7200)
    lab.activate(IMP, CONNECTION_MANAGER)
    lab.restart(IMP, ROUTER)
    lab.wait(60).change(IMP, sync_agent=SyncAgent.DONE)
    done = lab.now
    lab.wait(60)
    assert lab.up_since(IMP, ROUTER) == done + 18 * SECOND
    assert lab.up_since(IMP, CONNECTION_MANAGER) == done + 28 * SECOND


def test_replication_that_breaks_during_a_start_holds_it():
    """G-IMP-7: what runs goes on running."""
    lab = imp_lab()
    lab.activate(IMP_SUB, ENGINE)
    lab.wait(5).change(IMP_SUB, replication=Replication.BROKEN)
    assert seen(lab.wait(86_400).row(IMP_SUB, ENGINE)) == "Starting -1"
    assert ROUTER in lab.running(IMP_SUB)


def test_replication_that_breaks_during_a_restart_holds_the_start_after_it():
    """G-IMP-7."""
    lab = imp_lab()
    lab.restart(IMP_SUB, ROUTER)
    lab.wait(1).change(IMP_SUB, replication=Replication.BROKEN)
    assert seen(lab.row(IMP_SUB, ROUTER)) == "Stopping -1"
    assert seen(lab.wait(86_400).row(IMP_SUB, ROUTER)) == "Starting -1"
    lab.change(IMP_SUB, replication=Replication.UP)
    assert seen(lab.wait().row(IMP_SUB, ROUTER)) == "Started -1"


def test_a_shorter_time_limit_counts_from_the_start():
    """G-IMP-7."""
    lab = imp_lab(sync_agent=SyncAgent.RUNNING, sync_agent_limit=7200)
    lab.activate(IMP, ENGINE)
    lab.wait(100).change(IMP, sync_agent_limit=120)
    lab.wait(200)
    assert lab.up_since(IMP, ENGINE) == NOON + (120 + 25) * SECOND


@pytest.mark.parametrize(
    ("name", "broken", "mended"),
    [
        (ARCHIVER, {"external_database": ExternalDatabase.UNREACHABLE},
         {"external_database": ExternalDatabase.CONFIGURED}),
        (CHAT, {"persistent_chat": True, "external_database": ExternalDatabase.ABSENT}, {"persistent_chat": False}),
        (DIRECTORY, {"ldap_contact_search": False}, {"ldap_contact_search": True}),
        ("Cisco XCP XMPP Federation Connection Manager", {"xmpp_federation": False}, {"xmpp_federation": True}),
    ],
    ids=["G-IMP-3", "G-IMP-2", "G-IMP-4", "G-IMP-5"],
)  # fmt: skip
def test_a_start_under_way_ends_as_the_conditions_are_by_then(name, broken, mended):
    """G-IMP-2, G-IMP-3, G-IMP-4, G-IMP-5: a service that has failed before is started by hand."""
    lab = imp_lab(**broken)
    lab.activate(IMP, name)
    assert seen(lab.wait().row(IMP, name)) == "Stopped -1019"
    lab.change(IMP, **mended)
    assert seen(lab.wait().row(IMP, name)) == "Stopped -1019"
    lab.start(IMP, name)
    assert seen(lab.wait().row(IMP, name)) == "Started -1"

    lab.restart(IMP, name)
    lab.wait(2).change(IMP, **broken)
    assert seen(lab.wait().row(IMP, name)) == "Stopped -1019"
    lab.start(IMP, name)
    lab.wait(2).change(IMP, **mended)
    assert seen(lab.wait().row(IMP, name)) == "Started -1"


def test_what_runs_does_not_stop_because_the_world_changed():
    """G-IMP-3: the rule is about starting."""
    lab = imp_lab()
    lab.activate(IMP, ARCHIVER)
    before = lab.wait().instance(IMP, ARCHIVER)
    lab.change(IMP, external_database=ExternalDatabase.UNREACHABLE, replication=Replication.BROKEN)
    assert lab.instance(IMP, ARCHIVER) == before


def test_a_node_that_cannot_be_reached_goes_on_and_is_found_as_it_went_on():
    """G-CTL-16, G-IMP-8: a change of the network touches no timeline."""
    lab = Lab()
    lab.activate(PUB, CALL_MANAGER)
    before = lab.node(PUB).instances
    lab.change(PUB, reachable=False)
    assert lab.node(PUB).instances == before
    assert CALL_MANAGER in lab.wait().running(PUB)
    lab.change(PUB, reachable=True)
    assert lab.node(PUB).instances == before


def test_an_unrelated_change_delays_nothing():
    lab = imp_lab()
    lab.activate(IMP, ENGINE)
    before = lab.wait(20).instance(IMP, ENGINE)
    lab.change(IMP, dhcp=True, sip_federation=True, peering=Peering.CURRENT, ldap_contact_search=False)
    assert lab.instance(IMP, ENGINE) == before


def test_other_nodes_are_not_concerned():
    """G-IMP-8."""
    lab = imp_lab(replication=Replication.BROKEN)
    before = lab.node(IMP)
    lab.change(IMP_SUB, replication=Replication.UP)
    assert lab.node(IMP) == before


def test_a_machine_that_turns_out_not_to_be_virtual_shows_its_native_agent_and_hides_it_again():
    """G-DEP-24."""
    lab = Lab()
    assert NATIVE not in lab.node(PUB).instances
    lab.change(PUB, virtual=False)
    assert seen(lab.row(PUB, NATIVE)) == "Starting -1"
    assert list(lab.node(PUB).instances) == list(lab.node(PUB).services)
    assert seen(lab.wait().row(PUB, NATIVE)) == "Started -1"
    lab.change(PUB, virtual=True)
    assert seen(lab.row(PUB, NATIVE)) == "Stopped -1010"


def test_a_condition_that_does_not_exist_is_an_error():
    with pytest.raises(TypeError, match="weather"):
        Lab().change(PUB, weather="rain")
