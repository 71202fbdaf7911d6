"""Everything at once: resets and snapshots; and what is forced on nodes and services."""

import pytest

from tests.api.rest.conftest import NOW
from ucmsim.api.instants import rfc3339
from ucmsim.api.origin import Origin
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.conditions import Replication
from ucmsim.models.states import Action, NodeRef, Status

PUB = NodeRef("lab", "cucm-pub")
IMP = NodeRef("lab", "imp-pub")
CALLER = Origin("SOAP", "administrator", "127.0.0.1", "soapDoServiceDeployment")
TFTP, AUDIT = "Cisco Tftp", "Cisco Audit Event Service"
TFTP_STATE = "/clusters/lab/nodes/cucm-pub/services/cisco-tftp/state"
FAULT = {"id": "a", "effect": {"type": "DROP"}}


def row(simulation, name=TFTP):
    return simulation.engine.status(PUB, (name,)).rows[0]


def disturb(sim, simulation):
    """Change something of every kind."""
    simulation.engine.execute(Deploy(PUB, True, (TFTP,)), CALLER)
    sim.post("/faults", FAULT)
    sim.patch("/settings", {"journalSize": 5})
    sim.put("/timings", {"scale": 3.0})
    sim.patch("/clusters/lab/nodes/cucm-pub", {"reachable": False})
    sim.put("/scenarios/s", {"steps": [{"when": {"afterSeconds": 5}, "do": []}]})
    sim.post("/scenarios/s/actions/start")
    sim.post("/clock/actions/advance", {"seconds": 3})
    sim.patch("/clock", {"mode": "TIMED", "rate": 2.0})


def test_a_reset_leads_back_to_the_seed(sim, simulation):
    seed = simulation.engine.cluster("lab")
    disturb(sim, simulation)
    assert sim.post("/reset", {}).status == 204
    assert simulation.engine.cluster("lab") == seed
    assert sim.get("/faults")["items"] == []
    assert sim.get("/settings")["journalSize"] == 1000
    assert sim.get("/timings")["scale"] == 1.0
    assert sim.get("/scenarios/s")["status"] == "NEW"
    assert sim.get("/clock")["now"] == rfc3339(NOW)
    assert sim.told("sim.reset") == [("sim.reset", "", {"kept": []})]


@pytest.mark.parametrize(
    ("kept", "path", "key", "value"),
    [
        ("FAULTS", "/faults/a", "id", "a"),
        ("SETTINGS", "/settings", "journalSize", 5),
        ("CLOCK", "/clock", "rate", 2.0),
    ],
)
def test_a_reset_leaves_alone_what_is_to_be_kept(sim, simulation, kept, path, key, value):
    disturb(sim, simulation)
    sim.post("/reset", {"keep": [kept]})
    assert sim.get(path)[key] == value


def test_a_reset_can_keep_the_journal(live):
    live.ask("soapGetServiceStatus")
    live.sim("POST", "/reset", {"keep": ["JOURNAL"]})
    assert len(live.journal()) == 1
    live.sim("POST", "/reset", {})
    assert live.journal() == []


def test_operations_that_were_under_way_are_forgotten_by_a_reset(sim, simulation):
    simulation.engine.execute(Control(PUB, Action.RESTART, (AUDIT,)), CALLER)
    sim.post("/reset", {"keep": ["CLOCK"]})
    simulation.engine.execute(Control(PUB, Action.RESTART, (AUDIT,)), CALLER)
    sim.post("/clock/actions/advance", {"seconds": 60})
    assert len(sim.told("operation.finished")) == 1
    assert row(simulation, AUDIT).status is Status.STARTED


def test_a_snapshot_brings_back_everything_and_its_time(sim, simulation):
    disturb(sim, simulation)
    sim.patch("/clock", {"mode": "MANUAL"})
    kept, clock = simulation.engine.cluster("lab"), sim.get("/clock").body
    made = sim.post("/snapshots", {"id": "before"})
    assert (made.status, made.headers["Location"]) == (201, "/sim/v1/snapshots/before")
    assert made.body == {"id": "before", "time": clock["now"]} == sim.get("/snapshots/before").body

    sim.post("/reset", {"keep": []})
    assert row(simulation).status is Status.STOPPED
    assert sim.post("/snapshots/before/actions/restore").status == 200
    assert simulation.engine.cluster("lab") == kept
    assert sim.get("/clock").body == clock
    assert [rule["id"] for rule in sim.get("/faults")["items"]] == ["a"]
    assert (sim.get("/settings")["journalSize"], sim.get("/timings")["scale"]) == (5, 3.0)
    assert sim.get("/scenarios/s")["status"] == "RUNNING"


