"""Lets other people's SOAP stacks call every operation of a running server: make foreign.

One line for each client and operation; the exit status is 1 if anything was not as expected.
python -m tests.foreign [NAME…] runs only the stacks whose names contain one of the words.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.foreign.stacks import MissingError, Stack, stacks
from ucmsim import wsdl

PASSWORD = "correct-horse"

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
fqdn = "cucm-pub.example.com"
"""

OPERATIONS = {
    "ControlCenterServices": (
        "soapGetStaticServiceList",
        "soapGetServiceStatus",
        "soapDoServiceDeployment",
        "soapDoControlServices",
        "getProductInformationList",
    ),
    "ControlCenterServicesEx": (
        "getStaticServiceListExtended",
        "getFileDirectoryList",
        "soapDoServiceDeploymentNoDbUpdate",
        "soapDoControlServicesEx",
    ),
    "ControlCenterServicesPort": (
        "soapGetStaticServiceList",
        "soapGetServiceStatus",
        "soapDoServiceDeployment",
        "soapDoControlServices",
        "GetProductInformationList",
    ),
}


@contextmanager
def server() -> Iterator[dict[str, str]]:
    """A server process of its own; yields what a client's environment must say of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "inventory.toml").write_text(INVENTORY)
        ready, log = folder / "ready.json", folder / "server.log"
        command = [str(Path(sys.executable).with_name("ucmsim")), "serve", "--port", "0"]
        command += ["--inventory", str(folder / "inventory.toml"), "--state-dir", str(folder / "state")]
        command += ["--ready-file", str(ready)]
        with log.open("w") as written:
            environ = {**os.environ, "UCMSIM_PASSWORD": PASSWORD}
            process = subprocess.Popen(command, stdout=written, stderr=written, env=environ)
        try:
            _await(ready, process, log)
            found = json.loads(ready.read_text())
            yield {
                **os.environ,
                "UCM_URL": found["nodes"][0]["url"],
                "UCM_USER": found["user"],
                "UCM_PASSWORD": PASSWORD,
                "UCM_CACERT": found["certificate"],
                "UCM_WSDL": str(Path(str(wsdl.path("ControlCenterServices"))).parent),
                "NODE_EXTRA_CA_CERTS": found["certificate"],
            }
        finally:
            process.terminate()
            process.wait()
        if "Traceback" in log.read_text():
            sys.exit(f"the server complains:\n{log.read_text()}")


def _await(ready: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    pause = threading.Event()
    while not ready.exists():
        if process.poll() is not None:
            sys.exit(f"the server ended:\n{log.read_text()}")
        pause.wait(0.05)


def results(stack: Stack, environ: dict[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Service, operation, `ok` or `FAILED`, detail: for every operation that the stack can call."""
    try:
        stack.prepare()
    except (MissingError, subprocess.CalledProcessError) as error:
        yield "", "", "FAILED", str(error)
        return
    done = stack.run(environ)
    found = [tuple(line.split("\t")) for line in done.stdout.splitlines() if line.count("\t") == 3]
    for service, operation, outcome, detail in found:
        yield service, operation, outcome, detail
    seen = {(service, operation) for service, operation, *_ in found}
    for service in stack.services:
        for operation in OPERATIONS[service]:
            if (service, operation) not in seen:
                yield service, operation, "FAILED", "was not called"
    if done.returncode:
        yield "", "", "FAILED", f"exit status {done.returncode}: {done.stderr.strip()[-2000:]}"


def main(words: list[str]) -> int:
    """Run the stacks, print the lines, return the exit status."""
    failures = 0
    chosen = [stack for stack in stacks() if not words or any(word in stack.name for word in words)]
    with server() as environ:
        for stack in chosen:
            lines = list(results(stack, environ))
            title = f"{stack.name} {stack.release()}"
            for service, operation, outcome, detail in lines:
                print(f"{title[:28]:28} {service:26} {operation:34} {outcome:7} {detail}", flush=True)
                failures += outcome != "ok"
    print(f"{failures} failures" if failures else "every client was understood")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
