"""Faults as clients meet them: over real HTTPS, by a zeep client that knows only the contract it was served."""

from __future__ import annotations

import base64
import errno
import select
import socket
import ssl

import pytest
import requests
import zeep
from lxml import etree

from ucmsim.api.faces import CONTROL_CENTER
from ucmsim.api.sim.resources import BASE

POLL = {"operation": "soapGetServiceStatus"}
AUDIT = "Cisco Audit Event Service"
THROTTLED = (
    "Exceeded allowed rate for Reatime information. "
    "Current allowed rate for realtime information is 15 requests per minute."
)


def triggered(live):
    return [event for event in live.simulator.engine.events(0, 10_000) if event.type == "fault.triggered"][
        -1
    ].data


def test_exactly_two_polls_are_throttled_and_the_third_succeeds(live):
    """`U-47`: the vendor's own sentence, misspelling included."""
    fault = live.fault("THROTTLE", match=POLL, times=2)
    for _ in range(2):
        with pytest.raises(zeep.exceptions.Fault) as thrown:
            live.status("Cisco CDP")
        assert (thrown.value.message, thrown.value.code) == (THROTTLED, "soapenv:Server.RateControl")
    assert live.status("Cisco CDP").ServiceInfoList.item[0].ServiceStatus == "Started"

    rule = live.sim("GET", f"/faults/{fault}")
    assert (rule["stats"], rule["enabled"]) == ({"matched": 2, "applied": 2}, False)
    third, second, first = live.journal(**POLL)
    assert [entry["fault"] for entry in (first, second, third)] == [fault, fault, None]
    assert [entry["response"]["status"] for entry in (first, second, third)] == [500, 500, 200]
    assert triggered(live) == {"fault": fault, "effect": "THROTTLE"}


def test_a_client_that_fetches_the_contract_first_uses_up_nothing(live):
    live.fault("THROTTLE", match={"api": "CONTROLCENTER"}, times=1)
    zeep.Client(live.url(CONTROL_CENTER) + "?wsdl", transport=zeep.Transport(session=live.http))
    with pytest.raises(zeep.exceptions.Fault):
        live.status()


def test_a_request_with_a_wrong_password_uses_up_nothing(live):
    fault = live.fault("THROTTLE", times=1)
    wrong = requests.post(
        live.url(CONTROL_CENTER), data=b"x", auth=("administrator", "no"), verify=live.http.verify
    )
    assert wrong.status_code == 401
    assert live.sim("GET", f"/faults/{fault}")["stats"]["matched"] == 0


def test_a_soap_fault_says_what_the_rule_says(live):
    live.fault(
        "SOAP_FAULT", {"faultstring": "Out of <memory>", "faultcode": "soapenv:Server", "detail": "1 & 2"}
    )
    answer = live.ask("soapGetServiceStatus")
    (fault,) = etree.fromstring(answer.content).iterfind(".//{*}Fault")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "text/xml;charset=UTF-8")
    assert [(child.tag, child.text) for child in fault] == [
        ("faultcode", "soapenv:Server"),
        ("faultstring", "Out of <memory>"),
        ("detail", "1 & 2"),
    ]
    assert answer.headers["Cache-Control"] == "private"  # as on every answer of the application


def test_an_application_error_in_a_query_shows_on_the_service_it_is_about(live):
    params = {"reasonCode": -1031, "reasonCodeString": "Operation timed-out "}
    live.fault("APP_ERROR", params, {"service": "cisco-cdp"})
    answer = live.status("Cisco CDP", AUDIT)
    cdp, audit = answer.ServiceInfoList.item
    assert (cdp.ReasonCode, cdp.ReasonCodeString, cdp.ServiceStatus) == (
        -1031,
        "Operation timed-out ",
        "Started",
    )
    assert audit.ReasonCode == -1
    assert (answer.ReturnCode._value_1, answer.ReasonCode, answer.ReasonString) == (
        "0",
        -1031,
        "Operation timed-out ",
    )


