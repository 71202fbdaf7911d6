"""What a person is told before a command; nothing of it refuses."""

import pytest

from tests.models.lab import CALL_MANAGER, CTI_MANAGER, IMP, LAYER_MONITOR, PUB, ROUTER, TFTP, TOMCAT, Lab
from ucmsim.models.cautions import cautions
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.states import Action, NodeRef


def told(lab: Lab, node: str, action: Action, *names: str) -> dict[str, str]:
    """The cautions by rule."""
    found = cautions(lab.cluster, Control(NodeRef("lab", node), action, names), lab.now)
    return {caution.rule: caution.text for caution in found}


def test_who_restarts_is_told_that_it_can_take_a_while():
    """G-CTL-6."""
    assert "while" in told(Lab(), PUB, Action.RESTART, "Cisco CDP")["G-CTL-6"]


@pytest.mark.parametrize(
    ("service", "rule"),
    [
        ("SNMP Master Agent", "G-CTL-20"),
        ("MIB2 Agent", "G-CTL-20"),
        ("Cisco Tomcat Stats Servlet", "G-CTL-20"),
        ("Cisco CallManager Admin", "G-CTL-11"),
        ("Cisco CallManager Serviceability", "G-CTL-11"),
        ("SOAP -Real-Time Service APIs", "G-CTL-13"),
        ("Cisco Trace Collection Service", "G-CTL-14"),
        ("Cisco Certificate Change Notification", "G-CTL-19"),
        ("SOAP - Diagnostic Portal Database Service", "G-CTL-21"),
        (TOMCAT, "G-CTL-12"),
        (LAYER_MONITOR, "G-CTL-9"),
    ],
)
def test_who_stops_a_service_is_told_what_is_lost(service, rule):
    """G-CTL-9, G-CTL-11, G-CTL-12, G-CTL-13, G-CTL-14, G-CTL-19, G-CTL-20, G-CTL-21."""
    lab = Lab()
    assert rule in told(lab, PUB, Action.STOP, service)
    assert rule in told(lab, PUB, Action.RESTART, service)
    assert told(lab, PUB, Action.START, service) == {}
    assert told(lab, PUB, Action.STOP, "Cisco CDP") == {}


def test_who_stops_call_manager_is_told_about_calls_and_dependents():
    """G-CTL-10, G-CTL-9: also when it is deactivated."""
    lab = Lab()
    lab.activate(PUB, CTI_MANAGER)
    lab.wait()
    found = told(lab, PUB, Action.STOP, CALL_MANAGER)
    assert "secondary" in found["G-CTL-10"]
    assert found["G-CTL-9"] == f"Depends on it and goes on running: {CTI_MANAGER}."
    deactivation = cautions(lab.cluster, Deploy(NodeRef("lab", PUB), False, (CALL_MANAGER,)), lab.now)
    assert {caution.rule for caution in deactivation} == {"G-CTL-9", "G-CTL-10"}


def test_who_stops_the_router_is_told_what_goes_down_with_it():
    """G-CTL-8."""
    lab = Lab()
    lab.activate(IMP, "Cisco XCP Connection Manager")
    found = told(lab.wait(), IMP, Action.STOP, ROUTER)
    assert found == {"G-CTL-8": "Goes down with it: Cisco XCP Connection Manager."}


def test_nothing_is_lost_by_stopping_what_does_not_run():
    lab = Lab()
    assert told(lab, PUB, Action.STOP, CALL_MANAGER, "Nope") == {}


def test_who_activates_is_not_warned():
    lab = Lab()
    assert cautions(lab.cluster, Deploy(NodeRef("lab", PUB), True, (TFTP,)), lab.now) == ()


def test_several_names_are_told_one_after_the_other_each_once():
    lab = Lab()
    names = ("MIB2 Agent", "SNMP Master Agent", "MIB2 Agent")
    found = cautions(lab.cluster, Control(NodeRef("lab", PUB), Action.STOP, names), lab.now)
    assert [caution.service for caution in found] == ["MIB2 Agent", "SNMP Master Agent"]
