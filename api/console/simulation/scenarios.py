"""Scenarios: sequences of steps, how far they are, and a place to write new ones."""

from __future__ import annotations

import json
import tomllib
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response as Answer

from ucmsim.api.console import visitor
from ucmsim.api.console.simulation.room import NoGoodError, Shown, attempt, done, show, simulation
from ucmsim.api.sim.documents.scenarios import ScenarioBody, StepBody
from ucmsim.api.sim.playbook import Play
from ucmsim.models.scenario import Progress

HERE = "simulation.scenarios"

EXAMPLE = """\
id = "tftp-crashes"
description = "Cisco Tftp crashes after half a minute and is commanded to start when its crash is seen."

[[steps]]
when = { afterSeconds = 30 }
do = [{ state = { node = "cucm-pub", service = "cisco-tftp", state = "STOPPED", cause = "CRASHED" } }]

[[steps]]
when = { event = { type = "service.state.changed", service = "cisco-tftp", to = "STOPPED" } }
do = [{ command = { node = "cucm-pub", action = "START", services = ["cisco-tftp"] } }]
"""


def routes(pages: Blueprint) -> None:
    """Add this page to the others."""
    pages.add_url_rule("/scenarios", "scenarios", scenarios)
    pages.add_url_rule("/scenarios", "put_scenario", put_scenario, methods=["POST"])
    pages.add_url_rule("/scenarios/move", "move_scenario", move_scenario, methods=["POST"])


def scenarios(problems: tuple[str, ...] = ()) -> Shown:
    """Show the scenarios and how far they are."""
    edited = request.args.get("edit", "")
    plays = simulation().scenarios.all()
    text = next((_written(play) for play in plays if play.scenario.id == edited), EXAMPLE)
    return show(
        "scenarios.html",
        400 if problems else 200,
        plays=plays,
        running=Progress.RUNNING,
        text=request.form.get("text", text) if problems else text,
        steps=_steps,
        problems=problems,
    )


def put_scenario() -> Shown:
    """Keep a scenario that was written as TOML or JSON."""

    def act() -> Answer:
        body = ScenarioBody.model_validate(_read(request.form.get("text", "")))
        play, new = simulation().scenarios.put(body, visitor.origin())
        return done(f"Scenario {play.scenario.id} was {'kept' if new else 'replaced'}.", HERE)

    return attempt(act, scenarios)


def move_scenario() -> Shown:
    """Start, stop, put back or remove a scenario."""

    def act() -> Answer:
        parts, who = simulation().scenarios, visitor.origin()
        verb, _, name = request.form.get("do", "").partition(":")
        try:
            match verb:
                case "start":
                    parts.start(name, who)
                case "stop":
                    parts.stop(name, who)
                case "rewind":
                    parts.rewind(name, who)
                case "remove":
                    parts.remove(name, who)
        except KeyError:
            raise NoGoodError(f"There is no scenario named {name}.") from None
        return done(f"Scenario {name}: {verb}.", HERE)

    return attempt(act, scenarios)


def _read(text: str) -> Any:
    """Return the document that a text holds: JSON if it begins with a brace, TOML otherwise."""
    try:
        return json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except ValueError as error:
        raise NoGoodError(f"This can be read neither as TOML nor as JSON: {error}.") from None


def _written(play: Play) -> str:
    return json.dumps({"id": play.scenario.id, **play.body.definition()}, indent=2, ensure_ascii=False)


def _steps(play: Play) -> list[tuple[str, str]]:
    """Return the steps in few words: when, and what."""
    return [(_words(step, "when"), _words(step, "do")) for step in play.body.steps]


def _words(step: StepBody, part: str) -> str:
    found = step.model_dump(mode="json", by_alias=True, exclude_none=True)[part]
    return json.dumps(found, ensure_ascii=False).strip("[]")
