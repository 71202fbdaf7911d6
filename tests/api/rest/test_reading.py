"""Reading clusters, nodes and services over REST."""

import re
from dataclasses import replace

import pytest

from tests.api.rest.conftest import NOW, PUB, api_over
from ucmsim.api import inventory
from ucmsim.api.clock import Clock
from ucmsim.api.engine import Engine
from ucmsim.api.store import Store
from ucmsim.models.catalogue import SERVICES
from ucmsim.models.inventory import Inventory

LAB = "/api/v1/clusters/lab"


def names(answer, key="id"):
    return [item[key] for item in answer["items"]]


def test_the_entrance_leads_to_everything(api):
    answer = api.get("")
    assert (answer["product"], answer["apiVersion"]) == ("ucmsim", "v1")
    for path in answer["links"].values():
        assert api.ask("GET", path).status == 200


def test_a_cluster_at_a_glance(api):
    assert names(api.get("/clusters")) == ["lab"]
    cluster = api.get("/clusters/lab")
    assert (cluster["name"], cluster["product"], cluster["publisher"], cluster["nodeCount"]) == (
        "Lab",
        "UCM",
        "cucm-pub",
        5,
    )
    assert cluster["version"] == "15.0.1.12900-43"


def test_nodes_are_listed_with_the_publisher_first(api):
    assert names(api.get("/clusters/lab/nodes")) == ["cucm-pub", "cuc-pub", "cucm-sub", "imp-pub", "imp-sub"]


def test_a_node_says_what_it_is_and_what_may_be_done(api):
    node = api.get("/clusters/lab/nodes/cucm-pub")
    assert (node["product"], node["role"], node["reachability"], node["dbReplication"]) == (
        "UCM",
        "PUBLISHER",
        "REACHABLE",
        "OK",
    )
    assert node["actions"]["restart"] == {
        "href": f"{LAB}/nodes/cucm-pub/actions/restart",
        "allowed": True,
        "reason": None,
    }
    assert node["actions"]["switch-version"]["reason"] == "NO_INACTIVE_VERSION"


@pytest.mark.parametrize("name", ["127.0.0.1", "cucm-pub.lab.example", "CUCM-PUB"])
def test_a_node_is_found_by_its_other_names(api, name):
    answer = api.get(f"/clusters/lab/nodes/{name}")
    assert (answer["id"], answer.headers["Content-Location"]) == ("cucm-pub", f"{LAB}/nodes/cucm-pub")


def test_a_service_is_shown_as_the_wire_shows_it(api):
    service = api.service("cisco-cdp")
    assert (service["name"], service["type"], service["activation"]) == (
        "Cisco CDP",
        "NETWORK",
        "NOT_APPLICABLE",
    )
    assert (service["state"], service["cause"]) == ("STARTED", None)
    wire = service["wire"]
    assert (wire["serviceStatus"], wire["reasonCode"], wire["reasonCodeString"]) == ("Started", -1, " ")
    assert wire["startTime"].startswith("Sat Mar  1 09:2")
    assert wire["upTime"] == service["uptimeSeconds"] > 86_000
    assert service["startTime"].startswith("2025-03-01T09:2")


def test_a_service_that_is_not_activated(api):
    """There is no SOAP status for it: Stopped with -1068 there, an activation of its own here (G-ACT-1)."""
    service = api.service("cisco-tftp")
    assert (service["state"], service["activation"], service["cause"]) == (
        "STOPPED",
        "DEACTIVATED",
        "NOT_ACTIVATED",
    )
    assert service["wire"] == {
        "serviceStatus": "Stopped",
        "reasonCode": -1068,
        "reasonCodeString": "Service Not Activated ",
        "startTime": None,
        "upTime": -1,
    }
    assert (service["startTime"], service["uptimeSeconds"]) == (None, None)
    assert service["actions"]["start"]["reason"] == "SERVICE_NOT_ACTIVATED"
    assert service["actions"]["activate"]["allowed"]


def test_a_first_node_only_service_on_a_subscriber(api):
    """G-ACT-15: it is listed there, out of service."""
    service = api.service("cisco-cdr-repository-manager", node="cucm-sub")
    assert (service["state"], service["cause"]) == ("STOPPED", "NOT_ON_THIS_NODE")
    assert service["wire"]["reasonCode"] == -1069
    assert service["actions"]["start"]["reason"] == "SERVICE_NOT_ON_THIS_NODE"


