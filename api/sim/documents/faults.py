"""Fault rules as documents (REST specification section 10): the same in a file, over HTTP and from Python.

A document becomes a rule here, at the edge; nothing behind it knows the form.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from ucmsim.api.rest.documents import Body, Document, Page
from ucmsim.api.sim.documents.effects import EffectBody, Pattern
from ucmsim.models.faults import Match, Rule

Api = Literal[
    "CONTROLCENTER",
    "CONTROLCENTER_EX",
    "RIS",
    "PERFMON",
    "LOGCOLLECTION",
    "DIME",
    "CDR",
    "PAWS",
    "REST",
    "ANY",
]
NAME = r"[a-z0-9-]{1,63}"

Name = Annotated[
    str,
    Field(
        pattern=rf"^{NAME}$",
        description="A name of the caller's choice; left out, the server makes one.",
        examples=["slow-tftp"],
    ),
]


class MatchBody(Body):
    """Which requests and commands a rule is for. Every key is optional; `*` stands for any characters."""

    api: Api | None = Field(
        default=None, description="The API; `ANY` and null mean all.", examples=["CONTROLCENTER"]
    )
    operation: Pattern | None = Field(
        default=None,
        description="The SOAP operation, or for the REST API method and path. `?wsdl` is the request for a contract, on "
        "which only rules act that name their operation.",
        examples=["soapGetServiceStatus"],
    )
    cluster: Pattern | None = Field(default=None, examples=["lab"])
    node: Pattern | None = Field(default=None, examples=["cucm-pub"])
    service: Pattern | None = Field(
        default=None,
        description="A service by its id or its exact name; a request that names none is about all of its node.",
        examples=["cisco-tftp"],
    )
    client: Pattern | None = Field(default=None, description="The caller's address.", examples=["127.0.0.*"])

    def match(self) -> Match:
        """The match as the core knows it."""
        return Match(self.api, self.operation, self.cluster, self.node, self.service, self.client)


class RuleBody(Body):
    """A fault rule: what it matches, what it does, and how often."""

    id: Name | None = Field(
        default=None,
        description="A name of the caller's choice; left out, the server makes one.",
        examples=["slow-tftp"],
    )
    enabled: bool = Field(default=True, description="Whether it may act.")
    priority: int = Field(
        default=0, ge=-1_000_000, le=1_000_000, description="The highest goes first, then the oldest."
    )
    times: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000_000,
        description="How often it acts before it is spent; null: without end.",
    )
    probability: float = Field(
        default=1.0,
        ge=0,
        le=1,
        description="How likely it acts on a match, drawn from the simulation's seed.",
    )
    after_matches: int = Field(
        default=0, ge=0, le=1_000_000_000, description="How many matches it lets pass first."
    )
    match: MatchBody = Field(
        default_factory=MatchBody, description="Which requests and commands it is for; left out, all."
    )
    effect: EffectBody = Field(discriminator="type", description="What it does.")

    def rule(self, name: str, matched: int = 0, applied: int = 0) -> Rule:
        """The rule as the core knows it."""
        return Rule(
            id=name,
            match=self.match.match(),
            effect=self.effect.effect(),
            enabled=self.enabled,
            priority=self.priority,
            times=self.times,
            probability=self.probability,
            after_matches=self.after_matches,
            matched=matched,
            applied=applied,
        )

    def definition(self) -> dict[str, Any]:
        """The document as it is stored; `RuleBody.model_validate` reads it."""
        return self.model_dump(mode="json", by_alias=True, exclude={"id"})


class RulePatch(Body):
    """What to change of a rule. Enabling a spent rule lets it act `times` times again."""

    enabled: bool | None = Field(default=None, description="Whether it may act.")
    priority: int | None = Field(
        default=None, ge=-1_000_000, le=1_000_000, description="The highest goes first."
    )
    times: int | None = Field(default=None, ge=1, le=1_000_000_000, description="How often it acts in all.")
    probability: float | None = Field(default=None, ge=0, le=1, description="How likely it acts on a match.")
    after_matches: int | None = Field(
        default=None, ge=0, le=1_000_000_000, description="How many matches it lets pass first."
    )
    match: MatchBody | None = Field(default=None, description="Which requests it is for, as a whole.")
    effect: EffectBody | None = Field(
        default=None, discriminator="type", description="What it does, as a whole."
    )

    def onto(self, body: RuleBody) -> RuleBody:
        """Return the rule with the changes."""
        changes = {name: getattr(self, name) for name in self.model_fields_set}
        return body.model_copy(update={name: value for name, value in changes.items() if value is not None})


class StatsDocument(Document):
    """How often a rule has matched and acted."""

    matched: int = Field(description="How often something fitted.")
    applied: int = Field(description="How often it acted.")


class RuleDocument(Document):
    """A fault rule as it stands. `enabled` is false also when it has acted as often as it may."""

    id: str = Field(examples=["slow-tftp"])
    enabled: bool = Field(description="Whether it can act.")
    priority: int = Field(description="The highest goes first, then the oldest.")
    times: int | None = Field(description="How often it acts before it is spent; null: without end.")
    probability: float = Field(description="How likely it acts on a match.")
    after_matches: int = Field(description="How many matches it lets pass first.")
    match: MatchBody
    effect: EffectBody = Field(discriminator="type", description="What it does.")
    stats: StatsDocument


class RulePage(Page[RuleDocument]):
    """All rules, in the order in which they were made."""


def document(rule: Rule, body: RuleBody) -> RuleDocument:
    """Return a rule and how far it is as a document."""
    return RuleDocument(
        id=rule.id,
        enabled=rule.armed,
        priority=rule.priority,
        times=rule.times,
        probability=rule.probability,
        after_matches=rule.after_matches,
        match=body.match,
        effect=body.effect,
        stats=StatsDocument(matched=rule.matched, applied=rule.applied),
    )
