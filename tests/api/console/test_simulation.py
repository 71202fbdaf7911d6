"""The pages about the simulation: clock, pace, snapshots, conditions, forced states, faults and scenarios."""

import pytest

from tests.api.console.conftest import NOW
from ucmsim.api.sim.clockwork import Mode
from ucmsim.models.conditions import Replication
from ucmsim.models.scenario import Progress
from ucmsim.models.states import NodeRef, Status

PUB = NodeRef("lab", "cucm-pub")
IMP = NodeRef("lab", "imp-sub")
CLOCK = "/simulation/"
CONDITIONS = "/simulation/conditions"
FAULTS = "/simulation/faults"
SCENARIOS = "/simulation/scenarios"


NEW_RULE = "//form[.//select[@name='type']]"

MISSPELT = """
[[steps]]
when = { afterSeconds = 1 }
do = [{ state = { node = "cucm-pub", service = "cisco-tftpp", state = "STOPPED" } }]"""


def form(browser, action):
    return f"//form[contains(@action, '{action}')]"


def said(browser):
    return browser.text("//p[@role='status']")


def wrong(browser):
    assert browser.status == 400
    return browser.text("//div[@role='alert']")


def status(engine, ref, name):
    (found,) = engine.status(ref, (name,)).rows
    return found.status


# Who may enter


@pytest.mark.parametrize("path", [CLOCK, CONDITIONS, FAULTS, SCENARIOS, "/simulation/requests"])
def test_only_somebody_with_the_role_may_enter(watcher, path):
    assert watcher.open(path).status == 403
    watcher.open("/clusters/lab")
    assert "Simulation" not in watcher.text("//nav") if watcher.page.xpath("//main//nav") else True
    assert not watcher.page.xpath("//nav[@class='tabs']//a[text()='Simulation']")


def test_a_tester_without_other_roles_comes_in_here_and_nowhere_else(signed_in):
    tester = signed_in("tester", "clock")
    assert (tester.path, tester.heading) == (CLOCK, "Simulation")
    assert tester.page.xpath("//nav[@class='tabs']//a/text()") == ["Simulation"]
    assert tester.open("/clusters/lab").status == 403


# Clock


def test_the_clock_is_put_forward_with_one_button(administrator, clock):
    administrator.open(CLOCK).submit(form(administrator, "advance"), by="3600")
    assert clock.now() == NOW + 3_600_000
    assert said(administrator) == "The clock was put forward by 1:00:00."


@pytest.mark.parametrize(
    ("fields", "later"),
    [
        ({"by": "seconds", "seconds": "2.5"}, 2_500),
        ({"by": "until", "until": "2023-11-14T22:14:20"}, 60_000),
        ({"by": "until", "until": "2023-11-14T23:14:20+01:00"}, 60_000),
        ({"by": "next"}, 0),
    ],
    ids=["a span", "a time in UTC", "a time with its zone", "the next change, when there is none"],
)
def test_the_clock_is_put_forward_as_far_as_somebody_says(administrator, clock, fields, later):
    administrator.open(CLOCK).submit(form(administrator, "advance"), **fields)
    assert clock.now() == NOW + later


def test_the_clock_goes_to_the_next_change(administrator, engine, clock):
    administrator.open("/clusters/lab/nodes/cucm-pub/network-services").submit(one="stop:cisco-drf-local")
    administrator.open(CLOCK)
    assert "The next change comes in 0:0" in administrator.text()
    administrator.submit(form(administrator, "advance"), by="next")
    assert status(engine, PUB, "Cisco DRF Local") is Status.STOPPED


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"by": "seconds", "seconds": "soon"}, "The span has to be a number."),
        ({"by": "seconds", "seconds": "-1"}, "The span has to lie between 0"),
        ({"by": "until", "until": "2001-01-01T00:00:00"}, "The clock cannot be put back"),
        ({"by": "until", "until": "tomorrow"}, "The time has to be written like"),
    ],
)
def test_what_cannot_be_done_to_the_clock_is_said_and_not_done(administrator, clock, fields, sentence):
    administrator.open(CLOCK).submit(form(administrator, "advance"), **fields)
    assert sentence in wrong(administrator)
    assert clock.now() == NOW


