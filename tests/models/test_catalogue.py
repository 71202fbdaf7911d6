"""The catalogue against facts that stand here: captured lists, counts, spellings, and what must fit together."""

import re
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.models.lab import Lab
from ucmsim.models import catalogue
from ucmsim.models.catalogue import SERVICES, activated_first, nearest, offered, slug
from ucmsim.models.states import Form, Kind, Placement, Product, Restrict

CAPTURED = Path(__file__).parent / "captured"
EVERY = [service for services in SERVICES.values() for service in services]
NOW = "15.0.1.12900-43"


def names(product: Product, version: str = NOW, *, virtual: bool = True) -> list[str]:
    return list(offered(product, version, virtual))


@pytest.mark.parametrize(
    ("product", "version", "file", "extra"),
    [
        # Cisco Messaging Interface is in the 9.1.2 list and in the guide, in no list between.
        (Product.UCM, "10.5.1.10000-7", "ucm-10.5.1.txt", ["Cisco Messaging Interface"]),
        (Product.IMP, "10.5.1.10000-9", "imp-10.5.1.txt", ["Cisco Certificate Change Notification"]),
    ],
)
def test_release_10_5_is_the_captured_list(product, version, file, extra):
    """Section 14: names, order, form, kind, group, product id and dependencies, row by row."""
    ours = [
        " | ".join(
            (
                service.name,
                service.form.value.lower(),
                service.kind.value,
                service.group,
                service.product_id,
                ", ".join(service.depends),
            )
        ).rstrip()
        for service in offered(product, version).values()
        if service.name not in extra
    ]
    assert ours == (CAPTURED / file).read_text().splitlines()
    assert set(extra) <= set(names(product, version))


@pytest.mark.parametrize(
    ("product", "features", "networks"),
    [(Product.UCM, 36, 60), (Product.IMP, 14, 48), (Product.CUC, 29, 44)],
)
def test_each_product_has_all_its_services(product, features, networks):
    """G-ACT-14: the products column, counted over all releases."""
    kinds = Counter(service.kind for service in SERVICES[product])
    assert (kinds[Kind.FEATURE], kinds[Kind.NETWORK]) == (features, networks)


def test_deployable_services_come_first_in_every_static_list():
    """Section 4.6."""
    for product in Product:
        kinds = [service.kind is Kind.NETWORK for service in SERVICES[product]]
        assert kinds == sorted(kinds)


@pytest.mark.parametrize(
    "name",
    [
        "Cisco Tftp",
        "Cisco CTIManager",
        "SOAP -Real-Time Service APIs",
        "SOAP -Performance Monitoring APIs",
        "SOAP -Log Collection APIs",
        "SOAP - Diagnostic Portal Database Service",
        "Cisco SOAP - CDRonDemand Service",
        "Cisco SOAP - CallRecord Service",
        "A Cisco DB",
        "Cisco E911",
        "Self Provisioning IVR",
    ],
)
def test_names_are_spelled_as_on_the_wire(name):
    """Section 8."""
    assert name in names(Product.UCM)


def test_feature_and_network_services_of_monitoring_are_different_groups():
    """Section 8."""
    groups = {service.group: service.kind for service in EVERY if "Performance" in service.group}
    assert groups == {
        "Performance and Monitoring Services": Kind.FEATURE,
        "Performance and Monitoring": Kind.NETWORK,
    }


def test_the_groups_are_those_of_the_pages():
    """Section 8 and the guide's groups."""
    common = {
        "Backup and Restore Services", "CDR Services", "CM Services", "CTI Services",
        "Cloud based Management Services", "DB Services", "Database and Admin Services",
        "Directory Services", "ELM Services", "Location based Tracking Services", "Admin Services",
        "Performance and Monitoring", "Performance and Monitoring Services", "Platform Services",
        "SOAP Services", "Security Services", "System Services", "Voice Quality Reporter Services",
    }  # fmt: skip
    assert {service.group for service in SERVICES[Product.UCM]} == common
    assert {service.group for service in SERVICES[Product.IMP]} <= common | {"IM and Presence Services"}
    assert {service.group for service in SERVICES[Product.CUC]} - common == {
        "Status Only Services",
        "Critical Services",
        "Base Services",
        "Optional Services",
    }


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("Cisco CallManager", "cisco-callmanager"),
        ("SOAP -Real-Time Service APIs", "soap-real-time-service-apis"),
        ("Cisco SOAP - CDRonDemand Service", "cisco-soap-cdrondemand-service"),
        ("A Cisco DB", "a-cisco-db"),
        ("Café & Bar!", "cafe-and-bar"),
    ],
)
def test_a_slug_is_the_name_in_a_url(service, expected):
    assert slug(service) == expected


