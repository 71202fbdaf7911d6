"""Services as rows: translates between timelines of the core and the columns of the store; it knows no query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ucmsim.models.reasons import TABLE
from ucmsim.models.states import Status
from ucmsim.models.timeline import Instance, Moment

Json = dict[str, Any]


def instance_row(instance: Instance) -> Json:
    """Return the columns of a service instance."""
    moments = [moment_row(moment) for moment in instance.moments]
    return {"activated": instance.activated, "recorded": instance.recorded, "moments": moments}


def instance_from(row: Mapping[str, Any]) -> Instance:
    """Return the service instance of a row."""
    moments = tuple(moment_from(moment) for moment in row["moments"])
    return Instance(row["activated"], row["recorded"], moments)


def moment_row(moment: Moment) -> list[Any]:
    """Return a moment as JSON."""
    return [moment.at, moment.status.value, moment.reason.code, moment.started]


def moment_from(row: Sequence[Any]) -> Moment:
    """Return the moment of a row."""
    at, status, code, started = row
    return Moment(at, Status(status), TABLE[code], started)
