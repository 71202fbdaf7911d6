"""`ucmsim capture`: a cluster is asked, written down and served again, and both answer alike."""

from __future__ import annotations

import tomllib

import pytest

from ucmsim.clients.inventory_file import Told, document, label
from ucmsim.clients.results import ProductInformation
from ucmsim.clients.testing import serve

NODES = ("-H", "127.0.0.1", "-H", "127.0.0.2")


def told_by(ucm, number):
    """What a node says, as far as it does not depend on when it was asked."""
    node = ucm.control_center(ucm.nodes[number].id)
    states = [(state.name, state.status, state.reason) for state in node.status()]
    information = node.product_information()
    extended = node.extended_services()
    return states, node.services(), information, extended


def test_the_captured_cluster_answers_as_the_original(run, lab, tmp_path):
    lab.control_center("cucm-pub").stop("Cisco Tftp")
    lab.control_center("cucm-sub").activate("Cisco CTIManager")
    file = tmp_path / "mine.toml"
    captured = run("capture", *NODES, "--output", str(file))
    assert captured.exit_code == 0, captured.output
    assert f"wrote {file}: 2 nodes" in captured.stderr
    with serve(file) as replayed:
        assert [node.role for node in replayed.nodes] == ["publisher", "subscriber"]
        for number in range(2):
            assert told_by(replayed, number) == told_by(lab, number)


def test_the_file_keeps_zone_and_up_time(run, tmp_path):
    file = tmp_path / "mine.toml"
    run("capture", *NODES, "-o", str(file), "--cluster", "mine", "--timezone", "Europe/Berlin")
    (cluster,) = tomllib.loads(file.read_text())["clusters"]
    assert (cluster["id"], cluster["timezone"]) == ("mine", "Europe/Berlin")
    assert [node["id"] for node in cluster["nodes"]] == ["cucm-pub", "node-127-0-0-2"]
    assert all(86_000 < node["uptime"] < 90_000 for node in cluster["nodes"])


def test_it_can_go_to_standard_output(run):
    captured = run("capture", *NODES, "-o", "-")
    assert len(tomllib.loads(captured.stdout)["clusters"][0]["nodes"]) == 2


def test_a_file_is_not_replaced_by_accident(run, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text("precious")
    refused = run("capture", *NODES, "-o", str(file))
    assert refused.exit_code == 2
    assert "--force replaces it" in refused.stderr
    assert file.read_text() == "precious"
    assert run("capture", *NODES, "-o", str(file), "--force").exit_code == 0


def test_it_only_asks(run, lab):
    before = [told_by(lab, number) for number in range(2)]
    run("capture", *NODES, "-o", "-")
    assert [told_by(lab, number) for number in range(2)] == before


@pytest.mark.parametrize(
    ("host", "name"),
    [("CUCM-Pub.example.com", "cucm-pub"), ("10.0.0.11", "node-10-0-0-11"), ("::1", "node-1")],
)
def test_a_host_becomes_an_id(host, name):
    assert label(host) == name


def test_an_old_publisher_is_known_by_its_product_list():
    information = ProductInformation("9.1.2.11900-12.i386", "cucm-pub", "", (), ())
    told = [Told(host, information, [], []) for host in ("cucm-pub.example.com", "cucm-sub.example.com")]
    (cluster,) = document("old", told, None)["clusters"]
    assert cluster["version"] == "9.1.2.11900-12"
    assert [
        (node["id"], node["role"], node.get("fqdn"), node.get("aliases")) for node in cluster["nodes"]
    ] == [
        ("cucm-pub", "publisher", "cucm-pub.example.com", None),
        ("cucm-sub", "subscriber", "cucm-sub.example.com", None),
    ]
