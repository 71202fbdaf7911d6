"""The request journal over HTTP (REST specification section 11)."""

from __future__ import annotations

from typing import Annotated

from ucmsim.api.rest.problems import NOT_FOUND, Problem
from ucmsim.api.rest.resources.paging import PageQuery, page
from ucmsim.api.rest.routes import Path, Resource, delete, get, post
from ucmsim.api.sim.documents.requests import (
    CountDocument,
    EntryDocument,
    EntryPage,
    WantedBody,
    document,
    wanted,
)
from ucmsim.api.sim.journal import Entry, Journal
from ucmsim.api.sim.near_misses import NearMisses

RequestName = Annotated[str, Path("The request's id.", "req_01J8Z3K5V7Q2XN4T6B8M0C9D1E")]


class Requests(Resource):
    """The last requests to the simulated APIs with their answers, secrets masked; the setting `journalSize` says how many.

    Requests to `/sim/v1`, to the console and to the health pages are not kept.
    """

    name = "requests"

    def __init__(self, journal: Journal, near_misses: NearMisses) -> None:
        self._journal = journal
        self._near_misses = near_misses

    @get("/requests")
    def index(self, query: PageQuery) -> EntryPage:
        """List requests, the newest first."""
        found, following = page(list(self._journal.find()), query)
        return EntryPage(items=[self._document(entry) for entry in found], next=following)

    @get("/requests/unmatched")
    def unmatched(self, query: PageQuery) -> EntryPage:
        """List requests that asked for something that does not exist, the newest first.

        A wrong path, operation, service, node or cluster; `nearMiss` says what was probably meant.
        """
        missed = [entry for entry in self._journal.find() if self._near_misses.of(entry)]
        found, following = page(missed, query)
        return EntryPage(items=[self._document(entry) for entry in found], next=following)

    @post("/requests/actions/find", example={"operation": "soapDo*", "service": "cisco-tftp"})
    def find(self, body: WantedBody) -> EntryPage:
        """Find requests, the newest first."""
        found = list(self._journal.find(wanted(body)))[: body.limit]
        return EntryPage(items=[self._document(entry) for entry in found], next=None)

    @post("/requests/actions/count", example={"operation": "soapGetServiceStatus"})
    def count(self, body: WantedBody) -> CountDocument:
        """Count requests."""
        return CountDocument(count=sum(1 for _ in self._journal.find(wanted(body))))

    @get("/requests/{request}", problems=(NOT_FOUND,))
    def read(self, request: RequestName) -> EntryDocument:
        """Read a request with its answer."""
        entry = self._journal.entry(request)
        if entry is None:
            raise Problem(NOT_FOUND, f"the journal has no request {request!r}")
        return self._document(entry)

    @delete("/requests")
    def clear(self) -> None:
        """Forget all requests."""
        self._journal.clear()

    def _document(self, entry: Entry) -> EntryDocument:
        return document(entry, self._near_misses.of(entry))