@pytest.mark.parametrize("name", ["Cisco CDP", "Cisco%20CDP", "cisco-cdp"])
def test_a_service_is_found_by_its_exact_name(api, name):
    answer = api.service(name)
    assert answer["id"] == "cisco-cdp"
    expected = None if name == "cisco-cdp" else f"{LAB}/nodes/cucm-pub/services/cisco-cdp"
    assert answer.headers.get("Content-Location") == expected


def test_every_service_of_every_product_is_found_by_its_id(api, engine):
    """Ids are unique: each leads to one name, and to the same on every node."""
    by_id = {service.slug: service.name for services in SERVICES.values() for service in services}
    assert len(by_id) == len({service.name for services in SERVICES.values() for service in services})
    for node in engine.cluster("lab").nodes:
        for item in api.get(f"/clusters/lab/nodes/{node}/services")["items"]:
            assert by_id[item["id"]] == item["name"]
            assert item["links"]["self"] == f"{LAB}/nodes/{node}/services/{item['id']}"


@pytest.mark.parametrize(
    ("path", "kind", "detail"),
    [
        ("/clusters/lob", "CLUSTER_NOT_FOUND", "no cluster named 'lob'; closest: 'lab'"),
        ("/clusters/lab/nodes/cucm-pubb", "NODE_NOT_FOUND", "no node named 'cucm-pubb'; closest: 'cucm-pub'"),
        (
            "/clusters/lab/nodes/cucm-pub/services/cisco-callmanger",
            "SERVICE_NOT_FOUND",
            "no service named 'cisco-callmanger'; closest: 'cisco-callmanager' on cucm-pub",
        ),
        (
            "/clusters/lab/nodes/cucm-pub/services/Cisco%20CallManger",
            "SERVICE_NOT_FOUND",
            "no service named 'Cisco CallManger'; closest: 'Cisco CallManager' on cucm-pub",
        ),
        ("/clusters/lab/nodes/cucm-pub/services/CISCO-CDP", "SERVICE_NOT_FOUND", None),
        ("/clusters/lab/devices", "NOT_FOUND", None),
        ("/clusters/", "NOT_FOUND", None),
        ("//clusters", "NOT_FOUND", None),
        ("/clusters/lab/nodes/cucm-pub/upgrades/current", "NOT_FOUND", "no upgrade is under way on cucm-pub"),
        ("/events?cluster=lob", "CLUSTER_NOT_FOUND", "no cluster named 'lob'; closest: 'lab'"),
        ("/operations?node=cucm-bup", "NODE_NOT_FOUND", "no node named 'cucm-bup'; closest: 'cucm-sub'"),
        ("/clusters/lab/services?node=nobody", "NODE_NOT_FOUND", "no node named 'nobody'"),
        ("/clusters/lab/advice?node=nobody", "NODE_NOT_FOUND", "no node named 'nobody'"),
        (
            "/events?service=cisco-tfpt",
            "SERVICE_NOT_FOUND",
            "no service named 'cisco-tfpt'; closest: 'cisco-tftp'",
        ),
        ("/problems/of-mine", "NOT_FOUND", None),
        ("/operations/op_01J8Z3K5V7Q2XN4T6B8M0C9D1E", "OPERATION_NOT_FOUND", None),
        ("/operations/1", "OPERATION_NOT_FOUND", None),
    ],
)
def test_what_does_not_exist_is_404_and_says_what_is_near(api, path, kind, detail):
    answer = api.get(path)
    assert (answer.status, answer["code"]) == (404, kind)
    if detail:
        assert answer["detail"] == detail


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=STOPPED&type=NETWORK", []),
        ("group=Backup and Restore Services", ["cisco-drf-local", "cisco-drf-master"]),
        ("name=Cisco DRF *", ["cisco-drf-local", "cisco-drf-master"]),
        ("name=cisco-drf-l*&name=cisco-cdp", ["cisco-cdp", "cisco-drf-local"]),
        ("name=Cisco ?DP", []),
        ("activation=ACTIVATED", ["cisco-axl-web-service", "cisco-device-activation-service"]),
    ],
)
def test_services_are_filtered(api, query, expected):
    assert sorted(names(api.get(f"/clusters/lab/nodes/cucm-pub/services?{query}"))) == expected


def test_services_come_in_the_order_of_the_catalogue(api, engine):
    listed = names(api.get("/clusters/lab/nodes/cucm-pub/services"), "name")
    assert listed == [service.name for service in engine.static_list(PUB)]


