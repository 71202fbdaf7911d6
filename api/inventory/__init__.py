"""Inventories: the TOML file, or the same as JSON, that says which clusters and nodes a server simulates.

Text is turned into the plain values of `ucmsim.models.inventory` here, at the edge; nothing behind it knows the format.
"""

from __future__ import annotations

from ucmsim.api.inventory.problems import InventoryError, Problem
from ucmsim.api.inventory.reading import BUILTIN, builtin, load, loads, parse
from ucmsim.api.inventory.writing import document, dumps

__all__ = [
    "BUILTIN",
    "InventoryError",
    "Problem",
    "builtin",
    "document",
    "dumps",
    "load",
    "loads",
    "parse",
]
