"""Executes the examples that need tools of their own – node-soap and Ansible – against a server of this process.

Run by ``make examples``; it installs what is missing below .build, nothing system-wide. Exits 1 if one fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

from ucmsim.clients.running import Ucm
from ucmsim.clients.testing import serve

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
BUILD = ROOT / ".build" / "examples"

INVENTORY = """
[durations]
scale = 0.0

[[clusters]]
id = "lab"
version = "15.0.1.12900-43"

[[clusters.nodes]]
id = "cucm-pub"
product = "UCM"
role = "publisher"
address = "127.0.0.1"
activated = ["Cisco Tftp"]

[[clusters.nodes]]
id = "cucm-sub"
product = "UCM"
role = "subscriber"
address = "127.0.0.2"
activated = ["Cisco Tftp"]
"""


def restarted_by_node_soap(ucm: Ucm, environ: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with examples/node-soap."""
    place = BUILD / "node-soap"
    place.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "restart.js"):
        shutil.copy(EXAMPLES / "node-soap" / name, place / name)
    if not (place / "node_modules" / "soap").is_dir():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=place, check=True)
    node = ["node", "restart.js"]
    environ = {**environ, "NODE_EXTRA_CA_CERTS": ucm.verify}
    done = subprocess.run(
        [*node, "Cisco Tftp"], cwd=place, env=environ, capture_output=True, text=True, check=False
    )
    if (done.returncode, done.stdout) != (0, "Cisco Tftp: Started\n"):
        yield f"node-soap: {done.returncode} {done.stdout}{done.stderr}"
    refused = subprocess.run(
        [*node, "Cisco DirSync"], cwd=place, env=environ, capture_output=True, text=True, check=False
    )
    if (refused.returncode, refused.stdout) != (1, "Cisco DirSync: Stopped\n"):
        yield f"node-soap, refused: {refused.returncode} {refused.stdout}{refused.stderr}"


def restarted_by_ansible(ucm: Ucm, environ: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with examples/ansible."""
    place = BUILD / "ansible"
    if not (place / "bin" / "ansible-playbook").exists():
        venv.create(place, with_pip=True)
        pip: list[str | Path] = [
            place / "bin" / "python",
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--quiet",
        ]
        subprocess.run([*pip, "install", "ansible-core"], check=True)
    before = [ucm.control_center(node.id).status("Cisco Tftp")[0].started for node in ucm.nodes]
    play: list[str | Path] = [place / "bin" / "ansible-playbook", "-i", "hosts.ini", "restart_service.yml"]
    environ = {**environ, "ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_HOME": str(place / "home")}

    def played(service: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*play, "-e", f"{{'service': '{service}', 'ansible_python_interpreter': '{sys.executable}'}}"],
            cwd=EXAMPLES / "ansible", env=environ, capture_output=True, text=True, check=False,
        )  # fmt: skip

    done = played("Cisco Tftp")
    after = [ucm.control_center(node.id).status("Cisco Tftp")[0].started for node in ucm.nodes]
    if done.returncode or any(old == new for old, new in zip(before, after, strict=True)):
        yield f"ansible: {done.returncode} {done.stdout}{done.stderr}"
    if played("Cisco DirSync").returncode != 2:
        yield "ansible: a refused restart was not noticed"


def main() -> None:
    """Execute them all and tell what failed."""
    with serve(INVENTORY) as ucm:
        environ = {
            **os.environ,
            "UCM_PORT": str(ucm.port),
            "UCM_CACERT": ucm.verify,
            "UCM_PASSWORD": ucm.credentials.password,
        }
        failures = [*restarted_by_node_soap(ucm, environ), *restarted_by_ansible(ucm, environ)]
    if failures:
        sys.exit("\n".join(failures))
    print("node-soap and Ansible: as their examples say")


if __name__ == "__main__":
    main()
