"""WireMock with one static stub for each answer, as its documentation shows it, with and without its journal of requests."""

from __future__ import annotations

import json
from pathlib import Path

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12
from cryptography.x509 import load_pem_x509_certificate

from benchmarks import debian
from benchmarks.machine import Server, answers, free_port
from benchmarks.messages import ALL
from benchmarks.peers import PATHS, AbsentError, Payload, Peer
from benchmarks.peers.node_packages import provide

PACKAGE = "wiremock@3.13.2"
_PASSWORD = "password"


def start(payload: Payload, folder: Path, packages: Path, *, journal: bool = True) -> Peer:
    """Start WireMock. Raises AbsentError and NeverReadyError."""
    java = debian.provide("java", "default-jre-headless")
    if java is None:
        raise AbsentError("install Java 17, for example the Debian package default-jre-headless")
    jar = next(provide(packages, PACKAGE).rglob("wiremock-standalone-*.jar"), None)
    if jar is None:
        raise AbsentError(f"{PACKAGE} holds no jar")
    _write_stubs(payload, folder)
    port, plain = free_port(), free_port()
    options = ["--port", str(plain), "--https-port", str(port), "--bind-address", "127.0.0.1"]
    options += ["--root-dir", str(folder), "--disable-banner"]
    options += ["--https-keystore", str(folder / "keys.p12"), "--keystore-password", _PASSWORD]
    options += ["--keystore-type", "PKCS12", "--key-manager-password", _PASSWORD]
    options += ["--max-request-journal-entries", "1000"] if journal else ["--no-request-journal"]
    server = Server([java, "-jar", str(jar), *options], folder / "wiremock.log")
    server.wait_until(lambda: answers(port, PATHS[ALL]) is not None)
    return Peer("WireMock, static stub" + ("" if journal else ", no journal"), server, port)


def _write_stubs(payload: Payload, folder: Path) -> None:
    files, mappings = folder / "__files", folder / "mappings"
    files.mkdir()
    mappings.mkdir()
    for message, answer in payload.answers.items():
        name = PATHS[message].strip("/")
        (files / name).write_bytes(answer)
        stub = {
            "request": {"method": message.method, "urlPath": PATHS[message]},
            "response": {
                "status": 200,
                "bodyFileName": name,
                "headers": {"Content-Type": message.answered},
            },
        }
        (mappings / f"{name}.json").write_text(json.dumps(stub))
    keys = pkcs12.serialize_key_and_certificates(
        b"wiremock",
        load_pem_private_key(payload.key.read_bytes(), None),  # type: ignore[arg-type]  # one of those it takes
        load_pem_x509_certificate(payload.certificate.read_bytes()),
        None,
        BestAvailableEncryption(_PASSWORD.encode()),
    )
    (folder / "keys.p12").write_bytes(keys)
