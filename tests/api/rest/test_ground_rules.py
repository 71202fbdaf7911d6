"""What holds for every route: methods, media types, parameters, roles, and one shape for every error."""

import pytest

from tests.api.rest.conftest import READER
from ucmsim.api.rest.problems import TYPES

SERVICE = "/api/v1/clusters/lab/nodes/cucm-pub/services/cisco-cdp"


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "kind", "pointer"),
    [
        ("GET", "/api/v1/clusters?colour=red", None, {}, 400, "VALIDATION_ERROR", "?colour"),
        ("GET", "/api/v1/clusters/lab?x=", None, {}, 400, "VALIDATION_ERROR", "?x"),
        ("GET", "/api/v1/clusters?limit=0", None, {}, 400, "VALIDATION_ERROR", "?limit"),
        ("GET", "/api/v1/clusters?limit=1001", None, {}, 400, "VALIDATION_ERROR", "?limit"),
        ("GET", "/api/v1/clusters?limit=ten", None, {}, 400, "VALIDATION_ERROR", "?limit"),
        ("GET", "/api/v1/clusters?limit=1&limit=2", None, {}, 400, "VALIDATION_ERROR", "?limit"),
        ("GET", "/api/v1/clusters?cursor=%%%", None, {}, 400, "VALIDATION_ERROR", "?cursor"),
        ("GET", "/api/v1/operations?cursor=bm8", None, {}, 400, "VALIDATION_ERROR", "?cursor"),
        ("GET", "/api/v1/operations?status=running", None, {}, 400, "VALIDATION_ERROR", "?status"),
        ("GET", "/api/v1/events?since=yesterday", None, {}, 400, "VALIDATION_ERROR", "?since"),
        ("GET", "/api/v1/clusters", None, {"Accept": "text/html"}, 406, "NOT_ACCEPTABLE", None),
        ("GET", "/api/v1/clusters", None, {"Accept": "application/json;q=0"}, 406, "NOT_ACCEPTABLE", None),
        ("POST", f"{SERVICE}/actions/stop", b"{", {}, 400, "VALIDATION_ERROR", "#"),
        ("POST", f"{SERVICE}/actions/stop", b"[]", {}, 400, "VALIDATION_ERROR", "#"),
        ("POST", f"{SERVICE}/actions/stop", {"resaon": "x"}, {}, 400, "VALIDATION_ERROR", "#/resaon"),
        ("POST", f"{SERVICE}/actions/stop", {"via": "SSH"}, {}, 400, "VALIDATION_ERROR", "#/via"),
        ("POST", f"{SERVICE}/actions/stop", {"ifState": ["UP"]}, {}, 400, "VALIDATION_ERROR", "#/ifState/0"),
        (
            "POST",
            f"{SERVICE}/actions/stop",
            {"timeoutSeconds": "9"},
            {},
            400,
            "VALIDATION_ERROR",
            "#/timeoutSeconds",
        ),
        ("POST", f"{SERVICE}/actions/stop", {"reason": "x" * 501}, {}, 400, "VALIDATION_ERROR", "#/reason"),
        (
            "POST",
            f"{SERVICE}/actions/stop",
            b"reason=x",
            {"Content-Type": "application/x-www-form-urlencoded"},
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            None,
        ),
        (
            "POST",
            f"{SERVICE}/actions/stop",
            None,
            {"Idempotency-Key": "k" * 256},
            400,
            "VALIDATION_ERROR",
            None,
        ),
        ("POST", f"{SERVICE}/actions/jump", None, {}, 404, "NOT_FOUND", None),
        ("POST", "/api/v1/operations", None, {}, 400, "VALIDATION_ERROR", "#"),
        (
            "POST",
            "/api/v1/operations",
            {"kind": "SERVICE_STOP", "targets": []},
            {},
            400,
            "VALIDATION_ERROR",
            "#/targets",
        ),
        ("GET", f"{SERVICE}/actions/stop", None, {}, 405, "METHOD_NOT_ALLOWED", None),
        ("DELETE", SERVICE, None, {}, 405, "METHOD_NOT_ALLOWED", None),
        ("PATCH", SERVICE, {"state": "STOPPED"}, {}, 405, "METHOD_NOT_ALLOWED", None),
    ],
)
def test_a_request_that_is_not_valid_says_where(api, method, path, body, headers, status, kind, pointer):
    answer = api.ask(method, path, body, **headers)
    assert (answer.status, answer["code"]) == (status, kind)
    assert answer["traceId"]
    if pointer:
        assert [error["pointer"] for error in answer["errors"]] == [pointer]
    assert api.get("/operations")["items"] == []


def test_absent_and_null_are_the_same(api):
    body = {"reason": None, "ifState": None, "via": None, "timeoutSeconds": None}
    assert api.act("stop", "cisco-cdp", body).status == 202


def test_a_405_names_what_is_allowed(api):
    assert api.ask("PUT", SERVICE, {}).headers["Allow"] == "GET, HEAD, OPTIONS"


def test_head_follows_get_and_options_tells_the_methods(api):
    read, head = api.ask("GET", SERVICE), api.ask("HEAD", SERVICE)
    assert (head.status, head.body) == (200, "")
    assert head.headers["ETag"] == read.headers["ETag"]
    assert set(api.ask("OPTIONS", SERVICE).headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_reader_reads_and_does_nothing_else(api):
    assert api.ask("GET", SERVICE, account=READER).status == 200
    for path in (f"{SERVICE}/actions/stop", "/api/v1/clusters/lab/nodes/cucm-pub/actions/restart"):
        refused = api.ask("POST", path, account=READER)
        assert (refused.status, refused["code"]) == (403, "FORBIDDEN")


def test_lists_come_in_parts(api):
    for _ in range(5):
        api.act("start", "cisco-cdp")
    first = api.get("/operations?limit=2")
    second = api.get(f"/operations?limit=2&cursor={first['next']}")
    third = api.get(f"/operations?limit=2&cursor={second['next']}")
    ids = [item["id"] for part in (first, second, third) for item in part["items"]]
    assert len(ids) == 5
    assert ids == sorted(ids, reverse=True)
    assert third["next"] is None


def test_every_kind_of_problem_is_described_where_its_type_leads(api):
    listed = api.get("/problems")["items"]
    assert [item["code"] for item in listed] == [TYPES[name].code for name in sorted(TYPES)]
    for item in listed:
        described = api.ask("GET", item["type"])
        assert described.body == item
        assert described["meaning"]


def test_a_bug_is_answered_with_a_trace_id_that_the_log_has(api, monkeypatch, caplog):
    def fails(*_arguments, **_more):
        raise ArithmeticError("the secret of the bug")

    monkeypatch.setattr(api.engine, "cluster", fails)
    answer = api.get("/clusters/lab")
    assert (answer.status, answer["code"]) == (500, "INTERNAL_ERROR")
    assert "secret" not in str(answer.body)
    assert answer["traceId"] in caplog.text
    assert "the secret of the bug" in caplog.text
