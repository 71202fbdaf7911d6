"""Why a service is stopped: one word for each cause, where the wire has the same reason for several."""

import pytest

from ucmsim.api import inventory
from ucmsim.models.causes import Cause, cause
from ucmsim.models.commands import Control
from ucmsim.models.control import carry_out
from ucmsim.models.forcing import force
from ucmsim.models.installation import install
from ucmsim.models.reasons import NOT_RUNNING
from ucmsim.models.states import Action, NodeRef, Status

NOW = 1_700_000_000_000


@pytest.fixture
def lab():
    return install(inventory.builtin("lab").clusters[0], NOW)


def test_a_running_service_is_not_stopped_for_any_cause(lab):
    assert cause(lab.nodes["cucm-pub"], "Cisco CDP", NOW) is None


@pytest.mark.parametrize(
    ("node", "service", "expected"),
    [
        ("cucm-pub", "Cisco Tftp", Cause.NOT_ACTIVATED),
        ("cucm-sub", "Cisco CDR Repository Manager", Cause.NOT_ON_THIS_NODE),
    ],
)
def test_after_installation(lab, node, service, expected):
    """G-ACT-1, G-ACT-15: not activated, or out of service because the publisher alone runs it."""
    assert cause(lab.nodes[node], service, NOW) is expected


def test_an_administrator_stopped_it(lab):
    after, _ = carry_out(lab, Control(NodeRef("lab", "cucm-pub"), Action.STOP, ("Cisco CDP",)), NOW, 1)
    assert cause(after.nodes["cucm-pub"], "Cisco CDP", NOW + 60_000) is Cause.COMMANDED


def test_it_went_down_with_its_tomcat(lab):
    """G-CTL-12: nobody stopped it, and it did not crash."""
    stop = Control(NodeRef("lab", "cucm-pub"), Action.STOP, ("Cisco AXL Tomcat",))
    after, _ = carry_out(lab, stop, NOW, 1)
    assert cause(after.nodes["cucm-pub"], "Cisco AXL Web Service", NOW + 60_000) is Cause.NOT_RUNNING


@pytest.mark.parametrize("given", [None, Cause.CRASHED])
def test_it_crashed(lab, given):
    after = force(lab, "cucm-pub", "Cisco CDP", Status.STOPPED, given, NOW, 1)
    node = after.nodes["cucm-pub"]
    assert (cause(node, "Cisco CDP", NOW), node.instances["Cisco CDP"].at(NOW).reason) == (
        Cause.CRASHED,
        NOT_RUNNING,
    )
    assert node.instances["Cisco CDP"].at(NOW - 1).status is Status.STARTED


def test_it_does_not_run_for_no_cause_in_particular(lab):
    after = force(lab, "cucm-pub", "Cisco CDP", Status.STOPPED, Cause.NOT_RUNNING, NOW, 1)
    assert cause(after.nodes["cucm-pub"], "Cisco CDP", NOW) is Cause.NOT_RUNNING
