"""The pytest plugin, used by these very tests: a cluster for each test, time and faults in its hand, requests to assert on."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
import zeep

from ucmsim.clients import Status

SMALL = """
[[clusters]]
id = "small"
version = "12.5.1.11900-146"

[[clusters.nodes]]
id = "cucm"
product = "UCM"
role = "publisher"
address = "127.0.0.1"
activated = ["Cisco Tftp"]
"""

CRASH = {
    "id": "crash",
    "steps": [
        {
            "when": {"afterSeconds": 10},
            "do": [
                {"state": {"node": "cucm", "service": "cisco-tftp", "state": "STOPPED", "cause": "CRASHED"}}
            ],
        }
    ],
}

PORTS: set[int] = set()


@pytest.mark.parametrize("number", range(3))
def test_every_test_finds_the_cluster_as_it_was_installed(ucm, ucm_faults, number):
    PORTS.add(ucm.port)
    node = ucm.control_center()
    assert not node.status("Cisco Tftp")[0].activated
    assert ucm_faults.all() == []
    assert len(ucm.requests.all()) == 1
    assert all(each.reachable for each in ucm.rest().nodes())
    node.activate("Cisco Tftp")
    node.stop("Cisco CDP")
    ucm_faults.http_status(503)
    ucm.clock.advance(86_400)
    ucm.simulation.condition(node="cucm-sub", reachable=False)


def test_one_server_serves_them_all_and_a_reset_is_quick(ucm):
    assert {ucm.port} >= PORTS
    began = time.perf_counter()
    for _ in range(10):
        ucm.reset()
    # Some twenty milliseconds on a machine that does nothing else.
    assert (time.perf_counter() - began) / 10 < 0.3


@pytest.mark.parametrize("clock", ["IMMEDIATE", "MANUAL", "TIMED"])
def test_a_reset_leaves_the_clock_as_it_is_wanted(ucm, clock):
    ucm.clock.run(600)
    ucm.reset(clock)
    assert (ucm.simulation.clock().mode, ucm.simulation.clock().rate) == (clock, 1.0)
    before = ucm.simulation.clock().now
    assert abs((before - datetime.now(UTC)).total_seconds()) < 60
    assert (ucm.simulation.clock().now > before) is (clock != "MANUAL")


def test_every_change_arrives_at_once(ucm):
    node = ucm.control_center()
    assert node.activate("Cisco CallManager")[0].status is Status.STARTED
    assert node.restart("Cisco CallManager")[0].status is Status.STARTED


def test_time_is_in_the_hand_of_a_test_that_wants_it(ucm, ucm_clock):
    node = ucm.control_center()
    node.activate("Cisco CallManager")
    assert node.status("Cisco CallManager")[0].status is Status.STARTING
    before = ucm_clock.now
    assert before < ucm_clock.advance_to_next_change() < before + timedelta(minutes=5)
    ucm_clock.advance(timedelta(hours=1))
    (state,) = node.status("Cisco CallManager")
    assert state.status is Status.STARTED
    assert state.up_time >= timedelta(minutes=55)
    ucm_clock.run(rate=600)
    node.restart_and_wait("Cisco CallManager", timeout=60)


def test_requests_are_counted_by_what_they_asked(ucm):
    node = ucm.control_center()
    node.status("A Cisco DB")
    node.status("A Cisco DB")
    ucm.requests.assert_called("soapGetServiceStatus", service="A Cisco DB", user="administrator", times=2)
    with pytest.raises(AssertionError, match=r"expected 1 times soapGetServiceStatus, but there were 2"):
        ucm.requests.assert_called("soapGetServiceStatus", times=1)
    ucm.requests.assert_not_called("soapDoControlServices")
    with pytest.raises(AssertionError, match="there should be no soapGetServiceStatus"):
        ucm.requests.assert_not_called("soapGetServiceStatus")


def test_a_failed_assertion_names_what_came_closest_and_how_it_differs(ucm):
    ucm.control_center("cucm-pub").restart("Cisco CDP")
    ucm.control_center("cucm-pub").status("Cisco CallManger")
    with pytest.raises(AssertionError) as told:
        ucm.requests.assert_called("soapDoControlServices", node="cucm-sub", service="Cisco CDP")
    head, nearest, difference, *others = str(told.value).splitlines()
    assert head == (
        "there was no soapDoControlServices with node 'cucm-sub', service 'Cisco CDP'; 2 other requests came, closest:"
    )
    assert nearest.strip() == "soapDoControlServices for Cisco CDP on cucm-pub, answered 200"
    assert difference.strip() == "node is 'cucm-pub'"
    assert "no service named 'Cisco CallManger' on cucm-pub; closest: 'Cisco CallManager'" in others[-1]


def test_a_misspelt_operation_is_shown_beside_the_one_that_was_meant(ucm):
    ucm.session().get(ucm.wsdl).raise_for_status()
    ucm.control_center("cucm-pub").status("A Cisco DB")
    with pytest.raises(AssertionError) as told:
        ucm.requests.assert_called("soapGetServiceStatuss", node="cucm-pub")
    _, nearest, difference, *_ = str(told.value).splitlines()
    assert nearest.strip() == "soapGetServiceStatus for A Cisco DB on cucm-pub, answered 200"
    assert difference.strip() == "operation is 'soapGetServiceStatus'"


def test_a_contract_is_about_no_service_and_a_lost_answer_was_none(ucm, ucm_faults):
    ucm.session().get(ucm.wsdl).raise_for_status()
    ucm_faults.drop(times=1)
    with pytest.raises(requests.ConnectionError):
        ucm.session().post(ucm.node("cucm-pub").endpoint, data="<lost/>", headers={"SOAPAction": "x"})
    contract, lost = map(str, ucm.requests.all())
    assert contract == "?wsdl on cucm-pub, answered 200"
    assert lost.endswith("on cucm-pub, not answered")


def test_a_scenario_needs_an_id(ucm):
    with pytest.raises(ValueError, match='needs an "id"'):
        ucm.play({"steps": []})


def test_without_any_request_there_is_nothing_close(ucm):
    with pytest.raises(AssertionError, match="no request came at all"):
        ucm.requests.assert_called("soapGetServiceStatus")


@pytest.mark.ucm_inventory(SMALL)
def test_another_cluster(ucm):
    assert [(node.id, node.cluster, node.role) for node in ucm.nodes] == [("cucm", "small", "publisher")]
    assert ucm.control_center().product_information().version == "12.5.1.11900-146"


@pytest.mark.ucm_inventory(SMALL)
@pytest.mark.ucm_scenario(CRASH)
def test_a_story_in_steps(ucm, ucm_clock):
    assert ucm.control_center().status("Cisco Tftp")[0].status is Status.STARTED
    ucm_clock.advance(11)
    assert ucm.control_center().status("Cisco Tftp")[0].reason.code == -1019


def test_a_client_of_ones_own_gets_in_whatever_the_environment_says(ucm, monkeypatch, tmp_path):
    for name, value in (
        ("HTTPS_PROXY", "http://127.0.0.1:1"),
        ("REQUESTS_CA_BUNDLE", str(tmp_path / "other.pem")),
    ):
        monkeypatch.setenv(name, value)
    session = ucm.session()
    client = zeep.Client(ucm.wsdl, transport=zeep.Transport(session=session))
    (item,) = client.service.soapGetServiceStatus(["A Cisco DB"]).ServiceInfoList.item
    assert item.ServiceStatus == "Started"
    assert session.get(f"{ucm.url}/api/v1/clusters").json()["items"][0]["id"] == "lab"
    ucm.reset("IMMEDIATE")
    assert (
        session.adapters["https://"].poolmanager.pools.keys() == set()
    )  # closed with the other ready-made clients


def test_nodes_by_name(ucm):
    assert ucm.node("cucm-sub").wsdl.startswith(f"https://127.0.0.2:{ucm.port}/controlcenterservice2/")
    with pytest.raises(LookupError, match="no node named 'cucm-sup'; there are cucm-pub, cucm-sub"):
        ucm.node("cucm-sup")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (lambda faults: faults.soap_fault("broken", times=1), "FaultError"),
        (lambda faults: faults.http_status(418, times=1), "UnexpectedAnswerError"),
        (lambda faults: faults.wrong_password(times=1), "CredentialsError"),
        (lambda faults: faults.drop(times=1), "UnreachableError"),
        (lambda faults: faults.reset(times=1), "UnreachableError"),
        (lambda faults: faults.truncate(40, times=1), "UnreachableError"),
        (lambda faults: faults.refuse(-1031, "Operation timed-out", operation="soapDoControlServices"), "RefusedError"),
        (lambda faults: faults.fails_to_start("Cisco CDP"), "RefusedError"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_an_exception_of_its_own(ucm, ucm_faults, fault, error):
    rule = fault(ucm_faults)
    with pytest.raises(Exception) as told:
        ucm.control_center().restart("Cisco CDP")
    assert type(told.value).__name__ == error
    (kept,) = ucm_faults.all()
    assert (kept["id"], kept["stats"]["applied"]) == (rule, 1)
    ucm_faults.remove(rule)
    assert ucm.control_center().restart("Cisco CDP")[0].status is Status.STARTED


def test_ready_made_clients_are_as_patient_as_others_and_wait_for_nothing(ucm, ucm_faults):
    ucm_faults.throttle(times=6)  # otherwise that takes a minute and a half
    assert ucm.control_center().status("A Cisco DB")
    ucm.requests.assert_called("soapGetServiceStatus", times=7)


def test_what_is_only_late_or_wrong(ucm, ucm_faults):
    ucm_faults.delay(10, times=1)
    ucm_faults.replace("item[1]/ServiceStatus", "Unknown", operation="soapGetServiceStatus", after=1, times=1)
    node = ucm.control_center()
    assert [node.status("A Cisco DB")[0].status for _ in range(3)] == [
        Status.STARTED,
        Status.UNKNOWN,
        Status.STARTED,
    ]


def test_services_get_stuck_and_crash(ucm, ucm_clock, ucm_faults):
    ucm_faults.stuck("Cisco CDP", "STARTING")
    ucm_faults.crashes_after("Cisco Tftp", seconds=60)
    node = ucm.control_center()
    node.activate("Cisco Tftp")
    node.restart("Cisco CDP")
    ucm_clock.advance(55)
    assert [state.status for state in node.status("Cisco CDP", "Cisco Tftp")] == [
        Status.STARTING,
        Status.STARTED,
    ]
    ucm_clock.advance(60)
    assert node.status("Cisco Tftp")[0].reason.code == -1019
    ucm_faults.clear()


def test_a_harness_in_another_process_has_the_same_through_the_ready_file(ucm, tmp_path):
    import json

    from ucmsim.clients.running import Ucm

    document = {
        "port": ucm.port,
        "certificate": ucm.verify,
        "user": ucm.credentials.user,
        "passwordVariable": "SECRET",
        "passwordFile": None,
        "nodes": [
            {
                "node": node.id,
                "cluster": node.cluster,
                "address": node.host,
                "product": node.product,
                "role": node.role,
            }
            for node in ucm.nodes
        ],
    }
    (tmp_path / "ready.json").write_text(json.dumps(document))
    same = Ucm.from_ready_file(Path(tmp_path / "ready.json"), {"SECRET": ucm.credentials.password})
    assert same.control_center().status("A Cisco DB")
    same.requests.assert_called("soapGetServiceStatus", times=1)
    same.control_center().activate("Cisco Tftp")
    for clock in ("IMMEDIATE", "MANUAL", "TIMED"):
        same.reset(clock)
        assert same.simulation.clock().mode == clock
        assert same.requests.all() == []
        assert not same.control_center().status("Cisco Tftp")[0].activated
    same.close()
