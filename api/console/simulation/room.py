"""The room behind the scenes: what every page about the simulation has in common – who may enter, and how it answers.

It knows requests; what is done to the simulation is known by the pages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from pydantic import ValidationError
from werkzeug.wrappers import Response as Answer

from ucmsim.api.console import visitor
from ucmsim.api.console.surroundings import surroundings
from ucmsim.api.engine import UnknownNodeError
from ucmsim.api.sim.acting import UnknownNameError
from ucmsim.api.sim.simulation import Simulation

PAGES = {
    "simulation.clock": "Clock and state",
    "simulation.conditions": "Conditions",
    "simulation.faults": "Faults",
    "simulation.scenarios": "Scenarios",
    "simulation.requests": "Requests",
}

Shown = str | tuple[str, int] | Answer


class NoGoodError(Exception):
    """What was sent makes no sense; the message says why, in a sentence each."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def blueprint() -> Blueprint:
    """Return an empty blueprint that lets in only who has the role."""
    pages = Blueprint("simulation", __name__, url_prefix="/simulation")
    pages.before_request(_enter)
    return pages


def simulation() -> Simulation:
    """Return the simulation; 404 on a server that lets nobody control it."""
    found = surroundings().simulation
    if found is None:
        abort(404)
    return found


def show(template: str, status: int = 200, **values: Any) -> tuple[str, int]:
    """Return a page, with what is to be said about the form that led to it."""
    said = surroundings().sentences.find(request.args.get("said", ""))
    page = render_template(
        f"simulation/{template}", parts=PAGES, part=request.endpoint, said=said, **{"problems": (), **values}
    )
    return page, status


def done(sentence: str, endpoint: str, **values: Any) -> Answer:
    """Return the way to a page that says a sentence."""
    return redirect(url_for(endpoint, said=surroundings().sentences.keep(sentence), **values), 303)


def attempt(act: Callable[[], Answer], again: Callable[[tuple[str, ...]], Shown]) -> Shown:
    """Return what `act` answers, or the form once more with what was wrong with it."""
    try:
        return act()
    except NoGoodError as error:
        return again(error.sentences)
    except ValidationError as error:
        return again(tuple(_sentence(fault["loc"], fault["msg"]) for fault in error.errors()))
    except (UnknownNodeError, UnknownNameError) as error:
        return again((f"{str(error)[:1].upper()}{str(error)[1:]}.",))


def _sentence(place: tuple[int | str, ...], message: str) -> str:
    where = ".".join(str(part) for part in place)
    return f"{where}: {message}." if where else f"{message}."


def _enter() -> None:
    simulation()
    if not visitor.signed_in().simulates:
        abort(403)
