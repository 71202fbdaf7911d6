"""Conditions: the world around a node, and states put on its services at once."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response as Answer

from ucmsim.api.console import navigation, visitor
from ucmsim.api.console.look import look
from ucmsim.api.console.orders import named
from ucmsim.api.console.simulation.fields import Field, changes, fields
from ucmsim.api.console.simulation.room import NoGoodError, Shown, attempt, done, show, simulation
from ucmsim.api.console.surroundings import engine
from ucmsim.api.sim.documents.stage import NodePatch, StateBody, document
from ucmsim.models.cluster import Node
from ucmsim.models.states import NodeRef

HERE = "simulation.conditions"

LABELS = {
    "latency_ms": "Latency (ms)",
    "db_replication": "Database replication",
    "ldap_contact_search": "LDAP contact search",
    "xmpp_federation": "XMPP federation",
    "sip_federation": "SIP federation",
    "sync_agent_limit_seconds": "Sync agent time limit (s)",
    "dhcp": "DHCP",
    "virtual": "Virtual machine",
    "upgrade": "Upgrade under way",
}

FORCED = {
    "STARTED": ("STARTED", None),
    "CRASHED": ("STOPPED", "CRASHED"),
    "STOPPED": ("STOPPED", "COMMANDED"),
    "STARTING": ("STARTING", None),
    "STOPPING": ("STOPPING", None),
    "UNKNOWN": ("UNKNOWN", None),
}
"""The states that the page offers, with what they are as a document."""


def routes(pages: Blueprint) -> None:
    """Add this page to the others."""
    pages.add_url_rule("/conditions", "conditions", conditions)
    pages.add_url_rule("/conditions", "set_conditions", set_conditions, methods=["POST"])
    pages.add_url_rule("/states", "force", force, methods=["POST"])


def conditions(problems: tuple[str, ...] = ()) -> Shown:
    """Show the world around a node."""
    ref = _asked()
    node = engine().node(ref)
    now = engine().clock.now()
    return show(
        "conditions.html",
        400 if problems else 200,
        nodes=[NodeRef(spec.id, each.id) for spec in engine().clusters.values() for each in spec.nodes],
        ref=ref,
        fields=_fields(ref, node),
        services=[(service, look(node, service, now)) for service in node.services.values()],
        states=FORCED,
        problems=problems,
    )


def set_conditions() -> Shown:
    """Change what the form has otherwise than it is."""

    def act() -> Answer:
        ref = _asked()
        shown = _fields(ref, engine().node(ref))
        changed = changes(shown, request.form)
        if not changed:
            return done("Nothing was changed.", HERE, node="/".join(ref))
        patch = NodePatch.model_validate(changed)
        simulation().stage.surround(ref, patch.changes(), visitor.origin())
        told = ", ".join(field.label for field in shown if field.name in changed)
        return done(f"Changed on {ref.node}: {told}.", HERE, node="/".join(ref))

    return attempt(act, conditions)


def force() -> Shown:
    """Put a service into a state, whatever the rules are."""

    def act() -> Answer:
        ref = _asked()
        names = named(engine().node(ref), [request.form.get("service", "")])
        state, cause = FORCED.get(request.form.get("state", ""), ("", None))
        if not names:
            raise NoGoodError("Choose a service of this node.")
        body = StateBody.model_validate({"state": state, "cause": cause})
        simulation().stage.force(ref, names[0], body.status, body.why, visitor.origin())
        return done(f"{names[0]} on {ref.node}: {request.form['state'].lower()}.", HERE, node="/".join(ref))

    return attempt(act, conditions)


def _asked() -> NodeRef:
    cluster, _, node = request.values.get("node", "").partition("/")
    return NodeRef(cluster, node) if node else navigation.shown()


def _fields(ref: NodeRef, node: Node) -> list[Field]:
    return fields(NodePatch, document(ref.cluster, ref.node, node.conditions), LABELS)
