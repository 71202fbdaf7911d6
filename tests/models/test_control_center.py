"""Control Center, as the guide tells it (rules G-CTL): starting, stopping, and what goes along."""

import pytest

from tests.models.lab import (
    AUDIT,
    AUTHENTICATION,
    CALL_MANAGER,
    CONNECTION_MANAGER,
    CUC,
    DATABASE,
    IMP,
    IMP_SUB,
    LAYER_MONITOR,
    PUB,
    ROUTER,
    SUB,
    TFTP,
    TOMCAT,
    Lab,
    seen,
    spec,
)
from ucmsim.models.states import Product, Via

AXL = "Cisco AXL Web Service"
ADMIN = "Cisco CallManager Admin"
REAL_TIME = "SOAP -Real-Time Service APIs"
DIRECTORY = "Cisco XCP Directory Service"
XCP = (CONNECTION_MANAGER, AUTHENTICATION, DIRECTORY)


def with_xcp() -> Lab:
    """A lab whose IM and Presence publisher runs three XCP services."""
    lab = Lab()
    lab.activate(IMP, *XCP)
    return lab.wait()


def test_network_services_can_be_stopped_started_and_restarted():
    """G-CTL-2."""
    lab = Lab()
    lab.stop(PUB, LAYER_MONITOR)
    assert seen(lab.wait().row(PUB, LAYER_MONITOR)) == "Stopped -1069"
    lab.start(PUB, LAYER_MONITOR)
    assert seen(lab.wait().row(PUB, LAYER_MONITOR)) == "Started -1"
    before = lab.up_since(PUB, LAYER_MONITOR)
    lab.restart(PUB, LAYER_MONITOR)
    assert lab.wait().up_since(PUB, LAYER_MONITOR) > before


def test_a_stopping_service_cannot_be_started_before_it_has_stopped():
    """G-CTL-3, U-10."""
    lab = Lab()
    lab.stop(PUB, LAYER_MONITOR)
    assert lab.start(PUB, LAYER_MONITOR).reason.code == -1042
    lab.wait(4)
    assert lab.start(PUB, LAYER_MONITOR).reason.code == -1


def test_status_shows_name_group_state_start_time_and_up_time():
    """G-CTL-4."""
    lab = Lab()
    lab.activate(PUB, TFTP)
    assert lab.node(PUB).services[TFTP].group == "CM Services"
    begun = lab.now
    lab.wait(10)
    assert lab.row(PUB, TFTP) == (TFTP, lab.row(PUB, TFTP).status, lab.row(PUB, TFTP).reason, begun + 4000, 6)


def test_one_node_at_a_time_is_controlled():
    """G-CTL-5: nothing happens on any other node."""
    lab = Lab()
    before = lab.cluster.nodes
    lab.stop(PUB, LAYER_MONITOR)
    assert {name for name, node in lab.cluster.nodes.items() if node != before[name]} == {PUB}


def test_a_restart_takes_its_time():
    """G-CTL-6: down and up again, one after the other."""
    lab = Lab()
    lab.activate(PUB, CALL_MANAGER)
    lab.wait().restart(PUB, CALL_MANAGER)
    seen_states = []
    for _ in range(5):
        seen_states.append(lab.status(PUB, CALL_MANAGER).value)
        lab.wait(10)
    assert seen_states == ["Stopping", "Starting", "Starting", "Starting", "Started"]


def test_restarting_the_xcp_router_restarts_every_xcp_service_that_was_active():
    """G-CTL-8: they come up after the router."""
    lab = with_xcp()
    lab.stop(IMP, DIRECTORY)
    before = {name: lab.wait().up_since(IMP, name) for name in (ROUTER, CONNECTION_MANAGER)}
    lab.restart(IMP, ROUTER)
    assert lab.status(IMP, CONNECTION_MANAGER).value == "Stopping"
    lab.wait()
    assert lab.up_since(IMP, ROUTER) > before[ROUTER]
    assert lab.up_since(IMP, CONNECTION_MANAGER) > lab.up_since(IMP, ROUTER)
    assert lab.up_since(IMP, AUTHENTICATION) > lab.up_since(IMP, ROUTER)
    assert seen(lab.row(IMP, DIRECTORY)) == "Stopped -1069"
    assert seen(lab.row(IMP, "Cisco XCP Web Connection Manager")) == "Stopped -1068"


