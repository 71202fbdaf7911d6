"""Timings as a document: how long transitions take, in milliseconds."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ucmsim.api.rest.documents import Body, Document
from ucmsim.api.sim.documents.effects import Milliseconds
from ucmsim.api.sim.timings import Timings
from ucmsim.models.catalogue import SERVICES, nearest, slug
from ucmsim.models.inventory import ServiceDurations
from ucmsim.models.states import SECOND


class UnknownServiceError(LookupError):
    """An override names a service that no product has."""


class DefaultBody(Body):
    """For every service that has no override; null leaves the catalogue's figure."""

    start_ms: Milliseconds | None = Field(default=None, examples=[4000])
    stop_ms: Milliseconds | None = Field(default=None, examples=[2000])


class OverrideBody(DefaultBody):
    """For one service, on every node."""

    service: str = Field(
        min_length=1, max_length=100, description="By id or exact name.", examples=["cisco-tftp"]
    )


class TimingsBody(Body):
    """How long transitions take that begin from now on."""

    scale: Annotated[float, Field(ge=0, le=1000)] = Field(
        default=1.0, description="All durations are multiplied by it; 0: transitions take no time."
    )
    jitter: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.2, description="By which fraction each duration may differ, drawn from the seed."
    )
    seed: Annotated[int, Field(ge=0, le=2**53)] = Field(default=1, description="What jitter is drawn from.")
    default: DefaultBody = Field(
        default_factory=DefaultBody, description="For every service that has no override."
    )
    overrides: Annotated[list[OverrideBody], Field(max_length=1000)] = Field(
        default_factory=list, description="For single services."
    )

    def timings(self) -> Timings:
        """The timings as the server knows them; raises UnknownServiceError."""
        services = {_wire(own.service): _durations(own) for own in self.overrides}
        return Timings(self.scale, self.jitter, self.seed, _durations(self.default), services)


class DefaultDocument(Document):
    """For every service that has no override; null: the catalogue's figure."""

    start_ms: int | None = Field(examples=[4000])
    stop_ms: int | None = Field(examples=[2000])


class OverrideDocument(DefaultDocument):
    """For one service, on every node."""

    service: str = Field(examples=["cisco-tftp"])


class TimingsDocument(Document):
    """How long transitions take."""

    scale: float = Field(description="All durations are multiplied by it.")
    jitter: float = Field(description="By which fraction each duration may differ.")
    seed: int = Field(description="What jitter is drawn from.")
    default: DefaultDocument
    overrides: list[OverrideDocument] = Field(description="For single services.")


def document(timings: Timings) -> TimingsDocument:
    """Return timings as a document."""
    return TimingsDocument(
        scale=timings.scale,
        jitter=timings.jitter,
        seed=timings.seed,
        default=DefaultDocument(
            start_ms=_milliseconds(timings.default.start), stop_ms=_milliseconds(timings.default.stop)
        ),
        overrides=[
            OverrideDocument(
                service=slug(name), start_ms=_milliseconds(own.start), stop_ms=_milliseconds(own.stop)
            )
            for name, own in sorted(timings.services.items())
        ],
    )


_NAMES = {service.name for services in SERVICES.values() for service in services}
_BY_SLUG = {slug(name): name for name in sorted(_NAMES)}


def _wire(name: str) -> str:
    found = name if name in _NAMES else _BY_SLUG.get(name)
    if found is None:
        close = nearest(name, _BY_SLUG)
        raise UnknownServiceError(f"no service named {name!r}" + (f"; closest: {close!r}" if close else ""))
    return found


def _durations(body: DefaultBody) -> ServiceDurations:
    return ServiceDurations(_seconds(body.start_ms), _seconds(body.stop_ms))


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / SECOND


def _milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * SECOND)
