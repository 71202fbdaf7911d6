"""`ucmsim sim …`: clock, faults, conditions, forced states, scenarios, snapshots and the journal from the shell."""

from __future__ import annotations

import json
import re

import pytest
from pydantic.alias_generators import to_camel

from ucmsim.api.sim.documents.stage import NodePatch
from ucmsim.clients import Status
from ucmsim.clients.errors import FaultError, UnreachableError


@pytest.fixture
def sim(run):
    """Runs `ucmsim sim …` and returns what it printed; it must succeed."""

    def command(*arguments):
        done = run("sim", *arguments)
        assert done.exit_code == 0, done.output
        return done.stdout.rstrip("\n")

    return command


def test_the_clock_is_stopped_advanced_and_let_go(sim, lab):
    assert sim("clock").endswith("TIMED rate 1")
    stopped = sim("clock", "stop")
    assert stopped.endswith("MANUAL rate 1")
    assert sim("clock") == stopped
    before = lab.clock.now
    sim("advance", "3600")
    assert (lab.clock.now - before).total_seconds() == 3600
    assert sim("clock", "run", "--rate", "60").endswith("TIMED rate 60")
    assert "IMMEDIATE" in sim("clock", "immediate")


def test_the_clock_goes_to_the_next_change(sim, ucm, ucm_clock, run):
    reach = {
        "UCMSIM_PORT": str(ucm.port),
        "UCMSIM_CACERT": ucm.verify,
        "UCMSIM_PASSWORD": ucm.credentials.password,
    }
    ucm.control_center().restart("Cisco CDP")
    for _ in range(2):
        assert run("sim", "advance", "--next", **reach).exit_code == 0
    assert ucm.control_center().status("Cisco CDP")[0].status is Status.STARTED


def test_a_fault_is_added_listed_and_removed(sim, lab):
    rule = sim("fault", "add", "soap_fault", "faultstring=broken", "--operation", "soapGet*", "--times", "1")
    (listed,) = json.loads(sim("fault", "list"))
    assert (listed["id"], listed["times"], listed["match"]["operation"]) == (rule, 1, "soapGet*")
    with pytest.raises(FaultError, match="broken"):
        lab.control_center().status()
    sim("fault", "remove", rule)
    assert json.loads(sim("fault", "list")) == []
    sim("fault", "add", "DELAY", "ms=5", "--probability", "0.5", "--after", "3")
    sim("fault", "clear")
    assert json.loads(sim("fault", "list")) == []


def test_a_rule_comes_from_a_file_as_well(sim, tmp_path):
    file = tmp_path / "rule.toml"
    file.write_text("""
id = "slow-tftp"
times = 3
match = {service = "cisco-tftp"}
effect = {type = "DELAY", params = {ms = 250}}
""")
    assert sim("fault", "add", "--file", str(file)) == "slow-tftp"


def test_a_node_is_taken_away_and_brought_back(sim, lab):
    sim("condition", "cucm-sub", "reachable=false")
    with pytest.raises(UnreachableError):
        lab.control_center("cucm-sub").status()
    told = json.loads(sim("condition", "cucm-sub", "reachable=true", "latencyMs=1"))
    assert (told["reachable"], told["latencyMs"]) == (True, 1)
    assert lab.control_center("cucm-sub").status()


def test_a_service_is_forced_into_a_state(sim, lab):
    sim("force", "cucm-pub", "Cisco Tftp", "stopped", "--cause", "CRASHED")
    assert lab.control_center().status("Cisco Tftp")[0].reason.code == -1019


def test_a_scenario_is_loaded_started_and_stopped(sim, lab, tmp_path):
    file = tmp_path / "drill.toml"
    file.write_text("""
[[steps]]
when = {afterSeconds = 100}
do = [{node = {node = "cucm-sub", reachable = false}}]
""")
    assert sim("scenario", "load", str(file)) == "drill"
    assert "drill NEW step 1 of 1" in sim("scenario", "list")
    sim("scenario", "start", "drill")
    assert "drill RUNNING step 1 of 1" in sim("scenario", "list")
    sim("scenario", "stop", "drill")
    assert "drill STOPPED step 1 of 1" in sim("scenario", "list")
    sim("scenario", "remove", "drill")
    assert "drill" not in sim("scenario", "list")


def test_a_snapshot_brings_everything_back(sim, lab):
    sim("snapshot", "save", "before")
    lab.control_center().stop("Cisco Tftp")
    sim("snapshot", "restore", "before")
    assert lab.control_center().status("Cisco Tftp")[0].status is Status.STARTED
    assert "before" in [each["id"] for each in json.loads(sim("snapshot", "list"))]
    sim("snapshot", "remove", "before")
    assert "before" not in [each["id"] for each in json.loads(sim("snapshot", "list"))]


@pytest.mark.parametrize("kind", ["scenario", "snapshot"])
def test_what_is_not_there_cannot_be_removed(run, kind):
    told = run("sim", kind, "remove", "nosuch")
    assert told.exit_code == 7
    assert told.stderr == f"error: there is no {kind} named 'nosuch'\n"


def test_the_journal_shows_what_was_asked_and_what_was_meant(sim, lab):
    lab.control_center().status("Cisco CallManger")
    lab.control_center("cucm-sub").restart("Cisco CDP")
    first, second = sim("journal").splitlines()
    assert "administrator soapGetServiceStatus for Cisco CallManger on cucm-pub, answered 200" in first
    assert "soapDoControlServices for Cisco CDP on cucm-sub" in second
    assert sim("journal", "--operation", "soapDoControlServices") == second
    assert "closest: 'Cisco CallManager'" in sim("journal", "--unmatched")
    (entry,) = json.loads(sim("journal", "--node", "cucm-sub", "--json"))
    assert lab.credentials.password not in json.dumps(entry)
    sim("journal", "--clear")
    assert sim("journal") == ""


def test_a_reset_brings_back_the_installation_and_keeps_what_it_is_told(sim, lab):
    lab.control_center().stop("Cisco Tftp")
    lab.faults.delay(1)
    sim("reset", "--keep", "FAULTS")
    assert lab.control_center().status("Cisco Tftp")[0].status is Status.STARTED
    assert len(lab.faults.all()) == 1


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (("advance",), "either SECONDS or --next"),
        (("fault", "add"), "either an EFFECT or --file"),
        (("condition", "cucm-pub", "reachable"), "not of the form KEY=VALUE"),
    ],
)
def test_a_wrong_command_line_is_told(run, command, text):
    told = run("sim", *command)
    assert told.exit_code == 2
    assert text in told.stderr


def test_what_the_server_refuses_is_told_with_the_place(run):
    told = run("sim", "condition", "cucm-pub", "reachable=perhaps")
    assert told.exit_code == 7
    assert "reachable" in told.stderr


def test_the_help_of_condition_lists_every_key_with_its_values(run):
    told = run("sim", "condition", "--help").stdout
    for name, field in NodePatch.model_fields.items():
        key = to_camel(name)
        assert re.search(rf"\b{key}=", told), key
        if "Literal" in str(field.annotation):
            values = "|".join(re.findall(r"'(\w+)'", str(field.annotation)))
            assert f"{key}={values}" in told
