"""`ucmsim list` and `status` as a person and as a script use them, against a running cluster."""

from __future__ import annotations

import csv
import io
import json

import pytest


def test_list_shows_every_service_with_its_state(run):
    shown = run("list")
    assert shown.exit_code == 0, shown.output
    lines = shown.stdout.splitlines()
    assert lines[0].split() == ["Service", "State", "Up", "Since"]
    tftp = next(line for line in lines if line.startswith("Cisco Tftp "))
    assert "● Started" in tftp
    assert "+01" in tftp or "+02" in tftp  # Berlin's
    assert "○ Stopped – Service Not Activated" in next(
        line for line in lines if line.startswith("Cisco DirSync ")
    )


def test_list_takes_patterns_in_any_letter_case(run):
    listed = json.loads(run("list", "*TFTP*", "*ctimanager", "--json").stdout)
    assert [each["name"] for each in listed] == ["Cisco Tftp", "Cisco CTIManager"]


@pytest.mark.parametrize(
    ("option", "only"),
    [
        (["--feature"], lambda each: each["type"] == "feature"),
        (["--network"], lambda each: each["type"] == "network"),
        (["--group", "cm *"], lambda each: each["group"] == "CM Services"),
        (["--activated"], lambda each: each["activated"]),
        (["--feature", "--activated"], lambda each: each["type"] == "feature" and each["activated"]),
    ],
)
def test_list_narrows(run, option, only):
    everything = json.loads(run("list", "--json").stdout)
    some = json.loads(run("list", "--json", *option).stdout)
    for each in [*everything, *some]:
        del each["upTimeSeconds"]  # the clock goes on between the two questions
    assert some == [each for each in everything if only(each)]


def test_problems_are_what_is_activated_and_does_not_run(run):
    assert json.loads(run("list", "--problems", "--json").stdout) == []
    assert run("stop", "Cisco Tftp").exit_code == 0
    (problem,) = json.loads(run("list", "--problems", "--json").stdout)
    assert (problem["name"], problem["reasonCode"], problem["reason"]) == (
        "Cisco Tftp",
        -1069,
        "Commanded Out of Service",
    )


def test_the_json_of_a_service_says_everything(run):
    (tftp,) = json.loads(run("list", "Cisco Tftp", "--json", "--host", "127.0.0.1").stdout)
    assert {**tftp, "startTime": "", "upTimeSeconds": 0} == {
        "node": "127.0.0.1",
        "name": "Cisco Tftp",
        "status": "Started",
        "activated": True,
        "reasonCode": -1,
        "reason": "",
        "startTime": "",
        "upTimeSeconds": 0,
        "group": "CM Services",
        "type": "feature",
        "form": "service",
        "dependsOn": [],
    }
    assert tftp["upTimeSeconds"] > 0


def test_csv_can_be_read_back(run):
    rows = list(
        csv.DictReader(io.StringIO(run("list", "--csv", "-H", "127.0.0.1", "-H", "127.0.0.2").stdout))
    )
    assert {row["node"] for row in rows} == {"127.0.0.1", "127.0.0.2"}
    mobile = next(row for row in rows if row["name"] == "Cisco CAR Web Service")
    assert mobile["dependsOn"] == "Cisco CAR DB; A Cisco DB"
    assert mobile["activated"] == "false"


def test_the_nodes_own_form(run):
    shown = run("list", "--vos").stdout.splitlines()
    start = shown.index("Service Manager is running")
    assert shown[0] == "Requesting service status, please wait..."
    assert shown[1:start] == [
        "System SSH [STARTED]",
        "Cluster Manager [STARTED]",
        "Password Reset [STOPPED] Service Activated",
        "Name Service Cache [STARTED]",
        "Entropy Monitoring Daemon [STARTED]",
        "Cisco SCSI Watchdog [STARTED]",
        "Service Manager [STARTED]",
    ]
    assert shown[start + 1 : start + 3] == ["Getting list of all services", ">> Return code = 0"]
    assert "Cisco Tftp[STARTED]" in shown
    assert "Cisco DirSync[STOPPED]  Service Not Activated" in shown
    assert shown[-1] == "Primary Node =true"
    dormant = [line.endswith("Service Not Activated") for line in shown[start + 3 : -1]]
    assert dormant == sorted(dormant)  # those that are not activated come last
    assert run("list", "--vos", "--host", "127.0.0.2").stdout.splitlines()[-1] == "Primary Node =false"


@pytest.mark.parametrize("line", [["list"], ["status"]])
def test_a_real_node_does_not_tell_what_its_platform_runs(run, lab, line):
    lab.faults.http_status(404, api="REST")
    shown = run(*line, "--vos")
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.splitlines()[:2] == [
        "Requesting service status, please wait...",
        "Service Manager is running",
    ]


