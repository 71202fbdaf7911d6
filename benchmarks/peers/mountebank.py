"""mountebank with one static stub for each answer."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from benchmarks.machine import Server, answers, free_port
from benchmarks.messages import ALL
from benchmarks.peers import PATHS, AbsentError, Payload, Peer
from benchmarks.peers.node_packages import provide

PACKAGE = "mountebank@2.9.1"


def start(payload: Payload, folder: Path, packages: Path) -> Peer:
    """Start mountebank. Raises AbsentError and NeverReadyError."""
    node = shutil.which("node")
    if node is None:
        raise AbsentError("install Node.js")
    program = provide(packages, PACKAGE) / "bin" / "mb"
    port, controls = free_port(), free_port()
    imposter = {
        "protocol": "https",
        "port": port,
        "key": payload.key.read_text(),
        "cert": payload.certificate.read_text(),
        "stubs": [
            {
                "predicates": [{"equals": {"method": message.method, "path": PATHS[message]}}],
                "responses": [
                    {
                        "is": {
                            "statusCode": 200,
                            "headers": {"Content-Type": message.answered},
                            "body": answer.decode(),
                        }
                    }
                ],
            }
            for message, answer in payload.answers.items()
        ],
    }
    configuration = folder / "imposters.json"
    configuration.write_text(json.dumps({"imposters": [imposter]}))
    command = [node, str(program), "start", "--configfile", str(configuration), "--localOnly", "--nologfile"]
    command += ["--loglevel", "error", "--port", str(controls), "--pidfile", str(folder / "mb.pid")]
    server = Server(command, folder / "mountebank.log")
    server.wait_until(lambda: answers(port, PATHS[ALL]) is not None)
    return Peer("mountebank, static stub", server, port)
