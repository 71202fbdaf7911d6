"""Scenarios: timelines of conditions, faults and commands, driven by simulated time."""

import pytest

from tests.api.rest.conftest import NOW
from tests.api.sim.conftest import sim_over, simulation_over
from ucmsim.api.clock import Clock
from ucmsim.api.instants import rfc3339
from ucmsim.models.states import NodeRef, Status

PUB = NodeRef("lab", "cucm-pub")
TFTP = {"node": "cucm-pub", "service": "cisco-tftp"}
COMMAND = {"node": "cucm-pub", "services": ["cisco-tftp"]}


def after(seconds, *actions):
    return {"when": {"afterSeconds": seconds}, "do": list(actions)}


OUTAGE = {
    "id": "outage",
    "description": "A service is started, crashes, and is started again by somebody.",
    "steps": [
        after(0, {"command": {**COMMAND, "action": "ACTIVATE"}}),
        after(600, {"state": {**TFTP, "state": "STOPPED", "cause": "CRASHED"}}),
        {
            "when": {"event": {"type": "service.state.changed", "service": "cisco-tftp", "to": "STOPPED"}},
            "do": [{"command": {**COMMAND, "action": "START"}}],
        },
        after(60, {"node": {"node": "cucm-sub", "reachable": False}}),
    ],
}


def status(simulation):
    return simulation.engine.status(PUB, ("Cisco Tftp",)).rows[0].status


def advance(sim, seconds):
    sim.post("/clock/actions/advance", {"seconds": seconds})


def start(sim, scenario):
    sim.put(f"/scenarios/{scenario['id']}", scenario)
    return sim.post(f"/scenarios/{scenario['id']}/actions/start")


def test_steps_come_at_their_times_though_the_clock_leaps_over_all_of_them(sim):
    """A jump of a day: each step happens at its own simulated time, and so does what it causes."""
    start(sim, OUTAGE)
    advance(sim, 86_400)
    assert sim.get("/scenarios/outage")["status"] == "FINISHED"
    told = [
        (event.at - NOW, event.data["to"])
        for event in sim.engine.events(0, 1000)
        if event.type == "service.state.changed"
    ]
    (_, begun), (up, started), crashed, again, (_, running) = told
    assert [begun, started, running] == ["STARTING", "STARTED", "STARTED"]
    assert 0 < up < 600_000
    assert (crashed, again) == ((600_000, "STOPPED"), (600_000, "STARTING"))
    (away,) = [event for event in sim.engine.events(0, 1000) if event.type == "node.reachability.changed"]
    assert (away.at - NOW, away.origin.face, away.origin.user) == (660_000, "SIM", "outage")


def test_a_scenario_says_what_it_waits_for(sim):
    begun = start(sim, OUTAGE)
    assert (begun["status"], begun["currentStep"], begun["dueAt"]) == ("RUNNING", 1, rfc3339(NOW + 600_000))
    advance(sim, 599)
    assert sim.get("/scenarios/outage")["currentStep"] == 1
    assert sim.get("/clock")["nextChange"] == rfc3339(NOW + 600_000)
    sim.post("/clock/actions/advance", {"toNextChange": True})
    assert sim.get("/scenarios/outage")["currentStep"] == 3


def test_a_scenario_that_was_stopped_does_nothing_more_and_a_started_one_begins_anew(sim, simulation):
    start(sim, OUTAGE)
    advance(sim, 100)
    stopped = sim.post("/scenarios/outage/actions/stop")
    assert (stopped["status"], stopped["currentStep"]) == ("STOPPED", 1)
    advance(sim, 3600)
    assert status(simulation) is Status.STARTED
    again = sim.post("/scenarios/outage/actions/start")
    assert (again["currentStep"], again["dueAt"]) == (1, rfc3339(NOW + 4_300_000))
    reset = sim.post("/scenarios/outage/actions/reset")
    assert (reset["status"], reset["currentStep"], reset["dueAt"]) == ("NEW", 0, None)


def test_faults_come_and_go_with_their_scenario(sim):
    rule = {"id": "busy", "times": 2, "effect": {"type": "THROTTLE"}}
    steps = [after(10, {"fault": rule}), after(10, {"removeFault": "busy"})]
    start(sim, {"id": "busy-minute", "steps": steps})
    advance(sim, 15)
    assert sim.get("/faults/busy")["times"] == 2
    advance(sim, 15)
    assert sim.get("/faults")["items"] == []


def test_a_step_may_put_the_clock_forward_itself(sim):
    state = {**TFTP, "state": "STARTED"}
    start(
        sim, {"id": "leap", "steps": [after(0, {"advance": {"seconds": 3600}}), after(5, {"state": state})]}
    )
    assert sim.get("/clock")["now"] == rfc3339(NOW + 3_600_000)
    assert sim.get("/scenarios/leap")["status"] == "FINISHED"
    (forced,) = [event for event in sim.engine.events(0, 1000) if event.type == "service.state.changed"]
    assert forced.at == NOW + 5_000


