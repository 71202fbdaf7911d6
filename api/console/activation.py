"""Service Activation: the feature services of a node with their check boxes, and what saving them would do."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from ucmsim.api.console import orders, visitor
from ucmsim.api.console.orders import Asked
from ucmsim.api.console.rehearsal import refusal
from ucmsim.api.console.services import NOT_ALLOWED, ServiceView, groups
from ucmsim.api.console.surroundings import engine, found
from ucmsim.api.console.wording import recommendations, sentence
from ucmsim.models import catalogue
from ucmsim.models.advice import Finding, Severity, advice
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.selection import check_all, set_to_default
from ucmsim.models.states import Action, Instant, Kind, NodeRef

pages = Blueprint("activation", __name__)

ACTIONS = (Action.ACTIVATE, Action.DEACTIVATE)


@dataclass(frozen=True)
class Box:
    """The check box of one service: what it stands for, what is activated with it, and why it cannot be changed.

    `fixed` is None for a box that can be changed.
    """

    view: ServiceView
    ticked: bool
    default: bool
    first: tuple[str, ...]
    fixed: str | None
    recommended: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def first_slugs(self) -> str:
        """What is activated first, as forms name it."""
        return " ".join(catalogue.slug(name) for name in self.first)


@pages.get("/clusters/<cluster_id>/nodes/<node_id>/activation")
def show(cluster_id: str, node_id: str) -> str | tuple[str, int]:
    """Show the check boxes, ticked as things are."""
    cluster, node = found(cluster_id, node_id)
    if away := orders.unreachable(cluster, node):
        return away
    return _show(cluster, node, {name for name, instance in node.instances.items() if instance.activated})


@pages.post("/clusters/<cluster_id>/nodes/<node_id>/activation")
def save(cluster_id: str, node_id: str) -> Answer | str | tuple[str, int]:
    """Tick boxes anew (`Set to Default`, `Check All`), or say what the ticks would change and, confirmed, do it."""
    cluster, node = found(cluster_id, node_id)
    if away := orders.unreachable(cluster, node):
        return away
    ticked = set(orders.named(node, request.form.getlist("service")))
    match request.form.get("do"):
        case "default":
            return _show(cluster, node, {*set_to_default(node)}, pending=True)
        case "all":
            return _show(cluster, node, {*check_all(node)}, pending=True)
    if not visitor.signed_in().controls:
        abort(403)
    back = url_for("activation.show", cluster_id=cluster_id, node_id=node_id)
    if asked := orders.confirmed(node, request.form):
        return redirect(f"{back}?done={orders.carry_out(NodeRef(cluster_id, node_id), asked)}", 303)
    asked = difference(cluster, node, ticked, engine().clock.now())
    if not asked:
        return redirect(f"{back}?nothing=1", 303)
    return orders.confirmation(cluster, node, asked, back)


def difference(cluster: Cluster, node: Node, ticked: AbstractSet[str], now: Instant) -> list[Asked]:
    """Return what has to be asked for so that the ticked services are activated and the others are not.

    A browser does not send the tick of a box that cannot be changed: such a service is left alone.
    """
    ref = NodeRef(cluster.id, node.id)
    features = [service.name for service in node.services.values() if service.kind is Kind.FEATURE]
    up = tuple(name for name in features if name in ticked and not node.instances[name].activated)
    down = tuple(
        name
        for name in features
        if name not in ticked
        and node.instances[name].activated
        and refusal(cluster, ref, name, Action.DEACTIVATE, now) is None
    )
    asked = (Asked(Action.DEACTIVATE, down), Asked(Action.ACTIVATE, up))
    return [one for one in asked if one.names]


def _show(cluster: Cluster, node: Node, ticked: AbstractSet[str], *, pending: bool = False) -> str:
    now = engine().clock.now()
    return render_template(
        "activation.html",
        cluster=cluster,
        node=node,
        page="activation.show",
        zone=ZoneInfo(node.spec.timezone),
        groups=list(_boxes(cluster, node, ticked, now)),
        whys=() if visitor.signed_in().controls else (NOT_ALLOWED,),
        pending=pending,
        results=orders.results(cluster, request.args.get("done", ""), now),
        nothing="nothing" in request.args,
    )


def _boxes(
    cluster: Cluster, node: Node, ticked: AbstractSet[str], now: Instant
) -> Iterable[tuple[str, list[Box]]]:
    default = set_to_default(node)
    findings = [one for one in advice(cluster, now) if one.node == node.id]
    for group in groups(cluster, node, Kind.FEATURE, now, ACTIONS):
        boxes = [
            Box(
                view,
                view.name in ticked,
                view.name in default,
                catalogue.activated_first(node.services, view.name),
                _fixed(view),
                recommendations(view.service),
                tuple(
                    one for one in findings if one.service == view.name and one.severity is not Severity.NOTE
                ),
            )
            for view in group.services
        ]
        yield group.name, boxes


def _fixed(view: ServiceView) -> str | None:
    turn = Action.DEACTIVATE if view.instance.activated else Action.ACTIVATE
    why = view.refusals.get(turn)
    return sentence(why) if why else None
