"""Fault rules over HTTP (REST specification section 10)."""

from __future__ import annotations

from typing import Annotated

from ucmsim.api.rest.calls import Call, Header
from ucmsim.api.rest.problems import NOT_FOUND, Problem, define
from ucmsim.api.rest.routes import Link, Path, Reply, Resource, delete, get, patch, post
from ucmsim.api.sim.documents.faults import RuleBody, RuleDocument, RulePage, RulePatch, document
from ucmsim.api.sim.fault_rules import FaultRules
from ucmsim.api.sim.resources import BASE, by
from ucmsim.api.sim.rulebook import Kept

UNSUPPORTED_EFFECT = define(
    "unsupported-effect",
    "The effect cannot act there",
    422,
    meaning="This API has no answer of that kind: SOAP_FAULT and WRONG_RESULT are for SOAP APIs only.",
)

FaultName = Annotated[str, Path("The rule's name.", "slow-tftp")]

_ONLY_SOAP = ("SOAP_FAULT", "WRONG_RESULT")
_LINKS = {
    "read": Link("faults_read", {"fault": "$response.body#/id"}, "The rule and how often it acted."),
    "remove": Link("faults_remove", {"fault": "$response.body#/id"}, "Remove the rule."),
}
_LOCATION = {
    "Location": Header("Location", "Where the rule is.", {"type": "string"}, f"{BASE}/faults/slow-tftp")
}


class Faults(Resource):
    """Rules that make things go wrong: for matching requests, or for services that are commanded.

    The highest priority goes first, then the oldest. At most one rule with a terminal effect acts on a request; DELAY
    combines with others. What a rule held in a transition goes on when the rule is disabled or removed. Nothing below
    `/sim/v1` is ever affected.
    """

    name = "faults"

    def __init__(self, rules: FaultRules) -> None:
        self._rules = rules

    @get("/faults")
    def index(self) -> RulePage:
        """List all rules, the oldest first."""
        return RulePage(items=[document(*kept) for kept in self._rules.all()], next=None)

    @post(
        "/faults",
        statuses=(201, 200),
        problems=(UNSUPPORTED_EFFECT,),
        answers=_LOCATION,
        links=_LINKS,
        example={
            "id": "busy",
            "times": 2,
            "match": {"api": "CONTROLCENTER", "operation": "soapGetServiceStatus"},
            "effect": {"type": "THROTTLE"},
        },
    )
    def create(self, body: RuleBody, call: Call) -> Reply[RuleDocument]:
        """Add a rule.

        A rule of the same `id` is replaced and begins to count anew; that answers 200.
        """
        _supported(body)
        kept, new = self._rules.put(body, by(call))
        location = {"Location": f"{BASE}/faults/{kept.rule.id}"}
        return Reply(document(*kept), 201 if new else 200, location)

    @post("/faults/actions/clear", statuses=(204,))
    def clear(self, call: Call) -> None:
        """Remove all rules."""
        self._rules.clear(by(call))

    @get("/faults/{fault}", versioned=True, problems=(NOT_FOUND,))
    def read(self, fault: FaultName) -> RuleDocument:
        """Read a rule and how often it has matched and acted."""
        return document(*self._find(fault))

    @patch("/faults/{fault}", problems=(NOT_FOUND, UNSUPPORTED_EFFECT), example={"enabled": False})
    def change(self, fault: FaultName, body: RulePatch, call: Call) -> RuleDocument:
        """Change a rule.

        Its counters stay; a spent rule that is enabled may act as often again.
        """
        kept = self._find(fault)
        _supported(body.onto(kept.body))
        return document(*self._rules.patch(fault, body, by(call)))

    @delete("/faults/{fault}", problems=(NOT_FOUND,))
    def remove(self, fault: FaultName, call: Call) -> None:
        """Remove a rule."""
        self._find(fault)
        self._rules.remove(fault, by(call))

    def _find(self, name: str) -> Kept:
        try:
            return self._rules.get(name)
        except KeyError:
            raise Problem(NOT_FOUND, f"there is no fault rule named {name!r}") from None


def _supported(body: RuleBody) -> None:
    if body.match.api == "REST" and body.effect.type in _ONLY_SOAP:
        raise Problem(UNSUPPORTED_EFFECT, f"{body.effect.type} cannot act on the REST API")
