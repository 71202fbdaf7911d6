"""The table of transitions of the Control Center (specification section 13.1), cell by cell."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.models.lab import DATABASE, LAYER_MONITOR, NOON, PUB, TFTP, TOMCAT, Lab, seen
from ucmsim.models.commands import Command, Control, Deploy
from ucmsim.models.states import SECOND, Action, NodeRef, Via
from ucmsim.models.timeline import Instance, commanded, failed, inactive, started, starting, stopping

VERBS = ("Start", "Stop", "Restart", "Deploy", "UnDeploy")
COMMANDS: dict[str, Callable[[NodeRef, str], Command]] = {
    "Start": lambda ref, name: Control(ref, Action.START, (name,)),
    "Stop": lambda ref, name: Control(ref, Action.STOP, (name,)),
    "Restart": lambda ref, name: Control(ref, Action.RESTART, (name,)),
    "Deploy": lambda ref, name: Deploy(ref, True, (name,)),
    "UnDeploy": lambda ref, name: Deploy(ref, False, (name,)),
}

LONG_AGO = NOON - 3600 * SECOND
SOON = NOON + 3600 * SECOND

BEFORE = {
    "not activated": Instance(False, False, (inactive(LONG_AGO),)),
    "stopped by an administrator": Instance(True, True, (commanded(LONG_AGO),)),
    "failed": Instance(True, True, (failed(LONG_AGO),)),
    "starting": Instance(True, True, (starting(LONG_AGO), started(SOON))),
    "started": Instance(True, True, (started(LONG_AGO),)),
    "stopping": Instance(True, True, (stopping(LONG_AGO, LONG_AGO), commanded(SOON))),
}

# For each state the cells of Start, Stop, Restart, Deploy, UnDeploy: status and reason at once / in the end.
# R: refused, nothing changes, the call has the same reason.  =: accepted, nothing changes.
TABLE = {
    "not activated": (
        "R Stopped -1068",
        "R Stopped -1068",
        "R Stopped -1068",
        "Starting -1 / Started -1",
        "= Stopped -1068",
    ),
    "stopped by an administrator": (
        "Starting -1 / Started -1",
        "= Stopped -1040",
        "Starting -1 / Started -1",
        "Starting -1 / Started -1",
        "Stopped -1068",
    ),
    "failed": (
        "Starting -1 / Started -1",
        "= Stopped -1040",
        "Starting -1 / Started -1",
        "Starting -1 / Started -1",
        "Stopped -1068",
    ),
    "starting": (
        "= Starting -1029 / Started -1",
        "Stopping -1 / Stopped -1069",
        "R Starting -1042",
        "= Starting -1 / Started -1",
        "Stopping -1 / Stopped -1068",
    ),
    "started": (
        "= Started -1039",
        "Stopping -1 / Stopped -1069",
        "Stopping -1 / Started -1",
        "= Started -1",
        "Stopping -1 / Stopped -1068",
    ),
    "stopping": (
        "R Stopping -1042",
        "= Stopping -1029 / Stopped -1069",
        "R Stopping -1042",
        "R Stopping -1042",
        "Stopping -1 / Stopped -1068",
    ),
}
CELLS = [(state, verb, cell) for state, row in TABLE.items() for verb, cell in zip(VERBS, row, strict=True)]


def put(lab: Lab, name: str, instance: Instance) -> None:
    """Set a service of the publisher to a state by hand."""
    node = lab.node(PUB)
    lab.cluster = lab.cluster.with_node(replace(node, instances={**node.instances, name: instance}))


@pytest.mark.parametrize(
    ("state", "verb", "cell"), CELLS, ids=[f"{state}: {verb}" for state, verb, _ in CELLS]
)
def test_each_verb_in_each_state_does_what_the_table_says(state, verb, cell):
    """Section 13.1; U-7 to U-13, U-22; G-CTL-1, G-CTL-3, G-ACT-3, G-ACT-4."""
    refused, untouched = cell.startswith("R "), cell.startswith(("R ", "= "))
    at_once, _, in_the_end = cell.removeprefix("R ").removeprefix("= ").partition(" / ")
    lab = Lab()
    put(lab, TFTP, BEFORE[state])

    answer = lab.carry(COMMANDS[verb](NodeRef("lab", PUB), TFTP))

    assert seen(answer.rows[0]) == at_once
    assert answer.reason.code == (answer.rows[0].reason.code if refused else -1)
    assert (lab.instance(PUB, TFTP) == BEFORE[state]) is untouched
    if not refused:
        lab.now = SOON
        assert seen(lab.answer().rows[0]) == (in_the_end or at_once)
        assert lab.activated(PUB, TFTP) is not (in_the_end or at_once).endswith("-1068")


def test_the_reasons_of_an_answer_do_not_stay_in_later_queries():
    """Section 13.1: a status query always gives the state's own reason."""
    lab = Lab()
    assert lab.start(PUB, LAYER_MONITOR).rows[0].reason.code == -1039
    assert lab.code(PUB, LAYER_MONITOR) == -1
    lab.stop(PUB, LAYER_MONITOR)
    lab.wait()
    assert lab.stop(PUB, LAYER_MONITOR).rows[0].reason.code == -1040
    assert lab.code(PUB, LAYER_MONITOR) == -1069


