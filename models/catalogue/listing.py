"""A node's own static list, as somebody has told it: each entry filled up with what the catalogue knows of the service.

It describes; which node has such a list is known elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from ucmsim.models.catalogue.service import Service
from ucmsim.models.states import Form, Kind, Product


class Listed(NamedTuple):
    """One row of a static list (specification section 4.6), as it stands on the wire."""

    name: str
    form: Form
    deployable: bool
    group: str
    product_id: str = ""
    depends: tuple[str, ...] = ()


def described(known: Mapping[str, Service], product: Product, rows: Iterable[Listed]) -> tuple[Service, ...]:
    """Return the services of a list in its order; what the catalogue does not know is as plain as the list says."""
    return tuple(
        _service(known.get(row.name), product, order, row) for order, row in enumerate(rows, start=1)
    )


@lru_cache(maxsize=4096)  # lists of many nodes have the same rows: one value for all
def _service(known: Service | None, product: Product, order: int, row: Listed) -> Service:
    kind = Kind.FEATURE if row.deployable else Kind.NETWORK
    product_id = row.product_id or (known.product_id if known else "Common")
    if known is None:
        return Service(
            row.name, product, order, row.group, kind, product_id, row.form, row.depends,
            activated=kind is Kind.NETWORK,
        )  # fmt: skip
    return replace(
        known,
        group=row.group,
        kind=kind,
        product_id=product_id,
        form=row.form,
        depends=row.depends,
    )
