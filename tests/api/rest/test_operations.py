"""Operations over several targets, keys that make repetition safe, giving up, looking back."""

import dataclasses
import threading

import pytest

from tests.api.rest.conftest import ADMINISTRATOR, NOW, PUB, SOAP, api_over
from ucmsim.api import inventory
from ucmsim.api.engine import Engine
from ucmsim.api.operations import ledger
from ucmsim.api.store import Store
from ucmsim.models.commands import Control
from ucmsim.models.conditions import Replication
from ucmsim.models.states import Action, NodeRef
from ucmsim.models.surroundings import change_conditions

KEY = "6f0c1c2e-5d0b-4f3c-9c5e-0d6a1b7c8e9f"


def target(service, node="cucm-pub"):
    return {"cluster": "lab", "node": node, "service": service}


def results(operation):
    return {
        (one["node"], one["service"]): one["status"] for one in operation["results"] if not one["cascade"]
    }


def test_a_batch_goes_over_several_nodes(api):
    """Over SOAP this takes a call to each node."""
    body = {
        "kind": "SERVICE_RESTART",
        "reason": "patch day",
        "targets": [target("cisco-cdp", "cucm-sub"), target("Cisco DRF Local", "*")],
    }
    accepted = api.post("/operations", body)
    assert accepted.status == 202
    expected = {("cucm-sub", "cisco-cdp")} | {
        (node, "cisco-drf-local") for node in ("cucm-pub", "cucm-sub", "imp-pub", "imp-sub", "cuc-pub")
    }
    assert {(one["node"], one["service"]) for one in accepted["targets"]} == expected
    api.advance(120)
    done = api.get(f"/operations/{accepted['id']}")
    assert (done["status"], set(results(done).values())) == ("SUCCEEDED", {"SUCCEEDED"})


def test_what_is_forbidden_for_one_target_leaves_the_others(api):
    """As in SOAP, where each service has a reason of its own."""
    targets = [target("cisco-tftp"), target("cisco-cdp"), target("a-cisco-db")]
    accepted = api.post("/operations", {"kind": "SERVICE_STOP", "targets": targets})
    assert (accepted.status, accepted["status"]) == (202, "RUNNING")
    api.advance(60)
    done = api.get(f"/operations/{accepted['id']}")
    assert done["status"] == "FAILED"
    assert [(one["service"], one["status"]) for one in done["results"]] == [
        ("cisco-tftp", "FAILED"),
        ("cisco-cdp", "SUCCEEDED"),
        ("a-cisco-db", "FAILED"),
    ]
    assert [one["problem"] and one["problem"]["code"] for one in done["results"]] == [
        "SERVICE_NOT_ACTIVATED",
        None,
        "SERVICE_NOT_CONTROLLABLE",
    ]


def test_on_request_the_first_refusal_ends_a_batch(api):
    targets = [
        target("cisco-drf-local"),
        target("cisco-tftp"),
        target("cisco-cdp"),
        target("cisco-cdp", "cucm-sub"),
    ]
    accepted = api.post("/operations", {"kind": "SERVICE_STOP", "onError": "STOP", "targets": targets})
    api.advance(60)
    assert list(results(api.get(f"/operations/{accepted['id']}")).values()) == [
        "SUCCEEDED",
        "FAILED",
        "CANCELLED",
        "CANCELLED",
    ]
    assert api.service("cisco-cdp")["state"] == "STARTED"


def test_targets_that_do_not_exist_are_all_named_and_nothing_is_done(api):
    targets = [
        target("cisco-cdp"),
        target("cisco-cpd"),
        target("cisco-cdp", "cucm-bup"),
        {**target("cisco-cdp"), "cluster": "lob"},
        target("cisco-teleporter", "*"),
    ]
    refused = api.post("/operations", {"kind": "SERVICE_STOP", "targets": targets})
    assert (refused.status, refused["code"]) == (422, "VALIDATION_ERROR")
    assert [error["pointer"] for error in refused["errors"]] == [
        "#/targets/1/service",
        "#/targets/2/node",
        "#/targets/3/cluster",
        "#/targets/4/service",
    ]
    assert api.get("/operations")["items"] == []
    assert api.service("cisco-cdp")["state"] == "STARTED"


def test_a_single_target_is_refused_as_its_action_would_be(api):
    refused = api.post("/operations", {"kind": "SERVICE_START", "targets": [target("cisco-tftp")]})
    assert (refused.status, refused["code"]) == (409, "SERVICE_NOT_ACTIVATED")


