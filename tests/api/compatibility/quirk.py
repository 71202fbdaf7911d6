"""A quirk: what some client sends or reads that the contract does not say, and what must come of it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, replace

from tests.api.soap.conversation import ALL, envelope
from ucmsim.api.faces import CONTROL_CENTER, CONTROL_CENTER_EX, CONTROL_CENTER_LEGACY
from ucmsim.models.commands import Control, Deploy

Headers = tuple[tuple[str, str], ...]

ANYBODY = "any"
"""The client of a row that no known program is behind, but a sentence of the specification."""


@dataclass(frozen=True)
class Sent:
    """A request, down to how its bytes go over the wire.

    `credentials` is `basic`, `cookie` or none; `chunked`, `expects` (100-continue) and `in_pieces` say how the body goes.
    """

    body: bytes = envelope(ALL)
    path: str = CONTROL_CENTER
    headers: Headers = (("Content-Type", "text/xml; charset=utf-8"),)
    method: str = "POST"
    version: str = "HTTP/1.1"
    host: str | None = "127.0.0.1"
    credentials: str = "basic"
    chunked: bool = False
    expects: bool = False
    in_pieces: bool = False


@dataclass(frozen=True)
class Asks:
    """The client asked for the status of these services, none meaning all."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Does:
    """The client gave this command."""

    command: Control | Deploy


@dataclass(frozen=True)
class Hears:
    """The client is told this: a status, and something that stands in the body."""

    status: int
    what: str
    kind: str = "text/xml;charset=UTF-8"


@dataclass(frozen=True)
class Cuts:
    """The client takes this out of the answer to its request: the groups of a regular expression, found wherever it fits."""

    expression: str
    found: tuple[object, ...]


Outcome = Asks | Does | Hears | Cuts


@dataclass(frozen=True)
class Quirk:
    """One row: the client that it protects, what that does, the request, what must come of it, and where that is said."""

    client: str
    what: str
    sent: Sent
    outcome: Outcome
    source: str

    @property
    def endpoint(self) -> str:
        """The service that is asked, by its name."""
        for path in (CONTROL_CENTER_EX, CONTROL_CENTER_LEGACY):
            if self.sent.path.startswith(path):
                return path.rpartition("/")[2]
        return CONTROL_CENTER.rpartition("/")[2]


def zipped(sent: Sent) -> Sent:
    """The same with its body in gzip."""
    return replace(sent, body=gzip.compress(sent.body), headers=(*sent.headers, ("Content-Encoding", "gzip")))
