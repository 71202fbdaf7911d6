"""Scenarios: one step after the other, each when its time, its event or its request has come."""

from dataclasses import replace

from ucmsim.models.faults import Match, Subject
from ucmsim.models.scenario import After, OnEvent, OnRequest, Progress, Scenario, Step

NOW = 1_700_000_000_000
STOPPED = {"type": "service.state.changed", "service": "cisco-tftp", "to": "STOPPED", "node": "cucm-pub"}
CALL = Subject("CONTROLCENTER", "soapDoControlServices", "lab", "cucm-pub", "127.0.0.1", ("Cisco Tftp",))


def scenario(*conditions):
    return Scenario("outage", tuple(Step(condition, (n,)) for n, condition in enumerate(conditions)))


def test_a_step_waits_for_its_time_after_the_step_before():
    running = scenario(After(30_000), After(10_000)).started(NOW)
    assert (running.due, running.reached(NOW + 29_999), running.reached(NOW + 30_000)) == (
        NOW + 30_000, False, True,
    )  # fmt: skip
    after = running.stepped(NOW + 31_000)
    assert (after.current, after.due) == (1, NOW + 41_000)
    assert after.stepped(NOW + 41_000).progress is Progress.FINISHED


def test_a_step_waits_for_an_event_whatever_the_time():
    running = scenario(OnEvent({"type": "service.*", "to": "STOPPED"})).started(NOW)
    assert running.due is None
    assert running.roused(STOPPED)
    assert not running.roused({**STOPPED, "to": "STARTED"})
    assert not running.roused({"type": "sim.reset"})


def test_a_step_waits_for_a_request():
    running = scenario(OnRequest(Match(operation="soapDo*", service="cisco-tftp"))).started(NOW)
    assert running.called(CALL)
    assert not running.called(replace(CALL, services=("Cisco DRF Local",)))
    assert not running.roused(STOPPED)


def test_nothing_is_due_before_the_start_after_the_end_or_when_stopped():
    new = scenario(After(0))
    for idle in (new, new.started(NOW).stepped(NOW), new.started(NOW).stopped(), new.started(NOW).reset()):
        assert (idle.awaited, idle.due, idle.reached(NOW)) == (None, None, False)


def test_stopping_what_does_not_run_changes_nothing():
    new = scenario(After(0))
    assert new.stopped() == new
    assert new.started(NOW).stepped(NOW).stopped().progress is Progress.FINISHED


def test_a_second_start_begins_anew():
    again = scenario(After(5), After(5)).started(NOW).stepped(NOW + 5).started(NOW + 100)
    assert (again.current, again.due, again.progress) == (0, NOW + 105, Progress.RUNNING)


def test_a_scenario_without_steps_is_finished_when_it_starts():
    assert scenario().started(NOW).progress is Progress.FINISHED
