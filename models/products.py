"""The products that a node reports as installed, by product and release (specification section 4.5).

A table and its look-up; it does not know clusters.
"""

from __future__ import annotations

from typing import NamedTuple

from ucmsim.models.release import within
from ucmsim.models.states import Product


class Installed(NamedTuple):
    """One product of a node as the product list names it."""

    name: str
    description: str
    id: str
    short_name: str
    since: str | None = None
    until: str | None = None


def _named(
    name: str, product_id: str, short: str, since: str | None = None, until: str | None = None
) -> Installed:
    return Installed(name, name, product_id, short, since, until)


_COMMON = Installed("Common Services", "Common Services for all Products", "Common", "SYS")
_UCM = "Cisco Unified Communications Manager"

_TABLE: dict[Product, tuple[Installed, ...]] = {
    Product.UCM: (
        _named(_UCM, "CallManager", "UCM"),
        _named("Cisco Unified Communications Self Care Portal", "Selfcare", "SELFCARE", since="10.5"),
        _named("Cisco Enterprise License Manager", "Elm", "ELM", until="9.1"),
        _named("Cisco Prime License Manager", "Elm", "ELM", since="10.0", until="11.5"),
        _COMMON,
    ),
    Product.IMP: (_named(f"{_UCM} IM and Presence", "Cups", "IM_AND_PRESENCE"), _COMMON),
    Product.CUC: (_named("Cisco Unity Connection", "Connection", "CUC"), _COMMON),
}


def installed(product: Product, version: str) -> tuple[Installed, ...]:
    """Return what a node of this product and version reports, in the order of the wire."""
    return tuple(row for row in _TABLE[product] if within(version, row.since, row.until))
