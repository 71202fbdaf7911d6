"""What else could stand in the server's place, each answering the same bytes over the same TLS on the same core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import Server
from benchmarks.messages import ALL, ONE, REST_ALL, REST_ONE, Message

PATHS = {ALL: "/all", ONE: "/one", REST_ALL: "/rest-all", REST_ONE: "/rest-one"}
"""Where a peer has the answer to each message."""


@dataclass(frozen=True)
class Payload:
    """The answers that a peer gives, and the key pair for its TLS."""

    answers: Mapping[Message, bytes]
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