def test_an_action_that_fails_keeps_none_of_the_others_back(sim, simulation):
    steps = [after(1, {"removeFault": "nothing"}, {"state": {**TFTP, "state": "STARTED"}}), after(1)]
    start(sim, {"id": "clumsy", "steps": steps})
    advance(sim, 5)
    assert status(simulation) is Status.STARTED
    assert sim.get("/scenarios/clumsy")["status"] == "FINISHED"


def test_a_scenario_goes_on_after_a_restart_of_the_server(url):
    first = simulation_over(url)
    start(sim_over(first), OUTAGE)
    first.engine.close()
    first.close()

    again = simulation_over(url)
    sim = sim_over(again)
    assert sim.get("/scenarios/outage")["currentStep"] == 1
    advance(sim, 86_400)
    assert sim.get("/scenarios/outage")["status"] == "FINISHED"
    again.engine.close()
    again.close()


def test_steps_come_by_themselves_while_the_clock_runs(url):
    """A day in a tenth of a second."""
    simulation = simulation_over(url, Clock())
    sim = sim_over(simulation)
    sim.patch("/clock", {"mode": "TIMED", "rate": 36_000})
    start(sim, OUTAGE)
    seen: int | None = 0
    while not sim.told("node.reachability.changed"):
        seen = simulation.engine.rest(seen or 0)
    assert sim.get("/scenarios/outage")["status"] == "FINISHED"
    simulation.engine.close()
    simulation.close()


def test_a_request_brings_the_step_that_waits_for_it(live):
    """The second poll of a monitor meets a crashed service."""
    steps = [
        {
            "when": {"request": {"operation": "soapGetServiceStatus", "service": "Cisco CDP"}},
            "do": [
                {
                    "state": {
                        "node": "cucm-pub",
                        "service": "cisco-cdp",
                        "state": "STOPPED",
                        "cause": "CRASHED",
                    }
                }
            ],
        }
    ]
    live.sim("PUT", "/scenarios/second-poll", {"steps": steps})
    live.sim("POST", "/scenarios/second-poll/actions/start")
    live.ask("getProductInformationList", "<o:ServiceInfo/>")
    assert live.status("Cisco CDP").ServiceInfoList.item[0].ServiceStatus == "Started"
    seen: int | None = 0
    while live.sim("GET", "/scenarios/second-poll")["status"] == "RUNNING":
        seen = live.simulator.engine.rest(seen)
    live.simulator.simulation.director.take()
    assert live.status("Cisco CDP").ServiceInfoList.item[0].ReasonCode == -1019


def test_a_scenario_comes_back_as_it_was_put(sim):
    made = sim.put("/scenarios/outage", OUTAGE)
    assert made.status == 201
    assert made["description"] == OUTAGE["description"]
    assert sim.get("/scenarios").body["items"] == [sim.get("/scenarios/outage").body]
    assert sim.put("/scenarios/outage", {"steps": []}).status == 200
    assert sim.post("/scenarios", {"steps": []})["id"].startswith("scn_")
    assert sim.delete("/scenarios/outage").status == 204
    assert sim.get("/scenarios/outage").status == 404


@pytest.mark.parametrize(
    ("scenario", "status", "detail"),
    [
        ({"steps": [{"when": {}, "do": []}]}, 400, None),
        ({"steps": [{"when": {"afterSeconds": 1, "event": {}}, "do": []}]}, 400, None),
        ({"steps": [after(1, {})]}, 400, None),
        ({"steps": [after(1, {"state": TFTP})]}, 400, None),
        ({"steps": [after(-1)]}, 400, None),
        ({"id": "other", "steps": []}, 422, "the body names another scenario"),
        (
            {"steps": [after(1, {"node": {"node": "cucm-pup"}})]},
            422,
            "no node named 'cucm-pup'; closest: 'cucm-pub'",
        ),
        (
            {"steps": [after(1, {"command": {**COMMAND, "services": ["x"], "action": "STOP"}})]},
            422,
            "no service named 'x' on cucm-pub",
        ),
        (
            {"steps": [after(1, {"state": {**TFTP, "cluster": "lap", "state": "STOPPED"}})]},
            422,
            "no cluster named 'lap'; closest: 'lab'",
        ),
    ],
)
def test_a_scenario_that_cannot_be_is_refused_before_it_starts(sim, scenario, status, detail):
    refused = sim.put("/scenarios/s", scenario)
    assert refused.status == status
    assert detail in (None, refused["detail"])
    assert sim.get("/scenarios")["items"] == []