def test_the_matrix_shows_every_node_at_once(api):
    matrix = api.get("/clusters/lab/services?name=Cisco DRF *&name=Cisco XCP Router")
    rows = {row["id"]: row["nodes"] for row in matrix["items"]}
    assert set(rows["cisco-drf-local"]) == {"cucm-pub", "cucm-sub", "imp-pub", "imp-sub", "cuc-pub"}
    assert set(rows["cisco-xcp-router"]) == {"imp-pub", "imp-sub"}
    assert rows["cisco-drf-master"]["cucm-sub"]["cause"] == "NOT_ON_THIS_NODE"
    one = api.get("/clusters/lab/services?node=127.0.0.2&state=STARTED&name=Cisco DRF *")
    assert {row["id"]: list(row["nodes"]) for row in one["items"]} == {"cisco-drf-local": ["cucm-sub"]}


def test_the_platform_of_a_node(api):
    platform = api.get("/clusters/lab/nodes/imp-pub/platform")
    assert platform["productName"] == "Cisco Unified Communications Manager IM and Presence"
    assert platform["hardware"]["virtualMachine"] is True
    assert [product["id"] for product in platform["products"]] == ["Cups", "Common"]
    assert platform["services"][0] == {"name": "System SSH", "status": "STARTED", "remark": ""}


def test_what_only_the_command_line_shows_is_in_no_list_of_services(api):
    shown = {each["name"] for each in api.get("/clusters/lab/nodes/cucm-pub/platform")["services"]}
    rows = api.get("/clusters/lab/services")["items"]
    assert {"System SSH", "Service Manager"} <= shown
    assert shown.isdisjoint(row["name"] for row in rows)


def test_advice_follows_from_the_guide(api):
    rules = {item["rule"] for item in api.get("/clusters/lab/advice")["items"]}
    assert rules
    chosen = min(rules)
    assert {item["rule"] for item in api.get(f"/clusters/lab/advice?rule={chosen}")["items"]} == {chosen}


def test_an_etag_stands_for_the_state_and_not_for_the_time(api):
    """Up time follows from the start time: it does not count."""
    first = api.service("cisco-cdp")
    api.advance(3600)
    later = api.service("cisco-cdp")
    assert later["uptimeSeconds"] == first["uptimeSeconds"] + 3600
    assert later.headers["ETag"] == first.headers["ETag"]
    unchanged = api.get(
        "/clusters/lab/nodes/cucm-pub/services/cisco-cdp", If_None_Match=first.headers["ETag"]
    )
    assert (unchanged.status, unchanged.body, unchanged.headers["ETag"]) == (304, "", first.headers["ETag"])
    api.act("stop", "cisco-cdp")
    assert api.service("cisco-cdp").headers["ETag"] != first.headers["ETag"]


def test_metrics_for_prometheus(api):
    text = api.get("/metrics", Accept="application/openmetrics-text;version=1.0.0,text/plain;q=0.5").body
    assert (
        'ucmsim_service_state{cluster="lab",node="cucm-pub",service="Cisco CDP",state="STARTED"} 1.0' in text
    )
    assert 'ucmsim_node_listening{cluster="lab",node="imp-sub"} 1.0' in text
    assert "ucmsim_simulated_time_seconds 1.740907592e+09" in text
    assert 'service="Cisco CDP"' not in "".join(line for line in text.splitlines() if "activated" in line)


def test_metrics_of_a_fleet_are_read_cluster_by_cluster(tmp_path):
    """All at once they are more than Prometheus would wait for."""
    (lab,) = inventory.builtin("lab").clusters
    fleet = Inventory((replace(lab, id="east"), replace(lab, id="west")))
    engine = Engine(Store(f"sqlite:///{tmp_path / 'fleet.sqlite'}"), fleet, Clock.frozen(NOW))
    api = api_over(engine)

    def told(path):
        text = api.get(path, Accept="text/plain").body
        clusters = re.findall(
            r'^ucmsim_node_reachable{cluster="(\w+)",node="cucm-pub"} 1.0$', text, re.MULTILINE
        )
        return clusters, "ucmsim_simulated_time_seconds" in text

    assert told("/metrics") == (["east", "west"], True)
    assert told("/metrics?cluster=west") == (["west"], True)
    assert told("/metrics?cluster=west&cluster=east&cluster=west") == (["west", "east"], True)
    unknown = api.get("/metrics?cluster=wets")
    assert (unknown.status, unknown.body["code"]) == (404, "CLUSTER_NOT_FOUND")
    assert "closest: 'west'" in unknown.body["detail"]
    engine.close()


def test_health_is_about_the_server(api):
    for path in ("/health", "/health/live", "/health/ready"):
        assert api.get(path).body == {"status": "UP", "version": "1.2.3"}
