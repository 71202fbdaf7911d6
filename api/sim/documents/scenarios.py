"""Scenarios as documents (REST specification section 11): steps with their conditions and actions.

The same in a file, over HTTP and from Python; a document becomes the core's scenario here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from ucmsim.api.instants import rfc3339
from ucmsim.api.rest.documents import Body, Document, Page
from ucmsim.api.sim.documents.choice import Choice
from ucmsim.api.sim.documents.effects import Pattern
from ucmsim.api.sim.documents.faults import MatchBody, Name, RuleBody
from ucmsim.api.sim.documents.stage import NodePatch, StateBody
from ucmsim.models.scenario import After, OnEvent, OnRequest, Scenario, Step, When
from ucmsim.models.states import SECOND

Cluster = Annotated[
    str | None, Field(description="Null: the first cluster of the inventory.", examples=["lab"], default=None)
]
Node = Annotated[str, Field(min_length=1, max_length=253, examples=["cucm-pub"])]
Service = Annotated[
    str, Field(min_length=1, max_length=100, description="By id or exact name.", examples=["cisco-tftp"])
]


class EventBody(Body):
    """Which event; `*` stands for any characters."""

    type: Pattern | None = Field(default=None, examples=["service.state.changed"])
    cluster: Pattern | None = Field(default=None, examples=["lab"])
    node: Pattern | None = Field(default=None, examples=["cucm-pub"])
    service: Pattern | None = Field(default=None, description="The service's id.", examples=["cisco-tftp"])
    origin_state: Pattern | None = Field(default=None, alias="from", examples=["STARTED"])
    to: Pattern | None = Field(default=None, examples=["STOPPED"])
    cause: Pattern | None = Field(
        default=None, description="Why a service stopped.", examples=["NOT_RUNNING"]
    )
    fault: Pattern | None = Field(
        default=None, description="The fault rule that acted.", examples=["slow-tftp"]
    )


class WhenBody(Choice):
    """When a step is due."""

    after_seconds: Annotated[float, Field(ge=0, le=10 * 365 * 86_400)] | None = Field(
        default=None,
        description="Simulated seconds after the step before was done, or after the start.",
        examples=[30],
    )
    event: EventBody | None = Field(default=None, description="When this happens after the step before.")
    request: MatchBody | None = Field(default=None, description="When such a request was answered.")

    def when(self) -> When:
        """The condition as the core knows it."""
        if self.event is not None:
            return OnEvent(self.event.model_dump(by_alias=True, exclude_none=True))
        if self.request is not None:
            return OnRequest(self.request.match())
        return After(round((self.after_seconds or 0) * SECOND))


class StateAction(StateBody):
    """Puts a service into a state."""

    cluster: Cluster = None
    node: Node
    service: Service


class NodeAction(NodePatch):
    """Changes the world around a node."""

    cluster: Cluster = None
    node: Node


class CommandAction(Body):
    """Commands services, as a client would; what becomes of it is an operation."""

    cluster: Cluster = None
    node: Node
    action: Literal["START", "STOP", "RESTART", "ACTIVATE", "DEACTIVATE"]
    services: Annotated[list[Service], Field(min_length=1, max_length=500)] = Field(
        description="By id or exact name, in their order.", examples=[["cisco-tftp"]]
    )
    via: Literal["API", "CLI"] = Field(
        default="API", description="Whether the rules of the API hold, or those of the node's command line."
    )


class AdvanceAction(Body):
    """Puts the clock forward."""

    seconds: Annotated[float, Field(ge=0, le=10 * 365 * 86_400)] = Field(examples=[3600])


class ActionBody(Choice):
    """What a step does."""

    state: StateAction | None = Field(default=None, description="Puts a service into a state at once.")
    node: NodeAction | None = Field(default=None, description="Changes the world around a node.")
    command: CommandAction | None = Field(default=None, description="Commands services.")
    fault: RuleBody | None = Field(default=None, description="Adds or replaces a fault rule.")
    remove_fault: Name | None = Field(default=None, description="Removes a fault rule.")
    advance: AdvanceAction | None = Field(default=None, description="Puts the clock forward.")


class StepBody(Body):
    """One step: when, and what then. Its actions are carried out in their order."""

    when: WhenBody
    do: Annotated[list[ActionBody], Field(max_length=100)] = Field(
        description="One after the other; one that fails keeps none of the others back."
    )


class ScenarioBody(Body):
    """A scenario: its steps follow one another."""

    id: Name | None = Field(
        default=None,
        description="A name of the caller's choice; left out, the server makes one.",
        examples=["outage-at-night"],
    )
    description: Annotated[str, Field(max_length=2000)] = Field(default="", description="For people.")
    steps: Annotated[list[StepBody], Field(max_length=1000)] = Field(description="In their order.")

    def scenario(self, name: str) -> Scenario:
        """The scenario as the core knows it, not begun."""
        return Scenario(name, tuple(Step(step.when.when(), tuple(step.do)) for step in self.steps))

    def definition(self) -> dict[str, Any]:
        """The document as it is stored; `ScenarioBody.model_validate` reads it."""
        return self.model_dump(mode="json", by_alias=True, exclude={"id"}, exclude_none=True)


class ScenarioDocument(Document):
    """A scenario and how far it is."""

    id: str = Field(examples=["outage-at-night"])
    description: str = Field(description="For people.")
    status: Literal["NEW", "RUNNING", "FINISHED", "STOPPED"]
    current_step: int = Field(description="The index of the step that is waited for.")
    waiting_since: str | None = Field(description="Since when, in simulated time.")
    due_at: str | None = Field(
        description="When that step comes by its time, null if it waits for something else."
    )
    steps: list[StepBody] = Field(description="In their order.")


class ScenarioPage(Page[ScenarioDocument]):
    """All scenarios, in the order in which they were made."""


def document(scenario: Scenario, body: ScenarioBody) -> ScenarioDocument:
    """Return a scenario as a document."""
    running = scenario.awaited is not None
    return ScenarioDocument(
        id=scenario.id,
        description=body.description,
        status=scenario.progress.value,
        current_step=scenario.current,
        waiting_since=rfc3339(scenario.since) if running else None,
        due_at=rfc3339(scenario.due) if scenario.due is not None else None,
        steps=body.steps,
    )