def test_a_spoilt_answer_is_written_as_the_untouched_one(live):
    untouched = live.ask("soapGetServiceStatus").content
    live.fault("WRONG_RESULT", {"path": "item[2]/ServiceStatus", "value": "Unknown"})
    spoilt = live.ask("soapGetServiceStatus").content
    assert spoilt != untouched
    assert spoilt.replace(b">Unknown<", b">Started<") == untouched


def test_a_wrong_result_that_has_no_place_changes_nothing(live):
    untouched = live.ask("soapGetServiceStatus").content
    live.fault("WRONG_RESULT", {"path": "NoSuchElement/X", "value": "1"})
    assert live.ask("soapGetServiceStatus").content == untouched


def test_a_refused_command_does_nothing_and_says_so_over_every_face(live):
    params = {"reasonCode": -1047, "reasonCodeString": "Operation pending on scheduled restart "}
    live.fault("APP_ERROR", params, {"service": AUDIT})
    answer = live.control("Restart", AUDIT)
    item = answer.ServiceInfoList.item[0]
    assert (answer.ReasonCode, item.ReasonCode, item.ServiceStatus) == (-1047, -1047, "Started")

    path = "/api/v1/clusters/lab/nodes/cucm-pub/services/cisco-audit-event-service"
    refused = live.http.post(live.url(f"{path}/actions/restart"), json={})
    assert refused.status_code == 409
    assert refused.json()["wire"]["reasonCode"] == -1047
    assert live.http.get(live.url(path)).json()["state"] == "STARTED"


@pytest.mark.parametrize(("status", "body"), [(503, "<busy/>"), (200, "<html/>"), (404, ""), (204, "")])
def test_any_status_body_and_headers(live, status, body):
    live.fault("HTTP_STATUS", {"status": status, "body": body, "headers": {"Retry-After": "7", "X-A": "b"}})
    answer = live.ask("soapGetServiceStatus")
    assert (answer.status_code, answer.text, answer.headers["Retry-After"]) == (status, body, "7")
    assert "Set-Cookie" not in answer.headers


def test_an_authentication_failure_is_the_page_for_a_wrong_password(live):
    live.fault("AUTH_FAIL", times=1)
    answer = live.ask("soapGetServiceStatus")
    wrong = requests.get(live.url(CONTROL_CENTER), auth=("administrator", "no"), verify=live.http.verify)
    assert (answer.status_code, answer.content) == (401, wrong.content)
    assert answer.headers["WWW-Authenticate"] == wrong.headers["WWW-Authenticate"]
    assert live.ask("soapGetServiceStatus").status_code == 200


@pytest.mark.parametrize("path", [CONTROL_CENTER, "/api/v1/clusters"])
@pytest.mark.parametrize(
    ("effect", "params", "error"),
    [
        ("DROP", {}, "RemoteDisconnected"),
        ("RESET", {}, "Connection"),  # Python's TLS takes a reset for an end
        ("TRUNCATE", {"bytes": 20}, "IncompleteRead"),
        ("TRUNCATE", {"bytes": 0}, "IncompleteRead"),
    ],
)
def test_connections_end_as_no_answer_can(live, effect, params, error, path):
    fault = live.fault(effect, params, times=1)
    method = "POST" if path == CONTROL_CENTER else "GET"
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)) as thrown:
        live.http.request(method, live.url(path), data=b"<x/>", headers={"Accept-Encoding": "identity"})
    assert error in repr(thrown.value)
    assert live.http.get(live.url("/api/v1/clusters")).status_code == 200
    (entry,) = [entry for entry in live.journal() if entry["fault"] == fault]
    assert len(entry["response"]["body"]) == params.get("bytes", 0)


