"""Where a command came from: what every event and operation records about its caller; it knows no request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """The face (`SOAP`, `REST`, `CONSOLE`, `CLI`, `SIM` or `SYSTEM`), the user, the client's address, the SOAP operation.

    `request` names the request in the journal, where it is recorded; it is not kept with what it caused.
    """

    face: str
    user: str
    client: str
    operation: str = ""
    request: str = ""
