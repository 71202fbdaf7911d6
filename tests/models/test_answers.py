"""What callers are told: the rows of specification section 13.2 that concern names, batches and reasons."""

import pytest

from tests.models.lab import (
    AUDIT,
    CALL_MANAGER,
    CTI_MANAGER,
    CUC,
    DATABASE,
    IMP,
    IMP_SUB,
    LAYER_MONITOR,
    NOON,
    PUB,
    ROUTER,
    SUB,
    TFTP,
    TOMCAT,
    Lab,
    imp_lab,
    seen,
)
from ucmsim.models.conditions import Replication
from ucmsim.models.report import everything, rows
from ucmsim.models.states import SECOND


def test_an_unknown_name_in_a_query_comes_back_as_it_was_sent():
    """U-1: Stopped, -1010, no start time, up time -1."""
    row = Lab().row(PUB, "Nope")
    assert (row.name, seen(row), row.reason.wire) == ("Nope", "Stopped -1010", "No such service ")
    assert (row.started, row.uptime) == (None, -1)


def test_an_unknown_name_keeps_none_of_the_others_back():
    """U-2, G-ACT-5: a batch still acts on the known names."""
    lab = Lab()
    answer = lab.activate(PUB, TFTP, "Nope", CALL_MANAGER)
    assert [seen(row) for row in answer.rows] == ["Starting -1", "Stopped -1010", "Starting -1"]
    assert answer.reason.code == -1010
    lab.wait()
    assert lab.code(PUB, TFTP) == lab.code(PUB, CALL_MANAGER) == -1


def test_every_name_sent_comes_back_in_its_place_also_twice():
    """U-4: one row for each name, acted on once."""
    lab = Lab()
    answer = lab.activate(PUB, TFTP, LAYER_MONITOR, TFTP)
    assert [row.name for row in answer.rows] == [TFTP, LAYER_MONITOR, TFTP]
    assert answer.rows[0] == answer.rows[2]
    assert seen(answer.rows[0]) == "Starting -1"


def test_all_services_come_in_two_alphabets():
    """U-6: network and activated services in code-point order, then what is not activated."""
    lab = Lab()
    lab.activate(PUB, TFTP)
    names = everything(lab.node(PUB))
    active = [name for name in names if lab.activated(PUB, name)]
    inactive = [name for name in names if not lab.activated(PUB, name)]
    assert names == sorted(active) + sorted(inactive)
    assert (names[0], names[-1]) == (DATABASE, "Self Provisioning IVR")
    assert TFTP in active
    assert CALL_MANAGER in inactive
    assert [row.name for row in rows(lab.node(PUB), (), lab.now)] == names


def test_one_cause_among_the_refused_is_the_cause_of_the_call():
    """U-30."""
    answer = Lab().start(PUB, TFTP, LAYER_MONITOR, CALL_MANAGER)
    assert (answer.reason.code, answer.reason.wire) == (-1068, "Service Not Activated ")


def test_several_causes_make_several_modules_have_an_error():
    """U-30."""
    answer = Lab().start(PUB, TFTP, "Nope")
    assert (answer.reason.code, answer.reason.wire) == (-1070, "Multiple Modules have error ")


def test_a_call_without_a_fault_says_one_space():
    """U-30, U-41: success is -1 and a single space."""
    answer = Lab().restart(PUB, LAYER_MONITOR)
    assert (answer.reason.code, answer.reason.wire) == (-1, " ")


def test_starting_what_depends_on_a_stopped_service_is_refused():
    """U-16: -1037; a silent start of other services is what Enforce is for."""
    lab = Lab()
    lab.stop(PUB, LAYER_MONITOR, AUDIT)
    lab.wait()
    answer = lab.start(PUB, AUDIT)
    assert (answer.reason.code, seen(answer.rows[0])) == (-1037, "Stopped -1037")
    assert lab.code(PUB, AUDIT) == -1069


def test_restarting_what_depends_on_a_stopped_service_is_refused_before_the_stop():
    """U-16: the check precedes the stop."""
    lab = Lab()
    lab.stop(PUB, LAYER_MONITOR)
    lab.wait()
    before = lab.instance(PUB, AUDIT)
    answer = lab.restart(PUB, AUDIT)
    assert (answer.reason.code, seen(answer.rows[0])) == (-1037, "Started -1037")
    assert lab.instance(PUB, AUDIT) == before


def test_a_start_waits_for_a_dependency_that_is_starting_and_comes_up_by_itself():
    """U-16: -1041 while the dependency is on its way, the call is a success."""
    lab = Lab()
    lab.stop(PUB, LAYER_MONITOR, AUDIT)
    lab.wait()
    lab.start(PUB, LAYER_MONITOR)
    answer = lab.start(PUB, AUDIT)
    assert (answer.reason.code, seen(answer.rows[0])) == (-1, "Starting -1041")
    assert answer.rows[0].reason.wire == "Dependencies still pending "
    assert lab.code(PUB, AUDIT) == -1

    lab.wait(9)  # the layer monitor takes eight seconds
    assert lab.row(PUB, LAYER_MONITOR).status.value == "Started"
    assert seen(lab.answer().rows[0]) == "Starting -1"
    lab.wait()
    assert seen(lab.answer().rows[0]) == "Started -1"
    assert lab.up_since(PUB, AUDIT) > lab.up_since(PUB, LAYER_MONITOR)


