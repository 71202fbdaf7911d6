"""The request journal: what was asked and answered, what was meant, and no secret in it."""

from __future__ import annotations

import pytest
import requests

from tests.api.rest.conftest import NOW
from tests.api.sim.conftest import ENVELOPE
from ucmsim.api.faces import CONTROL_CENTER, CONTROL_CENTER_EX
from ucmsim.api.instants import rfc3339


def test_a_call_is_kept_with_everything_that_is_known_of_it(live):
    answer = live.status("Cisco Tftp", "Cisco CDP")
    (entry,) = live.journal()
    request, response = entry.pop("request"), entry.pop("response")
    assert entry.pop("id").startswith("req_")
    assert entry.pop("durationMs") >= 0
    assert entry == {
        "time": rfc3339(NOW), "face": "SOAP", "api": "CONTROLCENTER", "operation": "soapGetServiceStatus",
        "cluster": "lab", "node": "cucm-pub", "services": ["Cisco Tftp", "Cisco CDP"], "client": "127.0.0.1",
        "user": "administrator", "fault": None, "faults": [], "operationId": None, "nearMiss": None,
    }  # fmt: skip
    assert (request["method"], request["path"], request["query"]) == ("POST", CONTROL_CENTER, "")
    assert "<ns0:ServiceStatus>Cisco Tftp</ns0:ServiceStatus>" in request["body"]
    assert response["status"] == 200
    assert str(answer.ServiceInfoList.item[0].ServiceName) in response["body"]


def test_what_a_monitor_asks_again_and_again_is_kept_each_time(live):
    body = ENVELOPE.format('<o:soapGetServiceStatus xmlns:o="http://schemas.cisco.com/ast/soap"/>')
    for _ in range(3):  # without the cookie of the time before
        answer = requests.post(live.url(CONTROL_CENTER), body, auth=live.http.auth, verify=live.http.verify)
        assert answer.cookies["JSESSIONIDSSO"]
    entries = live.journal()

    assert len({entry.pop("id") for entry in entries}) == 3
    assert all(entry.pop("durationMs") >= 0 for entry in entries)
    assert entries[0] == entries[1] == entries[2]
    assert answer.cookies["JSESSIONIDSSO"] not in str(entries)
    assert str(entries).count("JSESSIONIDSSO=***") == 3


def test_a_command_leads_to_the_operation_that_it_began(live):
    live.control("Stop", "Cisco Audit Event Service")
    (entry,) = live.journal(operation="soapDo*")
    operation = live.http.get(live.url(f"/api/v1/operations/{entry['operationId']}")).json()
    assert (operation["kind"], operation["origin"]["soapOperation"]) == (
        "SERVICE_STOP",
        "soapDoControlServices",
    )

    path = "/api/v1/clusters/lab/nodes/cucm-pub/services/cisco-cdp/actions/stop"
    began = live.http.post(live.url(path), json={}).json()["id"]
    (entry,) = live.journal(api="REST", service="cisco-cdp")
    assert (entry["operationId"], entry["operation"], entry["services"]) == (
        began,
        f"POST {path}",
        ["cisco-cdp"],
    )


def test_no_password_is_kept_in_any_form(live):
    live.ask("soapGetServiceStatus", "<Password>hunter2</Password>")
    live.http.post(live.url("/api/v1/operations?password=hunter2"), json={"password": "hunter2"})
    wrong = ENVELOPE.format("<x><Password>hunter2</Password></x>")
    live.post(f'<?xml version="1.0" encoding="UTF-16"?>{wrong}')
    live.http.post(
        live.url(CONTROL_CENTER), data=wrong.encode("utf-16"), headers={"Content-Type": "text/xml"}
    )
    live.http.post(
        live.url(CONTROL_CENTER), data=wrong.encode("utf-32"), headers={"Content-Type": "text/xml"}
    )
    requests.get(live.url(CONTROL_CENTER), auth=("administrator", "hunter2?"), verify=live.http.verify)
    page = live.http.get(live.url("/sim/v1/requests")).text
    assert "hunter2" not in page
    assert "hunter2" not in live.http.get(live.url("/sim/v1/requests/unmatched")).text
    assert page.count("Password>***") == 4
    sent = live.sim("GET", "/requests")["items"]
    headers = [entry["request"]["headers"] for entry in sent]
    assert {each.get("authorization") for each in headers} == {"Basic ***"}
    cookies = [pair for each in headers if "cookie" in each for pair in each["cookie"].split("; ")]
    assert set(cookies) == {"JSESSIONIDSSO=***", "JSESSIONID=***"}
    cookies = [entry["response"]["headers"].get("Set-Cookie", "") for entry in sent]
    assert all("JSESSIONID=***" in cookie for cookie in cookies if cookie)


