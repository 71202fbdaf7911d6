"""What the guide recommends: its two tables row by row, needs that are not met, and what needs looking after."""

from collections.abc import Callable

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
    ROUTER,
    SUB,
    TFTP,
    Lab,
    imp_lab,
    spec,
)
from ucmsim.models.advice import Finding, Severity, advice
from ucmsim.models.conditions import ExternalDatabase, Peering, Replication
from ucmsim.models.configuration import Subject
from ucmsim.models.notices import configure
from ucmsim.models.presence import REMOTE_NODE_AWAY
from ucmsim.models.rules import RULES
from ucmsim.models.states import Product, Role

NOTE, ADVICE, WARNING = Severity.NOTE, Severity.ADVICE, Severity.WARNING
AXL = "Cisco AXL Web Service"
MEDIA = "Cisco IP Voice Media Streaming App"
ASSISTANT = "Cisco IP Manager Assistant"
ANALYZER = "Cisco Dialed Number Analyzer"
REPORTER = "Cisco Serviceability Reporter"
PLATFORM = "Platform Administrative Web Service"


def findings(lab: Lab, rule: str, service: str | None = None) -> set[tuple[str, Severity]]:
    """Node and severity of what a rule finds, for one service or for all."""
    return {
        (found.node, found.severity)
        for found in advice(lab.cluster, lab.now)
        if found.rule == rule and service in (None, found.service)
    }


def grave(lab: Lab) -> list[Finding]:
    return [found for found in advice(lab.cluster, lab.now) if found.severity is not NOTE]


def three_ucm_nodes() -> Lab:
    return Lab([*LAB[:2], spec("cucm-sub2", Product.UCM, Role.SUBSCRIBER)])


def test_a_fresh_lab_has_nothing_to_worry_about():
    """Only notes on features that nobody uses yet."""
    assert grave(Lab()) == []
    assert advice(Lab().cluster, NOON) != ()


def test_findings_come_node_by_node_the_gravest_first():
    lab = Lab()
    lab.activate(SUB, CALL_MANAGER, MEDIA, TFTP)
    lab.stop(SUB, "Cisco RIS Data Collector")
    found = advice(lab.wait().cluster, lab.now)
    order = [(list(lab.cluster.nodes).index(one.node), -list(Severity).index(one.severity)) for one in found]
    assert order == sorted(order)
    assert len(set(found)) == len(found)
    assert all(one.message.endswith(".") and one.remedy.endswith(".") for one in found)
    assert {one.rule for one in found} <= set(RULES)


# What services need (U-17).

