"""Views: a node or a cluster as anybody sees it until the next moment at which a client could tell a difference.

What is made of a view is made once, whatever face asks and however many clients do. Nothing depends on a view being
kept: one that is gone is made again, from the same state.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable
from itertools import islice
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar
from zoneinfo import ZoneInfo

from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.reasons import SUCCESS
from ucmsim.models.report import Answer, rows
from ucmsim.models.states import SECOND, Instant

S = TypeVar("S", Node, Cluster)
P = ParamSpec("P")
T = TypeVar("T")

NODES = 256
CLUSTERS = 32
"""So many views are kept: a fleet of thousands is not held in memory in its written form, even while its clock stands."""
MADE = 256
"""So many things that were made of one view are kept."""

_AT_ONCE = 4
"""So many old views are looked at whenever there is a new one, so that nobody has to wait for all of them to go."""


class View(Generic[S]):
    """`subject` from `at` until just before `until`: the next full second, or an earlier moment of a service.

    Whole seconds matter because up times are counted in them.
    """

    def __init__(self, subject: S, at: Instant) -> None:
        self.subject: S = subject
        self.at = at
        self.until = _next_difference(subject, at)
        self._made: dict[Hashable, Any] = {}

    def shows(self, subject: S, now: Instant) -> bool:
        """Whether this is how `subject` looks at `now`."""
        return self.subject is subject and self.at <= now < self.until

    def once(self, make: Callable[Concatenate[Self, P], T], /, *about: P.args, **more: P.kwargs) -> T:
        """Return `make(view, *about)`: the same object for the same function and arguments, as far as it is kept.

        It must follow from the view and the arguments alone. Any thread may ask; two at once may both make it.
        """
        key = (make, about, *more.items())
        if key in self._made:
            made: T = self._made[key]
            return made
        made = make(self, *about, **more)
        if len(self._made) < MADE:
            self._made[key] = made
        return made


class NodeView(View[Node]):
    """A node as anybody sees it."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the node tells its times."""
        return ZoneInfo(self.subject.spec.timezone)

    def status(self, names: tuple[str, ...] = ()) -> Answer:
        """Return the state of services, in the order asked; without names of all (`U-5`, `U-6`)."""
        return self.once(_status, names)


class ClusterView(View[Cluster]):
    """A cluster as anybody sees it."""


V = TypeVar("V", NodeView, ClusterView)


class Views(Generic[V]):
    """The views of nodes, or of clusters, that are good now, for as many as are `kept`. Thread-safe."""

    def __init__(self, kind: type[V], kept: int = NODES) -> None:
        self._kind: type[V] = kind
        self._kept = kept
        self._views: dict[Hashable, V] = {}
        self._lock = threading.Lock()

    def of(self, name: Hashable, subject: Any, now: Instant) -> V:
        """Return how `subject` looks at `now`; `name` is its name, whatever state it is in."""
        view = self._views.get(name)
        if view is not None and view.shows(subject, now):
            return view
        view = self._kind(subject, now)
        with self._lock:
            self._views.pop(name, None)
            self._views[name] = view
            self._make_room(now)
        return view

    def _make_room(self, now: Instant) -> None:
        """Let go of the views that were made first: those that are over, and those that are too many."""
        for name, view in list(islice(self._views.items(), _AT_ONCE)):
            if view.until <= now or len(self._views) > self._kept:
                del self._views[name]


def _status(view: NodeView, names: tuple[str, ...]) -> Answer:
    return Answer(SUCCESS, rows(view.subject, names, view.at))


def _next_difference(subject: Node | Cluster, now: Instant) -> Instant:
    nodes: Iterable[Node] = subject.nodes.values() if isinstance(subject, Cluster) else (subject,)
    second = (now // SECOND + 1) * SECOND
    return min(
        (
            moment.at
            for node in nodes
            for instance in node.instances.values()
            for moment in instance.moments
            if now < moment.at < second
        ),
        default=second,
    )
