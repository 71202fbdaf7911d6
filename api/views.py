"""Views: a node or a cluster as anybody sees it until the next moment at which a client could tell a difference.

What is made of a view is made once, whatever face asks and however many clients do. Nothing depends on a view being
kept: one that is gone is made again, from the same state.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.states import SECOND, Instant

S = TypeVar("S", Node, Cluster)
P = ParamSpec("P")
T = TypeVar("T")

VIEWS = 256
"""So many nodes and clusters keep their view: a fleet of thousands is not held in memory in its written form."""
MADE = 256
"""So many things that were made of one view are kept."""


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

    def once(self, make: Callable[Concatenate[View[S], P], T], /, *about: P.args, **more: P.kwargs) -> T:
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


class Views:
    """The last view of each subject, for as many as are kept. Thread-safe."""

    def __init__(self, kept: int = VIEWS) -> None:
        self._kept = kept
        self._views: dict[Hashable, View[Any]] = {}
        self._lock = threading.Lock()

    def of(self, key: Hashable, subject: S, now: Instant) -> View[S]:
        """Return how `subject` looks at `now`; `key` names it whatever state it is in."""
        view: View[S] | None = self._views.get(key)
        if view is not None and view.shows(subject, now):
            return view
        view = View(subject, now)
        with self._lock:
            self._views.pop(key, None)
            self._views[key] = view
            if len(self._views) > self._kept:
                del self._views[next(iter(self._views))]  # the one that was made first
        return view


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
