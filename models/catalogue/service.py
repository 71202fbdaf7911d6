"""One service as the catalogue describes it, and the stanza form in which the catalogue is written.

It holds facts only; what follows from them is the business of the rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, NamedTuple

from ucmsim.models.states import SECOND, Form, Kind, Placement, Product, Restrict

Scope = Literal["node", "cluster"]
Confidence = Literal["captured", "documented", "inferred"]


class Need(NamedTuple):
    """A precondition that the guide states beyond the wire's DependentServices (rule `U-17`)."""

    service: str
    state: Literal["activated", "started"]
    scope: Scope
    rule: str


class Page(NamedTuple):
    """Web paths of a node that answer only while the service runs."""

    what: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Service:
    """A service of one product: the facts of the wire's static list, and those of the guide.

    `start` and `stop` are typical durations in milliseconds. `since` and `until` are the first and the last
    release that has the service (None: open). `evidence` says how well the wire facts are known.
    `idle_on_subscribers` marks a feature service that a subscriber lists as stopped, not as not activated
    (specification section 4.8); every network service of the publisher is listed so.
    """

    name: str
    product: Product
    order: int
    group: str
    kind: Kind
    product_id: str
    form: Form = Form.SERVICE
    depends: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    placement: Placement = Placement.ANY
    activated: bool = True
    set_default: bool = False
    restrict: Restrict = Restrict.NONE
    manual_control: bool = True
    cli_control: bool = True
    hidden_on_virtual: bool = False
    idle_on_subscribers: bool = False
    since: str | None = None
    until: str | None = None
    aliases: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()
    rules: tuple[str, ...] = ()
    evidence: Confidence = "captured"
    start: int = 5 * SECOND
    stop: int = 3 * SECOND

    @property
    def deployable(self) -> bool:
        """Whether the service can be activated and deactivated (G-ACT-2)."""
        return self.kind is Kind.FEATURE

    @cached_property
    def slug(self) -> str:
        """The name as it stands in a URL (REST specification section 1)."""
        return slug(self.name)


def slug(name: str) -> str:
    """Return `name` in lower case with every run of other characters as one hyphen."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower().replace("&", " and ")).strip("-")


def stanza(
    name: str, *, on: Mapping[Product, int | tuple[int, dict[str, Any]]], **facts: Any
) -> tuple[Service, ...]:
    """Describe one service on every product that has it.

    `on` gives the service's place in each product's static list, with the facts that differ there.
    A feature service is not activated unless the stanza says so (G-ACT-1).
    """
    facts.setdefault("activated", facts["kind"] is Kind.NETWORK)
    if facts.get("form") is Form.SERVLET:
        facts.setdefault("start", 4 * SECOND)
        facts.setdefault("stop", 2 * SECOND)
    services = []
    for product, place in on.items():
        order, differs = place if isinstance(place, tuple) else (place, {})
        services.append(replace(Service(name=name, product=product, order=order, **facts), **differs))
    return tuple(services)
