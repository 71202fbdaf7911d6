"""The memory of an engine: the clusters as they were read last, and the locks that let one command at a time change one.

It reads a cluster when it is wanted and not before, and again when another process may have changed it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import ExitStack, contextmanager

import sqlalchemy as sql

from ucmsim.api.store import Kept, Store
from ucmsim.api.tide import Tide
from ucmsim.models.cluster import Cluster
from ucmsim.models.inventory import ClusterSpec


class _Held:
    """A cluster in memory, and the era in which it was known to be the latest.

    `claimed` is the era in which a transaction began to keep other processes from changing it.
    """

    def __init__(self, spec: ClusterSpec) -> None:
        self.spec = spec
        self.lock = threading.Lock()
        self.kept: Kept | None = None
        self.era = -1
        self.claimed = -1


class Memory:
    """The clusters of one process. `tide` is that of a store which other processes write as well, else None.

    Eras are counted here: a new one begins with every `refresh` that finds the store changed; then `follow` lets others
    take over what they keep in memory themselves.
    """

    def __init__(
        self,
        store: Store,
        clusters: Iterable[ClusterSpec],
        load: Callable[[sql.Connection, str], Kept],
        follow: Callable[[], None] = lambda: None,
        tide: Tide | None = None,
    ) -> None:
        self._store = store
        self._load = load
        self._follow = follow
        self._tide = tide
        self._held = {spec.id: _Held(spec) for spec in clusters}
        self._guard = threading.Lock()
        self._looking = threading.RLock()
        self._following = False
        self._seen: Hashable = None
        self._era = 0

    @property
    def shared(self) -> bool:
        """Whether other processes change the store, too."""
        return self._tide is not None

    @property
    def prompt(self) -> bool:
        """Whether `stale` takes no time to speak of."""
        return self._tide is None or self._tide.prompt

    @property
    def stale(self) -> bool:
        """Whether `refresh` would find anything new, or would have to wait for another one."""
        if self._tide is None:
            return False
        # No waiting here: this is asked in the event loop, which whoever follows a change of the topology waits for.
        if not self._looking.acquire(blocking=False):
            return True
        try:
            return self._tide.look() != self._seen
        finally:
            self._looking.release()

    def refresh(self) -> None:
        """From now on know all that was committed before this call."""
        if self._tide is None:
            return
        with (
            self._looking
        ):  # an older look must not replace a newer one, nor anybody rely on it before all have followed
            if self._following:
                return
            seen = self._tide.look()
            if seen == self._seen:
                return
            self._era += 1
            self._following = True
            try:
                self._follow()
            finally:
                self._following = False
            self._seen = seen

    def read(self, cluster: str) -> Kept:
        """Return a cluster as it was at the last `refresh`, or later; raises KeyError."""
        held = self._held[cluster]
        era, kept = self._era, held.kept
        if kept is not None and held.era == era:
            return kept
        if kept is None or self._version(cluster) != kept.version:
            with self._store.reading() as connection:
                kept = self._load(connection, cluster)
        with self._guard:
            if held.kept is None or held.kept.version <= kept.version:
                held.kept, held.era = kept, era
        return kept

    @property
    def era(self) -> int:
        """How often `refresh` found something new."""
        return self._era

    def read_lately(self, cluster: str) -> bool:
        """Whether `read` need not ask the store for a cluster, or knows none of that name."""
        held = self._held.get(cluster)
        return held is None or (held.kept is not None and held.era == self._era)

    def known(self, cluster: str) -> Cluster:
        """Return a cluster as it was when it was last read or changed here; raises KeyError."""
        kept = self._held[cluster].kept
        return (kept or self.read(cluster)).cluster

    @contextmanager
    def locked(self, clusters: Iterable[str]) -> Iterator[None]:
        """Keep other threads from changing some clusters; raises KeyError."""
        with ExitStack() as locks:
            for held in [self._held[cluster] for cluster in sorted(set(clusters))]:
                locks.enter_context(held.lock)
            yield

    def current(self, connection: sql.Connection, cluster: str) -> Kept:
        """Return a cluster for a transaction that is going to change it, and keep other processes from doing so."""
        held = self._held[cluster]
        kept, version = held.kept, self._store.claim(connection, cluster)
        held.claimed = self._era
        if kept is not None and kept.version == version:
            return kept
        return self._load(connection, cluster)

    def keep(self, saved: Kept) -> None:
        """Take a cluster over that was committed, for nothing else may be seen."""
        held = self._held[saved.cluster.id]
        with self._guard:
            # Nobody else can have changed it before the commit, and so not before that era either.
            held.kept, held.era = saved, held.claimed

    def _version(self, cluster: str) -> int | None:
        with self._store.asking() as connection:
            return self._store.version(connection, cluster)

    def adopt(self, clusters: Iterable[ClusterSpec]) -> None:
        """Take over other descriptions; clusters that are described as before are remembered."""
        with self._guard:
            before = self._held
            self._held = {
                spec.id: before[spec.id]
                if spec.id in before and before[spec.id].spec == spec
                else _Held(spec)
                for spec in clusters
            }

    def close(self) -> None:
        """Let go of the store."""
        if self._tide is not None:
            self._tide.close()
