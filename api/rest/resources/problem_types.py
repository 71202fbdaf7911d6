"""The catalogue of problems: what the `type` of a problem document leads to."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ucmsim.api.rest.documents import Document, Page
from ucmsim.api.rest.problems import NOT_FOUND, TYPES, Problem, ProblemType, WireReason, wire_reason
from ucmsim.api.rest.routes import Path, Resource, get


class ProblemTypeDocument(Document):
    """One kind of problem."""

    type: str = Field(
        description="What problem documents call it.", examples=["/api/v1/problems/service-not-activated"]
    )
    code: str = Field(description="The same in upper snake.", examples=["SERVICE_NOT_ACTIVATED"])
    title: str = Field(examples=["The service is not activated"])
    statuses: list[int] = Field(
        description="The HTTP statuses that it comes with; none if it only stands in the results of operations.",
        examples=[[409]],
    )
    meaning: str = Field(description="What it means and what to do.")
    wire: WireReason | None = Field(description="What SOAP says in its place.")


class ProblemTypePage(Page[ProblemTypeDocument]):
    """All kinds of problem, by name."""


class Problems(Resource):
    """Every kind of problem that this server may answer with. Each has a stable code for programs."""

    name = "problems"

    @get("/problems", public=True)
    def index(self) -> ProblemTypePage:
        """List all kinds of problem."""
        return ProblemTypePage(items=[_document(TYPES[name]) for name in sorted(TYPES)], next=None)

    @get("/problems/{kind}", public=True, versioned=True, problems=(NOT_FOUND,))
    def read(
        self, kind: Annotated[str, Path("The last segment of `type`.", "service-not-activated")]
    ) -> ProblemTypeDocument:
        """Read what a kind of problem means."""
        if kind not in TYPES:
            raise Problem(NOT_FOUND, f"there is no kind of problem named {kind!r}")
        return _document(TYPES[kind])


def _document(kind: ProblemType) -> ProblemTypeDocument:
    return ProblemTypeDocument(
        type=kind.uri,
        code=kind.code,
        title=kind.title,
        statuses=list(kind.statuses),
        meaning=kind.meaning,
        wire=wire_reason(kind.wire) if kind.wire else None,
    )
