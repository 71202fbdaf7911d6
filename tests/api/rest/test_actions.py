"""Acting on one service over REST: what is accepted, what is refused, and how an operation goes."""

import threading

import pytest

from tests.api.rest.conftest import PUB, SOAP, api_over
from ucmsim.api import inventory
from ucmsim.api.clock import Clock
from ucmsim.api.engine import Engine
from ucmsim.api.store import Store
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.states import Action, NodeRef


def test_a_restart_is_an_operation_that_can_be_followed(api):
    accepted = api.act("restart", "cisco-drf-local", {"reason": "certificate renewal"})
    assert accepted.status == 202
    assert accepted.headers["Location"] == accepted["links"]["self"] == f"/api/v1/operations/{accepted['id']}"
    assert (accepted["kind"], accepted["status"], accepted["reason"]) == (
        "SERVICE_RESTART",
        "RUNNING",
        "certificate renewal",
    )
    assert accepted["origin"] == {
        "face": "REST",
        "user": "administrator",
        "client": "192.0.2.77",
        "soapOperation": None,
    }
    assert accepted["progress"] == {"percent": 0, "stage": "STOPPING"}
    (running,) = accepted["results"]
    assert (running["status"], running["changed"], running["from"], running["to"], running["wire"]) == (
        "RUNNING",
        None,
        "STARTED",
        None,
        None,
    )
    assert api.service("cisco-drf-local")["pendingOperation"] == accepted["id"]

    api.advance(4)
    assert 0 < api.get(f"/operations/{accepted['id']}")["progress"]["percent"] < 100
    api.advance(60)
    done = api.get(f"/operations/{accepted['id']}")
    assert (done["status"], done["progress"]) == ("SUCCEEDED", {"percent": 100, "stage": None})
    assert done["createdAt"] < done["finishedAt"]
    (result,) = done["results"]
    assert (result["status"], result["changed"], result["from"], result["to"], result["problem"]) == (
        "SUCCEEDED",
        True,
        "STARTED",
        "STARTED",
        None,
    )
    assert result["wire"]["serviceStatus"] == "Started"
    assert result["wire"]["upTime"] == 0
    assert api.service("cisco-drf-local")["pendingOperation"] is None


@pytest.mark.parametrize(
    ("verb", "service", "node", "body", "kind", "rule", "code"),
    [
        ("start", "cisco-tftp", "cucm-pub", None, "SERVICE_NOT_ACTIVATED", "G-CTL-1", -1068),
        ("restart", "cisco-tftp", "cucm-pub", None, "SERVICE_NOT_ACTIVATED", "G-CTL-1", -1068),
        ("activate", "cisco-cdp", "cucm-pub", None, "SERVICE_NOT_DEPLOYABLE", "G-ACT-2", -1045),
        ("stop", "a-cisco-db", "cucm-pub", None, "SERVICE_NOT_CONTROLLABLE", "U-14", -1045),
        ("restart", "cisco-tomcat", "cucm-pub", None, "SERVICE_NOT_CONTROLLABLE", "U-14", -1045),
        (
            "stop",
            "platform-communication-web-service",
            "cucm-pub",
            {"via": "CLI"},
            "SERVICE_NOT_CONTROLLABLE",
            "G-CTL-7",
            -1045,
        ),
        (
            "start",
            "cisco-cdr-repository-manager",
            "cucm-sub",
            None,
            "SERVICE_NOT_ON_THIS_NODE",
            "G-ACT-15",
            -1045,
        ),
        ("stop", "cisco-cdp", "cucm-pub", {"ifState": ["STOPPED"]}, "ALREADY_IN_STATE", None, -1039),
    ],
)
def test_what_the_rules_forbid_is_refused_at_once(api, verb, service, node, body, kind, rule, code):
    refused = api.act(verb, service, body, node=node)
    assert (refused.status, refused["code"], refused["rule"]) == (409, kind, rule)
    assert (refused["node"], refused["service"], refused["operation"]) == (node, service, None)
    assert refused["wire"]["reasonCode"] == code
    assert refused["wire"]["reasonCodeString"].endswith(" ")
    assert api.get("/operations")["items"] == []
    assert api.events() == []


