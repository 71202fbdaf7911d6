"""The vendor's web application from outside: paths, methods, roles and headers (specification sections 3.2 to 3.4)."""

from __future__ import annotations

import base64
import threading
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

import pytest

from tests.api.conftest import PATH, PUBLISHER, SUBSCRIBER, Serving
from ucmsim.api.origin import Origin
from ucmsim.api.ring.web_application import Posted, epoch


def basic(name: str, password: str, charset: str = "utf-8") -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode(charset)).decode()


ADMINISTRATOR = basic("administrator", "s3cret: it")


def test_a_call_reaches_the_face_with_its_node_and_its_origin(serving: Serving) -> None:
    headers = {"Content_Type": "text/xml", "SOAPAction": '"x"', "Host": "pub:1"}
    reply = serving.ask("POST", PATH + "/?wsdl", body=b"bytes", Authorization=ADMINISTRATOR, **headers)

    assert (reply.status, reply.body) == (200, b"<cucm-pub/>")
    origin = Origin("SOAP", "administrator", "127.0.0.1")
    assert serving.face.calls == [
        Posted(b"bytes", PUBLISHER, origin, f"https://pub:1{PATH}", "text/xml", '"x"')
    ]


@pytest.mark.parametrize("headers", [{}, {"Content_Type": "", "SOAPAction": ""}])
def test_content_type_and_action_may_be_missing(serving: Serving, headers: dict[str, str]) -> None:
    """U-50, and section 6 on what clients send."""
    assert serving.ask("POST", PATH, body=b"x", Authorization=ADMINISTRATOR, **headers).status == 200
    assert (serving.face.calls[0].content_type, serving.face.calls[0].action) == (None, None)


def test_a_call_is_answered_with_the_headers_of_the_real_server(serving: Serving) -> None:
    reply = serving.ask("POST", PATH, body=b"x", Authorization=ADMINISTRATOR)

    names = [name for name, _ in reply.headers.items()]
    assert sorted(names) == [
        "Cache-Control", "Content-Length", "Content-Type", "Date", "Expires", "Server",
        "Set-Cookie", "Set-Cookie", "X-Frame-Options",
    ]  # fmt: skip
    assert reply.headers["Content-Type"] == "text/xml;charset=UTF-8"
    assert reply.headers["Cache-Control"] == "private"
    assert reply.headers["Expires"] == "Wed, 31 Dec 1969 19:00:00 EST"
    assert reply.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert reply.headers["Server"] == ""
    assert parsedate_to_datetime(reply.headers["Date"]).tzinfo is not None
    sso, application = reply.headers.get_all("Set-Cookie", [])
    assert sso == f"JSESSIONIDSSO={reply.cookies['JSESSIONIDSSO']}; Path=/; Secure; HttpOnly"
    assert (
        application
        == f"JSESSIONID={reply.cookies['JSESSIONID']}; Path=/controlcenterservice2/; Secure; HttpOnly"
    )


def test_a_fault_carries_the_same_headers(serving: Serving) -> None:
    reply = serving.ask("POST", PATH, body=b"fault", Authorization=ADMINISTRATOR)

    assert (reply.status, reply.headers["Content-Type"]) == (500, "text/xml;charset=UTF-8")
    assert set(reply.cookies) == {"JSESSIONIDSSO", "JSESSIONID"}


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("America/New_York", "Wed, 31 Dec 1969 19:00:00 EST"),
        ("Asia/Kolkata", "Thu, 01 Jan 1970 05:30:00 IST"),
        ("Europe/Berlin", "Thu, 01 Jan 1970 01:00:00 CET"),
        ("UTC", "Thu, 01 Jan 1970 00:00:00 UTC"),
    ],
)
def test_expires_is_the_epoch_on_the_nodes_clock(zone: str, expected: str) -> None:
    assert epoch(ZoneInfo(zone)) == expected


@pytest.mark.parametrize(
    "path",
    [PATH, PATH + "/", PATH + "?wsdl", PATH + "/?wsdl", PATH + "?x=y"],
)
def test_a_post_is_a_call_whatever_follows_the_path(serving: Serving, path: str) -> None:
    assert serving.ask("POST", path, body=b"x", Authorization=ADMINISTRATOR).body == b"<cucm-pub/>"


@pytest.mark.parametrize("path", [PATH + "?wsdl", PATH + "?WSDL", PATH + "/?wsdl", PATH + "?wsdl="])
def test_the_contract_names_the_address_that_the_caller_used(serving: Serving, path: str) -> None:
    reply = serving.ask("GET", path, Authorization=ADMINISTRATOR, Host="cucm-pub.lab.example:8443")

    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/xml;charset=UTF-8")
    assert reply.body == f"<definitions location='https://cucm-pub.lab.example:8443{PATH}'/>".encode()