def test_a_network_service_can_neither_be_activated_nor_deactivated():
    """G-ACT-2: refused with -1045, nothing changes."""
    lab = Lab()
    before = lab.instance(PUB, LAYER_MONITOR)
    for answer in (lab.activate(PUB, LAYER_MONITOR), lab.deactivate(PUB, LAYER_MONITOR)):
        assert (answer.reason.code, seen(answer.rows[0])) == (-1045, "Started -1045")
    assert lab.instance(PUB, LAYER_MONITOR) == before


@pytest.mark.parametrize("name", [DATABASE, TOMCAT])
@pytest.mark.parametrize("verb", ["Stop", "Restart", "Deploy", "UnDeploy"])
def test_what_must_not_stop_is_left_alone_by_the_api(name, verb):
    """U-14: Started, -1045, its times untouched."""
    lab = Lab()
    before = lab.row(PUB, name)
    answer = lab.carry(COMMANDS[verb](NodeRef("lab", PUB), name))
    assert (answer.reason.code, seen(answer.rows[0])) == (-1045, "Started -1045")
    assert answer.rows[0][3:] == before[3:]
    assert lab.row(PUB, name) == before


@pytest.mark.parametrize("name", [DATABASE, TOMCAT])
def test_starting_what_must_not_stop_says_that_it_runs(name):
    """U-14: the row of DoNotStop goes before that of manual control."""
    lab = Lab()
    answer = lab.start(PUB, name)
    assert (answer.reason.code, seen(answer.rows[0])) == (-1, "Started -1039")


@pytest.mark.parametrize("name", ["Platform Communication Web Service", "Cisco Smart License Manager"])
@pytest.mark.parametrize("via", list(Via))
@pytest.mark.parametrize("verb", VERBS)
def test_what_nobody_controls_by_hand_refuses_every_verb(name, via, verb):
    """G-CTL-7, U-15: also on the command line."""
    lab = Lab()
    answer = lab.carry(replace(COMMANDS[verb](NodeRef("lab", PUB), name), via=via))
    assert (answer.reason.code, seen(answer.rows[0])) == (-1045, "Started -1045")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", ["Cisco CallManger", "cisco tftp", "Cisco TFTP", "Cisco SIP Proxy", ""])
def test_a_name_that_the_node_does_not_know_is_refused_and_echoed(name, verb):
    """U-2, U-3, U-26, G-ACT-14: another spelling, an alias or another product's service is no name here."""
    answer = Lab().carry(COMMANDS[verb](NodeRef("lab", PUB), name))
    assert (answer.reason.code, seen(answer.rows[0])) == (-1010, "Stopped -1010")
    assert (answer.rows[0].name, answer.rows[0].started, answer.rows[0].uptime) == (name, None, -1)


def test_the_command_line_may_stop_the_database_and_tomcat():
    """U-14, G-CTL-18: allowed from the command line of the node."""
    lab = Lab()
    assert lab.stop(PUB, DATABASE, TOMCAT, via=Via.CLI).reason.code == -1
    lab.wait()
    assert lab.code(PUB, DATABASE) == lab.code(PUB, TOMCAT) == -1069


def test_the_command_line_cannot_activate_a_network_service_either():
    """G-ACT-2."""
    assert Lab().activate(PUB, DATABASE, via=Via.CLI).reason.code == -1045
