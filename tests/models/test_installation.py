"""A cluster after its installation: what runs on each product and role, and what waits for an administrator."""

from dataclasses import replace

import pytest

from tests.models.lab import (
    CALL_MANAGER,
    CTI_MANAGER,
    CUC,
    IMP,
    IMP_SUB,
    LAB,
    NOON,
    PUB,
    SUB,
    TFTP,
    TOMCAT,
    Lab,
    seen,
    spec,
)
from ucmsim.models.cluster import changes
from ucmsim.models.installation import install
from ucmsim.models.inventory import ClusterSpec, Durations, NodeSpec
from ucmsim.models.report import rows
from ucmsim.models.states import SECOND, Kind, Placement, Product, Role

AXL = "Cisco AXL Web Service"
ONBOARDING = "Cisco Device Activation Service"


def active_features(lab: Lab, node: str) -> set[str]:
    services = lab.node(node).services
    return {name for name in lab.running(node) if services[name].kind is Kind.FEATURE}


@pytest.mark.parametrize(
    ("node", "expected"),
    [(PUB, {AXL, ONBOARDING}), (SUB, {AXL}), (IMP, {AXL}), (IMP_SUB, {AXL})],
)
def test_hardly_a_feature_service_is_activated_after_installation(node, expected):
    """G-ACT-1, G-ACT-9, section 7: AXL everywhere, device activation on the publisher from 12.5 on."""
    assert active_features(Lab(), node) == expected


def test_unity_connections_optional_services_are_on_except_two_and_the_common_ones():
    """G-ACT-1, U-39."""
    lab = Lab()
    off = {name for name in lab.node(CUC).services if not lab.activated(CUC, name)}
    assert off == {
        "Cisco DirSync",
        "Cisco Serviceability Reporter",
        "Connection Branch Sync Service",
        "Connection Database Proxy",
    }


@pytest.mark.parametrize("node", [PUB, SUB, IMP, IMP_SUB, CUC])
def test_network_services_start_by_themselves(node):
    """G-CTL-2, G-ACT-10: among them Cisco XCP Router on IM and Presence."""
    lab = Lab()
    for name, service in lab.node(node).services.items():
        if service.kind is Kind.NETWORK:
            idle = service.placement is Placement.PUBLISHER and node in (SUB, IMP_SUB)
            assert seen(lab.row(node, name)) == ("Stopped -1069" if idle else "Started -1"), name


def test_the_xcp_router_is_on_after_the_installation_of_im_and_presence():
    """G-ACT-10."""
    lab = Lab()
    assert {lab.code(node, "Cisco XCP Router") for node in (IMP, IMP_SUB)} == {-1}
    assert "Cisco XCP Router" in lab.running(IMP)


@pytest.mark.parametrize("version", ["11.5.1.12900-21", "12.0.1.10000-10", "15.0.1.12900-43"])
def test_cdr_on_demand_is_to_be_deployed_by_hand(version):
    """G-ACT-11."""
    lab = Lab([spec(PUB, Product.UCM, version=version)])
    assert seen(lab.row(PUB, "Cisco SOAP - CDRonDemand Service")) == "Stopped -1068"
    lab.activate(PUB, "Cisco SOAP - CDRonDemand Service")
    assert lab.wait().code(PUB, "Cisco SOAP - CDRonDemand Service") == -1


def test_axl_can_be_switched_off_by_the_inventory():
    """G-ACT-9: activated by default, not for ever."""
    lab = Lab([spec(PUB, Product.UCM, deactivated=(AXL,))])
    assert seen(lab.row(PUB, AXL)) == "Stopped -1068"


def test_what_the_inventory_activates_brings_what_it_depends_on():
    """G-ACT-6: Self Provisioning IVR needs CTIManager, which needs CallManager."""
    lab = Lab([spec(PUB, Product.UCM, activated=("Self Provisioning IVR", TFTP))])
    expected = {"Self Provisioning IVR", CTI_MANAGER, CALL_MANAGER, TFTP}
    assert expected <= active_features(lab, PUB)
    entry = "CM_cucm-pub.lab.example"
    assert lab.node(PUB).server_entries == {CALL_MANAGER: entry, CTI_MANAGER: entry}


def test_a_node_without_a_name_is_entered_by_its_address():
    """G-ACT-12."""
    node = replace(spec(PUB, Product.UCM, address="172.19.140.180", activated=(CALL_MANAGER,)), fqdn="")
    assert Lab([node]).node(PUB).server_entries == {CALL_MANAGER: "CM_172.19.140.180"}


def test_services_have_been_up_about_as_long_as_their_node():
    """The up time of the inventory is the node's; a service needs a while to start."""
    lab = Lab([spec(PUB, Product.UCM, uptime=3600)])
    for row in rows(lab.node(PUB), (), NOON):
        if row.started is not None:
            assert 3600 - 180 < row.uptime <= 3600
    assert lab.row(PUB, TOMCAT).uptime == 3600 - 55