@pytest.mark.parametrize("host", ["'><evil", "a b", "x/y", "@", "[::1"])
def test_a_host_header_that_is_no_host_does_not_get_into_the_contract(serving: Serving, host: str) -> None:
    reply = serving.ask("GET", PATH + "?wsdl", Authorization=ADMINISTRATOR, Host=host)

    assert reply.body == f"<definitions location='https://127.0.0.1:{serving.server.port}{PATH}'/>".encode()


def test_a_get_that_asks_for_nothing_is_the_faces_business(serving: Serving) -> None:
    reply = serving.ask("GET", PATH, Authorization=ADMINISTRATOR)

    assert (reply.status, reply.headers["Content-Type"]) == (500, "text/xml;charset=UTF-8")
    assert reply.body.endswith(f"{PATH}'/>".encode())


@pytest.mark.parametrize("path", ["/services/listServices", "/services", "/services/"])
def test_the_listing_names_the_services(serving: Serving, path: str) -> None:
    reply = serving.ask("GET", "/controlcenterservice2" + path, Authorization=ADMINISTRATOR)

    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html;charset=utf-8")
    assert f"https://127.0.0.1:{serving.server.port}{PATH}" in reply.body.decode()


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("PUT", PATH, 405, "GET, HEAD, POST"),
        ("DELETE", PATH, 405, "GET, HEAD, POST"),
        ("OPTIONS", PATH, 405, "GET, HEAD, POST"),
        ("POST", "/controlcenterservice2/services/listServices", 405, "GET, HEAD"),
        ("POST", "/api/v1/health", 405, "GET, HEAD"),
        ("GET", "/controlcenterservice2", 404, None),
        ("POST", "/controlcenterservice2/more", 404, None),
        ("POST", PATH.upper(), 404, None),
        ("GET", "/", 404, None),
        ("GET", "//", 404, None),
        ("GET", "/controlcenterservice2x/services", 404, None),
        ("GET", "/%00/../etc/passwd", 404, None),
    ],
)
def test_what_is_not_there_gets_a_page(
    serving: Serving, method: str, path: str, status: int, allow: str | None
) -> None:
    reply = serving.ask(method, path, Authorization=ADMINISTRATOR)

    assert (reply.status, reply.headers["Allow"]) == (status, allow)
    assert reply.headers["Content-Type"] == "text/html;charset=utf-8"
    assert reply.headers["Server"] == ""
    assert f"HTTP Status {status}".encode() in reply.body
    assert not serving.face.calls


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/services/Nonesuch"),
        ("POST", "/services/Nonesuch/"),
        ("POST", "/services/controlcenterservices"),
    ],
)
def test_what_a_service_that_does_not_exist_says_is_the_faces_business(
    serving: Serving, method: str, path: str
) -> None:
    reply = serving.ask(method, "/controlcenterservice2" + path, Authorization=ADMINISTRATOR)

    assert (reply.status, reply.headers["Content-Type"]) == (404, "text/xml;charset=UTF-8")
    assert reply.body.decode() == (
        f"<nobody at='https://127.0.0.1:{serving.server.port}/controlcenterservice2{path.rstrip('/')}'/>"
    )
    assert not serving.face.calls


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("xsd", "<schema called=''/>"),
        ("XSD=xsd0", "<schema called='xsd0'/>"),
        ("xsd=a%20b", "<schema called='a b'/>"),
    ],
)
def test_the_schema_of_a_contract_is_served(serving: Serving, query: str, answer: str) -> None:
    reply = serving.ask("GET", f"{PATH}?{query}", Authorization=ADMINISTRATOR)

    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/xml;charset=UTF-8")
    assert reply.body.decode() == answer


def test_an_unknown_schema_is_like_nothing_asked(serving: Serving) -> None:
    reply = serving.ask("GET", f"{PATH}?xsd=unknown", Authorization=ADMINISTRATOR)

    assert (reply.status, reply.body[:9]) == (500, b"<nothing ")