def test_activating_is_refused_when_a_dependency_is_down_and_the_row_says_not_activated():
    """U-23: the cause is the call's reason, -1037; nothing is activated."""
    lab = imp_lab()
    lab.stop(IMP, "Cisco Login Datastore")
    lab.wait()
    answer = lab.activate(IMP, "Cisco SIP Proxy")
    assert (answer.reason.code, seen(answer.rows[0])) == (-1037, "Stopped -1068")
    assert not lab.activated(IMP, "Cisco SIP Proxy")


def test_activating_on_the_wrong_node_is_refused_and_the_row_says_not_activated():
    """U-23, G-ACT-15: -1045 for a first-node-only service on a subscriber."""
    lab = Lab()
    answer = lab.activate(SUB, "Cisco DirSync", TFTP)
    assert [seen(row) for row in answer.rows] == ["Stopped -1068", "Starting -1"]
    assert answer.reason.code == -1045
    assert not lab.activated(SUB, "Cisco DirSync")


def test_what_is_only_advised_for_the_publisher_is_carried_out_elsewhere():
    """U-24: a publisher's service without a restriction."""
    lab = Lab()
    assert lab.activate(SUB, "Cisco Serviceability Reporter").reason.code == -1
    lab.wait()
    assert lab.code(SUB, "Cisco Serviceability Reporter") == -1


@pytest.mark.parametrize(
    "name",
    [
        "Cisco CAR DB",
        "Cisco CAR Scheduler",
        "Cisco CDR Repository Manager",
        "Cisco DRF Master",
        "Cisco SOAP - CallRecord Service",
        "Cisco Intercluster Lookup Service",
    ],
)
def test_the_publishers_services_are_listed_on_a_subscriber_and_cannot_be_started(name):
    """U-25, section 4.8, G-DEP-22."""
    lab = Lab()
    assert seen(lab.row(SUB, name)) == "Stopped -1069"
    for answer in (lab.start(SUB, name), lab.restart(SUB, name)):
        assert (answer.reason.code, seen(answer.rows[0])) == (-1045, "Stopped -1045")
    assert seen(lab.stop(SUB, name).rows[0]) == "Stopped -1040"
    assert seen(lab.row(SUB, name)) == "Stopped -1069"


def test_stopping_a_service_leaves_its_dependents_running():
    """U-18: also when it is deactivated."""
    lab = Lab()
    lab.activate(PUB, CTI_MANAGER)
    lab.wait().stop(PUB, LAYER_MONITOR)
    lab.deactivate(PUB, CALL_MANAGER)
    lab.wait()
    assert {AUDIT, CTI_MANAGER} <= lab.running(PUB)
    assert not {LAYER_MONITOR, CALL_MANAGER} & lab.running(PUB)


def test_enforce_starts_what_a_service_depends_on_first():
    """U-19: rows for the names sent only."""
    lab = Lab()
    lab.stop(PUB, LAYER_MONITOR, AUDIT)
    answer = lab.wait().start(PUB, AUDIT, enforce=True)
    assert [row.name for row in answer.rows] == [AUDIT]
    assert answer.reason.code == -1
    lab.wait()
    assert lab.up_since(PUB, AUDIT) > lab.up_since(PUB, LAYER_MONITOR)


def test_enforce_starts_nothing_when_something_below_cannot_start():
    """U-19, U-16: a feature service that is not activated is not started by force."""
    lab = Lab()
    lab.activate(PUB, CTI_MANAGER)
    lab.wait().deactivate(PUB, CALL_MANAGER)
    lab.stop(PUB, CTI_MANAGER)
    before = lab.wait().cluster
    answer = lab.start(PUB, CTI_MANAGER, enforce=True)
    assert (answer.reason.code, seen(answer.rows[0])) == (-1037, "Stopped -1037")
    assert lab.cluster == before


def test_enforce_stops_the_running_dependents_first():
    """U-19."""
    lab = Lab()
    lab.stop(PUB, LAYER_MONITOR, enforce=True)
    lab.wait()
    for name in (LAYER_MONITOR, AUDIT, "Cisco CDR Agent", "Cisco CAR Scheduler"):
        assert lab.code(PUB, name) == -1069
    assert lab.code(PUB, CALL_MANAGER) == -1068


def test_enforce_restarts_the_running_dependents_with_it():
    """U-19: what was stopped stays so."""
    lab = Lab()
    lab.stop(PUB, "Cisco CDR Agent")
    lab.wait().restart(PUB, LAYER_MONITOR, enforce=True)
    lab.wait()
    assert lab.up_since(PUB, AUDIT) > lab.up_since(PUB, LAYER_MONITOR) > NOON
    assert lab.code(PUB, "Cisco CDR Agent") == -1069


