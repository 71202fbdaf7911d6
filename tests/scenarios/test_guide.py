"""Three passages of the administration guide, told over SOAP against a live server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.scenarios.guide import Story, story
from ucmsim.models.conditions import Replication

UP = ("Started", -1)
COMING = ("Starting", -1)
BY_HAND = ("Stopped", -1069)
INACTIVE = ("Stopped", -1068)

ROUTER = "Cisco XCP Router"
CHAT = "Cisco XCP Text Conference Manager"
XMPP = "Cisco XCP Connection Manager"
LOGIN = "Cisco XCP Authentication Service"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Story]:
    with story(tmp_path / "state") as told:
        yield told


def test_the_xcp_router_takes_the_xcp_services_along(lab: Story) -> None:
    """G-CTL-8: a restart restarts what was active; a stop stops it, and a start brings only the router back."""
    lab.deploy("imp-pub", "Deploy", XMPP, LOGIN)
    lab.pass_time(120)
    assert lab.states("imp-pub", ROUTER, XMPP, LOGIN) == dict.fromkeys((ROUTER, XMPP, LOGIN), UP)

    lab.control("imp-pub", "Restart", ROUTER)
    assert {status for status, _ in lab.states("imp-pub", ROUTER, XMPP, LOGIN).values()} == {"Stopping"}
    lab.pass_time(120)
    assert lab.states("imp-pub", ROUTER, XMPP, LOGIN) == dict.fromkeys((ROUTER, XMPP, LOGIN), UP)
    assert lab.states("imp-pub", CHAT) == {CHAT: INACTIVE}, "what was not active is not started"

    lab.control("imp-pub", "Stop", ROUTER)
    lab.pass_time(60)
    assert lab.states("imp-pub", ROUTER, XMPP, LOGIN) == dict.fromkeys((ROUTER, XMPP, LOGIN), BY_HAND)
    lab.control("imp-pub", "Start", ROUTER)
    lab.pass_time(120)
    assert lab.states("imp-pub", ROUTER, XMPP, LOGIN) == {ROUTER: UP, XMPP: BY_HAND, LOGIN: BY_HAND}
    lab.control("imp-pub", "Start", XMPP, LOGIN)
    lab.pass_time(60)
    assert lab.states("imp-pub", XMPP, LOGIN) == {XMPP: UP, LOGIN: UP}


def test_the_data_monitor_holds_back_one_subscriber_whose_replication_never_comes_up(lab: Story) -> None:
    """G-IMP-7, G-IMP-8: its services stay in Starting for as long as it takes; the other node's are not held."""
    lab.world("imp-sub", replication=Replication.BROKEN)
    for node in ("imp-pub", "imp-sub"):
        lab.deploy(node, "Deploy", "Cisco Presence Engine", "Cisco SIP Proxy")
    lab.pass_time(7 * 24 * 3600)
    held = ("Cisco Presence Engine", "Cisco SIP Proxy")
    assert lab.states("imp-sub", *held) == dict.fromkeys(held, COMING)
    assert lab.states("imp-pub", *held) == dict.fromkeys(held, UP)

    lab.world("imp-sub", replication=Replication.UP)
    assert lab.states("imp-sub", *held) == dict.fromkeys(held, COMING)
    lab.pass_time(120)
    assert lab.states("imp-sub", *held) == dict.fromkeys(held, UP), "they start by themselves"


def test_call_manager_deactivated_and_activated_again(lab: Story) -> None:
    """G-ACT-12: the server cannot be chosen while it is deactivated, and comes back under a name with `CM_`."""
    lab.deploy("cucm-pub", "Deploy", "Cisco CTIManager")
    lab.pass_time(120)
    both = ("Cisco CallManager", "Cisco CTIManager")
    assert lab.states("cucm-pub", *both) == dict.fromkeys(both, UP)

    lab.deploy("cucm-pub", "UnDeploy", *both)
    assert lab.server_entries("cucm-pub") == {}
    lab.pass_time(60)
    assert lab.states("cucm-pub", *both) == dict.fromkeys(both, INACTIVE)

    lab.deploy("cucm-pub", "Deploy", "Cisco CallManager")
    assert lab.server_entries("cucm-pub") == {"Cisco CallManager": "CM_cucm-pub.lab.example"}
    lab.pass_time(60)
    assert lab.states("cucm-pub", *both) == {both[0]: UP, both[1]: INACTIVE}


def test_stopping_the_real_time_apis_takes_the_api_away_and_a_restart_brings_it_back(lab: Story) -> None:
    """G-CTL-13, U-48: the call that restarts the API's own service is answered; then its paths are gone for a while."""
    answer = lab.control("cucm-sub", "Restart", "SOAP -Real-Time Service APIs")
    assert answer.ServiceInfoList.item[0].ServiceStatus == "Stopping"
    assert lab.session.get(lab.url("cucm-sub") + "?wsdl").status_code == 404
    assert lab.session.get(lab.url("cucm-pub") + "?wsdl").status_code == 200, "another node goes on"
    lab.pass_time(60)
    assert lab.states("cucm-sub", "SOAP -Real-Time Service APIs") == {"SOAP -Real-Time Service APIs": UP}


def test_nobody_answers_for_a_node_that_cannot_be_reached(
    lab: Story, caplog: pytest.LogCaptureFixture
) -> None:
    """U-55, G-CTL-16: the vendor's paths of that node give no answer at all; ours and other nodes' stay."""
    lab.world("cucm-sub", reachable=False)
    with pytest.raises(requests.ConnectionError):
        lab.session.get(lab.url("cucm-sub") + "?wsdl")
    with pytest.raises(requests.ConnectionError):
        lab.session.get(lab.url("cucm-sub").replace("/controlcenterservice2/", "/axl/"))
    health = lab.url("cucm-sub").replace(
        "/controlcenterservice2/services/ControlCenterServices", "/api/v1/health"
    )
    assert lab.session.get(health).status_code == 200
    assert not caplog.records, "a client that is turned away is no error of the server"
    lab.world("cucm-sub", reachable=True)
    assert lab.states("cucm-sub", "Cisco CDP") == {"Cisco CDP": UP}
