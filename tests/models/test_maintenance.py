"""Work on a whole node: restarts, version switches, power."""

import pytest

from tests.models.lab import (
    CALL_MANAGER,
    CONNECTION_MANAGER,
    CTI_MANAGER,
    IMP_SUB,
    LAYER_MONITOR,
    PUB,
    ROUTER,
    SUB,
    TFTP,
    TOMCAT,
    Lab,
    imp_lab,
    seen,
    spec,
)
from ucmsim.models import maintenance
from ucmsim.models.cluster import changes
from ucmsim.models.conditions import Replication
from ucmsim.models.installation import fitted
from ucmsim.models.inventory import Durations
from ucmsim.models.maintenance import Obstacle
from ucmsim.models.outage import Outage, Work
from ucmsim.models.presence import Reachability, listening, reachability
from ucmsim.models.states import SECOND, Product, Via

OLD, NEW = "12.5.1.11900-146", "15.0.1.12900-43"
HEADSET = "Cisco Headset Service"


def test_a_restarted_node_is_away_for_a_while_and_comes_back_by_itself():
    """G-ACT-8, U-55: nothing answers meanwhile, and nobody has to wait for anything."""
    lab = Lab()
    report = lab.reboot(PUB)
    assert report.outage == Outage(Work.RESTART, lab.now, lab.now + (20 + 90) * SECOND)
    assert reachability(lab.node(PUB), lab.now) is Reachability.RESTARTING
    lab.wait(109)
    assert reachability(lab.node(PUB), lab.now) is Reachability.RESTARTING
    lab.wait(1)
    assert reachability(lab.node(PUB), lab.now) is Reachability.REACHABLE
    assert not listening(lab.node(PUB), lab.now)
    lab.wait(55)
    assert listening(lab.node(PUB), lab.now)


def test_services_go_down_with_their_node_and_come_up_with_it():
    """G-ACT-8: what was activated starts, also what an administrator had stopped; the rest stays as it was."""
    lab = Lab()
    lab.activate(PUB, CTI_MANAGER, TFTP)
    lab.wait().stop(PUB, TFTP)
    lab.wait().reboot(PUB)
    assert seen(lab.row(PUB, CTI_MANAGER)) == "Stopping -1"
    assert lab.running(PUB) == set()
    assert seen(lab.wait(60).row(PUB, CTI_MANAGER)) == "Stopped -1019"
    back = lab.wait(60).now
    assert seen(lab.row(PUB, TOMCAT)) == "Starting -1"
    lab.wait()
    assert {CTI_MANAGER, CALL_MANAGER, TFTP, TOMCAT} <= lab.running(PUB)
    assert lab.up_since(PUB, CTI_MANAGER) > lab.up_since(PUB, CALL_MANAGER) > back
    assert lab.code(PUB, "Cisco CTL Provider") == -1068


def test_a_restart_forgets_what_was_never_written_down():
    """U-28."""
    lab = Lab()
    lab.activate(PUB, CALL_MANAGER, recorded=False)
    lab.wait().reboot(PUB)
    assert seen(lab.wait().row(PUB, CALL_MANAGER)) == "Stopped -1068"


def test_the_publishers_services_stay_down_on_a_subscriber():
    """U-25."""
    lab = Lab()
    lab.reboot(SUB)
    assert seen(lab.wait().row(SUB, "Cisco CAR DB")) == "Stopped -1069"


def test_a_node_that_is_off_takes_no_commands():
    """G-CTL-16: whoever gets through is told that a shutdown is in progress."""
    lab = Lab()
    lab.reboot(PUB)
    before = lab.cluster
    answer = lab.wait(60).start(PUB, LAYER_MONITOR, "Nope")
    assert [row.reason.code for row in answer.rows] == [-1050, -1010]
    assert lab.cluster == before
    assert lab.restart(SUB, LAYER_MONITOR).reason.code == -1


def test_the_command_line_takes_no_commands_during_an_upgrade():
    """G-CTL-18, section 10: the API does."""
    lab = Lab().change(PUB, upgrade=True)
    assert lab.restart(PUB, LAYER_MONITOR, via=Via.CLI).reason.code == -1042
    assert lab.restart(PUB, LAYER_MONITOR).reason.code == -1


def test_a_node_is_not_restarted_twice_at_once():
    lab = Lab()
    first = lab.reboot(PUB)
    before = lab.wait(10).cluster
    second = lab.reboot(PUB)
    assert (second.obstacle, second.outage) == (Obstacle.NODE_IS_OFF, first.outage)
    assert lab.cluster == before
    lab.wait()
    assert lab.reboot(PUB).obstacle is None


def test_the_other_nodes_do_not_notice():
    """G-CTL-5."""
    lab = Lab()
    before = {id_: node for id_, node in lab.cluster.nodes.items() if id_ != PUB}
    lab.reboot(PUB)
    assert {id_: node for id_, node in lab.cluster.nodes.items() if id_ != PUB} == before


def test_gates_hold_after_a_restart_too():
    """G-IMP-7, G-ACT-8."""
    lab = imp_lab()
    lab.activate(IMP_SUB, CONNECTION_MANAGER)
    lab.wait().change(IMP_SUB, replication=Replication.BROKEN)
    lab.reboot(IMP_SUB)
    assert seen(lab.wait(3600).row(IMP_SUB, ROUTER)) == "Starting -1"
    lab.change(IMP_SUB, replication=Replication.UP)
    assert {ROUTER, CONNECTION_MANAGER} <= lab.wait().running(IMP_SUB)


