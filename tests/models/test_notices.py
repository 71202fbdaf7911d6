"""Restarts that are due because a configuration changed."""

from tests.models.lab import CONNECTION_MANAGER, IMP, PUB, ROUTER, Lab
from ucmsim.models.configuration import Subject
from ucmsim.models.notices import configure, notices

MASTER = "SNMP Master Agent"


def due(lab: Lab, node: str) -> set[str]:
    return {notice.service for notice in notices(lab.node(node), lab.now)}


def test_after_snmp_configuration_the_master_agent_is_to_be_restarted():
    """G-CTL-17."""
    lab = Lab()
    assert due(lab, PUB) == set()
    lab.cluster = configure(lab.cluster, PUB, Subject.SNMP, lab.now)
    assert due(lab.wait(), PUB) == {MASTER}
    lab.restart(PUB, MASTER)
    assert due(lab.wait(), PUB) == set()


def test_the_config_manager_asks_for_restarts_of_xcp_components_until_they_had_them():
    """G-IMP-10."""
    lab = Lab()
    lab.activate(IMP, CONNECTION_MANAGER)
    lab.wait()
    lab.cluster = configure(lab.cluster, IMP, Subject.XCP, lab.now)
    assert due(lab.wait(1), IMP) == {ROUTER, CONNECTION_MANAGER}
    lab.restart(IMP, CONNECTION_MANAGER)
    assert due(lab.wait(), IMP) == {ROUTER}
    lab.restart(IMP, ROUTER)
    assert due(lab.wait(), IMP) == set()


def test_without_the_config_manager_nobody_notices():
    """G-IMP-10."""
    lab = Lab()
    lab.stop(IMP, "Cisco XCP Config Manager")
    lab.cluster = configure(lab.cluster, IMP, Subject.XCP, lab.wait().now)
    assert due(lab, IMP) == set()
    lab.start(IMP, "Cisco XCP Config Manager")
    assert due(lab.wait(), IMP) == {ROUTER}


def test_a_change_of_one_node_concerns_no_other():
    """G-CTL-5, G-CTL-17."""
    lab = Lab()
    lab.cluster = configure(lab.cluster, PUB, Subject.SNMP, lab.now)
    assert due(lab, "cucm-sub") == set()