def test_a_node_that_has_just_been_switched_on_is_still_starting():
    lab = Lab([spec(PUB, Product.UCM, uptime=0)])
    assert lab.running(PUB) == set()
    assert seen(lab.row(PUB, TOMCAT)) == "Starting -1"
    lab.wait(55)
    assert TOMCAT in lab.running(PUB)
    assert "Cisco CallManager Admin" not in lab.running(PUB)
    assert "Cisco CallManager Admin" in lab.wait().running(PUB)


@pytest.mark.parametrize("node", LAB, ids=lambda node: node.id)
def test_nothing_comes_up_before_what_it_depends_on(node):
    """G-ACT-6, U-16: at boot too."""
    lab = Lab([replace(node, uptime=0)]).wait(3600)
    booted = lab.node(node.id)
    for name in lab.running(node.id):
        for needed in booted.dependencies(booted.services[name]):
            assert lab.up_since(node.id, needed) <= lab.up_since(node.id, name), (name, needed)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("product", list(Product))
def test_an_installation_is_the_same_every_time(product, role):
    spec_ = ClusterSpec("c", "C", (spec("node", product, role),))
    assert install(spec_, NOON) == install(spec_, NOON)
    assert list(changes(install(spec_, NOON), install(spec_, NOON))) == []


def test_another_seed_gives_other_durations():
    node = spec(PUB, Product.UCM)
    one, two = (Lab([node], Durations(seed=seed)) for seed in (1, 2))
    assert one.row(PUB, TOMCAT).started != two.row(PUB, TOMCAT).started
    assert one.running(PUB) == two.running(PUB)


def test_a_subscriber_of_unity_connection_lists_the_directory_feeder_as_the_publishers():
    """Section 4.8: Stopped, Commanded Out of Service."""
    lab = Lab([spec("cuc-sub", Product.CUC, Role.SUBSCRIBER)])
    assert seen(lab.row("cuc-sub", "Connection HTTPS Directory Feeder")) == "Stopped -1069"
    assert seen(lab.row("cuc-sub", "Cisco DRF Master")) == "Stopped -1069"


def test_the_cluster_knows_its_publishers():
    cluster = Lab().cluster
    publishers = [cluster.publisher(product) for product in Product]
    assert publishers == [cluster.nodes[node] for node in (PUB, IMP, CUC)]
    assert Lab([LAB[1]]).cluster.publisher(Product.UCM) is None


def test_an_immediate_lab_arrives_at_once():
    """A scale of 0 makes every transition immediate."""
    lab = Lab([spec(PUB, Product.UCM)], Durations(scale=0))
    assert seen(lab.activate(PUB, CTI_MANAGER).rows[0]) == "Started -1"
    assert seen(lab.restart(PUB, CALL_MANAGER).rows[0]) == "Started -1"
    assert lab.row(PUB, CALL_MANAGER).uptime == 0
    assert seen(lab.stop(PUB, CALL_MANAGER).rows[0]) == "Stopped -1069"
    assert lab.now == NOON < NOON + SECOND


@pytest.mark.parametrize("product", list(Product))
def test_the_same_cluster_installed_later_is_the_same_later(product):
    spec_ = ClusterSpec("c", "C", (spec("node", product, Role.PUBLISHER),))
    (first,), (second,) = (install(spec_, at).nodes.values() for at in (NOON, NOON + 123_456_789))
    for name, instance in first.instances.items():
        moved = tuple(moment.later(123_456_789) for moment in instance.moments)
        assert second.instances[name].moments == moved


def called(name: str, **more) -> NodeSpec:
    """A subscriber of that name, at an address of its own."""
    given = {"activated": (CALL_MANAGER,), **more}
    return spec(name, Product.UCM, Role.SUBSCRIBER, address=f"192.0.2.{name[-1]}", **given)


def test_nodes_that_come_up_alike_share_their_services_whatever_they_are_called():
    """A fleet has thousands of each kind; a command replaces what it changes and leaves the others alone."""
    publisher = spec("pub", Product.UCM, Role.PUBLISHER)
    east, west = (
        install(ClusterSpec(name, name.title(), (publisher, called(f"{name}-1"), called(f"{name}-2"))), NOON)
        for name in ("east", "west")
    )

    assert east.nodes["east-1"].instances is east.nodes["east-2"].instances
    assert east.nodes["east-1"].instances is west.nodes["west-1"].instances
    assert east.nodes["east-1"].instances != east.nodes["pub"].instances
    assert east.nodes["east-1"].spec == called("east-1")
    assert east.nodes["east-1"].server_entries != east.nodes["east-2"].server_entries


@pytest.mark.parametrize(
    "difference",
    [
        {"uptime": 7},
        {"activated": (TFTP,)},
        {"deactivated": (AXL,)},
        {"stopped": (TOMCAT,)},
        {"failed": (TOMCAT,)},
        {"version": "11.5.1.12900-21"},
    ],
    ids=str,
)
def test_nodes_that_differ_in_more_than_names_do_not(difference):
    cluster = ClusterSpec("fleet", "Fleet", (called("sub-1"), called("sub-2", **difference)))
    first, second = install(cluster, NOON).nodes.values()

    assert first.instances != second.instances
