"""What a server on this machine leaves for its owner's commands: the certificate and the generated password.

With it `ucmsim list` needs no option beside a running `ucmsim serve`. Only files are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

USER = "administrator"


class OwnServer(NamedTuple):
    """Where the files are, if they are there."""

    certificate: Path | None
    password: str | None


def find(environ: Mapping[str, str]) -> OwnServer:
    """Look into the state directory that `ucmsim serve` uses when it is not told another."""
    directory = state_directory(environ)
    certificate = directory / "certificate.pem"
    try:
        password = (directory / "password").read_text("utf-8").strip()
    except OSError:
        password = None
    return OwnServer(certificate if certificate.is_file() else None, password or None)


def state_directory(environ: Mapping[str, str]) -> Path:
    """`UCMSIM_STATE_DIR`, else `ucmsim` below `XDG_STATE_HOME`, else below `~/.local/state`."""
    if chosen := environ.get("UCMSIM_STATE_DIR"):
        return Path(chosen)
    if (state_home := Path(environ.get("XDG_STATE_HOME", ""))).is_absolute():
        return state_home / "ucmsim"
    return Path("~/.local/state/ucmsim").expanduser()
