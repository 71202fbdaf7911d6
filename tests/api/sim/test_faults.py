"""Fault rules over HTTP: made, read, changed, removed, counted and kept."""

import pytest

from tests.api.rest.conftest import READER
from tests.api.sim.conftest import sim_over, simulation_over
from ucmsim.api.origin import Origin
from ucmsim.models.commands import Deploy
from ucmsim.models.states import NodeRef, Status

PUB = NodeRef("lab", "cucm-pub")
CALLER = Origin("SOAP", "administrator", "127.0.0.1", "soapDoServiceDeployment")
STUCK = {"match": {"service": "cisco-tftp"}, "effect": {"type": "STUCK_TRANSITION"}}


def status(simulation, name="Cisco Tftp"):
    return simulation.engine.status(PUB, (name,)).rows[0].status


def activate(simulation, name="Cisco Tftp"):
    simulation.engine.execute(Deploy(PUB, True, (name,)), CALLER)


def test_a_rule_comes_back_with_every_field(sim):
    made = sim.post("/faults", {"id": "slow-tftp", "effect": {"type": "DELAY", "params": {"ms": 5}}})
    assert (made.status, made.headers["Location"]) == (201, "/sim/v1/faults/slow-tftp")
    assert made.body == sim.get("/faults/slow-tftp").body == {
        "id": "slow-tftp", "enabled": True, "priority": 0, "times": None, "probability": 1.0, "afterMatches": 0,
        "match": dict.fromkeys(("api", "operation", "cluster", "node", "service", "client")),
        "effect": {"type": "DELAY", "params": {"ms": 5, "jitterMs": 0, "distribution": "UNIFORM"}},
        "stats": {"matched": 0, "applied": 0},
    }  # fmt: skip
    assert sim.get("/faults").body == {"items": [made.body], "next": None}


def test_the_server_names_a_rule_that_has_no_name(sim):
    assert sim.post("/faults", STUCK)["id"].startswith("flt_")


def test_seeding_the_same_rule_twice_leaves_one(sim):
    sim.post("/faults", {"id": "a", **STUCK})
    again = sim.post("/faults", {"id": "a", "priority": 3, **STUCK})
    assert (again.status, again["priority"], len(sim.get("/faults")["items"])) == (200, 3, 1)


