"""What services need beyond what the wire says, on their node or anywhere in the cluster (`U-17`).

The needs are the catalogue's; whether they are met is looked up. Nothing here refuses.
"""

from __future__ import annotations

from collections.abc import Iterator

from ucmsim.models.advice.finding import Finding
from ucmsim.models.advice.scene import Scene, note, warn
from ucmsim.models.catalogue import Need, Service
from ucmsim.models.cluster import Node
from ucmsim.models.states import Kind, Product


def unmet(scene: Scene) -> Iterator[Finding]:
    """Find services in use whose needs are not met.

    On their own node: G-CTL-14, G-DEP-1, G-DEP-2, G-DEP-4, G-DEP-5, G-DEP-7, G-DEP-8, G-DEP-9, G-DEP-10, G-DEP-13;
    anywhere in the cluster: G-DEP-3, G-DEP-4, G-DEP-11, G-DEP-12.
    """
    for product in Product:
        for node in scene.nodes(product):
            for service in node.services.values():
                if scene.uses(node, service.name):
                    for need in service.needs:
                        if not _met(scene, node, need):
                            yield _finding(node, service, need)


def _met(scene: Scene, node: Node, need: Need) -> bool:
    where = [node] if need.scope == "node" else scene.nodes(node.spec.product)
    holds = scene.runs if need.state == "started" else scene.uses
    return any(holds(candidate, need.service) for candidate in where)


def _finding(node: Node, service: Service, need: Need) -> Finding:
    # A network service runs whether anybody wants its feature or not.
    say = warn if service.kind is Kind.FEATURE else note
    state = "running" if need.state == "started" else "activated"
    place = "on this node" if need.scope == "node" else "on a node of the cluster"
    activated = need.scope == "node" and node.instances[need.service].activated
    verb = "Start" if activated else "Activate"
    at = f"on {node.id}" if need.scope == "node" else "on a node of the cluster"
    return say(
        need.rule,
        node,
        service.name,
        f"{service.name} needs {need.service} {state} {place}.",
        f"{verb} {need.service} {at}.",
    )
