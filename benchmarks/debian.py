"""Programs from Debian packages, installed by name where that is possible; it does not know what they are for."""

from __future__ import annotations

import os
import shutil
import subprocess


def provide(program: str, package: str) -> str | None:
    """Return where a program is, after installing its package if need be; None if it is not to be had."""
    search = f"{os.environ.get('PATH', '')}:/usr/sbin"
    found = shutil.which(program, path=search)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
        command = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", package]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
        found = shutil.which(program, path=search)
    return found
