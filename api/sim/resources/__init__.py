"""The resources of `/sim/v1`, one module each."""

from __future__ import annotations

from dataclasses import replace

from ucmsim.api.origin import Origin
from ucmsim.api.rest.calls import Call
from ucmsim.api.rest.prefixes import SIMULATION

BASE = SIMULATION


def by(call: Call) -> Origin:
    """Return what events record about a caller of the simulation's controls."""
    return replace(call.origin, face="SIM")
