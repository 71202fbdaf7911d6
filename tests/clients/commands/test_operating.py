"""`ucmsim advice` and `ucmsim events`: what only ucmsim's own API tells."""

from __future__ import annotations

import json

import pytest


def test_advice_can_fail_a_pipeline(run, lab):
    lab.control_center().activate("Cisco CTIManager")
    found = json.loads(run("advice", "--json").stdout)
    shown = run("advice")
    assert shown.exit_code == 0
    assert all(each["message"] in shown.stdout for each in found[:3])
    warnings = any(each["severity"] == "WARNING" for each in found)
    assert run("advice", "--strict").exit_code == (1 if warnings else 0)


@pytest.fixture
def since(lab):
    """The cursor of the last event before the test: they go on over a reset."""
    return list(lab.rest().events())[-1].cursor


def test_events_are_lines_for_people(run, lab, since):
    lab.control_center().stop("Cisco Tftp")
    only = ("--type", "service.state.changed", "--service", "Cisco Tftp")
    lines = run("events", *only, "--since", since).stdout.splitlines()
    assert [line.split(" ", 2)[2] for line in lines] == [
        "service.state.changed cucm-pub cisco-tftp STARTED → STOPPING",
        "service.state.changed cucm-pub cisco-tftp STOPPING → STOPPED",
    ]


def test_events_are_objects_for_programs(run, lab, since):
    lab.control_center().stop("Cisco Tftp")
    shown = run("events", "--json", "--since", since).stdout
    first, *_, last = (json.loads(line) for line in shown.splitlines())
    assert first["type"] == "operation.created"
    assert first["data"]["origin"]["face"] == "SOAP"
    assert last["cursor"]
    assert run("events", "--since", last["cursor"]).stdout == ""


def test_events_can_be_followed_and_counted(run, lab, since):
    lab.control_center().stop("Cisco Tftp")
    followed = run("events", "--follow", "--since", since, "--count", "2", "--json")
    cursors = [int(json.loads(line)["cursor"]) for line in followed.stdout.splitlines()]
    assert cursors == [int(since) + 1, int(since) + 2]