def test_slugs_tell_all_services_apart():
    by_slug = {service.slug: service.name for service in EVERY}
    assert len(by_slug) == len({service.name for service in EVERY})
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found) and len(found) <= 49 for found in by_slug)


@pytest.mark.parametrize("product", list(Product))
def test_no_two_services_of_a_product_share_a_name_or_a_place(product):
    services = SERVICES[product]
    assert max(Counter(service.name for service in services).values()) == 1
    assert max(Counter(service.order for service in services).values()) == 1


@pytest.mark.parametrize("product", list(Product))
def test_what_a_service_depends_on_or_needs_exists_on_its_product(product):
    known = {service.name for service in SERVICES[product]}
    for service in SERVICES[product]:
        assert {*service.depends, *(need.service for need in service.needs)} <= known, service.name


@pytest.mark.parametrize("product", list(Product))
def test_dependencies_never_go_round(product):
    graph = {service.name: service.depends for service in SERVICES[product]}
    assert len(tuple(TopologicalSorter(graph).static_order())) >= len(graph)


@pytest.mark.parametrize("product", list(Product))
@pytest.mark.parametrize("version", ["9.1.2.11900-12", "10.0.1.10000-24", "11.5.1.12900-21", NOW])
def test_a_release_that_offers_a_service_offers_what_that_depends_on(product, version):
    known = offered(product, version)
    for service in known.values():
        assert set(service.depends) <= set(known), service.name


def test_only_the_database_tomcat_and_status_only_services_must_not_stop():
    """U-14, U-39: they have no manual control either."""
    unstoppable = {service.name for service in EVERY if service.restrict is Restrict.DO_NOT_STOP}
    assert unstoppable == {
        "A Cisco DB",
        "Cisco Tomcat",
        "Connection DB",
        "Connection Server Role Manager",
        "Connection Serviceability",
    }
    by_hand = {service.name for service in EVERY if not service.manual_control} - unstoppable
    assert by_hand == {"Platform Communication Web Service", "Cisco Smart License Manager"}


@pytest.mark.parametrize(
    ("version", "there", "gone"),
    [
        ("9.1.2.11900-12", "Cisco ELM Server", "Cisco Prime LM Server"),
        ("10.0.1.10000-24", "Cisco Prime LM Server", "Cisco ELM Server"),
        ("11.5.1.12900-21", "Cisco License Manager", "Cisco Smart License Manager"),
        ("12.0.1.10000-10", "Cisco Smart License Manager", "Cisco License Manager"),
        ("12.5.1.11900-146", "Platform Communication Web Service", "Cisco AXL Tomcat"),
        ("12.5.1.10000-22", "Cisco Device Activation Service", "Cisco Headset Service"),
        ("12.5.1.11900-146", "Cisco Headset Service", "Cisco Prime LM DB"),
        (NOW, "Cisco AXL Tomcat", "Cisco Prime LM DB"),
    ],
)
def test_services_come_and_go_with_the_releases(version, there, gone):
    """G-ACT-14, section 8 and 14.3."""
    assert there in names(Product.UCM, version)
    assert gone not in names(Product.UCM, version)


def test_a_virtual_machine_does_not_show_the_native_agent_adaptor():
    """G-DEP-24: neither on UCM nor on IM and Presence; Unity Connection shows it."""
    for product in (Product.UCM, Product.IMP):
        assert "Native Agent Adaptor" not in names(product, virtual=True)
        assert "Native Agent Adaptor" in names(product, virtual=False)
    assert "Native Agent Adaptor" in names(Product.CUC, virtual=True)


def test_a_product_does_not_offer_the_services_of_another():
    """G-ACT-14, G-DEP-25: no call processing on IM and Presence, no XCP Router on UCM, no DRF Master on IM and Presence."""
    assert "Cisco CallManager" not in names(Product.IMP) + names(Product.CUC)
    assert "Cisco XCP Router" not in names(Product.UCM) + names(Product.CUC)
    assert "Cisco DRF Master" not in names(Product.IMP)
    assert "Cisco DRF Local" in names(Product.IMP)


