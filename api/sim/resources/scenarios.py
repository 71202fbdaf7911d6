"""Scenarios over HTTP (REST specification section 11)."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from ucmsim.api.engine import UnknownNodeError
from ucmsim.api.rest.calls import Call, Header
from ucmsim.api.rest.problems import NOT_FOUND, VALIDATION_ERROR, Problem
from ucmsim.api.rest.routes import Link, Path, Reply, Resource, delete, get, post, put
from ucmsim.api.sim.acting import UnknownNameError
from ucmsim.api.sim.documents.faults import NAME
from ucmsim.api.sim.documents.scenarios import ScenarioBody, ScenarioDocument, ScenarioPage, document
from ucmsim.api.sim.playbook import Play
from ucmsim.api.sim.resources import BASE, by
from ucmsim.api.sim.scenarios import Scenarios as Handled

ScenarioName = Annotated[str, Path("The scenario's name.", "outage-at-night")]
Verb = Annotated[Literal["start", "stop", "reset"], Path("What to do.", "start")]

_LOCATION = {"Location": Header("Location", "Where the scenario is.")}
_LINKS = {
    name: Link(f"scenarios_{name}", {"scenario": "$response.body#/id"}, what)
    for name, what in (("read", "How far it is."), ("remove", "Remove it."))
}

_TFTP = {"node": "cucm-pub", "service": "cisco-tftp"}
_EXAMPLE = {
    "steps": [
        {"when": {"afterSeconds": 30}, "do": [{"state": {**_TFTP, "state": "STOPPED", "cause": "CRASHED"}}]},
        {
            "when": {"request": {"operation": "soapDoControlServices"}},
            "do": [{"fault": {"id": "busy", "times": 2, "effect": {"type": "THROTTLE"}}}],
        },
    ]
}


class Scenarios(Resource):
    """Timelines of conditions, faults and commands: steps that follow one another.

    Each waits for its time, for an event or for a request. Time is simulated: a clock that is put forward lets the steps
    on the way happen at their times. A server that is started again goes on where it was.
    """

    name = "scenarios"

    def __init__(self, scenarios: Handled) -> None:
        self._scenarios = scenarios

    @get("/scenarios")
    def index(self) -> ScenarioPage:
        """List all scenarios, the oldest first."""
        return ScenarioPage(items=[document(*play) for play in self._scenarios.all()], next=None)

    @post(
        "/scenarios",
        statuses=(201, 200),
        problems=(VALIDATION_ERROR,),
        answers=_LOCATION,
        links=_LINKS,
        example={"id": "outage-at-night", **_EXAMPLE},
    )
    def create(self, body: ScenarioBody, call: Call) -> Reply[ScenarioDocument]:
        """Add a scenario.

        One of the same `id` is replaced, be it running or not; that answers 200.
        """
        return self._put(body, call)

    @get("/scenarios/{scenario}", problems=(NOT_FOUND,))
    def read(self, scenario: ScenarioName) -> ScenarioDocument:
        """Read a scenario and how far it is."""
        return document(*self._find(scenario))

    @put(
        "/scenarios/{scenario}",
        statuses=(200, 201),
        problems=(VALIDATION_ERROR,),
        answers=_LOCATION,
        links=_LINKS,
        example=_EXAMPLE,
    )
    def put(self, scenario: ScenarioName, body: ScenarioBody, call: Call) -> Reply[ScenarioDocument]:
        """Add or replace a scenario under a name."""
        if body.id not in (None, scenario):
            raise Problem(
                VALIDATION_ERROR,
                "the body names another scenario",
                status=422,
                errors=[("#/id", "not the path's")],
            )
        if not re.fullmatch(NAME, scenario):
            text = "a name has 1 to 63 of the letters a–z, the digits and the hyphen"
            raise Problem(VALIDATION_ERROR, text, status=422)
        return self._put(body.model_copy(update={"id": scenario}), call)

    @delete("/scenarios/{scenario}", problems=(NOT_FOUND,))
    def remove(self, scenario: ScenarioName, call: Call) -> None:
        """Remove a scenario, be it running or not."""
        self._find(scenario)
        self._scenarios.remove(scenario, by(call))

    @post("/scenarios/{scenario}/actions/{verb}", problems=(NOT_FOUND,))
    def move(self, scenario: ScenarioName, verb: Verb, call: Call) -> ScenarioDocument:
        """Start a scenario from its first step, stop it where it is, or put it back to where it has not begun."""
        self._find(scenario)
        moves = {
            "start": self._scenarios.start,
            "stop": self._scenarios.stop,
            "reset": self._scenarios.rewind,
        }
        return document(*moves[verb](scenario, by(call)))

    def _put(self, body: ScenarioBody, call: Call) -> Reply[ScenarioDocument]:
        try:
            play, new = self._scenarios.put(body, by(call))
        except (UnknownNodeError, UnknownNameError) as error:
            raise Problem(
                VALIDATION_ERROR, str(error), status=422, errors=[("#/steps", str(error))]
            ) from None
        location = {"Location": f"{BASE}/scenarios/{play.scenario.id}"}
        return Reply(document(*play), 201 if new else 200, location)

    def _find(self, name: str) -> Play:
        try:
            return self._scenarios.get(name)
        except KeyError:
            raise Problem(NOT_FOUND, f"there is no scenario named {name!r}") from None
