"""What else could stand in the server's place, each answering the same bytes over the same TLS on the same core."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import Server

PATHS = ("/all", "/one")
"""Where a peer has the answer of each kind."""


@dataclass(frozen=True)
class Payload:
    """The answers that a peer gives, and the key pair for its TLS."""

    answers: dict[str, bytes]
    certificate: Path
    key: Path


@dataclass(frozen=True)
class Peer:
    """A running peer."""

    name: str
    server: Server
    port: int


class AbsentError(Exception):
    """A peer could neither be found nor installed; the text says how to get it."""
