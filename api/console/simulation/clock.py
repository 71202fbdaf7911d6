"""Clock and state: how simulated time runs, how long transitions take, and everything kept, brought back or begun anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from flask import Blueprint, request
from werkzeug.wrappers import Response as Answer

from ucmsim.api.console import visitor
from ucmsim.api.console.dressing import span, written
from ucmsim.api.console.simulation.room import NoGoodError, Shown, attempt, done, show, simulation
from ucmsim.api.sim.archive import Keep
from ucmsim.api.sim.clockwork import Mode
from ucmsim.api.sim.resources.state import SnapshotBody
from ucmsim.models.states import SECOND, Instant

HERE = "simulation.clock"

STEPS = {"10": "10 s", "60": "1 min", "600": "10 min", "3600": "1 h", "86400": "1 day"}
"""How far the clock can be put forward with one button, in seconds."""

MODES = {
    Mode.TIMED: "runs",
    Mode.MANUAL: "stands still until it is advanced",
    Mode.IMMEDIATE: "runs, and transitions take no time",
}

KEPT = {
    Keep.FAULTS: "fault rules",
    Keep.JOURNAL: "request journal",
    Keep.CLOCK: "clock",
    Keep.SUBSCRIPTIONS: "subscriptions",
    Keep.SETTINGS: "settings",
}


def routes(pages: Blueprint) -> None:
    """Add this page to the others."""
    pages.add_url_rule("/", "clock", clock)
    pages.add_url_rule("/clock", "set_clock", set_clock, methods=["POST"])
    pages.add_url_rule("/advance", "advance", advance, methods=["POST"])
    pages.add_url_rule("/pace", "set_pace", set_pace, methods=["POST"])
    pages.add_url_rule("/snapshots", "snapshots", snapshots, methods=["POST"])
    pages.add_url_rule("/reset", "reset", reset, methods=["POST"])


def clock(problems: tuple[str, ...] = ()) -> Shown:
    """Show how the clock is set, the pace, and the snapshots."""
    parts = simulation()
    return show(
        "clock.html",
        400 if problems else 200,
        regime=parts.timekeeper.regime,
        next_change=parts.timekeeper.next_change,
        modes=MODES,
        steps=STEPS,
        pace=parts.pacing.read(),
        snapshots=parts.archive.all(),
        kept=KEPT,
        problems=problems,
    )


def set_clock() -> Shown:
    """Let the clock run, stand still, or run without transitions taking time."""

    def act() -> Answer:
        mode = _mode(request.form.get("mode", ""))
        rate = _number(request.form.get("rate") or "1", "The rate", 0.001, 100_000)
        simulation().timekeeper.change(mode, rate, visitor.origin())
        return done("The clock is set.", HERE)

    return attempt(act, clock)


def advance() -> Shown:
    """Put the clock forward: by a span, to a time, or to the next change."""

    def act() -> Answer:
        keeper = simulation().timekeeper
        before = keeper.now
        by = request.form.get("by", "")
        if by == "next":
            keeper.advance_to_next_change(visitor.origin())
        elif by == "until":
            keeper.advance_to(_future(request.form.get("until", ""), before), visitor.origin())
        else:
            seconds = _number(
                request.form.get("seconds", "") if by == "seconds" else by, "The span", 0, 315_360_000
            )
            keeper.advance(round(seconds * SECOND), visitor.origin())
        return done(f"The clock was put forward by {span(keeper.now - before)}.", HERE)

    return attempt(act, clock)


def set_pace() -> Shown:
    """Let transitions that begin from now on take more or less time."""

    def act() -> Answer:
        scale = _number(request.form.get("scale", ""), "The factor", 0, 1000)
        jitter = _number(request.form.get("jitter", ""), "The spread", 0, 100) / 100
        pacing = simulation().pacing
        pacing.set(replace(pacing.read(), scale=scale, jitter=jitter), visitor.origin())
        return done("Transitions that begin from now on keep this pace.", HERE)

    return attempt(act, clock)


def snapshots() -> Shown:
    """Keep how everything stands under a name, bring it back, or forget it."""

    def act() -> Answer:
        archive, who = simulation().archive, visitor.origin()
        verb, _, name = request.form.get("do", "").partition(":")
        match verb:
            case "restore":
                at = _existing(name)
                archive.restore(name, who)
                return done(f"Snapshot {name} was brought back; it is {written(at, UTC)} again.", HERE)
            case "remove":
                _existing(name)
                archive.remove(name, who)
                return done(f"Snapshot {name} was removed.", HERE)
        wanted = SnapshotBody.model_validate({"id": request.form.get("name", "").strip() or None})
        name = wanted.id or f"at-{written(simulation().timekeeper.now, UTC)[:19]}".replace(" ", "-").replace(
            ":", "-"
        )
        archive.save(name, who)
        return done(f"Everything as it stands was kept as {name}.", HERE)

    return attempt(act, clock)


def reset() -> Shown:
    """Put everything back to the inventory, but for what was ticked."""
    keep = frozenset(each for each in Keep if each.value in request.form.getlist("keep"))
    simulation().archive.reset(keep, visitor.origin())
    return done("Every cluster is as after its installation.", HERE)


def _mode(text: str) -> Mode:
    try:
        return Mode(text)
    except ValueError:
        raise NoGoodError("There is no such mode of the clock.") from None


def _number(text: str, what: str, least: float, most: float) -> float:
    try:
        number = float(text)
    except ValueError:
        raise NoGoodError(f"{what} has to be a number.") from None
    if not least <= number <= most:
        raise NoGoodError(f"{what} has to lie between {least:g} and {most:g}.")
    return number


def _future(text: str, now: Instant) -> Instant:
    """Return the time that a form names, in UTC."""
    try:
        named = datetime.fromisoformat(text)
    except ValueError:
        raise NoGoodError("The time has to be written like 2025-03-02T11:26:35.") from None
    at = round(named.replace(tzinfo=named.tzinfo or UTC).timestamp() * SECOND)
    if at < now:
        raise NoGoodError("The clock cannot be put back; bring back a snapshot instead.")
    return at


def _existing(name: str) -> Instant:
    try:
        return simulation().archive.get(name).at
    except KeyError:
        raise NoGoodError(f"There is no snapshot named {name}.") from None
