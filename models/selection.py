"""What the buttons of Service Activation select: the names to deploy, for a person to look at before saving.

A selection changes nothing; services that may never run on the node are left out (G-ACT-15).
"""

from __future__ import annotations

from ucmsim.models import catalogue
from ucmsim.models.cluster import Node
from ucmsim.models.states import Kind


def check_all(node: Node) -> tuple[str, ...]:
    """Return what *Check All* selects: every feature service of the node (G-ACT-7), in the order of its list."""
    return tuple(
        service.name
        for service in node.services.values()
        if service.kind is Kind.FEATURE and not node.barred(service)
    )


def set_to_default(node: Node) -> tuple[str, ...]:
    """Return what *Set to Default* selects: what a single server needs to run, and its dependencies (G-ACT-7, `U-54`)."""
    every = check_all(node)
    wanted = {name for name in every if node.services[name].set_default}
    wanted.update(
        needed for name in tuple(wanted) for needed in catalogue.activated_first(node.services, name)
    )
    return tuple(name for name in every if name in wanted)
