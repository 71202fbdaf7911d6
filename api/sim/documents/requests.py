"""The request journal as documents (REST specification section 11)."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field

from ucmsim.api.instants import rfc3339
from ucmsim.api.rest.documents import Document, Page
from ucmsim.api.sim.documents.faults import MatchBody
from ucmsim.api.sim.journal import Entry, Wanted
from ucmsim.api.sim.near_misses import NearMiss
from ucmsim.models.states import SECOND

Moment = Annotated[AwareDatetime, Field(strict=False)]


class RequestDocument(Document):
    """What came in. Passwords, cookies and secrets are masked."""

    method: str = Field(examples=["POST"])
    path: str = Field(examples=["/controlcenterservice2/services/ControlCenterServices"])
    query: str = Field(description="What followed the question mark.", examples=["wsdl"])
    headers: dict[str, str] = Field(description="By name as it was sent.")
    body: str = Field(description="At most the first 64 KiB.")


class ResponseDocument(Document):
    """What was answered."""

    status: int | None = Field(description="Null if the client was never answered.", examples=[200])
    headers: dict[str, str] = Field(description="By name as it was sent.")
    body: str = Field(description="At most the first 64 KiB.")


class NearMissDocument(Document):
    """Something that does not exist was asked for."""

    what: str = Field(description="resource, operation, service, node or cluster", examples=["service"])
    given: str = Field(examples=["Cisco CallManger"])
    closest: str | None = Field(
        description="What was probably meant, null if nothing is close.", examples=["Cisco CallManager"]
    )
    detail: str = Field(
        description="All of it in words.",
        examples=["no service named 'Cisco CallManger' on cucm-pub; closest: 'Cisco CallManager'"],
    )


class EntryDocument(Document):
    """A request with its answer."""

    id: str = Field(examples=["req_01J8Z3K5V7Q2XN4T6B8M0C9D1E"])
    time: str = Field(description="Simulated time.")
    face: str = Field(examples=["SOAP"])
    api: str | None = Field(description="Null for a path of no API.", examples=["CONTROLCENTER"])
    operation: str | None = Field(
        description="The SOAP operation, or for the REST API method and path.",
        examples=["soapGetServiceStatus"],
    )
    cluster: str | None = Field(examples=["lab"])
    node: str | None = Field(description="The node that was asked.", examples=["cucm-pub"])
    services: list[str] = Field(description="The services that the request named.")
    client: str = Field(description="The caller's address.")
    user: str | None = Field(description="The account, null if nobody known asked.")
    request: RequestDocument
    response: ResponseDocument
    duration_ms: int = Field(description="Real milliseconds.")
    fault: str | None = Field(
        description="The fault rule that acted; of several the one with the highest priority."
    )
    faults: list[str] = Field(description="All fault rules that acted.")
    operation_id: str | None = Field(description="The operation that the request began.")
    near_miss: NearMissDocument | None = Field(
        description="What was asked for in vain, and what is closest to it."
    )


class EntryPage(Page[EntryDocument]):
    """Requests, the newest first."""


class CountDocument(Document):
    """How many requests are wanted."""

    count: int = Field(description="So many are in the journal.", examples=[2])


class WantedBody(MatchBody):
    """Which requests: the match of a fault rule, and more."""

    since: Moment | None = Field(
        default=None,
        description="A simulated time: only requests from then on. RFC 3339 with a zone.",
        examples=["2025-03-02T11:26:35Z"],
    )
    body_contains: Annotated[str, Field(min_length=1, max_length=10_000)] | None = Field(
        default=None, description="A text in the body of the request or of the answer."
    )
    status: Annotated[int, Field(ge=100, le=599)] | None = Field(
        default=None, description="The status of the answer.", examples=[500]
    )
    limit: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=1000, description="How many at most; not for counting."
    )


def document(entry: Entry, missed: tuple[NearMiss, ...]) -> EntryDocument:
    """Return an entry as a document."""
    subject = entry.subject
    return EntryDocument(
        id=entry.id,
        time=rfc3339(entry.at),
        face=entry.face,
        api=entry.api,
        operation=subject.operation or None,
        cluster=subject.cluster or None,
        node=subject.node or None,
        services=list(entry.asked.services),
        client=entry.client,
        user=entry.user or None,
        request=RequestDocument(
            method=entry.method,
            path=entry.path,
            query=entry.query,
            headers=_headers(entry.request.headers),
            body=entry.request.text,
        ),
        response=ResponseDocument(
            status=entry.status, headers=_headers(entry.response.headers), body=entry.response.text
        ),
        duration_ms=entry.milliseconds,
        fault=entry.faults[0] if entry.faults else None,
        faults=list(entry.faults),
        operation_id=entry.operation,
        near_miss=_missed(missed),
    )


def _missed(missed: tuple[NearMiss, ...]) -> NearMissDocument | None:
    """Return the first miss, which tells of the others as well."""
    if not missed:
        return None
    first = missed[0]
    return NearMissDocument(
        what=first.what,
        given=first.given,
        closest=first.closest,
        detail=". ".join(each.detail for each in missed),
    )


def _headers(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return headers by name; those sent several times are joined as HTTP does it."""
    found: dict[str, str] = {}
    for name, value in pairs:
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def wanted(body: WantedBody) -> Wanted:
    """Return what a body asks for."""
    since = None if body.since is None else round(body.since.timestamp() * SECOND)
    return Wanted(body.match(), since, body.body_contains, body.status)
