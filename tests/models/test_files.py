"""The simulated logs of a node: names in directories, and nothing outside them."""

from __future__ import annotations

import pytest

from ucmsim.models import files
from ucmsim.models.catalogue import SERVICES
from ucmsim.models.installation import installed
from ucmsim.models.inventory import NodeSpec
from ucmsim.models.states import Product, Role


def node(product=Product.UCM, **more):
    return installed(
        NodeSpec("pub", product, Role.PUBLISHER, "192.0.2.1", "pub.example.com", "15.0.1.12900-43", **more)
    )


CCMSERVICE = ("ccmservice00001.log", "ccmservice00002.log", "ccmservice00003.log")


@pytest.mark.parametrize(
    "path",
    [
        "/var/log/active/tomcat/logs/ccmservice",
        "/var/log/active/tomcat/logs/ccmservice/",
        "//var//log/./active/tomcat/logs/ccmservice/.",
    ],
)
def test_a_directory_has_one_content_however_it_is_written(path):
    assert files.names(node(), path) == CCMSERVICE


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/etc",
        "/etc/passwd",
        "/var/log",
        "/var/log/active",
        "/var/log/active/..",
        "/var/log/active/../../../etc",
        "/var/log/active/cm/../tomcat/logs/ccmservice",
        "/var/log/inactive/tomcat/logs/ccmservice",
        "var/log/active/tomcat/logs/ccmservice",
        "tomcat/logs/ccmservice",
        "/VAR/LOG/ACTIVE/tomcat/logs/ccmservice",
        "/var/log/active/tomcat/logs/ccmservice\0",
        "/var/log/active/tomcat/logs/ccmservice/ccmservice00001.log",
        "/var/log/active/tomcat/logs/*",
        "/" * 10_000,
    ],
)
def test_there_is_nothing_elsewhere(path):
    """U-52."""
    assert files.names(node(), path) == ()


def test_a_feature_service_writes_once_it_is_activated():
    traces = "/var/log/active/cm/trace/ccm/sdl"
    assert files.names(node(), traces) == ()
    assert files.names(node(activated=("Cisco CallManager",)), traces) == (
        "SDL001_100_000001.txt.gz",
        "SDL001_100_000002.txt.gz",
        "SDL001_100_000003.txt.gz",
    )


@pytest.mark.parametrize(
    ("product", "directory"),
    [
        (Product.UCM, "cm/trace/tvs/sdi"),
        (Product.IMP, "epas/trace/xcp/log"),
        (Product.CUC, "cuc"),
    ],
)
def test_each_product_writes_its_own_logs(product, directory):
    for other in Product:
        assert bool(files.names(node(other), f"/var/log/active/{directory}")) is (other is product)


def test_every_node_has_the_logs_of_its_platform():
    for product in Product:
        assert "messages.1" in files.names(node(product), "/var/log/active/syslog")


def test_logs_belong_to_services_that_exist():
    known = {service.name for services in SERVICES.values() for service in services}
    assert set(files.LOGS) <= known


def test_no_two_logs_of_a_node_share_their_names():
    everything = tuple(name for name in files.LOGS)
    found = [
        (log.directory, name)
        for log in (*files.ALWAYS, *(log for service in everything for log in files.LOGS[service]))
        for name in log.names()
    ]
    assert len(found) == len(set(found))