@pytest.mark.parametrize(("effect", "error"), [("DROP", 0), ("RESET", errno.ECONNRESET)])
def test_a_reset_is_one_on_the_wire(live, effect, error):
    live.fault(effect)
    trust = ssl.create_default_context(cafile=live.http.verify)
    plain = socket.create_connection(("127.0.0.1", live.simulator.server.port), timeout=20)
    with trust.wrap_socket(plain, server_hostname="127.0.0.1") as connection:
        credentials = base64.b64encode(b"administrator:hunter2").decode()
        connection.sendall(
            f"GET /api/v1/clusters HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {credentials}\r\n\r\n".encode()
        )
        poll = select.poll()
        poll.register(connection, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
        assert poll.poll(20_000)
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == error


def test_an_answer_shorter_than_the_cut_arrives_whole(live):
    live.fault("TRUNCATE", {"bytes": 1_000_000})
    assert live.ask("soapGetServiceStatus").status_code == 200


def test_a_delay_adds_up_with_latency_and_goes_with_another_effect(live, monkeypatch):
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    monkeypatch.setattr(live.simulator.intercept, "sleep", sleep)
    live.sim("PATCH", "/clusters/lab/nodes/cucm-pub", {"latencyMs": 250})
    live.fault("DELAY", {"ms": 1000}, POLL)
    live.fault("HTTP_STATUS", {"status": 503}, POLL)
    assert live.ask("soapGetServiceStatus").status_code == 503
    live.ask("getProductInformationList", "<o:ServiceInfo/>")
    assert slept == [1.25, 0.25]
    live.http.get(live.url("/api/v1/clusters"))
    assert slept == [1.25, 0.25]  # the operator's API is no interface of the node


@pytest.mark.parametrize("distribution", ["UNIFORM", "NORMAL", "LOGNORMAL", "EXPONENTIAL"])
def test_delays_spread_as_asked_and_are_repeated_by_the_seed(live, monkeypatch, distribution):
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    monkeypatch.setattr(live.simulator.intercept, "sleep", sleep)
    rounds = []
    for _ in range(2):
        slept.clear()
        live.fault("DELAY", {"ms": 100, "jitterMs": 50, "distribution": distribution}, POLL, id="slow")
        for _ in range(20):
            live.ask("soapGetServiceStatus")
        rounds.append(tuple(slept))
    assert rounds[0] == rounds[1]
    assert len(set(rounds[0])) > 10
    if distribution == "UNIFORM":
        assert all(0.05 <= each <= 0.15 for each in rounds[0])


def test_no_rule_ever_touches_the_controls_themselves(live):
    for effect, params in (("DROP", {}), ("HTTP_STATUS", {"status": 500}), ("DELAY", {"ms": 60_000})):
        live.fault(effect, params)
    live.sim("PATCH", "/clusters/lab/nodes/cucm-pub", {"latencyMs": 60_000})
    live.sim("PATCH", "/settings", {"restRateLimitPerMinute": 1})
    for _ in range(3):
        live.sim("GET", "/clock")
    assert live.journal() == []
    live.sim("POST", "/faults/actions/clear")


def test_the_controls_answer_while_the_node_does_not(live):
    """`U-48`: with its Tomcat down a node's own paths are away; the tester's are not."""
    path = f"{BASE}/clusters/lab/nodes/cucm-pub/services/cisco-tomcat/state"
    live.http.put(live.url(path), json={"state": "STOPPED", "cause": "CRASHED"})
    with pytest.raises(requests.ConnectionError):
        live.ask("soapGetServiceStatus")
    assert live.http.get(live.url("/api/v1/clusters")).status_code == 200
    live.http.put(live.url(path), json={"state": "STARTED"})
    assert live.ask("soapGetServiceStatus").status_code == 200


def test_the_operators_api_can_follow_tomcat(live):
    live.sim("PATCH", "/settings", {"restFollowsTomcat": True})
    live.sim("PUT", "/clusters/lab/nodes/cucm-pub/services/cisco-tomcat/state", {"state": "STOPPED"})
    gone = live.http.get(live.url("/api/v1/clusters/lab/nodes/cucm-pub/services"))
    assert (gone.status_code, gone.json()["code"]) == (503, "NODE_UNREACHABLE")
    assert live.http.get(live.url("/api/v1/clusters/lab/nodes/cucm-sub/services")).status_code == 200


def test_rest_requests_meet_rules_by_method_and_path(live):
    match = {"api": "REST", "operation": "GET */services/*", "service": "cisco-tftp"}
    live.fault("THROTTLE", match=match)
    path = "/api/v1/clusters/lab/nodes/cucm-pub/services/"
    throttled = live.http.get(live.url(path + "cisco-tftp"))
    assert (throttled.status_code, throttled.json()["code"]) == (429, "RATE_LIMITED")
    assert live.http.get(live.url(path + "cisco-cdp")).status_code == 200


def test_an_authentication_failure_on_the_rest_api_is_a_problem(live):
    live.fault("AUTH_FAIL", match={"api": "REST"})
    answer = live.http.get(live.url("/api/v1/clusters"))
    assert (answer.status_code, answer.json()["code"]) == (401, "NOT_AUTHENTICATED")
    assert answer.headers["WWW-Authenticate"].startswith('Basic realm="ucmsim"')


def test_a_limit_holds_for_a_minute_of_simulated_time_on_each_node(live):
    """`U-47`, over all operations of both Control Center APIs."""
    live.sim("PATCH", "/settings", {"soapRateLimits": {"controlCenter": 2}})
    assert live.ask("soapGetServiceStatus").status_code == 200
    assert live.ask("getProductInformationList", "<o:ServiceInfo/>").status_code == 200
    refused = live.ask("soapGetServiceStatus")
    assert refused.status_code == 500
    assert b"Current allowed rate for realtime information is 2 requests per minute." in refused.content
    other = live.http.post(live.url(CONTROL_CENTER, "127.0.0.2"), data=b"<x/>")
    assert b"allowed rate" not in other.content
    assert live.http.get(live.url(CONTROL_CENTER) + "?wsdl").status_code == 200
    live.sim("POST", "/clock/actions/advance", {"seconds": 60})
    assert live.ask("soapGetServiceStatus").status_code == 200


def test_the_rest_api_can_have_a_limit(live):
    live.sim("PATCH", "/settings", {"restRateLimitPerMinute": 1})
    assert live.http.get(live.url("/api/v1/clusters")).status_code == 200
    refused = live.http.get(live.url("/api/v1/clusters"))
    assert refused.status_code == 429
    assert "Retry-After" not in refused.headers  # the clock stands still: nobody knows
    live.sim("PATCH", "/clock", {"mode": "TIMED"})
    assert 0 < int(live.http.get(live.url("/api/v1/clusters")).headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("setting", "address"),
    [
        ("HOST_HEADER", "https://127.0.0.1:{port}"),
        ("LOCALHOST", "https://localhost:8443"),
        ("PORT_8080", "http://127.0.0.1:8080"),
    ],
)
def test_a_contract_gives_the_address_that_is_wanted(live, setting, address):
    live.sim("PATCH", "/settings", {"wsdlAddress": setting})
    contract = live.http.get(live.url(CONTROL_CENTER) + "?wsdl").content
    (place,) = etree.fromstring(contract).iterfind(".//{http://schemas.xmlsoap.org/wsdl/soap/}address")
    assert place.get("location") == address.format(port=live.simulator.server.port) + CONTROL_CENTER


def test_a_stuck_restart_is_told_as_it_is_and_ends_when_the_rule_is_disabled(live):
    fault = live.fault("STUCK_TRANSITION", {"state": "STOPPING"}, {"service": AUDIT}, id="stuck")
    assert live.control("Restart", AUDIT).ServiceInfoList.item[0].ServiceStatus == "Stopping"
    live.sim("POST", "/clock/actions/advance", {"seconds": 86_400})
    assert live.status(AUDIT).ServiceInfoList.item[0].ServiceStatus == "Stopping"
    live.sim("PATCH", f"/faults/{fault}", {"enabled": False})
    live.sim("POST", "/clock/actions/advance", {"seconds": 120})
    item = live.status(AUDIT).ServiceInfoList.item[0]
    assert item.ServiceStatus == "Started"
    assert item.UpTime < 120


def test_a_started_service_crashes_when_its_time_has_come(live):
    live.fault("CRASHES_AFTER", {"ms": 600_000}, {"service": AUDIT})
    live.control("Restart", AUDIT)
    live.sim("POST", "/clock/actions/advance", {"seconds": 300})
    assert live.status(AUDIT).ServiceInfoList.item[0].ServiceStatus == "Started"
    live.sim("POST", "/clock/actions/advance", {"seconds": 400})
    item = live.status(AUDIT).ServiceInfoList.item[0]
    assert (item.ServiceStatus, item.ReasonCode) == ("Stopped", -1019)
