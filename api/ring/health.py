"""Health of our own server, not of the simulated clusters: the only paths that need no credentials."""

from __future__ import annotations

from collections.abc import Callable

from ucmsim.api.ring.reply import Reply, json_reply

PATHS = ("/api/v1/health", "/api/v1/health/live", "/api/v1/health/ready")


class Health:
    """Answers the three paths: live as long as it answers at all, ready while `ready()` says so.

    `version` is that of this software.
    """

    def __init__(self, version: str, ready: Callable[[], bool]) -> None:
        self.version = version
        self._ready = ready

    def up(self, path: str) -> bool:
        """Whether what a path asks about is well."""
        return path.endswith("/live") or self._ready()

    def reply(self, path: str) -> Reply:
        """200 with `{"status": "UP", …}`, or 503 with `DOWN`."""
        up = self.up(path)
        return json_reply(200 if up else 503, {"status": "UP" if up else "DOWN", "version": self.version})
