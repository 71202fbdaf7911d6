"""Every service of Unified Communications Manager, IM and Presence and Unity Connection, by product and release.

Look-ups over the stanzas of this package; it does not know any node.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain

from ucmsim.models.catalogue import cuc, imp, shared, ucm_features, ucm_network
from ucmsim.models.catalogue.listing import Listed, described
from ucmsim.models.catalogue.service import Need, Page, Service, slug
from ucmsim.models.release import within
from ucmsim.models.states import Kind, Product

__all__ = [
    "SERVICES",
    "Listed",
    "Need",
    "Page",
    "Service",
    "activated_first",
    "listed",
    "nearest",
    "offered",
    "slug",
]

SERVICES: Mapping[Product, tuple[Service, ...]] = {
    product: tuple(
        sorted(
            (
                service
                for service in chain.from_iterable(
                    chain(
                        shared.SERVICES,
                        ucm_features.SERVICES,
                        ucm_network.SERVICES,
                        imp.SERVICES,
                        cuc.SERVICES,
                    )
                )
                if service.product is product
            ),
            key=lambda service: service.order,
        )
    )
    for product in Product
}
"""All services of each product, whatever the release, in the order of the static list."""

_BY_NAME = {
    product: {service.name: service for service in services} for product, services in SERVICES.items()
}


@lru_cache(maxsize=64)
def offered(product: Product, version: str, virtual: bool = True) -> Mapping[str, Service]:
    """Return the services that a node offers, by wire name, in the order of its static list (G-ACT-14, G-DEP-24)."""
    return {
        service.name: service
        for service in SERVICES[product]
        if within(version, service.since, service.until) and not (virtual and service.hidden_on_virtual)
    }


def listed(product: Product, rows: Iterable[Listed]) -> tuple[Service, ...]:
    """Return the services of a node that says itself what it offers."""
    return described(_BY_NAME[product], product, rows)


def activated_first(services: Mapping[str, Service], name: str) -> tuple[str, ...]:
    """Return the feature services to activate before `name`, those that they need in turn first (G-ACT-6, `U-17`).

    So Cisco Headset Service brings Cisco CallManager with it (G-ACT-13).
    """
    service = services[name]
    asked = (need.service for need in service.needs if (need.scope, need.state) == ("node", "activated"))
    found: dict[str, None] = {}
    for needed in (*service.depends, *asked):
        if needed in services and services[needed].kind is Kind.FEATURE:
            found.update(dict.fromkeys((*activated_first(services, needed), needed)))
    return tuple(found)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` was probably meant to be, or None."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[close[0]] if close else None
