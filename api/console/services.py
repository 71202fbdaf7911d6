"""The services of a node as the pages show them: state, times, progress and what may be asked of each.

Values made from a cluster at one moment; no request and no HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from zlib import crc32

from ucmsim.api.console.look import IDLE, INACTIVE, Look, look
from ucmsim.api.console.rehearsal import Refusal, refusal
from ucmsim.models.catalogue import Service
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.reasons import SUCCESS
from ucmsim.models.states import Action, Instant, Kind, NodeRef
from ucmsim.models.timeline import Instance, Moment

NOT_ALLOWED = Refusal("G-CTL-15", SUCCESS)
"""Said to somebody without the serviceability role."""

CONTROLS = (Action.START, Action.STOP, Action.RESTART)
"""What Control Center offers for a service."""


@dataclass(frozen=True)
class Progress:
    """A transition under way: when it began, when it ends, and the state after it."""

    begin: Instant
    end: Instant
    word: str

    @property
    def length(self) -> int:
        """How long it takes in all, in milliseconds."""
        return self.end - self.begin

    def passed(self, now: Instant) -> int:
        """How much of it has passed, in milliseconds."""
        return min(max(now - self.begin, 0), self.length)


@dataclass(frozen=True)
class ServiceView:
    """One service on a page. `refusals` holds the actions that would be refused now, with the reason."""

    service: Service
    instance: Instance
    moment: Moment
    look: Look
    now: Instant
    refusals: Mapping[Action, Refusal]

    @property
    def name(self) -> str:
        """The service's name on the wire."""
        return self.service.name

    @property
    def slug(self) -> str:
        """The service in addresses and forms."""
        return self.service.slug

    @property
    def activation(self) -> str:
        """Whether it is activated; a network service cannot be (G-ACT-2)."""
        if self.service.kind is Kind.NETWORK:
            return "Always on"
        return "Activated" if self.instance.activated else "Deactivated"

    @property
    def started(self) -> Instant | None:
        """When it came up, while it runs (G-CTL-4)."""
        return self.moment.started

    @property
    def reason(self) -> str:
        """What the API says of the state, nothing where the look has said it all."""
        if self.moment.reason == SUCCESS or self.look in (INACTIVE, IDLE):
            return ""
        return self.moment.reason.text

    @property
    def progress(self) -> Progress | None:
        """The transition under way, if one is and its end is known."""
        ahead = self.instance.ahead(self.now)
        if not ahead or not self.look.word.endswith("ing"):
            return None
        return Progress(self.moment.at, ahead[0].at, ahead[0].status.value)

    @cached_property
    def version(self) -> str:
        """Changes whenever the page would show something else, but for what follows from the passing of time."""
        shown = (self.instance, self.moment, self.look.mark, sorted(a.value for a in self.refusals))
        return f"{crc32(repr(shown).encode()):08x}"


@dataclass(frozen=True)
class Group:
    """Services under one heading."""

    name: str
    services: tuple[ServiceView, ...]


def view(
    cluster: Cluster, node: Node, service: Service, now: Instant, actions: Iterable[Action] = ()
) -> ServiceView:
    """Return how one service stands; for `actions` it is found out whether they would be refused."""
    ref = NodeRef(cluster.id, node.id)
    instance = node.instances[service.name]
    tried = {action: refusal(cluster, ref, service.name, action, now) for action in actions}
    return ServiceView(
        service,
        instance,
        instance.at(now),
        look(node, service, now),
        now,
        {action: why for action, why in tried.items() if why is not None},
    )


def groups(
    cluster: Cluster, node: Node, kind: Kind, now: Instant, actions: Iterable[Action], *, allowed: bool = True
) -> tuple[Group, ...]:
    """Return the services of one kind by group, groups and services in the order of the static list.

    Without `allowed` every action is refused: the person who looks may not control services (G-CTL-15).
    """
    asked = tuple(actions)
    views = [view(cluster, node, s, now, asked) for s in node.services.values() if s.kind is kind]
    if not allowed:
        views = [replace(v, refusals=dict.fromkeys(asked, NOT_ALLOWED)) for v in views]
    order = list(dict.fromkeys(v.service.group for v in views))
    views.sort(key=lambda v: order.index(v.service.group))
    return tuple(Group(name, tuple(found)) for name, found in groupby(views, lambda v: v.service.group))


def whys(shown: Iterable[Group]) -> list[Refusal]:
    """Return every refusal that the services of a page have, each once."""
    found = {why.key: why for group in shown for v in group.services for why in v.refusals.values()}
    return [*found.values()]