def test_masking_of_bodies_can_be_switched_off_but_not_of_headers(live):
    live.sim("PATCH", "/settings", {"maskSecrets": False})
    live.ask("soapGetServiceStatus", "<Password>hunter2</Password>")
    (entry,) = live.journal()
    assert "<Password>hunter2</Password>" in entry["request"]["body"]
    assert entry["request"]["headers"]["authorization"] == "Basic ***"


@pytest.mark.parametrize(
    ("ask", "what", "given", "closest", "detail"),
    [
        (
            lambda live: live.status("Cisco CallManger"),
            "service", "Cisco CallManger", "Cisco CallManager",
            "no service named 'Cisco CallManger' on cucm-pub; closest: 'Cisco CallManager'",
        ),
        (
            lambda live: live.status("Cisco CDP", "Cisco TFTP"),
            "service", "Cisco TFTP", "Cisco Tftp", "no service named 'Cisco TFTP' on cucm-pub; closest: 'Cisco Tftp'",
        ),
        (
            lambda live: live.control("Start", "Nonsense"),
            "service", "Nonsense", None, "no service named 'Nonsense' on cucm-pub",
        ),
        (
            lambda live: live.ask("soapGetServiceStatuss"),
            "operation", "soapGetServiceStatuss", "soapGetServiceStatus",
            "no operation named 'soapGetServiceStatuss' on CONTROLCENTER; closest: 'soapGetServiceStatus'",
        ),
        (
            lambda live: live.ask("getFileDirectoryList"),
            "operation", "getFileDirectoryList", "getFileDirectoryList",
            "no operation named 'getFileDirectoryList' on CONTROLCENTER; closest: 'getFileDirectoryList' of CONTROLCENTER_EX",
        ),
        (
            lambda live: live.post("<x/>", "/controlcenterservice2/services/ControlCenterService"),
            "resource", "/controlcenterservice2/services/ControlCenterService", CONTROL_CENTER,
            f"no resource named '/controlcenterservice2/services/ControlCenterService'; closest: '{CONTROL_CENTER}'",
        ),
        (
            lambda live: live.http.get(live.url("/api/v1/clusters/lab/nodes/cucm-pup")),
            "node", "cucm-pup", "cucm-pub", "no node named 'cucm-pup'; closest: 'cucm-pub'",
        ),
        (
            lambda live: live.http.get(live.url("/api/v1/clusters/lab/nodes/cucm-pub/services/cisco-callmanger")),
            "service", "cisco-callmanger", "cisco-callmanager",
            "no service named 'cisco-callmanger'; closest: 'cisco-callmanager'",
        ),
        (
            lambda live: live.http.get(live.url("/api/v1/clusters/lab/node")),
            "resource", "/api/v1/clusters/lab/node", "/api/v1/clusters/lab/nodes",
            "no resource named '/api/v1/clusters/lab/node'; closest: '/api/v1/clusters/lab/nodes'",
        ),
    ],
)  # fmt: skip
def test_a_near_miss_says_what_was_probably_meant(live, ask, what, given, closest, detail):
    live.status("Cisco CDP")
    ask(live)
    (entry,) = live.sim("GET", "/requests/unmatched")["items"]
    assert entry["nearMiss"] == {"what": what, "given": given, "closest": closest, "detail": detail}
    assert entry["id"] == live.journal()[0]["id"]


def test_all_that_one_request_missed_is_told(live):
    live.status("Cisco CallManger", "Cisco TFTP")
    (entry,) = live.sim("GET", "/requests/unmatched")["items"]
    assert "'Cisco CallManager'" in entry["nearMiss"]["detail"]
    assert "'Cisco Tftp'" in entry["nearMiss"]["detail"]


def test_an_injected_answer_is_no_near_miss(live):
    live.fault("HTTP_STATUS", {"status": 404})
    live.ask("soapGetServiceStatus")
    assert live.sim("GET", "/requests/unmatched")["items"] == []