def test_stopping_the_xcp_router_stops_the_others_and_starting_it_does_not_bring_them_back():
    """G-CTL-8, U-18: each has to be started by hand."""
    lab = with_xcp()
    lab.stop(IMP, ROUTER)
    assert not {ROUTER, *XCP} & lab.running(IMP)
    assert [lab.wait().code(IMP, name) for name in (ROUTER, *XCP)] == [-1069] * 4
    lab.start(IMP, ROUTER)
    lab.wait()
    assert ROUTER in lab.running(IMP)
    assert [lab.code(IMP, name) for name in XCP] == [-1069] * 3
    lab.start(IMP, *XCP)
    assert set(XCP) <= lab.wait().running(IMP)


def test_an_xcp_service_in_the_middle_of_its_restart_is_stopped_with_the_router():
    """G-CTL-8: it does not slip through and come up with the router later."""
    lab = with_xcp()
    lab.restart(IMP, CONNECTION_MANAGER)
    lab.stop(IMP, ROUTER)
    assert lab.wait().code(IMP, CONNECTION_MANAGER) == -1069
    lab.start(IMP, ROUTER)
    assert lab.wait().code(IMP, CONNECTION_MANAGER) == -1069


def test_an_xcp_service_that_is_still_starting_is_stopped_with_the_router():
    """G-CTL-8."""
    lab = with_xcp()
    lab.restart(IMP, CONNECTION_MANAGER)
    lab.wait(5).stop(IMP, ROUTER)
    assert lab.wait().code(IMP, CONNECTION_MANAGER) == -1069


def test_an_xcp_service_cannot_start_without_the_router():
    """G-CTL-8, U-16."""
    lab = with_xcp()
    lab.stop(IMP, ROUTER)
    lab.wait()
    assert lab.start(IMP, CONNECTION_MANAGER).reason.code == -1037
    assert lab.activate(IMP, "Cisco XCP Web Connection Manager").reason.code == -1037


def test_the_config_manager_watches_the_others_restart_and_goes_on():
    """G-CTL-8, G-IMP-10: Cisco XCP Config Manager is not restarted with the router."""
    lab = with_xcp()
    before = lab.up_since(IMP, "Cisco XCP Config Manager")
    lab.restart(IMP, ROUTER)
    assert lab.wait().up_since(IMP, "Cisco XCP Config Manager") == before


def test_the_router_of_one_node_is_no_business_of_another():
    """G-CTL-5, G-CTL-8."""
    lab = with_xcp()
    lab.activate(IMP_SUB, CONNECTION_MANAGER)
    lab.wait().stop(IMP, ROUTER)
    assert CONNECTION_MANAGER in lab.wait().running(IMP_SUB)


def test_stopping_tomcat_takes_its_web_applications_down_and_starting_it_brings_them_back():
    """G-CTL-9, G-CTL-12: but not one that an administrator had stopped before."""
    lab = Lab()
    lab.stop(PUB, "Cisco Extension Mobility Application")
    lab.wait().stop(PUB, TOMCAT, via=Via.CLI)
    lab.wait()
    assert seen(lab.row(PUB, TOMCAT)) == "Stopped -1069"
    for name in (ADMIN, REAL_TIME, "Platform Communication Web Service"):
        assert seen(lab.row(PUB, name)) == "Stopped -1019"
    assert {DATABASE, AUDIT} <= lab.running(PUB)

    lab.start(PUB, TOMCAT, via=Via.CLI)
    lab.wait()
    for name in (ADMIN, REAL_TIME, "Platform Communication Web Service"):
        assert lab.up_since(PUB, name) > lab.up_since(PUB, TOMCAT)
    assert lab.code(PUB, "Cisco Extension Mobility Application") == -1069


