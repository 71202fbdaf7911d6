"""A cluster as the adviser looks at it: nodes of a product, and what is in use on them at one time."""

from __future__ import annotations

from dataclasses import dataclass

from ucmsim.models.advice.finding import Finding, Severity
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.presence import reachable
from ucmsim.models.states import Instant, Kind, Product, Status


@dataclass(frozen=True)
class Scene:
    """A cluster at a time."""

    cluster: Cluster
    now: Instant

    def nodes(self, product: Product) -> list[Node]:
        """Return the nodes of a product, in the order of the inventory; of one that is away nothing is known."""
        every = self.cluster.nodes.values()
        return [node for node in every if node.spec.product is product and reachable(node, self.now)]

    def runs(self, node: Node, name: str) -> bool:
        """Whether a service is up."""
        return name in node.instances and node.instances[name].at(self.now).status is Status.STARTED

    def uses(self, node: Node, name: str) -> bool:
        """Whether a node uses a service: a feature service is activated, a network service is up."""
        if name not in node.instances:
            return False
        if node.services[name].kind is Kind.FEATURE:
            return node.instances[name].activated
        return self.runs(node, name)

    def used(self, name: str, product: Product) -> list[Node]:
        """Return the nodes of a product that use a service."""
        return [node for node in self.nodes(product) if self.uses(node, name)]


def note(rule: str, node: Node, service: str | None, message: str, remedy: str) -> Finding:
    """Return a note about a node's service."""
    return Finding(rule, node.id, service, Severity.NOTE, message, remedy)


def advise(rule: str, node: Node, service: str | None, message: str, remedy: str) -> Finding:
    """Return advice about a node's service."""
    return Finding(rule, node.id, service, Severity.ADVICE, message, remedy)


def warn(rule: str, node: Node, service: str | None, message: str, remedy: str) -> Finding:
    """Return a warning about a node's service."""
    return Finding(rule, node.id, service, Severity.WARNING, message, remedy)
