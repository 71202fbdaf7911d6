"""The Python client on the wire: what it sends, what it returns, and what it raises; both twins tell the same story."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.clients.wire import NAMESPACE, Broken, Sent, answer, envelope, fault, item
from ucmsim.clients import Action, AsyncControlCenter, ControlCenter, Status
from ucmsim.clients.errors import (
    CredentialsError,
    FaultError,
    ForbiddenError,
    NotReachedError,
    NotServedError,
    RefusedError,
    ThrottledError,
    UnexpectedAnswerError,
    UnknownServiceError,
    UnreachableError,
    UntrustedError,
)
from ucmsim.clients.results import Form, Reason, Service

DB = item("A Cisco DB", started="Tue Mar  5 13:01:39 2024", up=10012)
WIRELESS = "Cisco Wireless Controller Synchronization Service"
LATENT = item(WIRELESS, "Stopped", -1068, "Service Not Activated ")

CONTROLLED = "soapDoControlServices"
DEPLOYED = "soapDoServiceDeployment"
STATUS = "soapGetServiceStatus"

RATE = "Exceeded allowed rate for Reatime information. Current allowed rate for realtime information is 15 requests per minute."


def local(name):
    return f"{{{NAMESPACE}}}{name}"


def test_the_states_of_a_captured_answer_are_typed(played):
    client, _ = played(answer(STATUS, DB, LATENT), timezone="Europe/Berlin")
    running, latent = client.status()
    assert running.name == "A Cisco DB"
    assert running.status is Status.STARTED
    assert running.reason == Reason(-1, "")
    assert running.started == datetime(2024, 3, 5, 13, 1, 39, tzinfo=ZoneInfo("Europe/Berlin"))
    assert running.up_time == timedelta(seconds=10012)
    assert running.activated
    assert latent.status is Status.STOPPED
    assert latent.reason == Reason(-1068, "Service Not Activated")
    assert latent.started is None
    assert latent.up_time is None
    assert not latent.activated
    assert str(latent) == f"{WIRELESS}: Stopped, Service Not Activated (-1068)"


def test_without_names_one_empty_name_asks_for_all(played):
    client, node = played(answer(STATUS))
    assert client.status() == []
    assert node.urls == ["https://cucm-pub:8443/controlcenterservice2/services/ControlCenterServices"]
    assert [(child.tag, child.text) for child in node.question()] == [(local("ServiceStatus"), None)]


def test_names_are_asked_in_their_order_with_credentials_in_utf8(played):
    client, node = played(answer(STATUS))
    client.status("Cisco Tftp", "A Cisco DB")
    assert [child.text for child in node.question()] == ["Cisco Tftp", "A Cisco DB"]
    assert node.headers[0]["authorization"] == "Basic YWRtaW46czNjcmV0"
    assert node.headers[0]["soapaction"] == '"soapGetServiceStatus"'


@pytest.mark.parametrize(
    ("method", "operation", "request_element", "field", "word"),
    [
        ("start", CONTROLLED, "ControlServiceRequest", "ControlType", "Start"),
        ("restart", CONTROLLED, "ControlServiceRequest", "ControlType", "Restart"),
        ("activate", DEPLOYED, "DeploymentServiceRequest", "DeployType", "Deploy"),
    ],
)
def test_a_command_names_no_node_since_the_node_asked_is_meant(
    played, method, operation, request_element, field, word
):
    client, node = played(answer(operation, item("Cisco Tftp", started="Tue Mar  5 15:53:19 2024", up=4)))
    (state,) = getattr(client, method)("Cisco Tftp")
    assert state.up_time == timedelta(seconds=4)
    asked = node.question().find(local(request_element))
    assert [child.tag for child in asked] == [local("NodeName"), local(field), local("ServiceList")]
    assert asked[0].get("{http://www.w3.org/2001/XMLSchema-instance}nil") == "true"
    assert asked[1].text == word
    assert [name.text for name in asked[2]] == ["Cisco Tftp"]


@pytest.mark.parametrize(
    ("method", "operation", "word", "reason"),
    [
        ("stop", CONTROLLED, "Stop", (-1069, "Commanded Out of Service ")),
        ("deactivate", DEPLOYED, "UnDeploy", (-1068, "Service Not Activated ")),
    ],
)
def test_a_stopped_service_is_what_stopping_aims_at(played, method, operation, word, reason):
    client, node = played(answer(operation, item("Cisco Tftp", "Stopped", *reason)))
    (state,) = getattr(client, method)("Cisco Tftp")
    assert state.status is Status.STOPPED
    assert node.question()[0][1].text == word


@pytest.mark.parametrize("status", ["Stopping", "Starting"])
def test_a_restart_that_is_still_going_on_is_no_failure(played, status):
    client, _ = played(answer(CONTROLLED, item("Cisco License Manager", status)))
    (state,) = client.restart("Cisco License Manager")
    assert state.status.value == status


def test_a_claimed_success_that_the_state_denies_is_a_failure(played):
    client, _ = played(answer(CONTROLLED, item("Cisco Tftp", "Started", up=9)))
    with pytest.raises(RefusedError, match="cucm-pub: Cisco Tftp was not stopped: it is Started"):
        client.stop("Cisco Tftp")


def test_a_refusal_names_node_service_and_reason_and_says_what_to_do(played):
    tftp = item("Cisco Tftp", "Stopped", -1068, "Service Not Activated ")
    client, _ = played(answer(CONTROLLED, tftp, code=-1068, text="Service Not Activated "))
    with pytest.raises(RefusedError) as refused:
        client.start("Cisco Tftp")
    assert str(refused.value) == (
        "cucm-pub: Cisco Tftp was not started: Service Not Activated (-1068). Activate the service first"
    )
    assert refused.value.node == "cucm-pub"
    assert refused.value.service == "Cisco Tftp"
    assert refused.value.reason.code == -1068
    assert refused.value.action is Action.START


def test_of_several_only_the_refused_ones_are_named(played):
    client, _ = played(
        answer(
            CONTROLLED,
            item("Cisco Tftp", "Started", -1, up=3),
            item("A Cisco DB", "Started", -1045, "Operation not supported ", up=9),
            code=-1045,
            text="Operation not supported ",
        )
    )
    with pytest.raises(RefusedError, match="A Cisco DB was not restarted: Operation not supported"):
        client.restart("Cisco Tftp", "A Cisco DB")


def test_different_causes_are_told_one_by_one(played):
    client, _ = played(
        answer(
            CONTROLLED,
            item("Cisco Tftp", "Stopped", -1068, "Service Not Activated "),
            item("Cisco Tfpt", "Stopped", -1010, "No such service "),
            code=-1070,
            text="Multiple Modules have error ",
        )
    )
    with pytest.raises(RefusedError) as refused:
        client.start("Cisco Tftp", "Cisco Tfpt")
    assert refused.value.hint == (
        "Cisco Tftp: Stopped, Service Not Activated (-1068); Cisco Tfpt: Stopped, No such service (-1010)"
    )


def test_a_service_that_did_not_come_up_is_a_failure_even_if_the_call_claims_success(played):
    client, _ = played(answer(DEPLOYED, item("Cisco Tftp", "Stopped", -1068, "Service Not Activated ")))
    with pytest.raises(RefusedError, match="not activated: Service Not Activated"):
        client.activate("Cisco Tftp")


def test_a_deployment_may_answer_without_a_list_of_services(played):
    body = answer(DEPLOYED, code=-1007, text="Unsuccessful completion ")
    client, _ = played(body.replace(b"<ns1:ServiceInfoList></ns1:ServiceInfoList>", b""))
    with pytest.raises(RefusedError, match=r"nothing was activated: Unsuccessful completion"):
        client.activate("Cisco Tftp")


def test_a_command_for_nothing_is_a_mistake_of_the_caller(played):
    client, node = played()
    with pytest.raises(ValueError, match="name at least one service"):
        client.start()
    assert node.asked == []


def test_a_throttled_call_is_repeated(played):
    client, node = played(
        Sent(fault("soapenv:Server.RateControl", RATE), 500), Sent(b"busy", 503), answer(STATUS, DB)
    )
    assert [state.name for state in client.status()] == ["A Cisco DB"]
    assert len(node.asked) == 3
    assert len(set(node.asked)) == 1


def test_patience_ends(played):
    client, node = played(*[Sent(fault("soapenv:Server", RATE), 500)] * 3)
    with pytest.raises(ThrottledError, match="15 requests per minute"):
        client.status()
    assert node.replies == []


@pytest.mark.parametrize(
    ("reply", "error", "text"),
    [
        (Sent(b"<html/>", 401), CredentialsError, "cucm-pub does not accept the password of 'admin'"),
        (Sent(b"<html/>", 403), ForbiddenError, "Standard SERVICEABILITY Administration"),
        (Sent(b"<html/>", 404), NotServedError, "SOAP -Real-Time Service APIs may be stopped"),
        (Sent(b"", 302), UnexpectedAnswerError, "HTTP status 302"),
        (Sent(b"<html><p>welcome"), UnexpectedAnswerError, "no SOAP message"),
        (Sent(b"", 500), UnexpectedAnswerError, "no SOAP message"),
        (Sent(fault("soapenv:Server", "unknown"), 500), FaultError, "unknown"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_what_the_node_refuses_is_an_exception_of_its_own(played, reply, error, text):
    client, _ = played(reply)
    with pytest.raises(error, match=text) as raised:
        client.status()
    assert raised.value.node == "cucm-pub"


@pytest.mark.parametrize(
    ("broken", "error", "text"),
    [
        (Broken.REFUSED, UnreachableError, "port 8443: refused"),
        (Broken.SLOW, UnreachableError, "did not answer soapGetServiceStatus within 300 s"),
        (Broken.DISTRUSTED, UntrustedError, "self-signed certificate.*verify=.*--cacert"),
        (Broken.HUNG_UP, UnreachableError, "port 8443: EOF occurred"),
    ],
)
def test_a_broken_connection_says_what_to_look_at(played, broken, error, text):
    client, _ = played(broken)
    with pytest.raises(error, match=text):
        client.status()


@pytest.mark.parametrize(
    ("seconds", "states"),
    [(60, ["Starting", "Started"]), (60, ["Started"])],
)
def test_waiting_ends_when_every_service_has_arrived(played, seconds, states):
    replies = [
        answer(STATUS, item("Cisco Tftp", status, up=0 if status == "Started" else -1)) for status in states
    ]
    client, node = played(*replies)
    (state,) = client.wait_until("Cisco Tftp", Status.STARTED, timeout=seconds)
    assert state.status is Status.STARTED
    assert node.replies == []


def test_waiting_for_what_does_not_come_names_the_last_state(played):
    client, _ = played(answer(STATUS, item("Cisco Tftp", "Stopped", -1019, "Component is not running ")))
    with pytest.raises(
        NotReachedError, match=r"Cisco Tftp: Stopped, Component is not running \(-1019\)"
    ) as late:
        client.wait_until(["Cisco Tftp"], Status.STARTED, timeout=0)
    assert isinstance(late.value, TimeoutError)
    assert late.value.states[0].name == "Cisco Tftp"


def test_waiting_for_an_unknown_service_ends_at_once(played):
    client, _ = played(answer(STATUS, item("Cisco TFTP", "Stopped", -1010, "No such service ")))
    with pytest.raises(UnknownServiceError, match="cucm-pub has no service named 'Cisco TFTP'"):
        client.wait_until("Cisco TFTP", Status.STOPPED)


def test_restart_and_wait_asks_only_while_the_service_is_on_its_way(played):
    client, node = played(
        answer(CONTROLLED, item("Cisco Tftp", "Starting")),
        answer(STATUS, item("Cisco Tftp", "Starting")),
        answer(STATUS, item("Cisco Tftp", "Started", up=1)),
    )
    client.restart_and_wait("Cisco Tftp")
    assert node.replies == []
    client, node = played(answer(CONTROLLED, item("Cisco Tftp", "Started", up=2)))
    client.restart_and_wait("Cisco Tftp")
    assert len(node.asked) == 1


LISTED = (
    "<ns1:ServiceName>Cisco CAR Web Service</ns1:ServiceName><ns1:ServiceType>Servlet</ns1:ServiceType>"
    "<ns1:Deployable>true</ns1:Deployable><ns1:GroupName>CDR Services</ns1:GroupName>"
)
DEPENDS = (
    "<ns1:DependentServices><ns1:Service>Cisco CAR DB</ns1:Service><ns1:Service>A Cisco DB</ns1:Service>"
    "</ns1:DependentServices>"
)


def test_the_static_list(played):
    client, _ = played(
        envelope(
            f'<ns1:soapGetStaticServiceListResponse xmlns:ns1="{NAMESPACE}"><ns1:soapGetStaticServiceListReturn>'
            f"<ns1:Services><ns1:item>{LISTED}{DEPENDS}</ns1:item><ns1:item>{LISTED}<ns1:DependentServices>"
            "</ns1:DependentServices></ns1:item></ns1:Services></ns1:soapGetStaticServiceListReturn>"
            "</ns1:soapGetStaticServiceListResponse>"
        )
    )
    first, second = client.services()
    assert first == Service(
        "Cisco CAR Web Service", Form.SERVLET, True, "CDR Services", ("Cisco CAR DB", "A Cisco DB")
    )
    assert second.depends == ()


def test_the_product_list(played):
    client, _ = played(
        envelope(
            f'<ns1:getProductInformationListResponse xmlns:ns1="{NAMESPACE}"><ns1:getProductInformationListReturn>'
            "<ns1:ActiveServerVersion>10.5.1.10000-7.i386</ns1:ActiveServerVersion>"
            "<ns1:PrimaryNode>cucm-pub.example.com</ns1:PrimaryNode><ns1:SecondaryNode></ns1:SecondaryNode>"
            "<ns1:Products><ns1:item><ns1:ProductName>Common Services</ns1:ProductName>"
            "<ns1:ProductVersion>10.5.1.10000-7</ns1:ProductVersion>"
            "<ns1:ProductDescription>Common Services for all Products</ns1:ProductDescription>"
            "<ns1:ProductID>Common</ns1:ProductID><ns1:ShortName>SYS</ns1:ShortName></ns1:item></ns1:Products>"
            f"<ns1:Services><ns1:item>{LISTED}<ns1:ProductID>CallManager</ns1:ProductID>{DEPENDS}</ns1:item>"
            "</ns1:Services></ns1:getProductInformationListReturn></ns1:getProductInformationListResponse>"
        )
    )
    found = client.product_information()
    assert found.version == "10.5.1.10000-7.i386"
    assert (found.primary_node, found.secondary_node) == ("cucm-pub.example.com", "")
    assert [(product.id, product.short_name) for product in found.products] == [("Common", "SYS")]
    assert found.services[0].product_id == "CallManager"


def test_the_extended_list_comes_from_the_other_endpoint(played):
    client, node = played(
        envelope(
            f'<ns1:getStaticServiceListExtendedResponse xmlns:ns1="{NAMESPACE}">'
            "<ns1:getStaticServiceListExtendedReturn><ns1:PrimaryNode>true</ns1:PrimaryNode>"
            "<ns1:SecondaryNode>false</ns1:SecondaryNode><ns1:Services><ns1:item>"
            "<ns1:ServiceName>Cisco Tomcat</ns1:ServiceName><ns1:DependentServices><ns1:item>A Cisco DB</ns1:item>"
            "</ns1:DependentServices><ns1:ProductID>Common</ns1:ProductID><ns1:ServiceType>Service</ns1:ServiceType>"
            "<ns1:RestrictServer>no</ns1:RestrictServer><ns1:Restrict>DoNotStop</ns1:Restrict>"
            "<ns1:SetDefault>no</ns1:SetDefault><ns1:SequenceNumber>206300</ns1:SequenceNumber>"
            "<ns1:ServiceEnum>63</ns1:ServiceEnum><ns1:GroupName>Platform Services</ns1:GroupName>"
            "<ns1:Deployable>false</ns1:Deployable></ns1:item></ns1:Services>"
            "</ns1:getStaticServiceListExtendedReturn></ns1:getStaticServiceListExtendedResponse>"
        )
    )
    found = client.extended_services()
    assert node.urls == ["https://cucm-pub:8443/controlcenterservice2/services/ControlCenterServicesEx"]
    assert found.primary_node
    (tomcat,) = found.services
    assert (tomcat.restrict, tomcat.set_default, tomcat.sequence, tomcat.number) == (
        "DoNotStop",
        False,
        "206300",
        "63",
    )
    assert tomcat.depends == ("A Cisco DB",)


def test_the_files_of_a_directory(played):
    client, node = played(
        envelope(
            f'<ns1:getFileDirectoryListResponse xmlns:ns1="{NAMESPACE}"><ns1:ListOfFiles>'
            "<ns1:File>ccmservice00001.log</ns1:File><ns1:File>ccmservice00002.log</ns1:File></ns1:ListOfFiles>"
            "</ns1:getFileDirectoryListResponse>"
        )
    )
    assert client.files("/var/log/active/tomcat/logs/ccmservice") == [
        "ccmservice00001.log",
        "ccmservice00002.log",
    ]
    assert node.question()[0].text == "/var/log/active/tomcat/logs/ccmservice"


def test_control_with_dependencies(played):
    operation = "soapDoControlServicesEx"
    client, node = played(answer(operation, item("Cisco CTIManager", up=0)))
    client.extended_control(Action.START, "Cisco CTIManager", product_id="CallManager", enforce=True)
    asked = node.question()[0]
    assert [child.text for child in asked][:3] == ["CallManager", "Enforce", "Start"]


@pytest.mark.parametrize(
    ("method", "word", "state"),
    [("activate_unrecorded", "Deploy", "Started"), ("deactivate_unrecorded", "UnDeploy", "Stopped")],
)
def test_a_deployment_without_the_database(played, method, word, state):
    client, node = played(answer("soapDoServiceDeploymentNoDbUpdate", item("Cisco Tftp", state)))
    getattr(client, method)("Cisco Tftp")
    assert node.question()[0][1].text == word


def test_the_guessed_zone_is_the_one_in_force_at_the_start(played):
    now = datetime.now(UTC)
    client, _ = played(
        answer(
            STATUS,
            item("A Cisco DB", started=(now + timedelta(hours=5, minutes=30, seconds=-60)).ctime(), up=60),
        )
    )
    (state,) = client.status()
    assert state.started.utcoffset() == timedelta(hours=5, minutes=30)
    assert abs(state.started - (now - timedelta(seconds=60))) < timedelta(minutes=1)


def public(kind):
    return {
        name: [(p.name, p.kind, p.default) for p in inspect.signature(found).parameters.values()]
        for name, found in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_") or name == "__init__"
    }


def test_the_twins_have_the_same_methods_with_the_same_parameters():
    assert public(ControlCenter) == public(AsyncControlCenter)