def test_what_was_under_way_in_a_snapshot_goes_on_and_is_told_again(sim, simulation):
    simulation.engine.execute(Deploy(PUB, True, (TFTP,)), CALLER)
    sim.post("/snapshots", {"id": "starting"})
    for _ in range(2):
        sim.post("/snapshots/starting/actions/restore")
        assert row(simulation).status is Status.STARTING
        sim.post("/clock/actions/advance", {"seconds": 60})
        assert row(simulation).status is Status.STARTED
    states = [data["to"] for _, name, data in sim.told("service.state.changed") if name == TFTP]
    assert states == ["STARTING", "STARTED", "STARTED"]


def test_a_snapshot_survives_a_reset_and_is_replaced_by_one_of_its_name(sim):
    sim.post("/snapshots", {"id": "s"})
    sim.post("/clock/actions/advance", {"seconds": 60})
    sim.post("/reset", {"keep": ["CLOCK"]})
    assert sim.post("/snapshots", {"id": "s"}).status == 200
    assert sim.get("/snapshots").body["items"] == [{"id": "s", "time": rfc3339(NOW + 60_000)}]
    assert sim.delete("/snapshots/s").status == 204
    assert sim.get("/snapshots")["items"] == []
    assert sim.post("/snapshots", {})["id"].startswith("snp_")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/snapshots/x"), ("DELETE", "/snapshots/x"), ("POST", "/snapshots/x/actions/restore")],
)
def test_an_unknown_snapshot_is_not_found(sim, method, path):
    before = sim.get("/clock").body
    assert sim.ask(method, path).status == 404
    assert sim.get("/clock").body == before


@pytest.mark.parametrize(
    ("body", "state", "cause", "code"),
    [
        ({"state": "STOPPED", "cause": "CRASHED"}, "STOPPED", "CRASHED", -1019),
        ({"state": "STOPPED"}, "STOPPED", "CRASHED", -1019),
        ({"state": "STOPPED", "cause": "NOT_RUNNING"}, "STOPPED", "NOT_RUNNING", -1019),
        ({"state": "STOPPED", "cause": "COMMANDED"}, "STOPPED", "COMMANDED", -1069),
        ({"state": "STOPPED", "cause": "NOT_ACTIVATED"}, "STOPPED", "NOT_ACTIVATED", -1068),
        ({"state": "STARTED"}, "STARTED", None, -1),
        ({"state": "STARTING"}, "STARTING", None, -1),
        ({"state": "STOPPING"}, "STOPPING", None, -1),
        ({"state": "UNKNOWN"}, "UNKNOWN", None, -1013),
    ],
)
def test_a_state_is_forced_at_once(sim, simulation, body, state, cause, code):
    sim.put(TFTP_STATE, {"state": "STARTED"})
    forced = sim.put(TFTP_STATE, body)
    assert (forced["state"], forced["cause"], forced["name"]) == (state, cause, TFTP)
    assert (row(simulation).status.name, row(simulation).reason.code) == (state, code)


