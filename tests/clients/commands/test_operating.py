"""`ucmsim advice` and `ucmsim events`: what only ucmsim's own API tells."""

from __future__ import annotations

import json


def test_advice_can_fail_a_pipeline(run, lab):
    lab.control_center().activate("Cisco CTIManager")
    found = json.loads(run("advice", "--json").stdout)
    shown = run("advice")
    assert shown.exit_code == 0
    assert all(each["message"] in shown.stdout for each in found[:3])
    warnings = any(each["severity"] == "WARNING" for each in found)
    assert run("advice", "--strict").exit_code == (1 if warnings else 0)


def test_events_are_lines_for_people(run, lab):
    lab.control_center().stop("Cisco Tftp")
    lines = run("events", "--type", "service.state.changed", "--service", "Cisco Tftp").stdout.splitlines()
    assert [line.split(" ", 2)[2] for line in lines] == [
        "service.state.changed cucm-pub cisco-tftp STARTED → STOPPING",
        "service.state.changed cucm-pub cisco-tftp STOPPING → STOPPED",
    ]


def test_events_are_objects_for_programs(run, lab):
    lab.control_center().stop("Cisco Tftp")
    first, *_, last = (json.loads(line) for line in run("events", "--json").stdout.splitlines())
    assert first["type"] == "operation.created"
    assert first["data"]["origin"]["face"] == "SOAP"
    assert last["cursor"]
    assert run("events", "--since", last["cursor"]).stdout == ""


def test_events_can_be_followed_and_counted(run, lab):
    lab.control_center().stop("Cisco Tftp")
    followed = run("events", "--follow", "--since", "0", "--count", "2", "--json")
    assert [json.loads(line)["cursor"] for line in followed.stdout.splitlines()] == ["1", "2"]
