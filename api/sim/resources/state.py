"""Everything at once over HTTP: reset, and snapshots."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ucmsim.api.identifiers import unguessable
from ucmsim.api.instants import rfc3339
from ucmsim.api.rest.calls import Call, Header
from ucmsim.api.rest.documents import Body, Document, Page
from ucmsim.api.rest.problems import NOT_FOUND, Problem
from ucmsim.api.rest.routes import Link, Path, Reply, Resource, delete, get, post
from ucmsim.api.sim.archive import Archive, Keep
from ucmsim.api.sim.documents.faults import Name
from ucmsim.api.sim.resources import BASE, by
from ucmsim.api.sim.snapshots import Snapshot
from ucmsim.api.sim.timekeeper import Timekeeper

KeepName = Literal["FAULTS", "JOURNAL", "CLOCK", "SUBSCRIPTIONS", "SETTINGS"]
SnapshotName = Annotated[str, Path("The snapshot's name.", "before-the-upgrade")]


class ResetBody(Body):
    """What a reset leaves alone."""

    keep: Annotated[list[KeepName], Field(max_length=10)] = Field(default=[], examples=[["JOURNAL"]])


class Reset(Resource):
    """Back to the seed: every cluster as after its installation, now.

    Fault rules, timings, settings, operations and the journal go, the clock runs as it did at first, scenarios stop;
    snapshots and scenarios stay, events go on.
    """

    name = "reset"

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    @post("/reset", statuses=(204,), example={"keep": ["FAULTS"]})
    def reset(self, body: ResetBody, call: Call) -> None:
        """Put everything back to the seed."""
        self._archive.reset(frozenset(Keep(name) for name in body.keep), by(call))


class SnapshotBody(Body):
    """How to call the snapshot."""

    id: Name | None = Field(
        default=None, description="Left out, the server makes a name.", examples=["before-the-upgrade"]
    )


class SnapshotDocument(Document):
    """A snapshot."""

    id: str = Field(examples=["before-the-upgrade"])
    time: str = Field(description="The simulated time that it keeps.", examples=["2025-03-02T11:26:35Z"])


class SnapshotPage(Page[SnapshotDocument]):
    """All snapshots by name."""


class Snapshots(Resource):
    """Everything that is simulated, kept under a name: services, conditions, fault rules, scenarios, settings and the clock.

    Events, operations and the journal belong to no snapshot.
    """

    name = "snapshots"

    def __init__(self, archive: Archive, timekeeper: Timekeeper) -> None:
        self._archive = archive
        self._timekeeper = timekeeper

    @get("/snapshots")
    def index(self) -> SnapshotPage:
        """List all snapshots."""
        return SnapshotPage(items=[_document(each) for each in self._archive.all()], next=None)

    @post(
        "/snapshots",
        statuses=(201, 200),
        answers={"Location": Header("Location", "Where the snapshot is.")},
        example={"id": "before-the-upgrade"},
        links={
            "read": Link("snapshots_read", {"snapshot": "$response.body#/id"}, "The snapshot."),
            "restore": Link("snapshots_restore", {"snapshot": "$response.body#/id"}, "Bring it back."),
            "remove": Link("snapshots_remove", {"snapshot": "$response.body#/id"}, "Forget it."),
        },
    )
    def create(self, body: SnapshotBody, call: Call) -> Reply[SnapshotDocument]:
        """Keep how everything stands.

        A snapshot of the same `id` is replaced; that answers 200.
        """
        name = body.id or unguessable("snp", self._timekeeper.now)
        new = all(each.id != name for each in self._archive.all())
        made = self._archive.save(name, by(call))
        return Reply(_document(made), 201 if new else 200, {"Location": f"{BASE}/snapshots/{name}"})

    @get("/snapshots/{snapshot}", versioned=True, problems=(NOT_FOUND,))
    def read(self, snapshot: SnapshotName) -> SnapshotDocument:
        """Read which time a snapshot keeps."""
        return _document(self._find(snapshot))

    @post("/snapshots/{snapshot}/actions/restore", problems=(NOT_FOUND,))
    def restore(self, snapshot: SnapshotName, call: Call) -> SnapshotDocument:
        """Bring back what a snapshot keeps; the clock shows its time again."""
        found = self._find(snapshot)
        self._archive.restore(snapshot, by(call))
        return _document(found)

    @delete("/snapshots/{snapshot}", problems=(NOT_FOUND,))
    def remove(self, snapshot: SnapshotName, call: Call) -> None:
        """Forget a snapshot."""
        self._find(snapshot)
        self._archive.remove(snapshot, by(call))

    def _find(self, name: str) -> Snapshot:
        try:
            return self._archive.get(name)
        except KeyError:
            raise Problem(NOT_FOUND, f"there is no snapshot named {name!r}") from None


def _document(snapshot: Snapshot) -> SnapshotDocument:
    return SnapshotDocument(id=snapshot.id, time=rfc3339(snapshot.at))
