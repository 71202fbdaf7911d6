"""Fault rules: what they match, when they act, and which of several act together (REST specification section 10)."""

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucmsim.models.faults import CONTRACT, Effect, Match, Rule, Subject, consult, like


@dataclass(frozen=True)
class Terminal(Effect):
    """An effect after which there is nothing more."""


@dataclass(frozen=True)
class Adding(Effect):
    """An effect that goes with others."""

    terminal: ClassVar[bool] = False


POLL = Subject(
    "CONTROLCENTER",
    "soapGetServiceStatus",
    "lab",
    "cucm-pub",
    "192.0.2.7",
    ("Cisco Tftp", "Cisco CallManager"),
)


EVERYTHING = Match()


def rule(name="r", match=EVERYTHING, effect=Terminal(), **more):
    return Rule(name, match, effect, **more)


def acting(rules, subject=POLL, times=1, seed=1):
    """The ids of the rules that acted on each of so many requests."""
    seen = []
    for _ in range(times):
        rules, chosen = consult(rules, subject, seed)
        seen.append([each.id for each in chosen])
    return seen


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        (Match(), True),
        (Match(api="ANY"), True),
        (Match(api="CONTROLCENTER"), True),
        (Match(api="CONTROLCENTER_EX"), False),
        (Match(api="CONTROL*"), True),
        (Match(operation="soapGetServiceStatus"), True),
        (Match(operation="soapGet*"), True),
        (Match(operation="soapget*"), False),
        (Match(operation="*Status"), True),
        (Match(operation="soapGet"), False),
        (Match(cluster="lab", node="cucm-*"), True),
        (Match(cluster="other"), False),
        (Match(node="cucm-sub"), False),
        (Match(service="Cisco Tftp"), True),
        (Match(service="cisco-tftp"), True),
        (Match(service="Cisco TFTP"), False),
        (Match(service="*callmanager"), True),
        (Match(service="Cisco DRF Local"), False),
        (Match(client="192.0.2.*"), True),
        (Match(client="192.0.3.*"), False),
        (Match(client="192x0.2.7"), False),
    ],
)
def test_a_rule_matches_what_all_its_keys_say(match, fits):
    assert match.fits(POLL) is fits


def test_a_client_that_fetches_the_contract_uses_up_no_rule_for_calls():
    fetch = replace(POLL, operation=CONTRACT, services=())
    assert acting([rule(match=Match(api="CONTROLCENTER"), times=1)], fetch) == [[]]
    assert acting([rule(match=Match(operation="?wsdl"))], fetch) == [["r"]]
    assert acting([rule(match=Match(operation="*"))], fetch) == [["r"]]


def test_a_rule_acts_so_many_times_and_no_more():
    rules, _ = consult([rule(times=2)], POLL, 1)
    assert acting([rule(times=2)], times=4) == [["r"], ["r"], [], []]
    assert rules[0].armed
    rules, _ = consult(rules, POLL, 1)
    assert (rules[0].spent, rules[0].armed, rules[0].applied) == (True, False, 2)


def test_the_first_matches_are_let_pass():
    assert acting([rule(after_matches=2, times=1)], times=5) == [[], [], ["r"], [], []]


def test_a_disabled_rule_does_not_even_count():
    rules, chosen = consult([rule(enabled=False)], POLL, 1)
    assert (rules[0].matched, chosen) == (0, ())


def test_the_highest_priority_wins_then_the_oldest():
    rules = [rule("old"), rule("new"), rule("urgent", priority=1, times=1)]
    assert acting(rules, times=2) == [["urgent"], ["old"]]


def test_a_rule_that_comes_too_late_is_not_counted():
    (_, second), _ = consult([rule("first"), rule("second")], POLL, 1)
    assert (second.matched, second.applied) == (0, 0)


def test_a_delay_goes_with_another_effect_whichever_has_priority():
    delay = rule("delay", effect=Adding())
    assert acting([delay, rule("fault")]) == [["delay", "fault"]]
    assert acting([rule("fault"), delay]) == [["fault", "delay"]]
    assert acting([rule("fault", priority=5), delay, rule("other")]) == [["fault", "delay"]]


def test_only_wanted_effects_are_looked_at():
    rules, chosen = consult([rule()], POLL, 1, wanted=lambda effect: isinstance(effect, Adding))
    assert (rules[0].matched, chosen) == (0, ())


@given(
    st.integers(0, 6),
    st.none() | st.integers(0, 6),
    st.floats(0, 1, allow_nan=False),
    st.integers(0, 2**32),
    st.integers(0, 30),
)
def test_counting_holds_for_any_rule(skip, times, probability, seed, requests):
    rules = (rule(after_matches=skip, times=times, probability=probability),)
    happened = acting(rules, times=requests, seed=seed)
    count = sum(map(len, happened))

    assert happened == acting(rules, times=requests, seed=seed)  # the same seed gives the same run
    assert not any(happened[:skip])
    assert times is None or count <= times
    if probability == 0:
        assert count == 0
    if probability == 1:
        assert count == min(max(requests - skip, 0), requests if times is None else times)


def test_a_probability_is_met_in_the_long_run_and_differs_by_seed():
    rules = (rule(probability=0.25),)
    runs = [acting(rules, times=2000, seed=seed) for seed in (1, 2)]
    for run in runs:
        assert 400 < sum(map(len, run)) < 600
    assert runs[0] != runs[1]


@given(st.text(alphabet="ab.?[*", max_size=8), st.text(alphabet="ab.?[", max_size=8))
def test_only_the_asterisk_means_something(pattern, text):
    escaped = "".join({"?": "[?]", "[": "[[]"}.get(character, character) for character in pattern)
    assert like(pattern, text) == fnmatchcase(text, escaped)