@pytest.mark.parametrize("line", [["list", "Cisco Tftp"], ["status", "Cisco Tftp"]])
def test_who_asks_for_some_services_in_the_nodes_own_form_gets_no_others(run, line):
    assert [row for row in run(*line, "--vos").stdout.splitlines() if "[" in row] == ["Cisco Tftp[STARTED]"]


def test_several_nodes_in_their_own_form_stand_one_after_the_other(run):
    shown = run("status", "Cisco Tftp", "--vos", "-H", "127.0.0.1", "-H", "127.0.0.2").stdout.splitlines()
    assert [row for row in shown if row.startswith(("127", "Cisco Tftp", "Primary"))] == [
        "127.0.0.1:",
        "Cisco Tftp[STARTED]",
        "Primary Node =true",
        "127.0.0.2:",
        "Cisco Tftp[STOPPED]  Service Not Activated",
        "Primary Node =false",
    ]


def test_status_keeps_the_order_asked(run):
    listed = json.loads(run("status", "Cisco Tftp", "A Cisco DB", "--json").stdout)
    assert [each["name"] for each in listed] == ["Cisco Tftp", "A Cisco DB"]


@pytest.mark.parametrize(("expected", "status"), [("started", 0), ("stopped", 1)])
def test_a_script_can_ask_for_a_state(run, expected, status):
    assert run("status", "Cisco Tftp", "--expect", expected).exit_code == status


def test_an_unknown_name_is_told_and_is_a_failure(run):
    told = run("status", "Cisco TFTP", "Cisco Tftp")
    assert told.exit_code == 1
    assert told.stderr == "127.0.0.1 has no service named 'Cisco TFTP'; names: ucmsim list\n"


def test_of_several_nodes_each_has_its_table(run):
    shown = run("list", "Cisco Tftp", "-H", "127.0.0.1", "-H", "127.0.0.2").stdout
    assert (
        shown.index("127.0.0.1")
        < shown.index("Started")
        < shown.index("127.0.0.2")
        < shown.index("○ Stopped")
    )


@pytest.mark.parametrize(
    "line", [["list", "--json"], ["status", "Cisco Tftp", "--json"], ["products", "--json"]]
)
def test_a_dead_node_does_not_hide_what_the_others_answer(run, lab, line):
    lab.rest().simulation.condition(node="cucm-sub", reachable=False)
    shown = run(*line, "-H", "127.0.0.2", "-H", "127.0.0.1")
    assert shown.exit_code == 4
    assert {each["node"] for each in json.loads(shown.stdout)} == {"127.0.0.1"}
    error, hint = shown.stderr.splitlines()
    assert error.startswith("error: 127.0.0.2 does not answer")
    assert hint.startswith("hint: ")


def test_the_first_failure_decides_the_exit_status_and_every_failure_is_told(run, lab):
    lab.rest().simulation.condition(node="cucm-sub", reachable=False)
    lab.faults.http_status(403, node="cucm-pub", times=1)
    shown = run("status", "Cisco Tftp", "-H", "127.0.0.1", "-H", "127.0.0.2")
    assert (shown.exit_code, shown.stdout) == (5, "")
    assert [line.split()[1] for line in shown.stderr.splitlines() if line.startswith("error: ")] == [
        "127.0.0.1",
        "127.0.0.2",
    ]


def test_nothing_is_printed_where_no_node_answers(run, lab):
    shown = run("list", "--json", "-H", "127.0.0.1", "-H", "127.0.0.2", UCMSIM_PORT="1")
    assert (shown.exit_code, shown.stdout) == (4, "")
    assert shown.stderr.count("error: ") == 2


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("nosuch*", "nothing matches 'nosuch*'\n"),
        ("*Cisco CallManger*", "nothing matches '*Cisco CallManger*'; near: 'Cisco CallManager'"),
        ("tftpd", "nothing matches 'tftpd'; near: 'Cisco Tftp'"),
    ],
)
def test_a_pattern_that_matches_nothing_is_told_with_what_is_near(run, pattern, said):
    shown = run("list", pattern, "*ctimanager", "--json")
    assert shown.exit_code == 0
    assert [each["name"] for each in json.loads(shown.stdout)] == ["Cisco CTIManager"]
    assert shown.stderr.startswith(said)
    assert len(shown.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "line",
    [
        ["list", "--json", "--csv"],
        ["list", "--feature", "--network"],
        ["stop", "Cisco Tftp", "--csv", "--json"],
    ],
)
def test_options_that_exclude_each_other_are_a_wrong_command_line(run, line):
    told = run(*line)
    assert (told.exit_code, told.stdout) == (2, "")
    assert "exclude each other" in told.stderr
