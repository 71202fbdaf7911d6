"""The clock in a tester's hand: advanced, stopped, scaled; and what follows it."""

import threading

import pytest

from tests.api.rest.conftest import NOW
from tests.api.sim.conftest import sim_over, simulation_over
from ucmsim.api.clock import Clock
from ucmsim.api.instants import rfc3339
from ucmsim.api.origin import Origin
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.states import Action, NodeRef, Status

PUB = NodeRef("lab", "cucm-pub")
TESTER = Origin("SOAP", "administrator", "127.0.0.1")
AUDIT, TFTP = "Cisco Audit Event Service", "Cisco Tftp"


def row(simulation, name=AUDIT):
    return simulation.engine.status(PUB, (name,)).rows[0]


def test_up_times_follow_an_hour_that_the_clock_is_advanced(sim, simulation, live):
    """Over SOAP, by a client that knows nothing of the simulation."""
    before = live.status(AUDIT).ServiceInfoList.item[0]
    live.sim("POST", "/clock/actions/advance", {"seconds": 3600})
    after = live.status(AUDIT).ServiceInfoList.item[0]
    assert after.UpTime == before.UpTime + 3600
    assert after.StartTime == before.StartTime


@pytest.mark.parametrize(
    ("body", "now"),
    [
        ({"seconds": 3600}, NOW + 3_600_000),
        ({"seconds": 0.25}, NOW + 250),
        ({"seconds": 0}, NOW),
        ({"until": "2025-03-02T10:00:00Z"}, 1_740_909_600_000),
        ({"until": "2025-03-02T11:00:00+01:00"}, 1_740_909_600_000),
        ({"toNextChange": True}, NOW),
    ],
)
def test_the_clock_is_advanced_by_a_span_or_to_a_time(sim, body, now):
    clock = sim.post("/clock/actions/advance", body)
    assert (clock.status, clock["now"], clock["mode"]) == (200, rfc3339(now), "MANUAL")
    assert sim.get("/clock").body == clock.body


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({}, 400, "#"),
        ({"seconds": 1, "toNextChange": True}, 400, "#"),
        ({"seconds": -1}, 400, "#/seconds"),
        ({"toNextChange": False}, 400, "#/toNextChange"),
        ({"until": "2025-03-02T12:00:00"}, 400, "#/until"),
        ({"until": "yesterday"}, 400, "#/until"),
        ({"until": "2025-03-02T09:00:00Z"}, 422, "#/until"),
    ],
)
def test_time_does_not_go_back_nor_anywhere_else(sim, body, status, pointer):
    refused = sim.post("/clock/actions/advance", body)
    assert (refused.status, refused["errors"][0]["pointer"]) == (status, pointer)
    assert sim.get("/clock")["now"] == rfc3339(NOW)


def test_the_clock_steps_from_change_to_change(sim, simulation):
    simulation.engine.execute(Control(PUB, Action.RESTART, (AUDIT,)), TESTER)
    seen = []
    while (upcoming := sim.get("/clock")["nextChange"]) is not None:
        clock = sim.post("/clock/actions/advance", {"toNextChange": True})
        assert clock["now"] == upcoming
        seen.append(row(simulation).status)
    assert seen == [Status.STARTING, Status.STARTED]


def test_every_change_of_the_clock_is_told(sim):
    sim.post("/clock/actions/advance", {"seconds": 60})
    sim.patch("/clock", {"mode": "TIMED", "rate": 60})
    assert [data for _, _, data in sim.told("sim.clock.changed")] == [
        {"mode": "MANUAL", "rate": 1.0, "now": rfc3339(NOW + 60_000)},
        {"mode": "TIMED", "rate": 60.0, "now": rfc3339(NOW + 60_000)},
    ]


def test_in_immediate_mode_nothing_takes_any_time(sim, simulation):
    sim.patch("/clock", {"mode": "IMMEDIATE"})
    answer = simulation.engine.deploy(Deploy(PUB, True, (TFTP,)), TESTER)
    assert answer.rows[0].status is Status.STARTED
    sim.patch("/clock", {"mode": "MANUAL"})
    assert (
        simulation.engine.control(Control(PUB, Action.STOP, (TFTP,)), TESTER).rows[0].status
        is Status.STOPPING
    )


def test_a_waiting_call_is_answered_when_the_clock_passes_what_it_waits_for(url):
    """A control call blocks while time runs; advancing the clock brings its end (`U-21`)."""
    real = [NOW]
    simulation = simulation_over(url, Clock(real=lambda: real[0]))
    sim = sim_over(simulation)
    answers = []
    caller = threading.Thread(
        target=lambda: answers.append(
            simulation.engine.control(Control(PUB, Action.RESTART, (AUDIT,)), TESTER)
        )
    )
    caller.start()
    while not sim.told("operation.created"):
        pass
    sim.post("/clock/actions/advance", {"seconds": 120})
    caller.join(5)
    assert answers[0].rows[0].status is Status.STARTED
    simulation.engine.close()
    simulation.close()


@pytest.mark.parametrize(
    ("patch", "mode", "rate", "moved"),
    [
        ({"mode": "MANUAL"}, "MANUAL", 1.0, 0),
        ({"mode": "TIMED", "rate": 60}, "TIMED", 60.0, 600_000),
        ({"mode": "IMMEDIATE"}, "IMMEDIATE", 1.0, 10_000),
    ],
)
def test_the_clock_survives_a_restart_of_the_server(url, patch, mode, rate, moved):
    real = [NOW]
    first = simulation_over(url, Clock(real=lambda: real[0]))
    sim = sim_over(first)
    sim.post("/clock/actions/advance", {"seconds": 3600})
    sim.patch("/clock", patch)
    stood = first.timekeeper.now
    first.engine.close()
    first.close()

    real[0] += 10_000
    again = simulation_over(url, Clock(real=lambda: real[0]))
    clock = sim_over(again).get("/clock")
    assert (clock["mode"], clock["rate"], again.timekeeper.now) == (mode, rate, stood + moved)
    again.engine.close()
    again.close()


def test_the_rate_is_remembered_while_the_clock_stands(sim):
    sim.patch("/clock", {"mode": "TIMED", "rate": 30})
    assert sim.patch("/clock", {"mode": "MANUAL"})["rate"] == 30.0
    assert sim.patch("/clock", {"mode": "TIMED"})["rate"] == 30.0


@pytest.mark.parametrize(
    "body", [{"rate": 0}, {"rate": -1}, {"mode": "FAST"}, {"now": "2025-03-02T12:00:00Z"}]
)
def test_a_clock_that_cannot_be_is_refused(sim, body):
    assert sim.patch("/clock", body).status == 400
