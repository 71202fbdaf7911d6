"""The REST API of ucmsim in Python: what `ControlCenter` can, and what only this API can.

`RestClient` has the façade; only servers of ours have this API, a real node does not.
"""

from __future__ import annotations

from ucmsim.clients.rest.client import RestClient
from ucmsim.clients.rest.simulation import Simulation
from ucmsim.clients.rest.values import Event, Operation, Outcome

__all__ = ["Event", "Operation", "Outcome", "RestClient", "Simulation"]