@pytest.mark.parametrize(
    ("rule", "status", "pointer"),
    [
        ({}, 400, "#/effect"),
        ({"effect": {"type": "EXPLODE"}}, 400, "#/effect"),
        ({"effect": {"type": "THROTTLE", "params": {"x": 1}}}, 400, "#/effect/THROTTLE/params/x"),
        ({"effect": {"type": "DELAY"}}, 400, "#/effect/DELAY/params"),
        ({"effect": {"type": "DROP"}, "match": {"servcie": "x"}}, 400, "#/match/servcie"),
        ({"effect": {"type": "DROP"}, "probability": 1.5}, 400, "#/probability"),
        ({"effect": {"type": "DROP"}, "times": 0}, 400, "#/times"),
        ({"effect": {"type": "DROP"}, "id": "No Name"}, 400, "#/id"),
        ({"effect": {"type": "DROP"}, "match": {"api": "SOAP"}}, 400, "#/match/api"),
        ({"effect": {"type": "WRONG_RESULT", "params": {"path": "//x", "value": ""}}}, 400, "#/effect/WRONG_RESULT/params/path"),
        ({"effect": {"type": "HTTP_STATUS", "params": {"status": 200, "headers": {"X": "a\r\nY: b"}}}}, 400, None),
        ({"effect": {"type": "SOAP_FAULT", "params": {"faultstring": "x"}}, "match": {"api": "REST"}}, 422, None),
    ],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused(sim, rule, status, pointer):
    refused = sim.post("/faults", rule)
    assert refused.status == status
    assert pointer in (None, refused["errors"][0]["pointer"] if refused["errors"] else None)
    assert sim.get("/faults")["items"] == []


def test_a_spent_rule_shows_as_disabled_and_can_be_enabled_again(sim, simulation):
    sim.post(
        "/faults",
        {"id": "once", "times": 1, "match": {"service": "cisco-tftp"}, "effect": {"type": "FAILS_TO_START"}},
    )
    activate(simulation)
    spent = sim.get("/faults/once")
    assert (spent["enabled"], spent["stats"]) == (False, {"matched": 1, "applied": 1})
    again = sim.patch("/faults/once", {"enabled": True})
    assert (again["enabled"], again["stats"]) == (True, {"matched": 1, "applied": 0})


def test_a_change_leaves_the_rest_of_a_rule(sim):
    sim.post("/faults", {"id": "a", "times": 5, "priority": 2, **STUCK})
    changed = sim.patch("/faults/a", {"match": {"node": "cucm-pub"}})
    assert (changed["times"], changed["priority"], changed["match"]["node"]) == (5, 2, "cucm-pub")
    assert changed["match"]["service"] is None


@pytest.mark.parametrize(
    "let_go",
    [
        lambda sim: sim.patch("/faults/stuck", {"enabled": False}),
        lambda sim: sim.delete("/faults/stuck"),
        lambda sim: sim.post("/faults/actions/clear"),
        lambda sim: sim.post("/faults", {"id": "stuck", "enabled": False, **STUCK}),
    ],
    ids=["disabled", "removed", "cleared", "replaced"],
)
def test_what_a_rule_held_goes_on_without_it(sim, simulation, let_go):
    sim.post("/faults", {"id": "stuck", **STUCK})
    activate(simulation)
    sim.post("/clock/actions/advance", {"seconds": 86_400})
    assert status(simulation) is Status.STARTING
    assert let_go(sim).status < 300
    sim.post("/clock/actions/advance", {"seconds": 60})
    assert status(simulation) is Status.STARTED


def test_a_rule_for_another_caller_lets_a_command_pass(sim, simulation):
    sim.post("/faults", {"match": {"client": "192.0.2.*"}, "effect": {"type": "FAILS_TO_START"}})
    sim.post("/faults", {"match": {"api": "REST"}, "effect": {"type": "FAILS_TO_START"}})
    sim.post(
        "/faults", {"match": {"operation": "soapDoControlServices"}, "effect": {"type": "FAILS_TO_START"}}
    )
    sim.post("/faults", {"match": {"node": "cucm-sub"}, "effect": {"type": "FAILS_TO_START"}})
    activate(simulation)
    sim.post("/clock/actions/advance", {"seconds": 60})
    assert status(simulation) is Status.STARTED
    assert all(rule["stats"]["matched"] == 0 for rule in sim.get("/faults")["items"])


def test_counters_and_holds_survive_a_restart_of_the_server(url):
    first = simulation_over(url)
    sim_over(first).post("/faults", {"id": "stuck", "times": 2, **STUCK})
    activate(first)
    first.engine.close()
    first.close()

    again = simulation_over(url)
    sim = sim_over(again)
    assert sim.get("/faults/stuck")["stats"] == {"matched": 1, "applied": 1}
    assert status(again) is Status.STARTING
    sim.delete("/faults/stuck")
    sim.post("/clock/actions/advance", {"seconds": 60})
    assert status(again) is Status.STARTED
    again.engine.close()
    again.close()


def test_a_command_that_fails_counts_nothing(sim, simulation):
    """The counters are part of the command's own transaction."""
    sim.post("/faults", {"id": "stuck", **STUCK})

    def fail():
        with simulation.engine.transaction(["lab"], CALLER) as transaction:
            transaction.carry_out(Deploy(PUB, True, ("Cisco Tftp",)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert sim.get("/faults/stuck")["stats"] == {"matched": 0, "applied": 0}


def test_a_rule_that_acts_on_a_service_is_told(sim, simulation):
    sim.post("/faults", {"id": "stuck", **STUCK})
    activate(simulation)
    assert sim.told("fault.triggered") == [
        ("fault.triggered", "Cisco Tftp", {"fault": "stuck", "effect": "STUCK_TRANSITION"})
    ]


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_rule_is_not_found(sim, method):
    answer = sim.ask(method, "/faults/nothing", {} if method == "PATCH" else None)
    assert (answer.status, answer["code"]) == (404, "NOT_FOUND")


def test_who_may_only_read_clusters_may_not_look_in_here(sim):
    """`SIMADMIN` is included in no other role."""
    assert sim.ask("GET", "/faults", account=READER).status == 403