@pytest.mark.parametrize("product_id", [None, "", "Common"])
def test_the_right_product_or_none_is_accepted(product_id):
    """U-20."""
    assert Lab().restart(PUB, AUDIT, product_id=product_id).reason.code == -1


def test_another_product_than_the_services_own_is_a_bad_argument():
    """U-20: current status, -1012."""
    lab = Lab()
    before = lab.cluster
    answer = lab.restart(PUB, AUDIT, product_id="CallManager")
    assert (answer.reason.code, seen(answer.rows[0])) == (-1012, "Started -1012")
    assert lab.cluster == before


def test_activating_again_restarts_nothing_and_starts_what_is_stopped():
    """U-22, G-ACT-3."""
    lab = Lab()
    lab.activate(PUB, TFTP)
    lab.wait()
    before = lab.row(PUB, TFTP)
    assert lab.activate(PUB, TFTP).rows[0] == before
    lab.stop(PUB, TFTP)
    lab.wait().activate(PUB, TFTP)
    assert lab.wait().code(PUB, TFTP) == -1


def test_only_the_names_sent_come_back_although_more_was_activated():
    """U-27, G-ACT-13."""
    lab = Lab()
    assert [row.name for row in lab.activate(PUB, "Cisco Headset Service").rows] == ["Cisco Headset Service"]
    assert lab.activated(PUB, CALL_MANAGER)


def test_a_start_that_fails_is_an_unsuccessful_completion():
    """U-29: Stopped, -1019; the call says -1007 once it has failed."""
    lab = imp_lab(xmpp_federation=False)
    answer = lab.activate(IMP, "Cisco XCP XMPP Federation Connection Manager")
    assert (answer.reason.code, seen(answer.rows[0])) == (-1, "Starting -1")
    lab.wait()
    assert (lab.answer().reason.code, seen(lab.answer().rows[0])) == (-1007, "Stopped -1019")
    assert lab.code(IMP, "Cisco XCP XMPP Federation Connection Manager") == -1019


def test_a_stopping_service_keeps_its_start_time_and_goes_on_counting():
    """U-43."""
    lab = Lab()
    before = lab.row(PUB, LAYER_MONITOR)
    lab.stop(PUB, LAYER_MONITOR)
    lab.wait(2)
    row = lab.row(PUB, LAYER_MONITOR)
    assert (seen(row), row.started) == ("Stopping -1", before.started)
    assert row.uptime == before.uptime + 2


def test_what_runs_never_says_minus_one_although_the_clock_was_put_back():
    """Section 5.2: -1 is the up time of what does not run."""
    lab = Lab()
    came_up = lab.up_since(PUB, LAYER_MONITOR)
    lab.stop(PUB, LAYER_MONITOR)
    lab.now = came_up - SECOND
    row = lab.row(PUB, LAYER_MONITOR)
    assert (seen(row), row.started, row.uptime) == ("Stopping -1", came_up, 0)


def test_a_call_is_settled_when_its_last_service_has_arrived():
    """U-21: the named services decide, not what they drag along."""
    lab = Lab()
    lab.restart(PUB, LAYER_MONITOR, TFTP)
    arrival = lab.settled()
    assert arrival == NOON + 12 * SECOND  # four seconds down, eight up
    lab.now = arrival
    assert lab.settled() == arrival
    assert lab.row(PUB, LAYER_MONITOR).uptime == 0


def test_nobody_knows_when_a_held_service_arrives():
    """U-21, G-IMP-7."""
    lab = imp_lab(replication=Replication.BROKEN)
    lab.activate(IMP_SUB, "Cisco Presence Engine")
    assert lab.settled() is None
    lab.wait(10**6)
    assert (lab.settled(), seen(lab.answer().rows[0])) == (None, "Starting -1")


def test_a_service_named_beside_the_one_that_moves_it_is_not_refused():
    """U-4: the router's restart has already begun the restart of what is named after it."""
    lab = imp_lab()
    lab.activate(IMP, "Cisco XCP Connection Manager")
    lab.wait()
    answer = lab.restart(IMP, ROUTER, "Cisco XCP Connection Manager")
    assert (answer.reason.code, [seen(row) for row in answer.rows]) == (-1, ["Stopping -1", "Stopping -1"])
    lab.wait()
    assert [seen(row) for row in lab.answer().rows] == ["Started -1", "Started -1"]


def test_unity_connections_status_only_services_are_the_command_lines():
    """U-39: Status Only = DoNotStop, Optional = deployable."""
    lab = Lab()
    assert lab.stop(CUC, "Connection DB").reason.code == -1045
    assert lab.stop(CUC, "Connection Conversation Manager").reason.code == -1
    assert lab.activate(CUC, "Connection Conversation Manager").reason.code == -1045
    assert lab.deactivate(CUC, "Connection IMAP Server").reason.code == -1
    assert lab.wait().code(CUC, TOMCAT) == -1