def test_a_head_is_a_get_without_the_body(serving: Serving) -> None:
    got = serving.ask("GET", PATH + "?wsdl", Authorization=ADMINISTRATOR)
    head = serving.ask("HEAD", PATH + "?wsdl", Authorization=ADMINISTRATOR)

    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(got.body))


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (ADMINISTRATOR, 200),
        (ADMINISTRATOR.replace("Basic", "basic"), 200),
        (ADMINISTRATOR.replace("Basic ", "BASIC   "), 200),
        (basic("watcher", "eyes"), 200),
        (basic("jürgen", "pässword"), 200),
        (basic("jürgen", "pässword", "latin-1"), 200),
        (None, 401),
        ("", 401),
        (basic("administrator", "wrong"), 401),
        (basic("administrator", ""), 401),
        (basic("Administrator", "s3cret: it"), 401),
        (basic("nobody", "s3cret: it"), 401),
        ("Basic", 401),
        ("Basic !!!", 401),
        ("Basic " + base64.b64encode(b"no colon").decode(), 401),
        ("Bearer abc", 401),
        ("Digest " + ADMINISTRATOR.partition(" ")[2], 401),
        (basic("tester", "clock"), 403),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", PATH), ("GET", PATH + "?wsdl"), ("GET", "/controlcenterservice2/services/listServices")],
)
def test_credentials_are_asked_for_before_anything_else(
    serving: Serving, method: str, path: str, header: str | None, status: int
) -> None:
    headers = {} if header is None else {"Authorization": header}
    body = b"x" if method == "POST" else b""
    reply = serving.ask(method, path, body=body, **headers)

    assert reply.status == status
    if status != 200:
        assert not serving.face.calls
        assert reply.headers["Content-Type"] == "text/html;charset=utf-8"
        assert reply.headers["Expires"] == "Wed, 31 Dec 1969 19:00:00 EST"
        assert reply.headers["Cache-Control"] == "private"
        assert "Set-Cookie" not in reply.headers
    assert reply.headers["WWW-Authenticate"] == (
        'Basic realm="Cisco Web Services Realm"' if status == 401 else None
    )


def test_what_is_not_protected_needs_no_credentials_to_be_absent(serving: Serving) -> None:
    assert serving.ask("GET", "/nothing").status == 404
    assert serving.ask("GET", "/controlcenterservice2/nothing").status == 401


@pytest.mark.parametrize(
    ("name", "password", "operation", "status"),
    [
        ("watcher", "eyes", "soapGetServiceStatus", 200),
        ("watcher", "eyes", "getProductInformationList", 200),
        ("watcher", "eyes", "nonesuch", 200),
        ("watcher", "eyes", "soapDoControlServices", 403),
        ("watcher", "eyes", "soapDoServiceDeployment", 403),
        ("watcher", "eyes", "SoapDoControlServices", 403),
        ("operator", "hands", "soapGetServiceStatus", 200),
        ("operator", "hands", "soapDoControlServices", 200),
        ("administrator", "s3cret: it", "soapDoServiceDeployment", 200),
    ],
)
def test_only_serviceability_administrators_control_services(
    serving: Serving, name: str, password: str, operation: str, status: int
) -> None:
    """G-CTL-15."""
    reply = serving.ask("POST", PATH, body=operation.encode(), Authorization=basic(name, password))

    assert reply.status == status
    assert len(serving.face.calls) == (status == 200)


def test_a_stopped_web_application_is_not_found(serving: Serving) -> None:
    """U-48: on that node only, and before anybody is asked who he is."""
    serving.undeployed.add((SUBSCRIBER, "controlcenterservice2"))

    assert serving.ask("POST", PATH, address="127.0.0.2", body=b"x").status == 404
    assert serving.ask("POST", PATH, body=b"x", Authorization=ADMINISTRATOR).status == 200


def test_a_bug_in_a_face_is_a_page_and_harms_nobody(
    serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    reply = serving.ask("POST", PATH, body=b"crash", Authorization=ADMINISTRATOR)

    assert (reply.status, reply.headers["Content-Type"]) == (500, "text/html;charset=utf-8")
    assert b"a bug" not in reply.body
    assert "ArithmeticError: a bug" in caplog.text
    assert serving.ask("POST", PATH, body=b"x", Authorization=ADMINISTRATOR).status == 200


def test_commands_that_block_hold_up_nobody(serving: Serving) -> None:
    """U-21: many calls wait for their services at once while others are answered."""
    waiting = [
        threading.Thread(
            target=serving.ask,
            args=("POST", PATH),
            kwargs={"body": b"soapDoControlServices wait", "Authorization": ADMINISTRATOR},
        )
        for _ in range(40)
    ]
    for thread in waiting:
        thread.start()
    for _ in waiting:
        assert serving.face.entered.acquire(timeout=20)

    assert serving.ask("POST", PATH, body=b"soapGetServiceStatus", Authorization=ADMINISTRATOR).status == 200

    serving.face.go.set()
    for thread in waiting:
        thread.join(20)
        assert not thread.is_alive()