def test_the_clock_runs_stands_still_or_lets_transitions_take_no_time(administrator, engine, simulation):
    administrator.open(CLOCK).submit(form(administrator, "/simulation/clock"), mode="IMMEDIATE", rate="1")
    assert simulation.timekeeper.regime.mode is Mode.IMMEDIATE
    administrator.open("/clusters/lab/nodes/cucm-pub/network-services").submit(one="stop:cisco-drf-local")
    assert status(engine, PUB, "Cisco DRF Local") is Status.STOPPED
    administrator.open(CLOCK).submit(form(administrator, "/simulation/clock"), mode="TIMED", rate="60")
    assert (simulation.timekeeper.regime.mode, simulation.timekeeper.regime.rate) == (Mode.TIMED, 60)
    administrator.open(CLOCK).submit(form(administrator, "/simulation/clock"), mode="SIDEWAYS")
    assert wrong(administrator) == "There is no such mode of the clock."


def test_the_pace_of_transitions_can_be_changed(administrator, simulation):
    administrator.open(CLOCK).submit(form(administrator, "pace"), scale="0.5", jitter="10")
    pace = simulation.pacing.read()
    assert (pace.scale, pace.jitter) == (0.5, 0.1)
    administrator.open(CLOCK).submit(form(administrator, "pace"), scale="-1", jitter="10")
    assert "The factor has to lie between 0 and 1000." in wrong(administrator)


# Snapshots


def test_everything_is_kept_under_a_name_brought_back_and_forgotten(administrator, engine, clock):
    administrator.open(CLOCK).submit(form(administrator, "snapshots"), name="before", do="save")
    assert said(administrator) == "Everything as it stands was kept as before."
    administrator.open("/clusters/lab/nodes/cucm-pub/network-services").submit(one="stop:cisco-drf-local")
    clock.advance(60_000)
    administrator.open(CLOCK).submit(form(administrator, "snapshots"), do="restore:before")
    assert said(administrator) == "Snapshot before was brought back; it is 2023-11-14 22:13:20 UTC again."
    assert status(engine, PUB, "Cisco DRF Local") is Status.STARTED
    administrator.submit(form(administrator, "snapshots"), do="remove:before")
    assert "None yet." in administrator.text()
    administrator.submit(form(administrator, "snapshots"), do="restore:before")
    assert wrong(administrator) == "There is no snapshot named before."


def test_a_snapshot_without_a_name_is_called_after_its_time(administrator, simulation):
    administrator.open(CLOCK).submit(form(administrator, "snapshots"), name="", do="save")
    assert [kept.id for kept in simulation.archive.all()] == ["at-2023-11-14-22-13-20"]


def test_a_name_that_no_snapshot_may_have_is_refused(administrator, simulation):
    administrator.open(CLOCK).submit(form(administrator, "snapshots"), name="Before!", do="save")
    assert wrong(administrator).startswith("id: ")
    assert simulation.archive.all() == []


def test_beginning_anew_puts_every_cluster_back_and_keeps_what_was_ticked(administrator, engine, simulation):
    administrator.open("/clusters/lab/nodes/cucm-pub/network-services").submit(one="stop:cisco-drf-local")
    administrator.open(FAULTS).submit(NEW_RULE, type="THROTTLE", id="busy")
    administrator.open(CLOCK).submit(form(administrator, "reset"), keep=["FAULTS"])
    assert status(engine, PUB, "Cisco DRF Local") is Status.STARTED
    assert [kept.rule.id for kept in simulation.fault_rules.all()] == ["busy"]
    administrator.submit(form(administrator, "reset"))
    assert simulation.fault_rules.all() == ()


# Conditions and forced states


