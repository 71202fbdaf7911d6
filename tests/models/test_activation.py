"""Service Activation, as the guide tells it (rules G-ACT)."""

import pytest

from tests.models.lab import (
    AUDIT,
    CALL_MANAGER,
    CTI_MANAGER,
    NOON,
    PUB,
    SUB,
    TFTP,
    Lab,
    seen,
    spec,
)
from ucmsim.models.boot import boot
from ucmsim.models.pace import Pace
from ucmsim.models.states import SECOND, Product

HEADSET = "Cisco Headset Service"
ENTRY = "CM_cucm-pub.lab.example"


def rebooted(lab: Lab, node: str) -> Lab:
    """The lab after `node` went down and came up again."""
    lab.cluster = lab.cluster.with_node(boot(lab.node(node), lab.now, Pace(lab.cluster.durations, 7)))
    return lab.wait()


def test_a_feature_service_is_activated_by_hand_before_it_can_be_used():
    """G-ACT-1, G-CTL-1."""
    lab = Lab()
    assert lab.start(PUB, TFTP).reason.code == -1068
    lab.activate(PUB, TFTP)
    assert seen(lab.wait().row(PUB, TFTP)) == "Started -1"


def test_activating_a_service_starts_it():
    """G-ACT-3: no separate start is needed."""
    lab = Lab()
    assert seen(lab.activate(PUB, TFTP).rows[0]) == "Starting -1"
    lab.wait(4)
    assert seen(lab.row(PUB, TFTP)) == "Started -1"


def test_a_service_that_did_not_come_up_after_its_activation_is_started_from_control_center():
    """G-ACT-3: it stays activated meanwhile."""
    lab = Lab()
    lab.activate(PUB, TFTP)
    lab.stop(PUB, TFTP)
    assert seen(lab.wait().row(PUB, TFTP)) == "Stopped -1069"
    assert lab.activated(PUB, TFTP)
    lab.start(PUB, TFTP)
    assert seen(lab.wait().row(PUB, TFTP)) == "Started -1"


def test_deactivating_a_service_stops_it():
    """G-ACT-4."""
    lab = Lab()
    lab.activate(PUB, TFTP)
    lab.wait()
    assert seen(lab.deactivate(PUB, TFTP).rows[0]) == "Stopping -1"
    assert seen(lab.wait().row(PUB, TFTP)) == "Stopped -1068"
    assert not lab.activated(PUB, TFTP)


def test_many_services_are_activated_and_deactivated_in_one_request():
    """G-ACT-5."""
    lab = Lab()
    many = (TFTP, CALL_MANAGER, "Cisco CTL Provider", "Cisco Extension Mobility")
    assert [seen(row) for row in lab.activate(PUB, *many).rows] == ["Starting -1"] * 4
    assert set(many) <= lab.wait().running(PUB)
    lab.deactivate(PUB, *many)
    assert not set(many) & lab.wait().running(PUB)


def test_activation_brings_up_what_a_service_depends_on_before_it():
    """G-ACT-6, U-17: Self Provisioning IVR, CTIManager, CallManager."""
    lab = Lab()
    lab.activate(PUB, "Self Provisioning IVR")
    lab.wait()
    starts = [lab.up_since(PUB, name) for name in (CALL_MANAGER, CTI_MANAGER, "Self Provisioning IVR")]
    assert all(starts)
    assert starts == sorted(set(starts))


def test_the_order_of_a_request_does_not_matter_to_dependencies():
    """G-ACT-6: CTIManager named before CallManager still comes up after it."""
    lab = Lab()
    lab.activate(PUB, CTI_MANAGER, CALL_MANAGER)
    lab.wait()
    assert lab.up_since(PUB, CTI_MANAGER) > lab.up_since(PUB, CALL_MANAGER)


