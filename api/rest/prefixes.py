"""Where the REST faces are reached: the first segments of their paths."""

from __future__ import annotations

OPERATOR = "/api/v1"
SIMULATION = "/sim/v1"
