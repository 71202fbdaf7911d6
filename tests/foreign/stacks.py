"""The foreign stacks: how each is brought here when it is missing, and how its program is started.

What Debian packages is installed by name; what a language's registry has goes below .build, nothing into the project.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / ".build" / "foreign"
PYTHON = BUILD / "python"
NODE = BUILD / "node"

CURRENT = ("ControlCenterServices", "ControlCenterServicesEx")
EVERY = (*CURRENT, "ControlCenterServicesPort")

PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet", "install")


class MissingError(Exception):
    """A stack is not here and cannot be installed."""


@dataclass(frozen=True)
class Stack:
    """One client: how its program is run, what tells its version, and which services it can call."""

    name: str
    command: Sequence[str]
    version: Sequence[str]
    prepare: Callable[[], None]
    services: tuple[str, ...] = EVERY

    def run(self, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Run the program, which prints a line for every operation."""
        environ = {**environ, "NODE_PATH": str(NODE / "node_modules")}
        return subprocess.run(
            self.command, env=environ, capture_output=True, text=True, check=False, timeout=300
        )

    def release(self) -> str:
        """Return the version of the stack."""
        done = subprocess.run(self.version, capture_output=True, text=True, check=False)
        return done.stdout.split("\n")[0].strip() or "?"


def stacks() -> list[Stack]:
    """Every stack."""
    python, script = str(PYTHON / "bin" / "python"), lambda name: str(HERE / name)

    def distribution(name: str) -> list[str]:
        return [python, "-c", f"import importlib.metadata as m; print(m.version({name!r}))"]

    def perl(module: str) -> list[str]:
        return ["perl", f"-M{module}", "-e", f"print ${module}::VERSION"]

    return [
        Stack("zeep, strict", [python, script("call_with_zeep.py")], distribution("zeep"), _python),
        Stack(
            "suds-community", [python, script("call_with_suds.py")], distribution("suds-community"), _python
        ),
        Stack(
            "node-soap",
            ["node", script("call_with_node_soap.js")],
            ["node", "-p", f"require('{NODE}/node_modules/soap/package.json').version"],
            _node,
        ),
        Stack(
            "PHP SoapClient",
            ["php", script("call_with_php.php")],
            ["php", "-r", "echo PHP_VERSION;"],
            lambda: _debian(["php", "-r", "exit(extension_loaded('soap') ? 0 : 1);"], "php-cli", "php-soap"),
        ),
        Stack(
            "SOAP::Lite",
            ["perl", script("call_with_soap_lite.pl")],
            perl("SOAP::Lite"),
            lambda: _debian(
                ["perl", "-MSOAP::Lite", "-MLWP::Protocol::https", "-e", "1"],
                "libsoap-lite-perl",
                "liblwp-protocol-https-perl",
            ),
        ),
        Stack(
            "SOAP::WSDL",
            ["perl", script("call_with_soap_wsdl.pl")],
            perl("SOAP::WSDL"),
            lambda: _debian(
                ["perl", "-MSOAP::WSDL", "-MLWP::Protocol::https", "-e", "1"],
                "libsoap-wsdl-perl",
                "liblwp-protocol-https-perl",
            ),
            CURRENT,
        ),
        Stack(
            "curl and sed",
            ["bash", script("call_with_curl.sh")],
            ["bash", "-c", "curl --version | cut -d' ' -f2"],
            lambda: _debian(["curl", "--version"], "curl"),
        ),
    ]


def _python() -> None:
    python = PYTHON / "bin" / "python"
    if not python.exists():
        venv.create(PYTHON, with_pip=True)
    wanted = "import zeep, suds"
    if _fails([str(python), "-c", wanted]):
        subprocess.run([str(python), *PIP, "zeep", "suds-community"], check=True)


def _node() -> None:
    if shutil.which("npm") is None:
        _debian(["npm", "--version"], "nodejs", "npm")
    if not (NODE / "node_modules" / "soap").is_dir():
        NODE.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--prefix", str(NODE), "--no-audit", "--no-fund", "--silent", "soap"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _debian(check: list[str], *packages: str) -> None:
    """Install packages by name unless `check` succeeds."""
    if not _fails(check):
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise MissingError(f"install {' '.join(packages)} (apt-get install, as root)")
    print(f"installing {' '.join(packages)}", file=sys.stderr)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environ)
    if _fails(check):
        raise MissingError(f"{' '.join(packages)} did not help: {' '.join(check)}")


def _fails(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode != 0
    except FileNotFoundError:
        return True
