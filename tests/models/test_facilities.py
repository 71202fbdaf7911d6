"""What a node can do for its people, by the services behind it."""

import pytest

from tests.models.lab import CUC, IMP, IMP_SUB, PUB, SUB, Lab
from ucmsim.models.facilities import (
    Facility,
    Reporting,
    missing,
    offers,
    present,
    reporting,
    shown_in_real_time_tools,
)
from ucmsim.models.states import SECOND

COLLECTION, SERVLET = "Cisco Trace Collection Service", "Cisco Trace Collection Servlet"


@pytest.mark.parametrize(
    ("node", "facility", "service"),
    [
        (PUB, Facility.ADMINISTRATION, "Cisco CallManager Admin"),  # G-CTL-11
        (IMP, Facility.ADMINISTRATION, "Cisco IM and Presence Admin"),
        (CUC, Facility.ADMINISTRATION, "Connection Administration"),
        (SUB, Facility.SERVICEABILITY, "Cisco CallManager Serviceability"),
        (PUB, Facility.TRACES, COLLECTION),  # G-CTL-14
        (PUB, Facility.TRACES, SERVLET),
        (PUB, Facility.CALL_RECORDS, "SOAP - Diagnostic Portal Database Service"),  # G-CTL-21
        (PUB, Facility.CERTIFICATES, "Cisco Certificate Change Notification"),  # G-CTL-19
        (PUB, Facility.SNMP, "SNMP Master Agent"),  # G-CTL-17
        (PUB, Facility.BACKUP, "Cisco DRF Local"),  # G-DEP-25
    ],
)
def test_a_facility_is_gone_while_a_service_behind_it_is_down(node, facility, service):
    """G-CTL-11, G-CTL-14, G-CTL-17, G-CTL-19, G-CTL-21, G-DEP-25."""
    lab = Lab()
    assert present(lab.cluster, node, facility, lab.now)
    lab.stop(node, service)
    assert missing(lab.node(node), facility, lab.now) == (service,)
    assert not present(lab.cluster, node, facility, lab.now)
    lab.wait().start(node, service)
    assert present(lab.wait().cluster, node, facility, lab.now)


def test_trace_collection_needs_the_service_and_the_servlet():
    """G-CTL-14."""
    lab = Lab()
    lab.stop(PUB, COLLECTION, SERVLET)
    lab.wait().start(PUB, COLLECTION)
    assert missing(lab.wait().node(PUB), Facility.TRACES, lab.now) == (SERVLET,)
    assert not present(lab.cluster, PUB, Facility.TRACES, lab.now)


def test_nothing_of_a_node_can_be_used_that_cannot_be_reached():
    """G-CTL-16."""
    lab = Lab().change(PUB, reachable=False)
    assert not any(present(lab.cluster, PUB, facility, lab.now) for facility in Facility)
    assert present(lab.cluster, SUB, Facility.SERVICEABILITY, lab.now)


def test_backups_are_commanded_by_the_master_of_the_publisher():
    """G-DEP-25: IM and Presence has none; the UCM publisher's commands its nodes too."""
    lab = Lab()
    assert "Cisco DRF Master" not in lab.node(IMP).services
    nodes = (PUB, SUB, IMP, IMP_SUB)
    assert all(present(lab.cluster, node, Facility.BACKUP, lab.now) for node in nodes)
    lab.stop(PUB, "Cisco DRF Master")
    assert not any(present(lab.cluster, node, Facility.BACKUP, lab.now) for node in nodes)
    assert present(lab.cluster, CUC, Facility.BACKUP, lab.now)


def test_only_ucm_processes_calls():
    """G-CTL-10."""
    lab = Lab()
    assert offers(lab.node(PUB), Facility.CALL_PROCESSING)
    assert not offers(lab.node(IMP), Facility.CALL_PROCESSING)
    assert not present(lab.cluster, PUB, Facility.CALL_PROCESSING, lab.now)
    lab.activate(PUB, "Cisco CallManager")
    assert present(lab.wait().cluster, PUB, Facility.CALL_PROCESSING, lab.now)


def test_real_time_tools_show_capf_for_the_first_node_only():
    """G-DEP-26."""
    lab = Lab()
    capf = "Cisco Certificate Authority Proxy Function"
    assert shown_in_real_time_tools(lab.node(PUB), capf)
    assert not shown_in_real_time_tools(lab.node(SUB), capf)
    assert shown_in_real_time_tools(lab.node(SUB), "Cisco Tftp")
    assert not shown_in_real_time_tools(lab.node(IMP), "Cisco Tftp")


@pytest.mark.parametrize(
    ("node", "covered"),
    [(PUB, (PUB, SUB)), (SUB, (PUB,)), (IMP, (IMP, IMP_SUB)), (IMP_SUB, (IMP,))],
)
def test_the_reporter_of_another_node_reports_on_the_first_alone(node, covered):
    """G-DEP-16, G-IMP-9: the first report is there within a day."""
    lab = Lab()
    assert reporting(lab.cluster, node, lab.now) is None
    lab.activate(node, "Cisco Serviceability Reporter")
    up = lab.now + 5 * SECOND
    assert reporting(lab.wait().cluster, node, lab.now) == Reporting(covered, up + 86_400 * SECOND)
