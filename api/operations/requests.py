"""Requests: what somebody wants done, and the refusal of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ucmsim.api.operations.record import Kind, Place
from ucmsim.api.operations.troubles import Trouble
from ucmsim.models.states import Action, Status, Via


@dataclass(frozen=True)
class Request:
    """What somebody wants done to services: the places in their order, each once, and under which conditions.

    `single` requests are refused as a whole; of others each target succeeds or fails by itself, unless `stop_on_error`
    gives up what comes after the first that is refused. `timeout` is in milliseconds.
    """

    kind: Kind
    places: tuple[Place, ...]
    single: bool = False
    via: Via = Via.API
    reason: str | None = None
    if_state: frozenset[Status] = frozenset()
    stop_on_error: bool = False
    timeout: int | None = None

    @property
    def action(self) -> Action:
        """What is asked of each service."""
        action = self.kind.action
        if action is None:
            raise ValueError(f"{self.kind.name} is not asked of services")
        return action


class Refusal(NamedTuple):
    """Why nothing was begun."""

    place: Place
    trouble: Trouble
