"""Where services are advised: on every node, on some one node, on the publisher – whatever the product.

The tables of recommendations say it service by service; here is how each form of advice is checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ucmsim.models.advice.finding import Finding
from ucmsim.models.advice.scene import Scene, advise, note
from ucmsim.models.cluster import Node
from ucmsim.models.states import Kind, Placement, Product


def on_every(
    scene: Scene, rule: str, name: str, nodes: Iterable[Node], which: str = "every node"
) -> Iterator[Finding]:
    """Find the nodes that lack a service which is advised on all of them; a note as long as none has it."""
    offering = [node for node in nodes if name in node.services]
    somewhere = any(scene.uses(node, name) for node in offering)
    for node in offering:
        if not scene.uses(node, name):
            verb = "Activate" if node.services[name].kind is Kind.FEATURE else "Start"
            say = advise if somewhere else note
            message = f"{name} is advised on {which}" + (
                "; it is in use elsewhere and not here." if somewhere else "."
            )
            yield say(rule, node, name, message, f"{verb} {name} on {node.id}, if its feature is used.")


def at_most(scene: Scene, rule: str, name: str, product: Product, most: int) -> Iterator[Finding]:
    """Find the nodes that use a service although `most` others of the cluster do already."""
    for node in scene.used(name, product)[most:]:
        count = "one node" if most == 1 else f"{most} nodes"
        yield advise(
            rule,
            node,
            name,
            f"{name} is advised on {count} of a cluster; more use it.",
            f"Deactivate {name} on {node.id}.",
        )


def apart_from(scene: Scene, rule: str, name: str, other: str, product: Product) -> Iterator[Finding]:
    """Find the nodes of a cluster of several that use a service beside one that it should not share a node with."""
    if len(scene.nodes(product)) > 1:
        for node in scene.used(name, product):
            if scene.uses(node, other):
                yield advise(
                    rule,
                    node,
                    name,
                    f"{name} is advised on a node without {other}.",
                    f"Activate {name} on another node and deactivate it on {node.id}.",
                )


def off_the_publisher(scene: Scene) -> Iterator[Finding]:
    """Find services of the publisher that another node has activated, where that is not refused (G-ACT-15, `U-24`)."""
    rules = {
        (Product.UCM, "Cisco Serviceability Reporter"): "G-DEP-16",
        (Product.IMP, "Cisco Serviceability Reporter"): "G-IMP-9",
    }
    for product in Product:
        for node in scene.nodes(product):
            if node.is_publisher:
                continue
            for name, service in node.services.items():
                flagged = service.placement is Placement.PUBLISHER and service.kind is Kind.FEATURE
                if flagged and scene.uses(node, name) and not service.idle_on_subscribers:
                    yield advise(
                        rules.get((product, name), "G-ACT-15"),
                        node,
                        name,
                        f"{name} belongs on the publisher.",
                        f"Activate {name} on the publisher and deactivate it on {node.id}.",
                    )