@pytest.mark.parametrize(
    ("rule", "products", "expected"),
    [
        ("G-DEP-5", [Product.UCM], {"Cisco TAPS Service", "Cisco Bulk Provisioning Service"}),
        ("G-DEP-22", [Product.UCM], {
            "Cisco CAR DB", "Cisco SOAP - CallRecord Service", "Cisco Smart License Manager",
            "Cisco CDR Repository Manager",
        }),
        ("G-DEP-17", [Product.UCM], {
            "Cisco Certificate Authority Proxy Function", "Cisco DirSync", "Platform Administrative Web Service",
            "Cisco UXL Web Service", "Cisco Intercluster Lookup Service",
        }),
        ("G-DEP-18", [Product.UCM], {
            "Cisco CTL Provider", "Cisco CallManager SNMP Service", "Cisco Extension Mobility",
        }),
        ("G-IMP-9", [Product.IMP], {"Cisco Serviceability Reporter", "Cisco Bulk Provisioning Service"}),
        ("G-IMP-1", [Product.IMP], {
            "Cisco SIP Proxy", "Cisco Presence Engine", "Cisco Sync Agent", "Cisco XCP Web Connection Manager",
            "Cisco XCP Connection Manager", "Cisco XCP Directory Service", "Cisco XCP Authentication Service",
        }),
    ],
)  # fmt: skip
def test_a_rule_finds_the_services_that_it_names(rule, products, expected):
    found = {service.name for product in products for service in SERVICES[product] if rule in service.rules}
    assert found == expected


def test_publisher_only_services_are_the_guides():
    """G-ACT-15, G-DEP-5, G-DEP-6, G-DEP-7, G-DEP-8, G-DEP-11, G-DEP-17, G-DEP-22: the node column for UCM."""
    refused = {
        service.name
        for service in offered(Product.UCM, NOW).values()
        if service.placement is Placement.PUBLISHER and service.restrict is Restrict.PRIMARY_NODE
    }
    assert refused == {
        "Cisco Bulk Provisioning Service", "Cisco CAR DB", "Cisco CAR Scheduler", "Cisco CAR Web Service",
        "Cisco CDR Repository Manager", "Cisco Certificate Authority Proxy Function", "Cisco DRF Master",
        "Cisco DirSync", "Cisco Intercluster Lookup Service", "Cisco SOAP - CDRonDemand Service",
        "Cisco SOAP - CallRecord Service", "Cisco Smart License Manager", "Cisco TAPS Service",
        "Cisco Unified Mobile Voice Access Service",
    }  # fmt: skip


def test_dependencies_are_activated_lowest_first():
    """G-ACT-6, G-ACT-13: Self Provisioning IVR needs CTIManager, which needs CallManager."""
    services = offered(Product.UCM, NOW)
    assert activated_first(services, "Self Provisioning IVR") == ("Cisco CallManager", "Cisco CTIManager")
    assert activated_first(services, "Cisco Headset Service") == ("Cisco CallManager",)
    assert activated_first(services, "Cisco TAPS Service") == ("Cisco Bulk Provisioning Service",)
    assert activated_first(services, "Cisco Tftp") == ()


def test_network_services_are_never_activated_first():
    """G-ACT-2: what a service depends on may be a network service, which runs already."""
    services = offered(Product.UCM, NOW)
    for name, service in services.items():
        if service.kind is Kind.FEATURE:
            assert all(services[first].kind is Kind.FEATURE for first in activated_first(services, name))


@pytest.mark.parametrize(
    ("meant", "said"),
    [
        ("Cisco CallManager", "Cisco CallManger"),
        ("Cisco Tftp", "cisco tftp"),
        ("SOAP -Log Collection APIs", "SOAP - Log Collection APIs"),
    ],
)
def test_a_misspelt_name_finds_the_one_that_was_meant(meant, said):
    assert nearest(said, names(Product.UCM)) == meant


def test_nothing_is_near_to_nonsense():
    assert nearest("xyzzy", names(Product.UCM)) is None


def test_every_service_says_how_long_it_takes():
    """Durations are ours; the database takes longer than an agent."""
    for service in EVERY:
        assert 0 < service.stop <= 60_000
        assert 0 < service.start <= 60_000
    ucm = offered(Product.UCM, NOW)
    assert ucm["A Cisco DB"].start > ucm["MIB2 Agent"].start


def test_every_servlet_is_quick_to_start_unless_it_is_known_not_to_be():
    plain = catalogue.offered(Product.UCM, NOW)["Cisco Extension Mobility"]
    assert (plain.form, plain.start, plain.stop) == (Form.SERVLET, 4000, 2000)


def test_a_lab_offers_what_its_nodes_products_have():
    """G-ACT-14."""
    lab = Lab()
    for node in lab.cluster.nodes.values():
        assert set(node.instances) == set(offered(node.spec.product, node.spec.version))