def test_a_target_that_is_busy_fails_and_names_what_is_in_the_way(api):
    busy = api.act("restart", "cisco-cdp")
    accepted = api.post(
        "/operations", {"kind": "SERVICE_STOP", "targets": [target("cisco-cdp"), target("cisco-drf-local")]}
    )
    problem = accepted["results"][0]["problem"]
    assert (problem["code"], problem["operation"]) == ("OPERATION_IN_PROGRESS", busy["id"])


def test_a_target_named_twice_is_one(api):
    accepted = api.post(
        "/operations",
        {"kind": "SERVICE_STOP", "targets": [target("cisco-cdp"), target("Cisco CDP", "127.0.0.1")]},
    )
    assert len(accepted["results"]) == 1


def test_operations_are_found_by_what_they_are(api, engine):
    started = api.act("activate", "cisco-tftp")
    engine.control(Control(NodeRef("lab", "cucm-sub"), Action.STOP, ("Cisco CDP",)), SOAP)
    (stopped,) = api.get("/operations?origin=SOAP")["items"]
    for query, expected in {
        "kind=SERVICE_ACTIVATE": [started["id"]],
        "kind=SERVICE_ACTIVATE&kind=SERVICE_STOP": [stopped["id"], started["id"]],
        "node=cucm-sub": [stopped["id"]],
        "service=Cisco Tftp": [started["id"]],
        "service=cisco-tftp&node=cucm-sub": [],
        "status=RUNNING": [stopped["id"], started["id"]],
        "status=SUCCEEDED": [],
        "cluster=lab&node=127.0.0.2": [stopped["id"]],
    }.items():
        assert [one["id"] for one in api.get(f"/operations?{query}")["items"]] == expected, query
    api.advance(120)
    assert len(api.get("/operations?status=SUCCEEDED&status=FAILED")["items"]) == 2


