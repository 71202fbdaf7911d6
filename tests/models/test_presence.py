"""What of a node answers: its port, its pages, its web services."""

import pytest

from tests.models.lab import CUC, IMP, PUB, SUB, TOMCAT, Lab, spec
from ucmsim.models.presence import (
    REMOTE_NODE_AWAY,
    Api,
    Reachability,
    Reply,
    answers,
    carriers,
    listening,
    reachability,
    reply,
)
from ucmsim.models.states import Product, Via

CONTROL_CENTER = "/controlcenterservice2/services/ControlCenterServices"
REAL_TIME = "SOAP -Real-Time Service APIs"


@pytest.mark.parametrize(
    ("service", "api"),
    [
        (REAL_TIME, Api.CONTROL_CENTER),
        (REAL_TIME, Api.CONTROL_CENTER_LEGACY),
        (REAL_TIME, Api.REAL_TIME),
        ("SOAP -Performance Monitoring APIs", Api.PERFORMANCE),
        ("SOAP -Log Collection APIs", Api.LOG_COLLECTION),
        ("Cisco AXL Web Service", Api.AXL),
        ("Cisco AXL Tomcat", Api.AXL),
        ("Cisco User Data Services", Api.USER_DATA),
        ("Platform Administrative Web Service", Api.PLATFORM),
    ],
)
def test_an_api_is_away_on_a_node_while_its_service_is_down_there(service, api):
    """G-CTL-13, U-48: also while it stops and starts; on the other nodes it answers."""
    lab = Lab()
    assert answers(lab.node(PUB), api, lab.now)
    lab.restart(PUB, service)
    assert not answers(lab.node(PUB), api, lab.now)
    assert answers(lab.node(SUB), api, lab.now)
    lab.wait(3)
    assert not answers(lab.node(PUB), api, lab.now)
    assert answers(lab.wait().node(PUB), api, lab.now)
    lab.stop(PUB, service)
    assert reply(lab.wait(3600).node(PUB), api.value, lab.now) is Reply.NOT_FOUND


def test_cdr_on_demand_answers_once_it_is_deployed():
    """G-ACT-11, G-CTL-13."""
    lab = Lab()
    assert not answers(lab.node(PUB), Api.CDR_ON_DEMAND, lab.now)
    lab.activate(PUB, "Cisco SOAP - CDRonDemand Service")
    assert answers(lab.wait().node(PUB), Api.CDR_ON_DEMAND, lab.now)
    assert not answers(lab.node(SUB), Api.CDR_ON_DEMAND, lab.now)


def test_everything_of_a_node_is_away_with_its_tomcat():
    """G-CTL-12, U-48: the port refuses connections, for as long as Tomcat takes."""
    lab = Lab()
    lab.restart(PUB, TOMCAT, via=Via.CLI)
    away = 0
    while reply(lab.node(PUB), "/", lab.now) is Reply.REFUSED:
        assert not listening(lab.node(PUB), lab.now)
        assert reply(lab.node(PUB), CONTROL_CENTER, lab.now) is Reply.REFUSED
        away += 1
        lab.wait(1)
    assert away == 75  # twenty seconds down, fifty-five up
    assert listening(lab.node(PUB), lab.now)
    assert reply(lab.node(PUB), CONTROL_CENTER, lab.now) is Reply.NOT_FOUND
    lab.wait(10)
    assert reply(lab.node(PUB), CONTROL_CENTER, lab.now) is Reply.ANSWERS


@pytest.mark.parametrize(
    ("node", "service", "page"),
    [
        (PUB, "Cisco CallManager Admin", "/ccmadmin/showHome.do"),
        (PUB, "Cisco CallManager Serviceability", "/ccmservice"),
        (IMP, "Cisco IM and Presence Admin", "/cupadmin/"),
        (IMP, "Cisco CallManager Serviceability", "/ccmservice/"),
        (CUC, "Connection Administration", "/cuadmin/"),
    ],
)
def test_the_pages_of_a_node_are_away_with_the_service_behind_them(node, service, page):
    """G-CTL-11."""
    lab = Lab()
    assert reply(lab.node(node), page, lab.now) is Reply.ANSWERS
    lab.stop(node, service)
    assert reply(lab.node(node), page, lab.now) is Reply.NOT_FOUND
    assert reply(lab.node(node), CONTROL_CENTER, lab.now) is Reply.ANSWERS
    lab.wait().start(node, service)
    assert reply(lab.wait().node(node), page, lab.now) is Reply.ANSWERS


def test_a_node_does_not_have_the_pages_of_another_product():
    """G-ACT-14."""
    lab = Lab()
    assert reply(lab.node(IMP), "/ccmadmin/", lab.now) is Reply.NOT_FOUND
    assert reply(lab.node(PUB), "/vmrest/users", lab.now) is Reply.NOT_FOUND
    assert answers(lab.node(CUC), Api.VOICE_MAIL, lab.now)


def test_what_no_service_claims_is_the_web_servers_own():
    lab = Lab()
    assert reply(lab.node(PUB), "/", lab.now) is Reply.ANSWERS
    assert reply(lab.node(PUB), "/ccmadministrator", lab.now) is Reply.ANSWERS
    assert carriers(lab.node(PUB), "/nowhere/") == ()


def test_a_path_stands_on_its_service_and_on_that_ones_tomcat():
    """G-CTL-12: from release 14 on AXL has a Tomcat of its own, and the port stays that of Cisco Tomcat."""
    new, old = Lab(), Lab([spec(PUB, Product.UCM, version="12.5.1.11900-146")])
    assert set(carriers(new.node(PUB), "/axl/")) == {"Cisco AXL Web Service", "Cisco AXL Tomcat", TOMCAT}
    assert set(carriers(old.node(PUB), "/axl/")) == {"Cisco AXL Web Service", TOMCAT}
    assert set(carriers(new.node(PUB), CONTROL_CENTER)) == {REAL_TIME, TOMCAT}


def test_a_node_that_cannot_be_reached_answers_nothing_and_is_answered_for_with_the_guides_sentence():
    """G-CTL-16, U-55."""
    lab = Lab().change(PUB, reachable=False)
    assert reachability(lab.node(PUB), lab.now) is Reachability.UNREACHABLE
    assert reply(lab.node(PUB), CONTROL_CENTER, lab.now) is Reply.UNREACHABLE
    assert not listening(lab.node(PUB), lab.now)
    assert listening(lab.node(SUB), lab.now)
    assert REMOTE_NODE_AWAY == (
        "Connection to the Server cannot be established (unable to access Remote Node)"
    )
    lab.change(PUB, reachable=True)
    assert reply(lab.node(PUB), CONTROL_CENTER, lab.now) is Reply.ANSWERS
