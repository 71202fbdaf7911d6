"""Health of our own server over REST; the ring answers these paths itself, so that they cost no thread."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ucmsim.api.rest.documents import Document
from ucmsim.api.rest.routes import Reply, Resource, get
from ucmsim.api.ring import health


class HealthDocument(Document):
    """How this server is."""

    status: Literal["UP", "DOWN"]
    version: str = Field(description="The version of this software.", examples=["0.1.0"])


class Health(Resource):
    """Whether this server – not the simulated clusters – is alive, and ready to answer. Needs no credentials."""

    name = "health"

    def __init__(self, state: health.Health) -> None:
        self._state = state

    @get("/health", public=True, statuses=(200, 503))
    def read(self) -> Reply[HealthDocument]:
        """Read how the server is.

        503 while it starts and when it is about to stop.
        """
        return self._reply("/health")

    @get("/health/live", public=True, statuses=(200, 503))
    def live(self) -> Reply[HealthDocument]:
        """Read whether the server answers at all."""
        return self._reply("/health/live")

    @get("/health/ready", public=True, statuses=(200, 503))
    def ready(self) -> Reply[HealthDocument]:
        """Read whether the server is ready for requests."""
        return self._reply("/health/ready")

    def _reply(self, path: str) -> Reply[HealthDocument]:
        up = self._state.up(path)
        document = HealthDocument(status="UP" if up else "DOWN", version=self._state.version)
        return Reply(document, 200 if up else 503)