def test_what_a_service_says_is_allowed_is_allowed_and_nothing_else(api, engine):
    """`actions` says beforehand what a request would be answered."""
    for node in engine.cluster("lab").nodes:
        for service in api.get(f"/clusters/lab/nodes/{node}/services")["items"][::3]:
            verb = sorted(service["actions"])[len(service["id"]) % 5]
            action = service["actions"][verb]
            before = engine.cluster("lab")
            answer = api.ask("POST", action["href"])
            assert (answer.status == 202) is action["allowed"], (service["id"], verb)
            if not action["allowed"]:
                assert answer["code"] == action["reason"]
                assert engine.cluster("lab") is before
            else:
                api.advance(600)


def test_what_is_so_already_succeeds_without_a_change(api):
    for verb, service in (("start", "cisco-cdp"), ("stop", "cisco-cdp"), ("stop", "cisco-cdp")):
        answer = api.act(verb, service)
        api.advance(60)
        (result,) = api.get(f"/operations/{answer['id']}")["results"]
    assert (result["status"], result["changed"], result["to"]) == ("SUCCEEDED", False, "STOPPED")
    assert api.act("activate", "cisco-axl-web-service")["results"][0]["changed"] is False


def test_the_command_line_may_control_more(api):
    """`via: CLI` restarts Cisco Tomcat, and REST stays."""
    accepted = api.act("restart", "cisco-tomcat", {"via": "CLI"})
    assert accepted.status == 202
    assert any(result["cascade"] for result in accepted["results"])
    assert api.service("cisco-tomcat")["state"] == "STOPPING"


def test_activation_brings_what_it_needs(api):
    """G-ACT-6: the services pulled in are results of the same operation."""
    accepted = api.act("activate", "cisco-ctimanager")
    assert [(one["service"], one["cascade"]) for one in accepted["results"]] == [
        ("cisco-ctimanager", False),
        ("cisco-callmanager", True),
    ]
    assert [target["service"] for target in accepted["targets"]] == ["cisco-ctimanager"]
    api.advance(120)
    done = api.get(f"/operations/{accepted['id']}")
    assert {one["status"] for one in done["results"]} == {"SUCCEEDED"}


def test_the_router_takes_the_xcp_services_along(api):
    """G-CTL-8: one operation, every service that it touched."""
    for service in ("cisco-xcp-authentication-service", "cisco-xcp-connection-manager"):
        api.act("activate", service, node="imp-pub")
    api.advance(120)
    accepted = api.act("restart", "cisco-xcp-router", node="imp-pub")
    along = {one["service"] for one in accepted["results"] if one["cascade"]}
    assert along >= {"cisco-xcp-authentication-service", "cisco-xcp-connection-manager"}
    api.advance(300)
    assert api.get(f"/operations/{accepted['id']}")["status"] == "SUCCEEDED"


def test_one_operation_at_a_time_on_one_service(api):
    """The same wish gets the operation under way, another one a conflict that names it."""
    first = api.act("restart", "cisco-cdp")
    again = api.act("restart", "cisco-cdp")
    assert (again.status, again["id"]) == (202, first["id"])
    conflict = api.act("stop", "cisco-cdp")
    assert (conflict.status, conflict["code"], conflict["operation"]) == (
        409,
        "OPERATION_IN_PROGRESS",
        first["id"],
    )
    assert conflict.headers["Retry-After"] == "2"
    assert api.service("cisco-cdp")["actions"]["stop"]["reason"] == "OPERATION_IN_PROGRESS"
    assert api.service("cisco-cdp")["actions"]["restart"]["allowed"]
    api.advance(60)
    assert api.act("stop", "cisco-cdp").status == 202


