"""The request journal: what clients have asked, what they were answered, and what they probably meant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from flask import Blueprint, abort, request, url_for
from lxml import etree

from ucmsim.api.console.simulation.room import Shown, done, show, simulation
from ucmsim.api.console.surroundings import surroundings
from ucmsim.api.sim.journal import Entry, Message, Wanted
from ucmsim.api.sim.near_misses import NearMiss
from ucmsim.models.faults import Match

HERE = "simulation.requests"

PAGE = 50


def routes(pages: Blueprint) -> None:
    """Add these pages to the others."""
    pages.add_url_rule("/requests", "requests", requests)
    pages.add_url_rule("/requests", "clear_requests", clear, methods=["POST"])
    pages.add_url_rule("/requests/<entry_id>", "request", one)


def requests() -> Shown:
    """List the last requests, the newest first."""
    chosen = {
        name: request.args.get(name, "").strip()
        for name in ("operation", "node", "service", "client", "text")
    }
    missed_only = "missed" in request.args
    text, match = (
        chosen["text"] or None,
        {name: value or None for name, value in chosen.items() if name != "text"},
    )
    entries = simulation().journal.find(Wanted(Match(**match), body_contains=text))
    before = request.args.get("before", "")
    older_than = int(before) if before.isdecimal() else None
    entries = (entry for entry in entries if older_than is None or entry.number < older_than)
    shown = list(islice(_judged(entries, missed_only), PAGE + 1))
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    older = None
    if len(shown) > PAGE:
        missed: dict[str, Any] = {"missed": "1"} if missed_only else {}
        older = url_for(HERE, before=shown[PAGE - 1][0].number, **kept, **missed)
    return show(
        "requests.html",
        entries=shown[:PAGE],
        chosen=chosen,
        missed_only=missed_only,
        older=older,
        before=before,
    )


def one(entry_id: str) -> Shown:
    """Show one request with its answer as they were sent."""
    entry = simulation().journal.entry(entry_id)
    if entry is None:
        abort(404)
    raw = "raw" in request.args
    return show(
        "request.html", entry=entry, missed=_missed(entry), raw=raw, written=_as_sent if raw else pretty
    )


def clear() -> Shown:
    """Forget all requests."""
    simulation().journal.clear()
    return done("The journal is empty.", HERE)


def pretty(message: Message) -> str:
    """Return a body with its lines indented if it is whole XML or JSON, as it is otherwise."""
    body = message.body
    if len(body) < message.size:
        return message.text
    if body.lstrip().startswith(b"{"):
        try:
            return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
        except ValueError:
            return message.text
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_blank_text=True)
    try:
        return etree.tostring(etree.fromstring(body, parser), pretty_print=True, encoding="unicode")
    except (etree.XMLSyntaxError, ValueError):
        return message.text


def _as_sent(message: Message) -> str:
    return message.text


def _judged(entries: Iterator[Entry], missed_only: bool) -> Iterator[tuple[Entry, tuple[NearMiss, ...]]]:
    for entry in entries:
        missed = _missed(entry)
        if missed or not missed_only:
            yield entry, missed


def _missed(entry: Entry) -> tuple[NearMiss, ...]:
    found = surroundings().near_misses
    return found.of(entry) if found else ()
