"""The tests of `maintenance`: what it does when all is well, and when it is not."""

import pytest
from maintenance import MaintenanceError, on_every_node, with_service_down

from ucmsim.clients import Status
from ucmsim.clients.dialogues import Patience
from ucmsim.clients.errors import UnreachableError

SERVICE = "Cisco Trust Verification Service"


@pytest.fixture
def nodes(ucm):
    """Both UCM nodes, the subscriber first."""
    return [ucm.control_center(name) for name in ("cucm-sub", "cucm-pub")]


def test_the_service_is_down_during_the_work_and_up_after_it(ucm, nodes):
    seen = []
    with_service_down(nodes[0], SERVICE, lambda: seen.append(nodes[0].status(SERVICE)[0].status))
    assert seen == [Status.STOPPED]
    assert nodes[0].status(SERVICE)[0].status is Status.STARTED


def test_the_service_comes_back_also_when_the_work_fails(nodes):
    with pytest.raises(ZeroDivisionError):
        with_service_down(nodes[0], SERVICE, lambda: 1 // 0)
    assert nodes[0].status(SERVICE)[0].status is Status.STARTED


def test_nodes_are_done_one_after_the_other(ucm, nodes):
    assert on_every_node(nodes, SERVICE, lambda host: None) == [node.host for node in nodes]
    stops = [request.node for request in ucm.requests.matching("soapDoControlServices", service=SERVICE)]
    assert stops == ["cucm-sub", "cucm-sub", "cucm-pub", "cucm-pub"]


def test_a_service_that_somebody_else_stopped_is_left_alone(ucm, nodes):
    nodes[0].stop(SERVICE)
    ucm.requests.forget()
    with pytest.raises(MaintenanceError, match="somebody else"):
        with_service_down(nodes[0], SERVICE, lambda: None)
    ucm.requests.assert_not_called("soapDoControlServices")


def test_a_busy_node_is_asked_again(ucm, ucm_faults):
    ucm_faults.throttle(operation="soapDoControlServices", times=2)
    node = ucm.control_center(patience=Patience(first=0))
    with_service_down(node, SERVICE, lambda: None)
    assert node.status(SERVICE)[0].status is Status.STARTED


def test_a_service_that_does_not_come_back_stops_the_round(ucm, ucm_faults, nodes):
    ucm_faults.fails_to_start(SERVICE, node="cucm-sub")
    with pytest.raises(MaintenanceError, match="did not come back"):
        on_every_node(nodes, SERVICE, lambda host: None)
    ucm.requests.assert_not_called("soapDoControlServices", node="cucm-pub")


def test_a_node_that_vanishes_is_told(ucm, nodes):
    ucm.simulation.condition(node="cucm-sub", reachable=False)
    with pytest.raises(UnreachableError):
        on_every_node(nodes, SERVICE, lambda host: None)


def test_a_slow_start_is_waited_for(ucm, ucm_clock, nodes):
    ucm_clock.run(rate=600)
    with_service_down(nodes[0], SERVICE, lambda: None)
    assert nodes[0].status(SERVICE)[0].status is Status.STARTED