def test_the_world_around_a_node_is_changed_field_by_field(administrator, engine):
    administrator.open(CONDITIONS, query_string={"node": "lab/imp-sub"})
    assert administrator.page.xpath("//select[@name='dbReplication']/option[@selected]/@value") == ["OK"]
    administrator.submit(form(administrator, "conditions"), dbReplication="BROKEN", latencyMs="250")
    conditions = engine.node(IMP).conditions
    assert (conditions.replication, conditions.latency) == (Replication.BROKEN, 250)
    assert said(administrator) == "Changed on imp-sub: Latency (ms), Database replication."
    assert administrator.page.xpath("//select[@name='dbReplication']/option[@selected]/@value") == ["BROKEN"]


def test_a_form_that_changes_nothing_says_so(administrator, engine):
    administrator.open(CONDITIONS).submit(form(administrator, "conditions"))
    assert said(administrator) == "Nothing was changed."
    assert engine.events() == []


@pytest.mark.parametrize("value", ["-1", "soon", "999999999"])
def test_a_condition_that_cannot_be_is_refused_in_words(administrator, engine, value):
    administrator.open(CONDITIONS).submit(form(administrator, "conditions"), latencyMs=value)
    assert wrong(administrator).startswith("latencyMs: ")
    assert engine.node(PUB).conditions.latency == 0


def test_a_node_that_does_not_exist_is_named_with_the_nearest(administrator):
    assert (
        "closest: 'imp-sub'" in administrator.open(CONDITIONS, query_string={"node": "lab/imp-subb"}).text()
    )
    assert administrator.status == 404


def test_a_service_is_put_into_a_state_whatever_the_rules_are(administrator, engine):
    administrator.open(CONDITIONS).submit(
        form(administrator, "states"), service="cisco-tomcat", state="CRASHED"
    )
    assert status(engine, PUB, "Cisco Tomcat") is Status.STOPPED
    assert said(administrator) == "Cisco Tomcat on cucm-pub: crashed."
    administrator.submit(form(administrator, "states"), service="cisco-tomcatt", state="STARTED")
    assert wrong(administrator) == "Choose a service of this node."


# Faults


def test_a_rule_is_made_from_a_form_and_shown_with_its_counters(administrator, simulation):
    administrator.open(FAULTS).submit(
        NEW_RULE,
        api="CONTROLCENTER", operation="soapGet*", node="cucm-pub", service="cisco-tftp",
        type="APP_ERROR", params='{"reasonCode": -1031, "reasonCodeString": "Operation timed-out "}',
        times="3", after="1", probability="50", id="slow-tftp",
    )  # fmt: skip
    (kept,) = simulation.fault_rules.all()
    rule = kept.rule
    assert (rule.id, rule.times, rule.after_matches, rule.probability) == ("slow-tftp", 3, 1, 0.5)
    assert (rule.match.operation, rule.match.service) == ("soapGet*", "cisco-tftp")
    shown = administrator.text("//section[@id='rules']//tbody")
    assert "slow-tftp" in shown
    assert "0 of 3 in 0 matches" in shown


def test_every_effect_can_be_made_from_its_example(administrator, simulation):
    kinds = administrator.open(FAULTS).page.xpath("//select[@name='type']/option")
    for kind in kinds:
        administrator.open(FAULTS).submit(NEW_RULE, type=kind.get("value"), params=kind.get("data-example"))
        assert administrator.status == 200, kind.get("value")
    assert len(simulation.fault_rules.all()) == len(kinds) == 13


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"type": "APP_ERROR", "params": "{"}, "The parameters have to be a JSON object"),
        ({"type": "APP_ERROR", "params": '{"reasonCode": "x"}'}, "reasonCode: "),
        ({"type": "EXPLODE", "params": "{}"}, "effect: "),
        ({"type": "THROTTLE", "times": "often"}, "How often has to be a whole number."),
        ({"type": "THROTTLE", "id": "Not a name"}, "id: "),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_and_what_was_typed_is_kept(
    administrator, simulation, fields, sentence
):
    administrator.open(FAULTS).submit(NEW_RULE, **{"operation": "soapGet*"} | fields)
    assert sentence in wrong(administrator)
    assert administrator.page.xpath("//input[@name='operation']/@value") == ["soapGet*"]
    assert simulation.fault_rules.all() == ()


