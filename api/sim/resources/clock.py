"""The clock of the simulation over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from ucmsim.api.instants import rfc3339
from ucmsim.api.rest.calls import Call
from ucmsim.api.rest.documents import Body, Document
from ucmsim.api.rest.problems import VALIDATION_ERROR, Problem
from ucmsim.api.rest.routes import Resource, get, patch, post
from ucmsim.api.sim.clockwork import Mode
from ucmsim.api.sim.documents.choice import Choice
from ucmsim.api.sim.resources import by
from ucmsim.api.sim.timekeeper import Timekeeper
from ucmsim.models.states import SECOND

ModeName = Literal["TIMED", "MANUAL", "IMMEDIATE"]


class ClockDocument(Document):
    """How the clock stands."""

    mode: ModeName = Field(
        description="TIMED: it runs at `rate`. MANUAL: it stands still until it is advanced. IMMEDIATE: it runs in real "
        "time, and every transition begun from now on takes none."
    )
    rate: float = Field(
        description="Simulated seconds a real second in mode TIMED: 1 is real time.", examples=[1.0]
    )
    now: str = Field(description="The simulated time.", examples=["2025-03-02T11:26:35.250Z"])
    next_change: str | None = Field(
        description="When the next planned change happens, null when nothing is planned."
    )


class ClockPatch(Body):
    """How the clock shall go on; what it shows stays."""

    mode: ModeName | None = Field(default=None, description="Left out, it stays.")
    rate: Annotated[float, Field(gt=0, le=100_000)] | None = Field(
        default=None, description="60: a minute each second."
    )


class AdvanceBody(Choice):
    """How far; exactly one of the three."""

    seconds: Annotated[float, Field(ge=0, le=10 * 365 * 86_400)] | None = Field(default=None, examples=[3600])
    until: Annotated[AwareDatetime, Field(strict=False)] | None = Field(
        default=None, description="RFC 3339 with a zone.", examples=["2035-03-03T00:00:00Z"]
    )
    to_next_change: Literal[True] | None = Field(
        default=None,
        description="To the next planned change of a service or step of a scenario; not at all when nothing is planned.",
    )


class Clock(Resource):
    """Simulated time: every status, start time, up time and event follows it. It survives a restart of the server."""

    name = "clock"

    def __init__(self, timekeeper: Timekeeper) -> None:
        self._timekeeper = timekeeper

    @get("/clock")
    def read(self) -> ClockDocument:
        """Read how the clock stands."""
        regime = self._timekeeper.regime
        upcoming = self._timekeeper.next_change
        return ClockDocument(
            mode=regime.mode.value,
            rate=regime.rate,
            now=rfc3339(self._timekeeper.now),
            next_change=None if upcoming is None else rfc3339(upcoming),
        )

    @patch("/clock", example={"mode": "TIMED", "rate": 60.0})
    def change(self, body: ClockPatch, call: Call) -> ClockDocument:
        """Set how the clock goes on."""
        self._timekeeper.change(Mode(body.mode) if body.mode else None, body.rate, by(call))
        return self.read()

    @post("/clock/actions/advance", problems=(VALIDATION_ERROR,), example={"seconds": 3600})
    def advance(self, body: AdvanceBody, call: Call) -> ClockDocument:
        """Put the clock forward.

        Whatever is planned on the way happens at its time, steps of scenarios included; calls that wait are answered.
        """
        origin = by(call)
        if body.to_next_change:
            self._timekeeper.advance_to_next_change(origin)
            return self.read()
        if body.until is not None:
            target = round(body.until.timestamp() * SECOND)
            what = "#/until"
        else:
            target = self._timekeeper.now + round((body.seconds or 0) * SECOND)
            what = "#/seconds"
        try:
            self._timekeeper.advance_to(target, origin)
        except ValueError as error:
            raise Problem(VALIDATION_ERROR, str(error), status=422, errors=[(what, str(error))]) from None
        return self.read()
