"""Fault rules that act on services: refusals, stuck transitions, failing starts, crashes; and states forced at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.models.lab import (
    AUDIT,
    CALL_MANAGER,
    CONNECTION_MANAGER,
    CTI_MANAGER,
    IMP,
    PUB,
    ROUTER,
    STARTED,
    STARTING,
    STOPPED,
    STOPPING,
    TFTP,
    TOMCAT,
    Lab,
)
from ucmsim.models.boot import boot
from ucmsim.models.causes import Cause
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.containers import requirements
from ucmsim.models.control import carry_out
from ucmsim.models.disturbances import CrashesAfter, FailsToStart, Refusal, StuckTransition
from ucmsim.models.faults import Match, Rule, Subject
from ucmsim.models.forcing import force, release
from ucmsim.models.interference import Interference
from ucmsim.models.pace import Pace
from ucmsim.models.reasons import TABLE
from ucmsim.models.states import Action, NodeRef, Status, Via

CALLER = Subject("CONTROLCENTER", "soapDoControlServices", "lab", PUB, "127.0.0.1")
TIMED_OUT = TABLE[-1031]


class Disturbed(Lab):
    """A lab whose commands meet fault rules."""

    def __init__(self, *rules: Rule) -> None:
        super().__init__()
        self.rules = rules

    def carry(self, command):
        interference = Interference(self.rules, CALLER, seed=1)
        self.cluster, self.report = carry_out(self.cluster, command, self.now, 7, interference)
        self.rules = interference.rules
        self.acted = interference.acted
        return self.answer()

    def remove(self, name):
        self.rules = tuple(rule for rule in self.rules if rule.id != name)
        self.cluster = release(self.cluster, lambda disturbance: disturbance.rule == name, self.now, 7)
        return self

    def force(self, node, service, status, cause=None):
        self.cluster = force(self.cluster, node, service, status, cause, self.now, 7)
        return self


def rule(effect, service=None, **more):
    return Rule("r", Match(service=service), effect, **more)


def test_a_refused_command_does_nothing_and_says_why():
    lab = Disturbed(rule(Refusal(TIMED_OUT), times=1))
    before = lab.cluster
    answer = lab.restart(PUB, AUDIT)
    assert (answer.reason, answer.rows[0].reason) == (TIMED_OUT, TIMED_OUT)
    assert lab.cluster == before
    assert lab.acted == {"r": [AUDIT]}
    assert lab.restart(PUB, AUDIT).rows[0].status is STOPPING


def test_a_refusal_of_one_service_lets_the_others_go_on_and_counts_once():
    lab = Disturbed(rule(Refusal(TIMED_OUT, AUDIT), times=5))
    lab.stop(PUB, AUDIT, "Cisco DRF Local")
    assert (lab.status(PUB, AUDIT), lab.status(PUB, "Cisco DRF Local")) == (STARTED, STOPPING)
    assert lab.rules[0].applied == 1


def test_a_rule_for_one_service_leaves_the_others_alone():
    lab = Disturbed(rule(FailsToStart(), "cisco-tftp"))
    lab.activate(PUB, TFTP, CALL_MANAGER)
    lab.wait()
    assert (lab.status(PUB, TFTP), lab.status(PUB, CALL_MANAGER)) == (STOPPED, STARTED)


def test_a_start_that_fails_ends_as_the_vendor_says():
    """`U-29`: Stopped, -1019, and the call says -1007 once it is known."""
    lab = Disturbed(rule(FailsToStart(), TFTP, times=1))
    lab.activate(PUB, TFTP)
    assert lab.status(PUB, TFTP) is STARTING
    lab.wait()
    assert (lab.code(PUB, TFTP), lab.answer().reason.code) == (-1019, -1007)
    lab.start(PUB, TFTP)
    assert lab.wait().status(PUB, TFTP) is STARTED


def test_a_service_crashes_some_time_after_it_came_up():
    lab = Disturbed(rule(CrashesAfter(60_000), TFTP))
    lab.activate(PUB, TFTP)
    up = next(moment.at for moment in lab.instance(PUB, TFTP).moments if moment.status is STARTED)
    lab.now = up + 59_999
    assert lab.status(PUB, TFTP) is STARTED
    lab.now = up + 60_000
    assert (lab.status(PUB, TFTP), lab.code(PUB, TFTP)) == (STOPPED, -1019)


def test_a_stuck_start_ends_when_the_rule_is_gone_and_not_before():
    lab = Disturbed(rule(StuckTransition(STARTING), TFTP, times=1))
    lab.activate(PUB, TFTP)
    lab.wait(86_400)
    lab.restart(PUB, AUDIT)  # another command on the node plans all that is starting anew
    assert lab.wait().status(PUB, TFTP) is STARTING
    lab.remove("other")
    assert lab.wait().status(PUB, TFTP) is STARTING
    lab.remove("r")
    assert lab.wait().status(PUB, TFTP) is STARTED


def test_what_depends_on_a_stuck_service_waits_with_it():
    """`U-16` goes on to hold."""
    lab = Disturbed(rule(StuckTransition(STARTING), CALL_MANAGER))
    lab.activate(PUB, CTI_MANAGER)
    assert lab.wait().status(PUB, CTI_MANAGER) is STARTING
    lab.remove("r")
    assert lab.wait().status(PUB, CTI_MANAGER) is STARTED


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (Control(NodeRef("lab", PUB), Action.STOP, (TFTP,)), -1069),
        (Deploy(NodeRef("lab", PUB), False, (TFTP,)), -1068),
    ],
)
def test_a_stuck_stop_ends_as_it_was_meant_to(command, reason):
    lab = Disturbed(rule(StuckTransition(STOPPING), TFTP, times=1))
    lab.activate(PUB, TFTP)
    lab.wait().carry(command)
    assert lab.wait(86_400).status(PUB, TFTP) is STOPPING
    assert lab.settled() is None
    lab.remove("r")
    assert (lab.status(PUB, TFTP), lab.wait().status(PUB, TFTP)) == (STOPPING, STOPPED)
    assert lab.code(PUB, TFTP) == reason


def test_a_restart_stuck_in_its_stop_starts_again_when_the_rule_is_gone():
    lab = Disturbed(rule(StuckTransition(), AUDIT, times=1))
    lab.restart(PUB, AUDIT)
    assert lab.wait(86_400).status(PUB, AUDIT) is STOPPING
    lab.remove("r")
    assert lab.wait().status(PUB, AUDIT) is STARTED


def test_a_service_carried_by_another_can_be_held_alone():
    """G-CTL-8: the XCP Router takes its services down with it; one of them hangs."""
    lab = Disturbed(rule(StuckTransition(STOPPING), CONNECTION_MANAGER))
    lab.activate(IMP, CONNECTION_MANAGER)
    lab.wait().stop(IMP, ROUTER)
    lab.wait()
    assert (lab.status(IMP, ROUTER), lab.status(IMP, CONNECTION_MANAGER)) == (STOPPED, STOPPING)


def test_a_web_application_held_in_its_stop_is_down_with_its_tomcat_and_comes_back_with_it():
    """G-CTL-12."""
    admin = "Cisco CallManager Admin"
    lab = Disturbed(rule(StuckTransition(STOPPING), admin, times=1))
    lab.stop(PUB, TOMCAT, via=Via.CLI)
    lab.wait().remove("r").wait()
    assert lab.code(PUB, admin) == -1019


def test_a_stuck_start_can_be_given_up_by_a_stop():
    lab = Disturbed(rule(StuckTransition(STARTING), TFTP, times=1))
    lab.activate(PUB, TFTP)
    lab.wait().stop(PUB, TFTP)
    assert lab.wait().status(PUB, TFTP) is STOPPED
    lab.start(PUB, TFTP)
    assert lab.wait().status(PUB, TFTP) is STARTED


def test_a_node_that_restarts_meets_the_rules_too():
    interference = Interference([rule(FailsToStart(), AUDIT, times=1)], CALLER, 1)
    lab = Lab()
    node = boot(lab.node(PUB), lab.now, Pace(lab.cluster.durations, 7), interference)
    lab.cluster = lab.cluster.with_node(node)
    lab.wait(600)
    assert (lab.status(PUB, AUDIT), lab.status(PUB, TOMCAT)) == (STOPPED, STARTED)
    assert interference.rules[0].spent


@pytest.mark.parametrize(
    ("status", "cause", "code", "activated"),
    [
        (Status.STARTED, None, -1, True),
        (Status.STARTING, None, -1, True),
        (Status.STOPPING, None, -1, True),
        (Status.STOPPED, None, -1019, True),
        (Status.STOPPED, Cause.NOT_RUNNING, -1019, True),
        (Status.STOPPED, Cause.COMMANDED, -1069, True),
        (Status.STOPPED, Cause.NOT_ACTIVATED, -1068, False),
        (Status.UNKNOWN, None, -1013, True),
    ],
)
def test_a_forced_state_holds_at_once_and_stays(status, cause, code, activated):
    """`U-44` has Unknown, the section on states the others."""
    lab = Disturbed().force(PUB, TFTP, status, cause)
    for _ in range(2):
        assert (lab.status(PUB, TFTP), lab.code(PUB, TFTP)) == (status, code)
        lab.restart(PUB, AUDIT)
        lab.wait(3600)
    assert lab.activated(PUB, TFTP) is activated


def test_a_service_forced_up_lets_those_go_on_that_wait_for_it():
    lab = Disturbed(rule(StuckTransition(STARTING), CALL_MANAGER))
    lab.activate(PUB, CTI_MANAGER)
    lab.force(PUB, CALL_MANAGER, Status.STARTED)
    assert lab.wait().status(PUB, CTI_MANAGER) is STARTED


SERVICES = [TFTP, CALL_MANAGER, CTI_MANAGER, AUDIT]
COMMANDS = st.tuples(
    st.sampled_from(["start", "stop", "restart", "activate", "deactivate"]),
    st.sampled_from(SERVICES),
    st.integers(0, 90),
)
EFFECTS = st.sampled_from(
    [
        StuckTransition(),
        StuckTransition(STARTING),
        StuckTransition(STOPPING),
        FailsToStart(),
        CrashesAfter(5_000),
    ]
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(EFFECTS, st.sampled_from(SERVICES), st.integers(1, 3)), max_size=3),
    st.lists(COMMANDS, max_size=8),
)
def test_whatever_rules_did_the_node_is_sound_once_they_are_gone(effects, commands):
    """Moments stay in order, nothing hangs but what waits for a failed service, and the same run has the same end."""

    def run():
        lab = Disturbed(
            *(
                Rule(f"r{n}", Match(service=service), effect, times=times)
                for n, (effect, service, times) in enumerate(effects)
            )
        )
        for verb, service, pause in commands:
            getattr(lab, verb)(PUB, service)
            lab.wait(pause)
        for n in range(len(effects)):
            lab.remove(f"r{n}")
        return lab.wait(900)

    lab = run()
    for name, instance in lab.node(PUB).instances.items():
        times = [moment.at for moment in instance.moments]
        assert times == sorted(times)
        status = instance.at(lab.now).status
        assert status is not STOPPING, name
        if status is STARTING:  # `U-16`: it waits for what failed
            assert any(
                lab.status(PUB, other) is not STARTED for other in requirements(lab.node(PUB), name)
            ), name
        assert (instance.at(lab.now).started is not None) == (instance.at(lab.now).status is STARTED)
    assert run().cluster == lab.cluster