def test_a_rule_is_disabled_enabled_and_removed(administrator, simulation):
    administrator.open(FAULTS).submit(NEW_RULE, type="DROP", id="gone")
    change = form(administrator, "faults/change")
    administrator.submit(change, do="disable:gone")
    assert not simulation.fault_rules.get("gone").rule.enabled
    assert "gone disabled" in administrator.text("//tbody")
    administrator.submit(change, do="enable:gone")
    assert simulation.fault_rules.get("gone").rule.enabled
    administrator.submit(change, do="remove:gone")
    assert "None: everything answers as it should." in administrator.text()


def test_all_rules_are_removed_at_once(administrator, simulation):
    for effect in ("DROP", "RESET"):
        administrator.open(FAULTS).submit(NEW_RULE, type=effect)
    administrator.submit(form(administrator, "faults/change"), do="clear")
    assert simulation.fault_rules.all() == ()


# Scenarios


def test_the_example_is_a_scenario_that_runs(administrator, engine, clock, simulation):
    engine_forms = form(administrator, "scenarios/move")
    administrator.open("/clusters/lab/nodes/cucm-pub/activation").submit(do="save", service=["cisco-tftp"])
    administrator.submit()
    clock.advance(60_000)
    administrator.open(SCENARIOS).submit("//form[contains(@action, '/scenarios')][.//textarea]")
    assert said(administrator) == "Scenario tftp-crashes was kept."
    administrator.submit(engine_forms, do="start:tftp-crashes")
    assert "in 0:30" in administrator.text("//*[@aria-current='step']")
    administrator.open(CLOCK).submit(form(administrator, "advance"), by="60")
    assert simulation.scenarios.get("tftp-crashes").scenario.progress is Progress.FINISHED
    events = [(event.data["from"], event.data["to"]) for event in engine.events(limit=1000) if
              event.service == "Cisco Tftp" and event.type == "service.state.changed"]  # fmt: skip
    assert ("STARTED", "STOPPED") in events
    assert status(engine, PUB, "Cisco Tftp") in (Status.STARTING, Status.STARTED)


def test_a_scenario_is_stopped_put_back_edited_and_removed(administrator, simulation):
    move = form(administrator, "scenarios/move")
    administrator.open(SCENARIOS).submit("//form[.//textarea]")
    administrator.submit(move, do="start:tftp-crashes")
    administrator.submit(move, do="stop:tftp-crashes")
    assert simulation.scenarios.get("tftp-crashes").scenario.progress is Progress.STOPPED
    administrator.submit(move, do="rewind:tftp-crashes")
    assert simulation.scenarios.get("tftp-crashes").scenario.progress is Progress.NEW
    administrator.open(SCENARIOS, query_string={"edit": "tftp-crashes"}).submit("//form[.//textarea]")
    assert said(administrator) == "Scenario tftp-crashes was replaced."
    administrator.submit(move, do="remove:tftp-crashes")
    assert "None yet." in administrator.text()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("steps = [", "This can be read neither as TOML nor as JSON"),
        ('{"steps": 1}', "steps: "),
        (MISSPELT, "No service named 'cisco-tftpp' on cucm-pub."),
    ],
)  # fmt: skip
def test_a_scenario_that_makes_no_sense_is_refused_and_the_text_is_kept(
    administrator, simulation, text, sentence
):
    administrator.open(SCENARIOS).submit("//form[.//textarea]", text=text)
    assert sentence in wrong(administrator)
    assert administrator.page.xpath("//textarea")[0].text == text
    assert simulation.scenarios.all() == []


def test_a_verb_for_something_that_is_not_there_is_said(administrator):
    administrator.open(SCENARIOS)
    administrator.post("/simulation/scenarios/move", {"token": administrator.token(), "do": "start:nothing"})
    assert wrong(administrator) == "There is no scenario named nothing."
    administrator.post("/simulation/faults/change", {"token": administrator.token(), "do": "remove:nothing"})
    assert wrong(administrator) == "There is no rule named nothing."
