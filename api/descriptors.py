"""File descriptors: how many files and sockets this process may have open, as far as the system leaves it the choice.

A shell usually starts programs with a limit of 1,024 and lets them raise it. Windows has no such limit.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

SPARE = 512
"""So many are left for files and connections, beside the sockets that are asked for."""
CONNECTIONS = 65_536
"""Enough for all the connections of a server that has the process to itself."""


def allow(more: int) -> None:
    """Let this process open so many more, or as many more as the system lets it; who meets the limit is told then."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _open() + more + SPARE
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        # macOS refuses what is more than a setting of its kernel, though it says that there is no limit.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def limit() -> int:
    """Return how many this process may have open; only for systems that know such a limit."""
    import resource

    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def _open() -> int:
    return len(list(Path("/dev/fd").iterdir()))
