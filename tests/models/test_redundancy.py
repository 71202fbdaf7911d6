"""Presence redundancy groups: who serves whom (G-IMP-11)."""

from tests.models.lab import IMP, IMP_SUB, LAB, ROUTER, Lab, spec
from ucmsim.models.redundancy import Duty, duties
from ucmsim.models.states import Product, Role

RECOVERY = "Cisco Server Recovery Manager"
ENGINE = "Cisco Presence Engine"


def duty(lab: Lab) -> tuple[Duty, ...]:
    return tuple(member.duty for group in duties(lab.cluster, lab.now) for member in group)


def test_two_healthy_nodes_serve_their_own_users():
    """G-IMP-11."""
    assert duty(Lab()) == (Duty.NORMAL, Duty.NORMAL)


def test_a_node_whose_critical_service_stays_down_is_served_by_its_peer_until_it_is_up():
    """G-IMP-11: a restart alone is no reason."""
    lab = Lab()
    lab.restart(IMP, ROUTER)
    for _ in range(30):
        assert duty(lab.wait(1)) == (Duty.NORMAL, Duty.NORMAL)
    lab.stop(IMP, ROUTER)
    assert duty(lab.wait(60)) == (Duty.NORMAL, Duty.NORMAL)
    assert duty(lab.wait(60)) == (Duty.FAILED_OVER, Duty.BACKUP)
    assert duties(lab.cluster, lab.now)[0][0].down == (ROUTER,)
    lab.start(IMP, ROUTER)
    assert duty(lab.wait()) == (Duty.NORMAL, Duty.NORMAL)


def test_a_node_that_cannot_be_reached_is_served_by_its_peer():
    """G-IMP-11, G-CTL-16."""
    lab = Lab().change(IMP_SUB, reachable=False)
    assert duty(lab) == (Duty.BACKUP, Duty.FAILED_OVER)


def test_a_service_that_is_not_activated_is_not_critical():
    """G-IMP-11."""
    lab = Lab()
    lab.activate(IMP, ENGINE)
    lab.wait().deactivate(IMP, ENGINE)
    assert duty(lab.wait()) == (Duty.NORMAL, Duty.NORMAL)


def test_nobody_takes_over_without_its_recovery_manager():
    """G-IMP-11."""
    lab = Lab()
    lab.stop(IMP_SUB, RECOVERY)
    lab.stop(IMP, ROUTER)
    assert duty(lab.wait()) == (Duty.FAILED, Duty.NORMAL)


def test_when_both_are_down_nobody_serves():
    """G-IMP-11."""
    lab = Lab()
    for node in (IMP, IMP_SUB):
        lab.stop(node, ROUTER)
    assert duty(lab.wait()) == (Duty.FAILED, Duty.FAILED)


def test_nodes_are_grouped_two_by_two_and_the_last_may_be_alone():
    """G-IMP-11."""
    third = spec("imp-sub2", Product.IMP, Role.SUBSCRIBER)
    lab = Lab([*LAB, third]).change("imp-sub2", reachable=False)
    assert [len(group) for group in duties(lab.cluster, lab.now)] == [2, 1]
    assert duty(lab) == (Duty.NORMAL, Duty.NORMAL, Duty.FAILED)