NEEDS: dict[str, tuple[str, str, tuple[str, ...], Callable[[Lab], object]]] = {
    # rule: the service, on which node, what is activated, and what takes its need away
    "G-DEP-1": (CTI_MANAGER, PUB, (CTI_MANAGER,), lambda lab: lab.deactivate(PUB, CALL_MANAGER)),
    "G-DEP-2": (
        "Self Provisioning IVR", PUB, ("Self Provisioning IVR",), lambda lab: lab.deactivate(PUB, CTI_MANAGER)
    ),
    "G-DEP-3": (ASSISTANT, PUB, (CTI_MANAGER, ASSISTANT), lambda lab: lab.deactivate(PUB, CTI_MANAGER)),
    "G-DEP-4": (
        "Cisco Extended Functions", PUB, (CTI_MANAGER, "Cisco Extended Functions"),
        lambda lab: lab.deactivate(PUB, CTI_MANAGER),
    ),
    "G-DEP-5": (
        "Cisco TAPS Service", PUB, ("Cisco TAPS Service",),
        lambda lab: lab.deactivate(PUB, "Cisco Bulk Provisioning Service"),
    ),
    "G-DEP-7": (
        "Cisco SOAP - CDRonDemand Service", PUB, ("Cisco SOAP - CDRonDemand Service",),
        lambda lab: lab.stop(PUB, "Cisco CDR Agent"),
    ),
    "G-DEP-8": (
        "Cisco CAR Web Service", PUB, ("Cisco CAR Web Service",), lambda lab: lab.stop(PUB, "Cisco CAR Scheduler")
    ),
    "G-DEP-10": (CALL_MANAGER, PUB, (CALL_MANAGER,), lambda lab: lab.stop(PUB, "Cisco RIS Data Collector")),
    "G-DEP-11": (
        "Cisco Unified Mobile Voice Access Service", PUB,
        (CALL_MANAGER, TFTP, "Cisco Unified Mobile Voice Access Service"), lambda lab: lab.stop(PUB, TFTP),
    ),
    "G-DEP-13": (
        "Cisco Headset Service", PUB, ("Cisco Headset Service",), lambda lab: lab.deactivate(PUB, CALL_MANAGER)
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", NEEDS)
def test_a_need_that_is_not_met_is_a_warning_and_no_refusal(rule):
    """U-17; G-DEP-1, G-DEP-2, G-DEP-3, G-DEP-4, G-DEP-5, G-DEP-7, G-DEP-8, G-DEP-10, G-DEP-11, G-DEP-13."""
    service, node, activated, take_away = NEEDS[rule]
    lab = Lab()
    assert lab.activate(node, *activated).reason.code == -1
    assert (node, WARNING) not in findings(lab.wait(), rule, service)
    take_away(lab)
    assert (node, WARNING) in findings(lab.wait(), rule, service)
    assert service in lab.running(node)


def test_extended_functions_also_need_the_ris_data_collector_of_their_node():
    """G-DEP-4: Cisco CTIManager may run elsewhere in the cluster."""
    lab = Lab()
    lab.activate(SUB, CTI_MANAGER)
    lab.activate(PUB, "Cisco Extended Functions")
    assert findings(lab.wait(), "G-DEP-4") == set()
    lab.stop(PUB, "Cisco RIS Data Collector")
    assert findings(lab.wait(), "G-DEP-4") == {(PUB, WARNING)}


def test_a_cluster_wide_need_is_met_by_any_node():
    """G-DEP-11, G-DEP-12: Cisco Tftp on the subscriber serves the publisher's mobile voice access."""
    lab = Lab()
    lab.activate(SUB, TFTP, CALL_MANAGER)
    lab.activate(PUB, "Cisco Unified Mobile Voice Access Service", MEDIA)
    assert findings(lab.wait(), "G-DEP-11") == set()
    assert (PUB, WARNING) not in findings(lab, "G-DEP-12")
    lab.deactivate(SUB, TFTP)
    assert findings(lab.wait(), "G-DEP-11") == {(PUB, WARNING)}
    assert (PUB, WARNING) in findings(lab, "G-DEP-12")


def test_the_cdr_agent_has_nothing_to_do_without_call_manager():
    """G-DEP-9: a note, as the agent runs on every node by itself."""
    lab = Lab()
    assert findings(lab, "G-DEP-9") == {(PUB, NOTE), (SUB, NOTE)}
    lab.activate(PUB, CALL_MANAGER)
    assert findings(lab.wait(), "G-DEP-9") == {(SUB, NOTE)}


def test_the_trace_servlet_needs_the_trace_service():
    """G-CTL-14."""
    lab = Lab()
    lab.stop(PUB, "Cisco Trace Collection Service")
    assert (PUB, NOTE) in findings(lab.wait(), "G-CTL-14")


# Table 1: Unified Communications Manager.


@pytest.mark.parametrize(
    "name", ["Cisco CTL Provider", "Cisco CallManager SNMP Service", "Cisco Extension Mobility"]
)
def test_what_is_advised_on_every_node_is_missed_where_others_have_it(name):
    """G-DEP-18: a note while nobody has it."""
    lab = Lab()
    assert findings(lab, "G-DEP-18", name) == {(PUB, NOTE), (SUB, NOTE)}
    lab.activate(PUB, name)
    assert findings(lab, "G-DEP-18", name) == {(SUB, ADVICE)}
    lab.activate(SUB, name)
    assert findings(lab, "G-DEP-18", name) == set()


@pytest.mark.parametrize(
    ("rule", "name"),
    [("G-DEP-13", "Cisco Headset Service"), ("G-DEP-14", "Cisco Location Bandwidth Manager")],
)
def test_some_services_go_with_call_manager(rule, name):
    """G-DEP-13, G-DEP-14: on each node that runs it."""
    lab = Lab()
    assert findings(lab, rule) == set()
    lab.activate(PUB, CALL_MANAGER)
    assert findings(lab, rule) == {(PUB, NOTE)}
    lab.activate(SUB, CALL_MANAGER)
    lab.activate(PUB, name)
    assert findings(lab, rule) == {(SUB, ADVICE)}


def test_the_bandwidth_manager_is_advised_beside_call_manager():
    """G-DEP-14."""
    lab = Lab()
    lab.activate(SUB, "Cisco Location Bandwidth Manager")
    assert findings(lab, "G-DEP-14") == {(SUB, ADVICE)}


def test_media_streaming_is_for_one_or_two_nodes_apart_from_call_processing():
    """G-DEP-12."""
    lab = three_ucm_nodes()
    lab.activate("cucm-sub2", TFTP)
    lab.activate("cucm-sub2", MEDIA)
    lab.activate(SUB, MEDIA)
    assert findings(lab, "G-DEP-12") == set()
    lab.activate(SUB, CALL_MANAGER)
    assert findings(lab, "G-DEP-12") == {(SUB, ADVICE)}
    lab.deactivate(SUB, CALL_MANAGER)
    lab.activate(PUB, MEDIA)
    # The publisher should not have it; and as the third of the cluster, one of them is too many.
    assert findings(lab.wait(), "G-DEP-12") == {(PUB, ADVICE), ("cucm-sub2", ADVICE)}


def test_a_single_server_has_everything_on_itself():
    """G-DEP-12, G-DEP-15, G-DEP-20: the advice is for clusters of several nodes."""
    lab = Lab(LAB[:1])
    lab.activate(PUB, CALL_MANAGER, TFTP, MEDIA, ANALYZER)
    assert [found for found in grave(lab.wait()) if found.service in (TFTP, MEDIA, ANALYZER)] == []


def test_the_dialed_number_analyzer_and_its_server_are_for_one_quiet_node():
    """G-DEP-15."""
    lab = Lab()
    lab.activate(SUB, ANALYZER)
    assert findings(lab, "G-DEP-15") == set()
    lab.activate(PUB, "Cisco Dialed Number Analyzer Server")
    assert findings(lab, "G-DEP-15") == {(PUB, ADVICE), (SUB, ADVICE)}
    lab.wait().deactivate(PUB, "Cisco Dialed Number Analyzer Server")
    lab.activate(SUB, CALL_MANAGER)
    assert findings(lab, "G-DEP-15") == {(SUB, ADVICE)}


def test_the_assistant_has_a_primary_and_a_backup():
    """G-DEP-3."""
    lab = three_ucm_nodes()
    lab.activate(PUB, CTI_MANAGER, ASSISTANT)
    assert findings(lab, "G-DEP-3") == {(PUB, ADVICE)}
    lab.activate(SUB, ASSISTANT)
    assert findings(lab, "G-DEP-3") == set()
    lab.activate("cucm-sub2", ASSISTANT)
    assert findings(lab, "G-DEP-3") == {("cucm-sub2", ADVICE)}


def test_web_dialer_is_for_one_node():
    """G-DEP-19."""
    lab = Lab()
    lab.activate(PUB, "Cisco WebDialer Web Service")
    assert findings(lab, "G-DEP-19") == set()
    lab.activate(SUB, "Cisco WebDialer Web Service")
    assert findings(lab, "G-DEP-19") == {(SUB, ADVICE)}


def test_tftp_has_a_node_of_its_own_and_several_need_an_option():
    """G-DEP-20."""
    lab = Lab()
    lab.activate(SUB, TFTP)
    assert findings(lab, "G-DEP-20") == set()
    lab.activate(SUB, CALL_MANAGER)
    assert findings(lab, "G-DEP-20") == {(SUB, ADVICE)}
    lab.wait().deactivate(SUB, CALL_MANAGER)
    lab.activate(PUB, TFTP)
    assert findings(lab, "G-DEP-20") == {(SUB, NOTE)}


def test_the_dhcp_monitor_goes_with_dhcp():
    """G-DEP-21."""
    lab = Lab().change(PUB, dhcp=True)
    assert findings(lab, "G-DEP-21") == {(PUB, ADVICE)}
    lab.activate(PUB, "Cisco DHCP Monitor Service")
    assert findings(lab, "G-DEP-21") == set()
    lab.activate(SUB, "Cisco DHCP Monitor Service")
    assert findings(lab, "G-DEP-21") == {(SUB, ADVICE)}


@pytest.mark.parametrize("node", [PUB, IMP])
def test_axl_should_stay_activated_on_the_publisher(node):
    """G-ACT-9."""
    lab = Lab()
    lab.deactivate(SUB, AXL)
    lab.deactivate(IMP_SUB, AXL)
    assert findings(lab, "G-ACT-9") == set()
    lab.deactivate(node, AXL)
    assert findings(lab, "G-ACT-9") == {(node, ADVICE)}


def test_uxl_is_advised_on_the_publisher_alone():
    """G-DEP-17."""
    lab = Lab()
    lab.activate(PUB, "Cisco UXL Web Service")
    assert findings(lab, "G-DEP-17") == set()
    lab.activate(SUB, "Cisco UXL Web Service")
    assert findings(lab, "G-DEP-17") == {(SUB, ADVICE)}


def test_upgrades_are_run_over_the_publishers_platform_service():
    """G-DEP-17."""
    lab = Lab()
    lab.stop(PUB, PLATFORM)
    assert findings(lab, "G-DEP-17") == {(PUB, ADVICE)}


@pytest.mark.parametrize("node", [SUB, IMP, CUC])
def test_the_server_that_drives_upgrades_does_not_offer_its_own_platform_service(node):
    """G-DEP-23."""
    lab = Lab().change(node, drives_upgrades=True)
    assert findings(lab, "G-DEP-23") == {(node, WARNING)}
    lab.stop(node, PLATFORM)
    assert findings(lab, "G-DEP-23") == set()


@pytest.mark.parametrize(
    ("node", "name", "rule"),
    [
        (SUB, REPORTER, "G-DEP-16"),
        (IMP_SUB, REPORTER, "G-IMP-9"),
        (SUB, "Self Provisioning IVR", "G-ACT-15"),
        (SUB, "Cisco Wireless Controller Synchronization Service", "G-ACT-15"),
    ],
)
def test_what_belongs_on_the_publisher_is_flagged_elsewhere(node, name, rule):
    """U-24, G-ACT-15, G-DEP-16, G-IMP-9."""
    lab = Lab()
    assert findings(lab, rule, name) == set()
    lab.activate(node, name)
    assert findings(lab, rule, name) == {(node, ADVICE)}


def test_the_messaging_interface_is_for_serial_lines():
    """Table 1."""
    lab = Lab()
    lab.activate(PUB, "Cisco Messaging Interface")
    assert findings(lab, "table 1") == {(PUB, NOTE)}


# Table 2: IM and Presence.


@pytest.mark.parametrize(
    "name",
    [
        "Cisco SIP Proxy",
        "Cisco Presence Engine",
        "Cisco XCP Web Connection Manager",
        "Cisco XCP Connection Manager",
        "Cisco XCP Directory Service",
        "Cisco XCP Authentication Service",
    ],
)
def test_presence_is_served_by_all_nodes_of_the_cluster(name):
    """G-IMP-1."""
    lab = Lab()
    assert findings(lab, "G-IMP-1", name) == {(IMP, NOTE), (IMP_SUB, NOTE)}
    lab.activate(IMP, name)
    assert findings(lab, "G-IMP-1", name) == {(IMP_SUB, ADVICE)}
    lab.activate(IMP_SUB, name)
    assert findings(lab, "G-IMP-1", name) == set()


def test_the_sync_agent_runs_on_all_nodes():
    """G-IMP-1."""
    lab = Lab()
    lab.stop(IMP_SUB, "Cisco Sync Agent")
    assert findings(lab, "G-IMP-1", "Cisco Sync Agent") == {(IMP_SUB, ADVICE)}


def test_persistent_chat_needs_chat():
    """G-IMP-2."""
    chat = "Cisco XCP Text Conference Manager"
    lab = imp_lab(persistent_chat=True)
    assert findings(lab, "G-IMP-2") == {(IMP, ADVICE), (IMP_SUB, ADVICE)}
    lab.activate(IMP, chat)
    assert findings(lab, "G-IMP-2") == {(IMP_SUB, ADVICE)}


def test_compliance_is_for_every_node_that_has_it():
    """G-IMP-3."""
    lab = Lab()
    assert findings(lab, "G-IMP-3") == set()
    lab.activate(IMP, "Cisco XCP Message Archiver")
    assert findings(lab, "G-IMP-3") == {(IMP_SUB, ADVICE)}


def test_sip_federation_runs_on_each_node_that_is_configured_for_it():
    """G-IMP-6."""
    lab = Lab().change(IMP, sip_federation=True)
    assert findings(lab, "G-IMP-6") == {(IMP, ADVICE)}
    lab.activate(IMP, "Cisco XCP SIP Federation Connection Manager")
    assert findings(lab, "G-IMP-6") == set()


@pytest.mark.parametrize(
    ("version", "peering", "expected"),
    [
        ("9.1.1.10000-8", Peering.RELEASE_8_6, {(IMP, ADVICE)}),
        ("9.1.1.10000-8", Peering.CURRENT, set()),
        ("10.5.1.10000-9", Peering.RELEASE_8_6, set()),
    ],
)
def test_a_9_x_cluster_that_peers_with_8_6_has_sip_federation_everywhere(version, peering, expected):
    """G-IMP-6."""
    lab = Lab([spec(IMP, Product.IMP, version=version)]).change(IMP, peering=peering)
    assert findings(lab, "G-IMP-6") == expected


def test_xmpp_federation_that_is_on_has_its_service():
    """G-IMP-5."""
    lab = Lab()
    assert findings(lab, "G-IMP-5") == {(IMP, NOTE), (IMP_SUB, NOTE)}
    lab.change(IMP, xmpp_federation=False)
    assert findings(lab, "G-IMP-5") == {(IMP_SUB, NOTE)}


def test_both_nodes_of_a_group_that_peers_need_axl():
    """G-IMP-12: or a failover loses messaging."""
    lab = Lab()
    lab.stop(IMP_SUB, AXL)
    assert findings(lab.wait(), "G-IMP-12") == set()
    lab.change(IMP, peering=Peering.CURRENT)
    assert findings(lab, "G-IMP-12") == {(IMP_SUB, WARNING)}
    lab.start(IMP_SUB, AXL)
    assert findings(lab.wait(), "G-IMP-12") == set()


# What needs looking after.


@pytest.mark.parametrize(
    ("rule", "name", "conditions"),
    [
        ("G-IMP-2", "Cisco XCP Text Conference Manager",
         {"persistent_chat": True, "external_database": ExternalDatabase.ABSENT}),
        ("G-IMP-3", "Cisco XCP Message Archiver", {"external_database": ExternalDatabase.UNREACHABLE}),
        ("G-IMP-4", "Cisco XCP Directory Service", {"ldap_contact_search": False}),
        ("G-IMP-5", "Cisco XCP XMPP Federation Connection Manager", {"xmpp_federation": False}),
    ],
)  # fmt: skip
def test_a_service_that_cannot_start_says_what_it_misses(rule, name, conditions):
    """G-IMP-2, G-IMP-3, G-IMP-4, G-IMP-5."""
    lab = imp_lab(**conditions)
    assert (IMP, WARNING) not in findings(lab, rule)
    lab.activate(IMP, name)
    assert findings(lab, rule, name) >= {(IMP, WARNING)}


def test_a_held_service_says_what_it_waits_for():
    """G-IMP-7 on the publisher, G-IMP-8 on a subscriber; not once it is on its way."""
    lab = imp_lab(replication=Replication.BROKEN)
    lab.restart(IMP, ROUTER)
    lab.wait()
    assert findings(lab, "G-IMP-7", ROUTER) == {(IMP, WARNING)}
    assert findings(lab, "G-IMP-8", ROUTER) == {(IMP_SUB, WARNING)}
    lab.change(IMP_SUB, replication=Replication.UP)
    assert findings(lab.wait(1), "G-IMP-8") == set()


def test_restarts_that_are_due_are_found():
    """G-CTL-17, G-IMP-10."""
    lab = Lab()
    lab.cluster = configure(lab.cluster, PUB, Subject.SNMP, lab.now)
    lab.cluster = configure(lab.cluster, IMP, Subject.XCP, lab.now)
    assert findings(lab, "G-CTL-17") == {(PUB, WARNING)}
    assert findings(lab, "G-IMP-10") == {(IMP, WARNING)}
    lab.restart(IMP, ROUTER)
    assert findings(lab.wait(), "G-IMP-10") == set()


def test_the_trace_servlet_is_restarted_after_the_trace_service():
    """G-CTL-14."""
    lab = Lab()
    lab.restart(PUB, "Cisco Trace Collection Service")
    assert findings(lab.wait(), "G-CTL-14") == {(PUB, ADVICE)}
    lab.restart(PUB, "Cisco Trace Collection Servlet")
    assert findings(lab.wait(), "G-CTL-14") == set()


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ("G-CTL-19", "Cisco Certificate Change Notification"),
        ("G-CTL-20", "SNMP Master Agent"),
        ("G-CTL-20", "Host Resources Agent"),
        ("G-CTL-21", "SOAP - Diagnostic Portal Database Service"),
    ],
)
def test_what_is_lost_while_a_service_is_down_is_found(rule, name):
    """G-CTL-19, G-CTL-20, G-CTL-21."""
    lab = Lab()
    assert findings(lab, rule) == set()
    lab.stop(PUB, name)
    assert findings(lab.wait(), rule, name) == {(PUB, WARNING)}


def test_a_failover_is_found():
    """G-IMP-11."""
    lab = Lab()
    lab.stop(IMP, ROUTER)
    assert findings(lab.wait(), "G-IMP-11") == {(IMP, WARNING)}


def test_of_a_node_that_cannot_be_reached_nothing_else_is_known():
    """G-CTL-16: and it counts for nothing in the advice about the others."""
    lab = Lab()
    lab.activate(SUB, CALL_MANAGER, TFTP)
    lab.change(SUB, reachable=False)
    found = [one for one in advice(lab.cluster, lab.now) if one.node == SUB]
    assert [(one.rule, one.service, one.severity, one.message) for one in found] == [
        ("G-CTL-16", None, WARNING, REMOTE_NODE_AWAY)
    ]


def test_a_node_that_restarts_is_away_too():
    """G-CTL-16."""
    lab = Lab()
    lab.reboot(CUC)
    assert findings(lab.wait(60), "G-CTL-16") == {(CUC, WARNING)}
    assert findings(lab.wait(), "G-CTL-16") == set()
