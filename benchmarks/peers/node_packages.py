"""Packages from npm, installed on first use into a folder that stays; it does not know what they are for."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from benchmarks.peers import AbsentError


def provide(folder: Path, package: str) -> Path:
    """Return where a package (`name@version`) is installed, after installing it if need be. Raises AbsentError."""
    name = package.rpartition("@")[0]
    home = folder / "node" / package.replace("@", "-")
    place = home / "node_modules" / name
    if place.exists():
        return place
    npm = shutil.which("npm")
    if npm is None:
        raise AbsentError("install Node.js with npm")
    home.mkdir(parents=True, exist_ok=True)
    # Nothing that a package brings is run at installation.
    command = [npm, "install", "--prefix", str(home), "--no-save", "--no-audit", "--ignore-scripts", package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not place.exists():
        raise AbsentError(f"npm could not install {package}: {done.stderr.strip()[-300:]}")
    return place