def test_two_people_at_once_get_one_winner_and_one_clear_conflict(api):
    """Whoever is second is told so, whatever the order; nothing is done twice."""
    barrier = threading.Barrier(8)
    answers = []

    def ask(verb):
        barrier.wait()
        answers.append((verb, api.act(verb, "cisco-cdp")))

    threads = [threading.Thread(target=ask, args=(verb,)) for verb in ("stop", "restart") * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accepted = {(verb, answer["id"]) for verb, answer in answers if answer.status == 202}
    refused = [(verb, answer) for verb, answer in answers if answer.status == 409]
    ((winner, operation),) = accepted
    assert len(refused) == 4
    assert {(verb != winner, answer["code"], answer["operation"]) for verb, answer in refused} == {
        (True, "OPERATION_IN_PROGRESS", operation)
    }
    assert len(api.get("/operations")["items"]) == 1


def test_a_soap_command_is_seen_here_and_takes_over(api, engine):
    """SOAP has its own table: it stops a service that is starting; the operation that started it is told of that."""
    engine.deploy(Deploy(PUB, activate=True, names=("Cisco Tftp", "Cisco Tomcat")), SOAP)
    (operation,) = api.get("/operations?origin=SOAP")["items"]
    assert operation["origin"] == {
        "face": "SOAP",
        "user": "monitor",
        "client": "192.0.2.9",
        "soapOperation": "soapDoControlServices",
    }
    assert (operation["kind"], operation["status"]) == ("SERVICE_ACTIVATE", "RUNNING")
    refused = operation["results"][1]
    assert (refused["service"], refused["status"]) == ("cisco-tomcat", "FAILED")
    assert (refused["problem"]["code"], refused["problem"]["rule"]) == ("SERVICE_NOT_CONTROLLABLE", "U-14")

    engine.control(Control(PUB, Action.STOP, ("Cisco Tftp",)), SOAP)
    stop, start = api.get("/operations?service=cisco-tftp")["items"]
    (tftp, _) = start["results"]
    assert (tftp["status"], tftp["supersededBy"]) == ("CANCELLED", stop["id"])
    assert (start["status"], stop["status"]) == ("FAILED", "RUNNING")


def test_a_condition_on_the_state_as_it_was_read(api):
    etag = api.service("cisco-cdp").headers["ETag"]
    assert api.act("stop", "cisco-cdp", If_Match='"of something else"').status == 412
    assert api.act("stop", "cisco-cdp", If_Match=etag).status == 202
    late = api.act("stop", "cisco-cdp", If_Match=etag)
    assert (late.status, late["code"]) == (412, "PRECONDITION_FAILED")


def test_what_takes_too_long_fails_and_carries_on(api):
    accepted = api.act("activate", "cisco-callmanager", {"timeoutSeconds": 1})
    api.advance(1)
    failed = api.get(f"/operations/{accepted['id']}")
    assert failed["status"] == "FAILED"
    assert failed["results"][0]["problem"]["code"] == "OPERATION_TIMEOUT"
    assert failed["results"][0]["problem"]["wire"]["reasonCode"] == -1031
    api.advance(120)
    assert api.service("cisco-callmanager")["state"] == "STARTED"
    assert api.get(f"/operations/{accepted['id']}").body == failed.body


def test_a_node_that_cannot_be_reached(api, engine):
    """Reads say that nothing is known, actions say why (G-CTL-16)."""
    assert api.post("/clusters/lab/nodes/cucm-sub/actions/shutdown").status == 202
    service = api.service("cisco-cdp", node="cucm-sub")
    assert (service["state"], service["wire"], service["uptimeSeconds"]) == ("UNKNOWN", None, None)
    assert service["actions"]["stop"]["reason"] == "NODE_UNREACHABLE"
    refused = api.act("stop", "cisco-cdp", node="cucm-sub")
    assert (refused.status, refused["code"], refused["rule"]) == (503, "NODE_UNREACHABLE", "G-CTL-16")
    assert (
        "Connection to the Server cannot be established (unable to access Remote Node)" in refused["detail"]
    )


def test_waiting_for_the_end(url):
    """`Prefer: wait`: here a second of real time is an hour of the simulation."""
    clock = Clock()
    clock.run(rate=3600)
    engine = Engine(Store(url), inventory.builtin("lab"), clock)
    api = api_over(engine)
    done = api.act("restart", "cisco-cdp", Prefer="respond-async, wait=30")
    assert (done.status, done["status"]) == (200, "SUCCEEDED")
    assert done.headers["Preference-Applied"] == "wait=30"
    assert "Retry-After" not in done.headers
    engine.close()


def test_waiting_in_vain_is_told_as_accepted(url):
    engine = Engine(Store(url), inventory.builtin("lab"), Clock())
    api = api_over(engine)
    accepted = api.act("restart", "cisco-cdp", Prefer="wait=0")
    assert (accepted.status, accepted["status"]) == (202, "RUNNING")
    assert "Preference-Applied" not in accepted.headers
    assert 1 <= int(accepted.headers["Retry-After"]) <= 60
    engine.close()


def test_who_waits_is_told_when_somebody_advances_the_clock(api):
    """Long polling: the answer comes with the end of the operation, not with the end of the wait."""
    accepted = api.act("restart", "cisco-cdp")
    answers = []
    waiting = threading.Thread(
        target=lambda: answers.append(api.get(f"/operations/{accepted['id']}", Prefer="wait=60"))
    )
    waiting.start()
    api.advance(60)
    waiting.join(timeout=30)
    assert answers[0]["status"] == "SUCCEEDED"


def test_a_whole_node_is_restarted(api, engine):
    """G-ACT-8: what was activated comes back; the operation ends when the node answers again."""
    accepted = api.post("/clusters/lab/nodes/cucm-sub/actions/restart", {"reason": "patch"})
    assert (accepted.status, accepted["kind"], accepted["progress"]["stage"]) == (
        202,
        "NODE_RESTART",
        "RESTARTING",
    )
    assert accepted["targets"] == [{"cluster": "lab", "node": "cucm-sub", "service": None}]
    assert api.get("/clusters/lab/nodes/cucm-sub")["reachability"] == "RESTARTING"
    assert api.post("/clusters/lab/nodes/cucm-sub/actions/restart")["id"] == accepted["id"]
    assert api.post("/clusters/lab/nodes/cucm-sub/actions/shutdown")["code"] == "OPERATION_IN_PROGRESS"
    api.advance(3600)
    assert api.get(f"/operations/{accepted['id']}")["status"] == "SUCCEEDED"
    assert api.get("/clusters/lab/nodes/cucm-sub")["reachability"] == "REACHABLE"
    assert api.service("cisco-cdp", node="cucm-sub")["state"] == "STARTED"
    told = [event["data"] for event in api.events(type="node.reachability.changed", node="cucm-sub")]
    assert [(data["from"], data["to"]) for data in told] == [
        ("REACHABLE", "RESTARTING"),
        ("RESTARTING", "REACHABLE"),
    ]
    (restarted,) = api.events(type="node.restarted")
    assert restarted["source"] == "/api/v1/clusters/lab/nodes/cucm-sub"


def test_there_is_nothing_to_switch_to(api):
    refused = api.post("/clusters/lab/nodes/cucm-sub/actions/switch-version")
    assert (refused.status, refused["code"]) == (409, "NO_INACTIVE_VERSION")


def test_state_operations_and_events_survive_the_server(api, engine, url):
    accepted = api.post("/clusters/lab/nodes/cucm-sub/actions/restart")
    stopped = api.act("stop", "cisco-cdp")
    cluster, events = engine.cluster("lab"), api.events()
    engine.close()
    again = Engine(Store(url), inventory.builtin("lab"), engine.clock)
    later = api_over(again)
    assert again.cluster("lab") == cluster
    assert later.events() == events
    assert later.get(f"/operations/{accepted['id']}")["status"] == "RUNNING"
    later.advance(3600)
    for one in (accepted, stopped):
        assert later.get(f"/operations/{one['id']}")["status"] == "SUCCEEDED"
    assert again.node(NodeRef("lab", "cucm-sub")).version == "15.0.1.12900-43"
    again.close()
