"""Events over REST: a list in parts, or a stream, by what the caller accepts (REST specification section 7)."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from typing import Annotated, Any
from urllib.parse import parse_qs

from pydantic import Field
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from ucmsim.api.engine import Engine
from ucmsim.api.events.cloud import cloud_event
from ucmsim.api.events.happenings import Type
from ucmsim.api.events.log import Filter
from ucmsim.api.events.stream import MEDIA_TYPE, Hub
from ucmsim.api.rest import reading
from ucmsim.api.rest.calls import Header
from ucmsim.api.rest.documents import Document, Page, Query
from ucmsim.api.rest.problems import Problem, define
from ucmsim.api.rest.resources.names import (
    BASE,
    OPERATION_ID,
    UNKNOWN_NAMES,
    cluster_ids,
    everywhere,
    node_ids,
    wire_names,
)
from ucmsim.api.rest.routes import JSON, Resource, get
from ucmsim.api.ring.exchange import Exchange, Receive, Scope, Send

CURSOR_EXPIRED = define(
    "cursor-expired",
    "The events after this cursor are not kept any more",
    410,
    meaning="Begin again without a cursor; the detail names the oldest one that would do.",
)

LAST_EVENT_ID = Header(
    "Last-Event-ID",
    "The id of the last event that the client has, for the stream; goes before `since`.",
    {"type": "string", "pattern": "^[0-9]{1,18}$"},
    "42",
)


class EventQuery(Query):
    """Which events are asked for. All but `since` and `limit` may be repeated."""

    type: list[Type] = Field(
        default=[], description="Only events of these types.", examples=[["service.state.changed"]]
    )
    cluster: list[str] = Field(
        default=[], description="Only what happened in these clusters.", examples=[["lab"]]
    )
    node: list[str] = Field(
        default=[], description="Only what happened on these nodes.", examples=[["cucm-pub"]]
    )
    service: list[str] = Field(
        default=[], description="Only what happened to these services.", examples=[["cisco-tftp"]]
    )
    operation: list[Annotated[str, Field(pattern=OPERATION_ID)]] = Field(
        default=[], description="Only what these operations caused."
    )
    since: str | None = Field(
        default=None,
        pattern="^[0-9]{1,18}$",
        description="The cursor after which to begin: `next` of an earlier answer, or an event's id in the stream.",
    )
    limit: int = Field(default=100, ge=1, le=1000, description="How many events at most; not for the stream.")

    def wanted(self, engine: Engine) -> Filter:
        """What the caller wants to hear of; raises Problem for a name that means nothing."""
        return Filter(
            tuple(kind.value for kind in self.type),
            cluster_ids(engine, self.cluster),
            node_ids(everywhere(engine), self.node),
            wire_names(self.service),
            tuple(self.operation),
        )


class CloudEventDocument(Document):
    """An event as a CloudEvent 1.0."""

    specversion: str = Field(examples=["1.0"])
    id: str = Field(description="The same on every way by which the event is told.")
    source: str = Field(description="The path of what it happened to.")
    type: str = Field(examples=["service.state.changed"])
    time: str = Field(
        description="When it happened, in simulated time.", json_schema_extra={"format": "date-time"}
    )
    datacontenttype: str = Field(examples=["application/json"])
    data: dict[str, Any] = Field(
        description="Cluster, node, service, operation and origin, null where there is none, and what the type brings: "
        "`from`, `to` and `cause` of a change, `kind`, `status` and `targets` of an operation."
    )


class EventPage(Page[CloudEventDocument]):
    """A part of the events, oldest first. `next` is always a cursor: with it one goes on when there is more."""


class Events(Resource):
    """What happened: every change of state, operation and node, whichever face caused it, the last 10000 kept.

    With `Accept: text/event-stream` the same is sent as it happens (server-sent events): `id` is the cursor, `event` the
    type, `data` one CloudEvent on one line. A comment every 15 seconds shows that the stream is alive; it ends after an
    hour. `Last-Event-ID` or `since` resumes it without loss or repetition; without either it begins now. A client that
    reads too slowly is cut off.
    """

    name = "events"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @get(
        "/events",
        problems=(CURSOR_EXPIRED, *UNKNOWN_NAMES),
        headers=(LAST_EVENT_ID,),
        produces=(JSON, MEDIA_TYPE),
    )
    def index(self, query: EventQuery) -> EventPage:
        """List what happened, or follow it.

        Without `since` the list begins with the oldest event that is kept.
        """
        after = check_cursor(self._engine, query.since) or 0
        _, last = self._engine.event_range()
        found = self._engine.events(after, query.limit, query.wanted(self._engine))
        # A part that is full may go on before `last`; one that is not has seen everything up to it.
        ids = [event.id for event in found]
        cursor = ids[-1] if len(ids) == query.limit else max([last, after, *ids])
        return EventPage(
            items=[CloudEventDocument.model_validate(cloud_event(event)) for event in found],
            next=str(cursor),
        )


def check_cursor(engine: Engine, cursor: str | None) -> int | None:
    """Return a cursor as a number; raises Problem if events after it are gone.

    A cursor that was never given out is from before the server lost its state: everything is new to its owner.
    """
    if cursor is None:
        return None
    oldest, last = engine.event_range()
    after = int(cursor)
    if after < oldest - 1:
        raise Problem(CURSOR_EXPIRED, f"the oldest cursor that can be followed is {oldest - 1}")
    return after if after <= last else 0


class EventStream:
    """The stream beside the list: requests for it never reach Flask's threads."""

    def __init__(self, engine: Engine, hub: Hub, executor: Executor) -> None:
        self._engine = engine
        self._hub = hub
        self._executor = executor

    def wants(self, exchange: Exchange) -> bool:
        """Whether a request is for the stream: the caller likes it better than the list."""
        if exchange.path != f"{BASE}/events" or exchange.method != "GET":
            return False
        header = (exchange.header(b"accept") or b"").decode("latin-1")
        accepted = parse_accept_header(header, MIMEAccept)
        return accepted[MEDIA_TYPE] > accepted[JSON]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one client; `Problem` before the stream begins."""
        exchange = Exchange(scope, receive, send)
        asked = reading.query(EventQuery, parse_qs(exchange.query, keep_blank_values=True))
        assert isinstance(asked, EventQuery)
        resumed = (exchange.header(b"last-event-id") or b"").decode("latin-1").strip() or None
        reading.header(LAST_EVENT_ID, resumed)
        loop = asyncio.get_running_loop()
        cursor = await loop.run_in_executor(
            self._executor, check_cursor, self._engine, resumed or asked.since
        )
        await self._hub.serve(receive, send, asked.wanted(self._engine), cursor, scope.get("extensions"))
