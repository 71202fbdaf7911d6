"""Control Center – Feature Services and – Network Services: how the services of one node stand, and their control."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from ucmsim.api.console import orders, visitor
from ucmsim.api.console.services import CONTROLS, groups, whys
from ucmsim.api.console.surroundings import engine, found
from ucmsim.models.states import Kind, NodeRef

pages = Blueprint("control_center", __name__)

_REFRESH = 5
"""After how many seconds a browser without JavaScript looks again while something is under way."""

_PAGES = {Kind.FEATURE: "control_center.feature", Kind.NETWORK: "control_center.network"}


@pages.get("/clusters/<cluster_id>/nodes/<node_id>/feature-services")
def feature(cluster_id: str, node_id: str) -> str | tuple[str, int]:
    """Show the feature services of a node."""
    return _show(cluster_id, node_id, Kind.FEATURE)


@pages.get("/clusters/<cluster_id>/nodes/<node_id>/network-services")
def network(cluster_id: str, node_id: str) -> str | tuple[str, int]:
    """Show the network services of a node."""
    return _show(cluster_id, node_id, Kind.NETWORK)


@pages.post("/clusters/<cluster_id>/nodes/<node_id>/<any('feature-services','network-services'):window>")
def control(cluster_id: str, node_id: str, window: str) -> Answer | str | tuple[str, int]:
    """Start, stop or restart services; a restart, and a stop with consequences, is asked about first (G-CTL-6)."""
    kind = Kind.FEATURE if window == "feature-services" else Kind.NETWORK
    back = url_for(_PAGES[kind], cluster_id=cluster_id, node_id=node_id)
    cluster, node = found(cluster_id, node_id)
    if not visitor.signed_in().controls:
        abort(403)
    if away := orders.unreachable(cluster, node):
        return away
    ref = NodeRef(cluster_id, node_id)
    asked = orders.confirmed(node, request.form)
    if not asked:
        read = orders.read(node, request.form)
        if read is None:
            return redirect(f"{back}?nothing=1", 303)
        if orders.needs_confirmation(cluster, ref, read):
            return orders.confirmation(cluster, node, [read], back)
        asked = [read]
    return redirect(f"{back}?done={orders.carry_out(ref, asked)}", 303)


def _show(cluster_id: str, node_id: str, kind: Kind) -> str | tuple[str, int]:
    cluster, node = found(cluster_id, node_id)
    if away := orders.unreachable(cluster, node):
        return away
    now = engine().clock.now()
    shown = groups(cluster, node, kind, now, CONTROLS, allowed=visitor.signed_in().controls)
    return render_template(
        "services.html",
        cluster=cluster,
        node=node,
        kind=kind,
        page=_PAGES[kind],
        zone=ZoneInfo(node.spec.timezone),
        groups=shown,
        whys=whys(shown),
        actions=CONTROLS,
        results=orders.results(cluster, request.args.get("done", ""), now),
        nothing="nothing" in request.args,
        refresh=_REFRESH if any(s.progress for group in shown for s in group.services) else 0,
    )