def test_replication_that_comes_up_while_the_node_is_down_lets_it_start_with_the_node():
    """G-IMP-7."""
    lab = imp_lab(replication=Replication.BROKEN)
    back = lab.reboot(IMP_SUB).outage
    lab.wait(30).change(IMP_SUB, replication=Replication.UP)
    lab.wait(1)
    assert seen(lab.row(IMP_SUB, ROUTER)) != "Starting -1"
    lab.wait()
    assert back is not None
    assert back.until is not None
    assert lab.up_since(IMP_SUB, ROUTER) > back.until


def test_services_activated_before_an_upgrade_start_after_it():
    """G-ACT-8: with the services that the new release brings, and without those that it has given up."""
    lab = Lab([spec(PUB, Product.UCM, version="11.5.1.12900-21")])
    lab.activate(PUB, CTI_MANAGER, TFTP)
    assert "Cisco Prime LM Server" in lab.wait().running(PUB)
    assert HEADSET not in lab.node(PUB).services

    assert lab.switch(PUB, NEW).outage is not None
    lab.wait()
    node = lab.node(PUB)
    assert (node.version, node.inactive_version) == (NEW, "11.5.1.12900-21")
    assert {
        CTI_MANAGER,
        CALL_MANAGER,
        TFTP,
        "Cisco Smart License Manager",
        "Cisco AXL Tomcat",
    } <= lab.running(PUB)
    assert seen(lab.row(PUB, HEADSET)) == "Stopped -1068"
    assert seen(lab.row(PUB, "Cisco Prime LM Server")) == "Stopped -1010"
    assert node.server_entries[CALL_MANAGER] == "CM_cucm-pub.lab.example"


def test_a_switched_node_can_be_switched_back():
    """G-ACT-8."""
    lab = Lab([spec(PUB, Product.UCM, version=OLD)])
    lab.activate(PUB, TFTP)
    lab.wait().switch(PUB, NEW)
    lab.wait().activate(PUB, HEADSET)
    lab.wait().switch(PUB)
    assert lab.wait().node(PUB).version == OLD
    assert {TFTP, HEADSET, CALL_MANAGER} <= lab.running(PUB)
    assert "Cisco AXL Tomcat" not in lab.node(PUB).instances


def test_without_another_version_there_is_nothing_to_switch_to():
    lab = Lab()
    before = lab.cluster
    assert lab.switch(PUB).obstacle is Obstacle.NO_INACTIVE_VERSION
    assert lab.cluster == before


def test_an_upgrade_installs_and_switches():
    """G-ACT-8."""
    lab = Lab([spec(PUB, Product.UCM, version=OLD)])
    lab.cluster, report = maintenance.upgrade(lab.cluster, PUB, NEW, lab.now, 7)
    assert report.outage is not None
    assert report.outage.work is Work.SWITCH_VERSION
    assert lab.node(PUB).version == NEW
    before = lab.cluster
    lab.cluster, report = maintenance.upgrade(lab.cluster, PUB, OLD, lab.now, 7)
    assert (report.obstacle, lab.cluster) == (Obstacle.NODE_IS_OFF, before)


def test_a_node_that_was_shut_down_stays_off_until_it_is_switched_on():
    lab = Lab()
    lab.activate(PUB, TFTP)
    lab.cluster, report = maintenance.shut_down(lab.wait().cluster, PUB, lab.now, 7)
    assert report.outage == Outage(Work.SHUTDOWN, lab.now, None)
    assert reachability(lab.wait(30 * 86_400).node(PUB), lab.now) is Reachability.OFF
    assert lab.running(PUB) == set()
    assert maintenance.shut_down(lab.cluster, PUB, lab.now, 7)[1].obstacle is Obstacle.NODE_IS_OFF

    lab.cluster, report = maintenance.switch_on(lab.cluster, PUB, lab.now, 7)
    assert report.obstacle is None
    assert reachability(lab.node(PUB), lab.now) is Reachability.REACHABLE
    assert {TFTP, TOMCAT} <= lab.wait().running(PUB)
    assert maintenance.switch_on(lab.cluster, PUB, lab.now, 7)[1].obstacle is Obstacle.NODE_IS_ON


@pytest.mark.parametrize("virtual", [True, False])
def test_a_node_that_changes_while_it_is_off_comes_up_changed(virtual):
    """G-DEP-24."""
    lab = Lab()
    lab.reboot(PUB)
    lab.wait(10).change(PUB, virtual=virtual)
    lab.wait()
    assert ("Native Agent Adaptor" in lab.running(PUB)) is not virtual


def test_an_immediate_lab_restarts_at_once():
    lab = Lab(durations=Durations(scale=0))
    lab.reboot(PUB)
    assert TOMCAT in lab.running(PUB)
    assert reachability(lab.node(PUB), lab.now) is Reachability.REACHABLE


def test_what_an_upgrade_changed_can_be_told():
    """A new service was not activated before; one that is gone is not mentioned."""
    lab = Lab([spec(PUB, Product.UCM, version=OLD)])
    before = lab.cluster
    lab.switch(PUB, NEW)
    told = {change.service: change for change in changes(before, lab.cluster)}
    assert not told["Cisco AXL Tomcat"].before.activated
    assert told["Cisco AXL Tomcat"].after.activated
    assert set(told) <= set(lab.node(PUB).services)


def test_a_node_that_fits_is_left_alone():
    lab = Lab()
    assert fitted(lab.node(PUB), lab.now) is lab.node(PUB)
