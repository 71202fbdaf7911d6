"""Faults: the rules that disturb requests and services, and a form for new ones."""

from __future__ import annotations

import json
from typing import Any, get_args

from flask import Blueprint, request
from pydantic import BaseModel
from werkzeug.wrappers import Response as Answer

from ucmsim.api.console import visitor
from ucmsim.api.console.simulation.room import NoGoodError, Shown, attempt, done, show, simulation
from ucmsim.api.console.surroundings import engine
from ucmsim.api.sim.documents.effects import EffectBody
from ucmsim.api.sim.documents.faults import Api, RuleBody, RulePatch

HERE = "simulation.faults"

MATCHED = ("api", "operation", "cluster", "node", "service", "client")


def _example(params: Any) -> dict[str, Any]:
    """Return the parameters that have to be given, by their examples."""
    return {
        facts.alias or name: facts.examples[0] if facts.examples else None
        for name, facts in params.model_fields.items()
        if facts.is_required()
    }


class Kind:
    """An effect that can be chosen: what it does, and its parameters by example."""

    def __init__(self, body: type[BaseModel]) -> None:
        self.type: str = get_args(body.model_fields["type"].annotation)[0]
        self.about = (body.__doc__ or "").strip()
        self.example = json.dumps(_example(body.model_fields["params"].annotation))


def _bodies(effect: Any) -> list[type[BaseModel]]:
    """Return the documents that a type stands for, be it one of them or a union, annotated or not."""
    if isinstance(effect, type) and issubclass(effect, BaseModel):
        return [effect]
    return [body for inner in get_args(effect) for body in _bodies(inner)]


KINDS = [Kind(body) for body in _bodies(EffectBody)]
_EXAMPLES = {kind.type: kind.example for kind in KINDS}


def routes(pages: Blueprint) -> None:
    """Add this page to the others."""
    pages.add_url_rule("/faults", "faults", faults)
    pages.add_url_rule("/faults", "put_fault", put_fault, methods=["POST"])
    pages.add_url_rule("/faults/change", "change_fault", change_fault, methods=["POST"])


def faults(problems: tuple[str, ...] = ()) -> Shown:
    """Show the rules with their counters, and the form."""
    nodes = {each.id: None for spec in engine().clusters.values() for each in spec.nodes}
    return show(
        "faults.html",
        400 if problems else 200,
        rules=simulation().fault_rules.all(),
        kinds=KINDS,
        apis=get_args(Api),
        nodes=list(nodes),
        typed=request.form if problems else {},
        problems=problems,
    )


def put_fault() -> Shown:
    """Keep a rule under its name."""

    def act() -> Answer:
        kept, new = simulation().fault_rules.put(RuleBody.model_validate(_read()), visitor.origin())
        return done(f"Rule {kept.rule.id} {'holds' if new else 'was replaced'}.", HERE)

    return attempt(act, faults)


def change_fault() -> Shown:
    """Enable, disable or remove a rule, or remove all."""

    def act() -> Answer:
        rules, who = simulation().fault_rules, visitor.origin()
        verb, _, name = request.form.get("do", "").partition(":")
        if verb == "clear":
            rules.clear(who)
            return done("There is no rule any more.", HERE)
        try:
            if verb == "remove":
                rules.remove(name, who)
            else:
                rules.patch(name, RulePatch(enabled=verb == "enable"), who)
        except KeyError:
            raise NoGoodError(f"There is no rule named {name}.") from None
        return done(f"Rule {name}: {verb}d.", HERE)

    return attempt(act, faults)


def _read() -> dict[str, Any]:
    """Return the form as a document."""
    form = {name: value.strip() for name, value in request.form.items()}
    kind, params = form.get("type", ""), form.get("params") or "{}"
    if params in _EXAMPLES.values():  # of whichever effect: nobody has written anything of their own
        params = _EXAMPLES.get(kind, params)
    try:
        effect = {"type": kind, "params": json.loads(params)}
    except ValueError:
        raise NoGoodError("The parameters have to be a JSON object, such as {} or the example.") from None
    document: dict[str, Any] = {
        "id": form.get("id") or None,
        "match": {name: form[name] for name in MATCHED if form.get(name)},
        "effect": effect,
    }
    if form.get("times"):
        document["times"] = _whole(form["times"], "How often")
    if form.get("after"):
        document["afterMatches"] = _whole(form["after"], "How many matches pass first")
    if form.get("probability"):
        document["probability"] = _whole(form["probability"], "The probability") / 100
    return document


def _whole(text: str, what: str) -> int:
    if not text.isdecimal():
        raise NoGoodError(f"{what} has to be a whole number.")
    return int(text)