def test_restarting_tomcat_restarts_what_it_carries():
    """G-CTL-12: each comes up after Tomcat."""
    lab = Lab()
    lab.restart(PUB, TOMCAT, via=Via.CLI)
    assert not {ADMIN, REAL_TIME} & lab.running(PUB)
    lab.wait()
    assert lab.up_since(PUB, ADMIN) > lab.up_since(PUB, TOMCAT)


def test_a_web_application_cannot_start_without_its_tomcat():
    """G-CTL-12, U-16."""
    lab = Lab()
    lab.stop(PUB, TOMCAT, via=Via.CLI)
    lab.wait()
    assert lab.start(PUB, ADMIN).reason.code == -1037
    assert lab.activate(PUB, "Cisco WebDialer Web Service").reason.code == -1037


def test_from_release_14_on_axl_lives_in_a_tomcat_of_its_own():
    """G-CTL-12, section 7: before, it went down with Cisco Tomcat."""
    new, old = Lab([spec(PUB, Product.UCM)]), Lab([spec(PUB, Product.UCM, version="12.5.1.11900-146")])
    for lab in (new, old):
        lab.stop(PUB, TOMCAT, via=Via.CLI)
        lab.wait()
    assert seen(old.row(PUB, AXL)) == "Stopped -1019"
    assert seen(new.row(PUB, AXL)) == "Started -1"
    new.stop(PUB, "Cisco AXL Tomcat")
    assert seen(new.wait().row(PUB, AXL)) == "Stopped -1019"
    new.start(PUB, "Cisco AXL Tomcat")
    assert seen(new.wait().row(PUB, AXL)) == "Started -1"


def test_deactivating_a_container_takes_its_application_down():
    """G-CTL-9, G-CTL-12: Connection REST Tomcat can be deactivated; the REST service stays activated."""
    lab = Lab()
    lab.deactivate(CUC, "Connection REST Tomcat")
    assert seen(lab.wait().row(CUC, "Connection REST Service")) == "Stopped -1019"
    lab.activate(CUC, "Connection REST Tomcat")
    assert seen(lab.wait().row(CUC, "Connection REST Service")) == "Started -1"


@pytest.mark.parametrize("first", [ADMIN, "SOAP -Log Collection APIs"])
def test_tomcat_going_down_ends_a_restart_of_what_it_carries(first):
    """G-CTL-12."""
    lab = Lab()
    lab.restart(PUB, first)
    lab.stop(PUB, TOMCAT, via=Via.CLI)
    assert seen(lab.wait().row(PUB, first)) == "Stopped -1019"


def test_a_start_under_way_waits_when_what_it_depends_on_goes_away_and_goes_on_when_that_returns():
    """U-16."""
    lab = Lab()
    lab.stop(PUB, AUDIT)
    lab.wait().start(PUB, AUDIT)
    lab.wait(1).stop(PUB, LAYER_MONITOR)
    assert seen(lab.wait(3600).row(PUB, AUDIT)) == "Starting -1"
    assert lab.settled() == lab.now
    lab.start(PUB, LAYER_MONITOR)
    lab.wait()
    assert lab.up_since(PUB, AUDIT) > lab.up_since(PUB, LAYER_MONITOR)


def test_several_restarts_in_one_call_come_up_in_the_order_of_their_dependencies():
    """G-ACT-6, U-4: whatever order they were named in."""
    lab = Lab()
    lab.restart(PUB, AUDIT, LAYER_MONITOR)
    lab.wait()
    assert lab.up_since(PUB, AUDIT) > lab.up_since(PUB, LAYER_MONITOR)


def test_subscribers_are_controlled_like_the_publisher():
    """G-CTL-5."""
    lab = Lab()
    lab.activate(SUB, TFTP)
    assert TFTP in lab.wait().running(SUB)
    assert TFTP not in lab.running(PUB)
