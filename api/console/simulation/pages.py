"""The pages about the simulation, put together."""

from __future__ import annotations

from ucmsim.api.console.simulation import clock, conditions, faults, requests, room, scenarios

pages = room.blueprint()

for part in (clock, conditions, faults, scenarios, requests):
    part.routes(pages)