def test_dependencies_are_looked_for_on_the_one_node_only():
    """G-ACT-6: CallManager on the publisher is no help to the subscriber's CTIManager."""
    lab = Lab()
    lab.activate(PUB, CALL_MANAGER)
    lab.wait().activate(SUB, CTI_MANAGER)
    assert lab.activated(SUB, CALL_MANAGER)
    assert not lab.activated(PUB, CTI_MANAGER)


def test_a_dependency_that_is_activated_but_stopped_is_started():
    """G-ACT-6, U-22."""
    lab = Lab()
    lab.activate(PUB, CALL_MANAGER)
    lab.wait().stop(PUB, CALL_MANAGER)
    lab.wait().activate(PUB, CTI_MANAGER)
    assert {CALL_MANAGER, CTI_MANAGER} <= lab.wait().running(PUB)


def test_what_the_guide_only_needs_running_does_not_hinder_an_activation():
    """U-17, G-DEP-10: CallManager without Cisco RIS Data Collector is advice, not a refusal."""
    lab = Lab()
    lab.stop(PUB, "Cisco RIS Data Collector")
    assert lab.wait().activate(PUB, CALL_MANAGER).reason.code == -1
    assert CALL_MANAGER in lab.wait().running(PUB)


def test_activated_services_start_again_after_the_node_went_down():
    """G-ACT-8: also one that an administrator had stopped; what is not activated stays down."""
    lab = Lab()
    lab.activate(PUB, CTI_MANAGER, TFTP)
    lab.wait().stop(PUB, TFTP)
    before = lab.wait().up_since(PUB, CALL_MANAGER)
    rebooted(lab, PUB)
    assert {CTI_MANAGER, CALL_MANAGER, TFTP} <= lab.running(PUB)
    assert lab.up_since(PUB, CALL_MANAGER) > before
    assert lab.code(PUB, "Cisco CTL Provider") == -1068


def test_the_headset_service_activates_call_manager():
    """G-ACT-13, G-DEP-13; U-56: deactivating it leaves CallManager activated."""
    lab = Lab()
    lab.activate(PUB, HEADSET)
    assert {HEADSET, CALL_MANAGER} <= lab.wait().running(PUB)
    lab.deactivate(PUB, HEADSET)
    assert CALL_MANAGER in lab.wait().running(PUB)


@pytest.mark.parametrize("name", [CALL_MANAGER, CTI_MANAGER])
def test_deactivating_call_manager_or_cti_manager_removes_the_server_entry_until_it_is_activated_again(name):
    """G-ACT-12: the entry comes back under the server's name with the prefix CM_."""
    lab = Lab()
    lab.activate(PUB, CTI_MANAGER)
    assert lab.node(PUB).server_entries[name] == ENTRY
    lab.wait().stop(PUB, name)
    assert lab.node(PUB).server_entries[name] == ENTRY
    lab.wait().deactivate(PUB, name)
    assert name not in lab.node(PUB).server_entries
    lab.wait().activate(PUB, name)
    assert lab.node(PUB).server_entries[name] == ENTRY


def test_a_product_does_not_know_the_services_of_another():
    """G-ACT-14: unknown names on the wire (U-26)."""
    lab = Lab()
    assert lab.activate("imp-pub", CALL_MANAGER).reason.code == -1010
    assert lab.activate(PUB, "Cisco SIP Proxy").reason.code == -1010
    assert lab.activate("cuc-pub", TFTP).reason.code == -1010


@pytest.mark.parametrize(
    "name",
    [
        "Cisco Bulk Provisioning Service",  # G-DEP-6
        "Cisco TAPS Service",  # G-DEP-5
        "Cisco SOAP - CDRonDemand Service",  # G-DEP-7
        "Cisco CAR Web Service",  # G-DEP-8
        "Cisco Unified Mobile Voice Access Service",  # G-DEP-11
        "Cisco Certificate Authority Proxy Function",  # G-DEP-17
        "Cisco DirSync",
    ],
)
def test_what_belongs_on_the_first_node_is_refused_elsewhere(name):
    """G-ACT-15, G-DEP-5, G-DEP-6, G-DEP-7, G-DEP-8, G-DEP-11, G-DEP-17."""
    lab = Lab()
    assert lab.activate(SUB, name).reason.code == -1045
    assert not lab.activated(SUB, name)
    assert lab.activate(PUB, name).reason.code == -1
    assert name in lab.wait().running(PUB)