def test_requests_are_found_by_what_a_rule_could_match(live):
    live.status("Cisco Tftp")
    live.soap(CONTROL_CENTER_EX).getStaticServiceListExtended(ServiceInformationResponse="")
    live.control("Stop", "Cisco Audit Event Service")
    live.http.get(live.url("/api/v1/clusters"))
    live.ask("nonsense")

    def found(**wanted):
        operations = [entry["operation"] for entry in live.journal(**wanted)]
        assert live.sim("POST", "/requests/actions/count", wanted)["count"] == len(operations)
        return list(reversed(operations))

    status, control = "soapGetServiceStatus", "soapDoControlServices"
    assert found(api="CONTROLCENTER") == [status, control, "nonsense"]
    assert found(api="CONTROLCENTER_EX") == ["getStaticServiceListExtended"]
    assert found(operation="soap*") == [status, control]
    assert found(service="cisco-tftp") == [status]
    assert found(service="Cisco Audit*") == [control]
    assert found(status=500) == ["nonsense"]
    assert found(bodyContains=":ControlType>Stop<") == [control]
    assert found(client="192.0.2.1") == found(node="cucm-sub") == []
    assert len(found(client="127.0.0.1")) == 5


def test_requests_are_found_by_simulated_time(live):
    live.ask("first")
    live.sim("POST", "/clock/actions/advance", {"seconds": 60})
    live.ask("second")
    (entry,) = live.journal(since=rfc3339(NOW + 1))
    assert (entry["operation"], entry["time"]) == ("second", rfc3339(NOW + 60_000))


def test_the_journal_is_read_in_parts_newest_first(live):
    for number in range(5):
        live.ask(f"call{number}")
    first = live.http.get(live.url("/sim/v1/requests?limit=2")).json()
    second = live.http.get(live.url(f"/sim/v1/requests?limit=4&cursor={first['next']}")).json()
    operations = [entry["operation"] for entry in first["items"] + second["items"]]
    assert operations == ["call4", "call3", "call2", "call1", "call0"]
    assert second["next"] is None


def test_the_oldest_requests_are_forgotten(live):
    live.sim("PATCH", "/settings", {"journalSize": 2})
    for number in range(3):
        live.ask(f"call{number}")
    assert [entry["operation"] for entry in live.journal()] == ["call2", "call1"]
    gone = live.http.get(live.url("/sim/v1/requests/req_00000000000000000000000000"))
    assert gone.status_code == 404


def test_a_request_is_read_and_forgotten(live):
    live.ask("once")
    (entry,) = live.journal()
    assert live.sim("GET", f"/requests/{entry['id']}") == entry
    live.sim("DELETE", "/requests")
    assert live.journal() == []


def test_a_long_body_is_kept_in_part_but_understood_as_a_whole(live):
    filling = "<!--" + "x" * 100_000 + "-->"
    live.post(
        ENVELOPE.format(f'{filling}<o:soapGetServiceStatus xmlns:o="http://schemas.cisco.com/ast/soap"/>')
    )
    (entry,) = live.journal()
    assert entry["operation"] == "soapGetServiceStatus"
    assert len(entry["request"]["body"]) == 64 * 1024


def test_whatever_garbage_comes_it_is_kept(live):
    for garbage in (b"", b"\x00\xff\xfe", b"<" * 1000, b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"):
        live.http.post(live.url(CONTROL_CENTER), data=garbage)
    assert [entry["operation"] for entry in live.journal()] == [None] * 4
    assert live.sim("GET", "/requests/unmatched")["items"] == []


def test_the_metrics_count_requests_and_rules(live):
    live.fault("THROTTLE", id="busy", times=1)
    before = live.http.get(live.url("/sim/v1/metrics")).text
    live.ask("soapGetServiceStatus")
    live.ask("soapGetServiceStatus")
    after = live.http.get(live.url("/sim/v1/metrics")).text

    def value(text, name):
        return next((float(line.split()[-1]) for line in text.splitlines() if line.startswith(name)), 0.0)

    answered = 'ucmsim_sim_requests_total{api="CONTROLCENTER",status="200"}'
    assert value(after, answered) == value(before, answered) + 1
    assert value(after, 'ucmsim_sim_fault_applied_total{fault="busy"}') == 1
    assert value(after, "ucmsim_sim_clock_rate") == 0
