"""Severing: ends a connection without an answer, as a node does that is not there."""

from __future__ import annotations

import os
import socket
import struct
from typing import Any

from ucmsim.api.connection import TRANSPORT
from ucmsim.api.ring.exchange import Scope


def close(scope: Scope) -> None:
    """Close a connection at once, without a word."""
    _transport(scope).abort()


def reset(scope: Scope) -> None:
    """Reset a connection: its peer gets a TCP RST."""
    transport = _transport(scope)
    descriptor = os.dup(transport.get_extra_info("socket").fileno())
    with socket.socket(fileno=descriptor) as duplicate:
        # A socket that lingers for no time is closed with a RST; that is set for the duplicate's original, too.
        duplicate.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _transport(scope: Scope) -> Any:
    return scope["extensions"][TRANSPORT]
