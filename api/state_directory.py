"""The state directory: where one server keeps what outlives it, and the lock that keeps a second server out.

It knows names, permissions and atomic replacement of files; it does not know what is in them.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

DATABASE = "ucmsim.sqlite3"
CERTIFICATE = "certificate.pem"
KEY = "key.pem"
PASSWORD = "password"  # noqa: S105 (a file name)
LOCK = "server.lock"


class StateDirectoryError(Exception):
    """The state directory cannot be used; the text says why, `hint` what to do about it."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.hint = hint


def default_path(environ: Mapping[str, str]) -> Path:
    """Where state is kept unless told otherwise: `UCMSIM_STATE_DIR`, else below `XDG_STATE_HOME`, else `~/.local/state`."""
    if chosen := environ.get("UCMSIM_STATE_DIR"):
        return Path(chosen)
    # The XDG Base Directory specification has relative paths ignored.
    if (state_home := Path(environ.get("XDG_STATE_HOME", ""))).is_absolute():
        return state_home / "ucmsim"
    return Path("~/.local/state/ucmsim").expanduser()


class StateDirectory:
    """An opened state directory: made if absent (for its owner alone), and locked until `close`.

    Raises `StateDirectoryError` when it cannot be made or written, or when another server uses it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(
                self.path / LOCK, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600
            )
        except OSError as error:
            raise StateDirectoryError(
                f"the state directory {self.path} cannot be used: {error.strerror or error}",
                "give a directory that can be written with --state-dir or UCMSIM_STATE_DIR",
            ) from error
        try:
            _lock(self._lock)
        except OSError as error:
            os.close(self._lock)
            raise StateDirectoryError(
                f"the state directory {self.path} is in use by another server",
                "stop that server, or give this one a directory of its own with --state-dir",
            ) from error

    def __truediv__(self, name: str) -> Path:
        """The path of one of its files."""
        return self.path / name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, name: str, content: bytes, *, private: bool) -> Path:
        """Put a file in place in one step; only its owner reads a private one."""
        return write_atomically(self.path / name, content, mode=0o600 if private else 0o644)

    def close(self) -> None:
        """Let another server use the directory; a second call does nothing."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def write_atomically(path: Path, content: bytes, *, mode: int = 0o644) -> Path:
    """Replace `path` so that a reader sees the old file or the whole new one, never a part; raises OSError."""
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)  # noqa: PTH101 (a string, not a Path)
        os.replace(temporary, path)  # noqa: PTH105
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
        raise
    return path


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
