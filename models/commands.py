"""What can be asked of a node's services, as values that every face builds alike.

A command carries the caller's words; whether it is allowed is decided by the rules.
"""

from __future__ import annotations

from dataclasses import dataclass

from ucmsim.models.states import Action, NodeRef, Via


@dataclass(frozen=True)
class Control:
    """Start, stop or restart services of one node (G-CTL-5), in the order given.

    `enforce` also handles what the services depend on and what depends on them (`U-19`). `product_id`, when
    given, must be that of each service (`U-20`).
    """

    node: NodeRef
    action: Action
    names: tuple[str, ...]
    enforce: bool = False
    product_id: str | None = None
    via: Via = Via.API


@dataclass(frozen=True)
class Deploy:
    """Activate or deactivate services of one node (G-ACT-5), in the order given.

    Without `recorded` the node forgets the activation at its next restart (`U-28`).
    """

    node: NodeRef
    activate: bool
    names: tuple[str, ...]
    recorded: bool = True
    product_id: str | None = None
    via: Via = Via.API

    @property
    def action(self) -> Action:
        """The verb of this command."""
        return Action.ACTIVATE if self.activate else Action.DEACTIVATE


Command = Control | Deploy
