"""Words of the Control Center messages that several operations share: services asked for, and what became of them.

It turns an engine's answer into the contract's ServiceInformationResponse; it decides nothing.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from ucmsim.api.instants import ctime
from ucmsim.models.reasons import BAD_ARGUMENTS
from ucmsim.models.report import Answer, Row

NOTHING_ASKED = Answer(BAD_ARGUMENTS, ())
"""The answer to a command that names no service or no action: refused without a fault (`U-31`, `U-33`)."""


def names(services: Any) -> tuple[str, ...]:
    """Return the services that an ArrayOfServices names; none if it is nil, absent or empty."""
    return () if services is None else tuple(services.item)


def information(answer: Answer, zone: ZoneInfo, return_code: str | int) -> dict[str, Any]:
    """Return an answer as the contract has it; `return_code` says success, whatever happened (`U-30`)."""
    return {
        "ReturnCode": return_code,
        "ReasonCode": answer.reason.code,
        "ReasonString": answer.reason.wire,
        "ServiceInfoList": {"item": [_item(row, zone) for row in answer.rows]},
    }


def _item(row: Row, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "ServiceName": row.name,
        "ServiceStatus": row.status.value,
        "ReasonCode": row.reason.code,
        "ReasonCodeString": row.reason.wire,
        "StartTime": None if row.started is None else ctime(row.started, zone),
        "UpTime": row.uptime,
    }