def test_a_key_makes_repetition_safe(api):
    first = api.act("restart", "cisco-cdp", {"reason": "x"}, Idempotency_Key=KEY)
    api.advance(60)
    again = api.act("restart", "cisco-cdp", {"reason": "x"}, Idempotency_Key=KEY)
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert len(api.get("/operations")["items"]) == 1
    reused = api.act("restart", "cisco-cdp", {"reason": "y"}, Idempotency_Key=KEY)
    assert (reused.status, reused["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


def test_a_key_belongs_to_its_user_and_path(api):
    other = dataclasses.replace(ADMINISTRATOR, name="second")
    path = "/api/v1/clusters/lab/nodes/cucm-pub/services/cisco-cdp/actions/restart"
    ids = [api.ask("POST", path, account=account, Idempotency_Key=KEY)["id"] for account in (None, other)]
    assert ids[0] == ids[1]  # the same wish while it runs, not the same key
    api.advance(60)
    assert api.ask("POST", path, account=other, Idempotency_Key=KEY).headers["Idempotency-Replayed"]
    assert "Idempotency-Replayed" not in api.act("stop", "cisco-drf-local", Idempotency_Key=KEY).headers


def test_a_key_is_forgotten_after_a_day(api):
    first = api.act("restart", "cisco-cdp", Idempotency_Key=KEY)
    api.advance(24 * 3600 - 1)
    assert api.act("restart", "cisco-cdp", Idempotency_Key=KEY)["id"] == first["id"]
    api.advance(1)
    assert api.act("restart", "cisco-cdp", Idempotency_Key=KEY)["id"] != first["id"]


def test_what_was_refused_may_be_asked_again_with_the_same_key(api):
    assert api.act("start", "cisco-tftp", Idempotency_Key=KEY).status == 409
    api.act("activate", "cisco-tftp")
    api.advance(60)
    assert api.act("start", "cisco-tftp", Idempotency_Key=KEY).status == 202


def test_nothing_is_done_twice_for_one_key_across_a_crash(api, engine, url, monkeypatch):
    """The server dies after the command was committed and before it was answered."""

    def dies(*_arguments, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr("ucmsim.api.rest.resources.asking.Asking.answer", dies)
    with pytest.raises(KeyboardInterrupt):
        api.act("restart", "cisco-cdp", Idempotency_Key=KEY)
    monkeypatch.undo()
    engine.close()
    again = Engine(Store(url), inventory.builtin("lab"), engine.clock)
    later = api_over(again)
    later.advance(60)
    answer = later.act("restart", "cisco-cdp", Idempotency_Key=KEY)
    assert (answer.status, answer["status"]) == (202, "SUCCEEDED")
    assert answer.headers["Idempotency-Replayed"] == "true"
    assert [one["id"] for one in later.get("/operations")["items"]] == [answer["id"]]
    again.close()


def test_many_at_once_with_one_key_are_one(api):
    """While the first is being answered the others are told to come back."""
    barrier = threading.Barrier(6)
    answers = []

    def ask():
        barrier.wait()
        answers.append(api.act("restart", "cisco-cdp", {}, Idempotency_Key=KEY))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status for answer in answers} <= {202, 409}
    assert len({answer["id"] for answer in answers if answer.status == 202}) == 1
    assert len(api.get("/operations")["items"]) == 1


def held_back(api, engine):
    """A start that waits for database replication (G-IMP-7)."""
    engine.change(
        "lab",
        SOAP,
        lambda cluster, now, chance: (_replication(cluster, Replication.BROKEN, now, chance), None),
    )
    return api.act("activate", "cisco-presence-engine", node="imp-sub").body


def _replication(cluster, replication, now, chance):
    return change_conditions(cluster, "imp-sub", {"replication": replication}, now, chance)


def test_what_is_held_back_can_be_given_up(api, engine):
    """The service goes on waiting; others may then act on it."""
    operation = held_back(api, engine)
    api.advance(30)
    waiting = api.get(f"/operations/{operation['id']}")
    assert (waiting["status"], waiting["finishedAt"], waiting["actions"]["cancel"]["allowed"]) == (
        "RUNNING",
        None,
        True,
    )
    assert api.act("stop", "cisco-presence-engine", node="imp-sub")["code"] == "OPERATION_IN_PROGRESS"
    stale = api.post(f"/operations/{operation['id']}/actions/cancel", If_Match='"x"')
    assert stale.status == 412
    cancelled = api.post(f"/operations/{operation['id']}/actions/cancel")
    assert (cancelled.status, cancelled["status"]) == (200, "CANCELLED")
    assert api.service("cisco-presence-engine", node="imp-sub")["state"] == "STARTING"
    again = api.post(f"/operations/{operation['id']}/actions/cancel")
    assert (again.status, again["code"]) == (409, "OPERATION_NOT_CANCELLABLE")
    assert api.act("stop", "cisco-presence-engine", node="imp-sub").status == 202
    (ended,) = api.events(type="operation.finished", operation=operation["id"])
    assert ended["data"]["status"] == "CANCELLED"


def test_what_is_held_back_goes_on_when_the_condition_does(api, engine):
    """Nothing runs meanwhile: the operation's end is planned anew with the change of the condition."""
    operation = held_back(api, engine)
    api.advance(3600)
    engine.change(
        "lab", SOAP, lambda cluster, now, chance: (_replication(cluster, Replication.UP, now, chance), None)
    )
    api.advance(120)
    done = api.get(f"/operations/{operation['id']}")
    assert done["status"] == "SUCCEEDED"
    assert done["finishedAt"] > "2025-03-02T10:26:32Z"


def test_what_runs_cannot_be_given_up(api):
    accepted = api.act("restart", "cisco-cdp")
    refused = api.post(f"/operations/{accepted['id']}/actions/cancel")
    assert (refused.status, refused["code"], refused["operation"]) == (
        409,
        "OPERATION_NOT_CANCELLABLE",
        accepted["id"],
    )
    unknown = api.post("/operations/op_01J8Z3K5V7Q2XN4T6B8M0C9D1E/actions/cancel")
    assert (unknown.status, unknown["code"]) == (404, "OPERATION_NOT_FOUND")


def test_old_operations_are_forgotten(engine, monkeypatch):
    """Those of the last day are kept, and so many in any case."""
    monkeypatch.setattr(ledger, "KEPT", 4)
    monkeypatch.setattr(ledger, "_FORGETS_EVERY", 1)
    for _ in range(6):
        engine.control(Control(PUB, Action.START, ("Cisco CDP",)), SOAP)
    with engine.reading() as connection:
        assert len(ledger.search(connection, ledger.Search(), NOW)) == 6
    engine.clock.advance(ledger.KEPT_FOR + 1)
    engine.control(Control(PUB, Action.START, ("Cisco CDP",)), SOAP)
    with engine.reading() as connection:
        left = [one.number for one in ledger.search(connection, ledger.Search(), NOW)]
    assert left == [7, 6, 5, 4]