def test_taps_brings_bulk_provisioning_with_it():
    """G-DEP-5, G-ACT-6."""
    lab = Lab()
    lab.activate(PUB, "Cisco TAPS Service")
    assert {"Cisco TAPS Service", "Cisco Bulk Provisioning Service"} <= lab.wait().running(PUB)


def test_cti_manager_needs_call_manager_on_its_node():
    """G-DEP-1, G-DEP-2: activated first, required at every later start."""
    lab = Lab()
    lab.activate(PUB, "Self Provisioning IVR")
    lab.wait().deactivate(PUB, CALL_MANAGER)
    assert lab.wait().restart(PUB, CTI_MANAGER).reason.code == -1037


def test_an_activation_without_database_update_is_forgotten_at_the_next_restart():
    """U-28: it works until then, without the bookkeeping of server entries."""
    lab = Lab()
    lab.activate(PUB, CALL_MANAGER, recorded=False)
    assert CALL_MANAGER in lab.wait().running(PUB)
    assert lab.node(PUB).server_entries == {}
    rebooted(lab, PUB)
    assert seen(lab.row(PUB, CALL_MANAGER)) == "Stopped -1068"
    assert not lab.activated(PUB, CALL_MANAGER)


def test_a_deactivation_without_database_update_is_forgotten_too():
    """U-28."""
    lab = Lab()
    lab.activate(PUB, CALL_MANAGER)
    lab.wait().deactivate(PUB, CALL_MANAGER, recorded=False)
    assert seen(lab.wait().row(PUB, CALL_MANAGER)) == "Stopped -1068"
    assert lab.node(PUB).server_entries == {CALL_MANAGER: ENTRY}
    assert CALL_MANAGER in rebooted(lab, PUB).running(PUB)


def test_activating_with_the_database_makes_a_forgetful_activation_last():
    """U-28, G-ACT-12: nothing is restarted, but it is written down now; the reverse likewise."""
    lab = Lab()
    lab.activate(PUB, CTI_MANAGER, recorded=False)
    before = lab.wait().row(PUB, CTI_MANAGER)
    lab.activate(PUB, CTI_MANAGER)
    assert lab.row(PUB, CTI_MANAGER) == before
    assert lab.node(PUB).server_entries == {CALL_MANAGER: ENTRY, CTI_MANAGER: ENTRY}
    assert {CALL_MANAGER, CTI_MANAGER} <= rebooted(lab, PUB).running(PUB)

    lab.deactivate(PUB, CTI_MANAGER, recorded=False)
    lab.wait().deactivate(PUB, CTI_MANAGER)
    assert lab.node(PUB).server_entries == {CALL_MANAGER: ENTRY}
    assert seen(rebooted(lab, PUB).row(PUB, CTI_MANAGER)) == "Stopped -1068"


def test_a_dependency_that_is_being_restarted_is_waited_for():
    """G-ACT-6, U-16."""
    lab = Lab()
    lab.activate(PUB, CALL_MANAGER)
    lab.wait().restart(PUB, CALL_MANAGER)
    assert lab.activate(PUB, CTI_MANAGER).reason.code == -1
    lab.wait()
    assert lab.up_since(PUB, CTI_MANAGER) > lab.up_since(PUB, CALL_MANAGER) > NOON + 300 * SECOND


def test_an_older_release_has_no_device_activation_and_no_headset_service():
    """G-ACT-14."""
    lab = Lab([spec(PUB, Product.UCM, version="11.5.1.12900-21")])
    assert lab.activate(PUB, HEADSET).reason.code == -1010
    assert lab.restart(PUB, AUDIT).reason.code == -1
