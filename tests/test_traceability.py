"""Every rule of the guide has a place in the code and a test, and the document says so truthfully."""

import pytest

from tests.traceability import (
    DOCUMENT,
    NOT_APPLICABLE,
    Mention,
    document,
    mentions,
    scan,
    trace,
    traces,
)
from ucmsim.models.catalogue import SERVICES
from ucmsim.models.rules import RULES

TRACES = traces()


@pytest.mark.parametrize("found", TRACES, ids=lambda found: found.rule)
def test_a_rule_of_the_guide_has_a_place_and_a_test(found):
    assert found.places or NOT_APPLICABLE.get(found.rule), f"nothing honours {found.rule}"
    assert found.tests, f"nothing proves {found.rule}"


def test_the_document_is_what_the_code_says():
    assert DOCUMENT.read_text(encoding="utf-8") == document(TRACES), "run make docs"


def test_nobody_names_a_rule_that_does_not_exist():
    named = {mention.rule: mention for mention in scan("models", "api", "clients", "wsdl")}
    assert {rule: place for rule, place in named.items() if rule not in RULES} == {}


def test_the_catalogue_names_rules_that_exist():
    named = {rule for services in SERVICES.values() for service in services for rule in service.rules}
    assert named <= set(RULES)


def test_a_reason_for_not_honouring_a_rule_is_given_only_where_nothing_does():
    assert {found.rule for found in TRACES if not found.places} == set(NOT_APPLICABLE)


SOURCE = '''
"""A module (G-CTL-1)."""

SENTENCE = "..."
"""A fact (G-CTL-16)."""

class Service:
    """A class."""

    limit: int = 3
    """A limit (G-IMP-7)."""

    def start(self):
        """A method (G-IMP-2 to G-IMP-4)."""

def test_it():
    """G-ACT-5, G-ACT-5."""
'''


def test_mentions_are_found_in_every_kind_of_documentation():
    assert list(mentions("models/x.py", SOURCE)) == [
        Mention("models/x.py", name, rule)
        for name, rule in [
            ("", "G-CTL-1"),
            ("SENTENCE", "G-CTL-16"),
            ("Service.limit", "G-IMP-7"),
            ("Service.start", "G-IMP-2"),
            ("Service.start", "G-IMP-3"),
            ("Service.start", "G-IMP-4"),
            ("test_it", "G-ACT-5"),
        ]
    ]


def test_a_stanza_of_the_catalogue_is_a_mention():
    source = 'SERVICES = (stanza("Cisco CAR DB", on={}, rules=("G-DEP-22",)),)'
    assert list(mentions("models/c.py", source)) == [
        Mention("models/c.py", "Cisco CAR DB", "G-DEP-22", stanza=True)
    ]


def test_comments_and_other_strings_are_no_documentation():
    assert list(mentions("models/x.py", "# G-CTL-1\nrule = 'G-CTL-2'\n")) == []


def test_what_only_a_test_or_only_the_code_names_is_half_a_trace():
    place, proof = Mention("models/x.py", "start", "G-CTL-1"), Mention("tests/x.py", "test_it", "G-CTL-1")
    helper = Mention("tests/x.py", "put", "G-CTL-1")
    assert trace("G-CTL-1", [place], [helper]).tests == ()
    assert trace("G-CTL-1", [], [proof]).places == ()
    assert trace("G-CTL-1", [place], [proof, helper]).tests == (proof,)


def test_the_core_is_named_before_the_faces():
    core, face = Mention("models/x.py", "start", "G-CTL-1"), Mention("api/x.py", "start", "G-CTL-1")
    stanza = Mention("models/c.py", "Cisco Tftp", "G-CTL-1", stanza=True)
    assert trace("G-CTL-1", [stanza, face, core], []).places == (core,)
    assert trace("G-CTL-1", [stanza, face], []).places == (face,)
    assert trace("G-CTL-1", [stanza], []).places == (stanza,)