def test_a_crash_is_told_like_any_other_change(sim):
    sim.put(TFTP_STATE, {"state": "STARTED"})
    sim.put(TFTP_STATE.replace("cisco-tftp", "Cisco%20Tftp"), {"state": "STOPPED", "cause": "CRASHED"})
    assert [data for _, _, data in sim.told("service.state.changed")] == [
        {"from": "STOPPED", "to": "STARTED", "cause": None},
        {"from": "STARTED", "to": "STOPPED", "cause": "CRASHED"},
    ]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        (
            "/clusters/x/nodes/cucm-pub/services/cisco-tftp/state",
            {"state": "STOPPED"},
            404,
            "CLUSTER_NOT_FOUND",
        ),
        ("/clusters/lab/nodes/x/services/cisco-tftp/state", {"state": "STOPPED"}, 404, "NODE_NOT_FOUND"),
        ("/clusters/lab/nodes/cucm-pub/services/x/state", {"state": "STOPPED"}, 404, "SERVICE_NOT_FOUND"),
        (TFTP_STATE, {"state": "BROKEN"}, 400, "VALIDATION_ERROR"),
        (TFTP_STATE, {"state": "STOPPED", "cause": "BORED"}, 400, "VALIDATION_ERROR"),
        (TFTP_STATE, None, 400, "VALIDATION_ERROR"),
    ],
)
def test_what_cannot_be_forced_is_refused(sim, path, body, status, code):
    refused = sim.put(path, body)
    assert (refused.status, refused["code"]) == (status, code)


def test_the_world_around_a_node_is_changed_in_part(sim, simulation):
    path = "/clusters/lab/nodes/imp-pub"
    before = sim.get(path).body
    changed = sim.patch(path, {"dbReplication": "BROKEN", "latencyMs": 250, "externalDatabase": "ABSENT"})
    assert changed.body == {
        **before,
        "dbReplication": "BROKEN",
        "latencyMs": 250,
        "externalDatabase": "ABSENT",
    }
    assert sim.get("/clusters/lab/nodes/127.0.0.3").body == changed.body  # by its address
    assert simulation.engine.node(IMP).conditions.replication is Replication.BROKEN


def test_a_node_that_goes_and_comes_back_is_told(sim):
    for reachable in (False, True):
        sim.patch("/clusters/lab/nodes/cucm-sub", {"reachable": reachable})
    assert [data["to"] for _, _, data in sim.told("node.reachability.changed")] == [
        "UNREACHABLE",
        "REACHABLE",
    ]


@pytest.mark.parametrize(
    "body", [{"colour": "red"}, {"latencyMs": -1}, {"dbReplication": "UP"}, {"reachable": "no"}]
)
def test_a_world_that_cannot_be_is_refused(sim, body):
    assert sim.patch("/clusters/lab/nodes/cucm-pub", body).status == 400


def test_timings_hold_for_what_begins_after_them(sim, simulation):
    timings = {
        "jitter": 0.0,
        "default": {"stopMs": 1000},
        "overrides": [{"service": "Cisco Audit Event Service", "startMs": 20_000}],
    }
    answered = sim.put("/timings", timings)
    assert answered["overrides"] == [
        {"service": "cisco-audit-event-service", "startMs": 20_000, "stopMs": None}
    ]
    simulation.engine.execute(Control(PUB, Action.RESTART, (AUDIT,)), CALLER)
    moments = simulation.engine.node(PUB).instances[AUDIT].moments
    assert [moment.at - NOW for moment in moments] == [0, 1000, 21_000]


def test_timings_for_an_unknown_service_are_refused(sim):
    refused = sim.put("/timings", {"overrides": [{"service": "cisco-tfpt"}]})
    assert (refused.status, refused["detail"]) == (
        422,
        "no service named 'cisco-tfpt'; closest: 'cisco-tftp'",
    )


def test_settings_are_changed_in_part_and_stay(sim):
    default = sim.get("/settings").body
    changed = sim.patch("/settings", {"restRateLimitPerMinute": 60, "callbackAllowList": ["10.0.0.0/8"]})
    assert changed.body == {**default, "restRateLimitPerMinute": 60, "callbackAllowList": ["10.0.0.0/8"]}
    assert sim.patch("/settings", {"restRateLimitPerMinute": 0})["restRateLimitPerMinute"] is None


def test_a_network_that_is_none_is_refused(sim):
    refused = sim.patch("/settings", {"callbackAllowList": ["10.0.0.0/8", "x"]})
    assert (refused.status, refused["errors"][0]["pointer"]) == (422, "#/callbackAllowList/1")


@pytest.mark.parametrize(
    "body",
    [{"callbackAllowList": "x"}, {"journalSize": -1}, {"wsdlAddress": "x"}, {"soapRateLimits": {"ris": 1}}],
)
def test_settings_that_cannot_be_are_refused(sim, body):
    assert sim.patch("/settings", body).status == 400
