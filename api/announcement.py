"""The announcement: what a started server tells people on the terminal and programs in the ready file.

It words and shows; it starts nothing.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from ucmsim.api.certificate import Certificate
from ucmsim.api.faces import CONTROL_CENTER
from ucmsim.api.passwords import ADMINISTRATOR, PasswordSource
from ucmsim.api.state_directory import write_atomically
from ucmsim.models.inventory import Inventory


class Place(Protocol):
    """Where is served."""

    @property
    def addresses(self) -> tuple[str, ...]: ...
    @property
    def port(self) -> int: ...


class Announced(Protocol):
    """What there is to tell of a server, be it one process or several."""

    @property
    def inventory(self) -> Inventory: ...
    @property
    def password(self) -> PasswordSource: ...
    @property
    def certificate(self) -> Certificate: ...
    @property
    def server(self) -> Place: ...
    @property
    def exposed(self) -> tuple[str, ...]: ...


_QUESTION = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
    '<soapGetServiceStatus xmlns="http://schemas.cisco.com/ast/soap"><ServiceStatus>A Cisco DB</ServiceStatus>'
    "</soapGetServiceStatus></e:Body></e:Envelope>"
)


def write_ready_file(path: Path, simulator: Announced) -> None:
    """Put the ready file in place, whole or not at all; raises OSError."""
    write_atomically(path, json.dumps(ready_document(simulator), indent=2).encode() + b"\n")


def ready_document(simulator: Announced) -> dict[str, object]:
    """What a program needs to use the server. The password itself is never in it."""
    server, password = simulator.server, simulator.password
    return {
        "version": version("ucmsim"),
        "pid": os.getpid(),
        "port": server.port,
        "addresses": list(server.addresses),
        "user": ADMINISTRATOR,
        "passwordVariable": password.variable,
        "passwordFile": str(password.file) if password.file else None,
        "certificate": str(simulator.certificate.path),
        "nodes": [
            {
                "cluster": cluster.id,
                "node": node.id,
                "product": node.product.value,
                "role": node.role.value,
                "address": node.address,
                "url": url(node.address, server.port),
            }
            for cluster in simulator.inventory.clusters
            for node in cluster.nodes
        ],
    }


def greeting(simulator: Announced) -> str:
    """Where the server listens, for whom, and two commands that work as printed."""
    return "\n".join(_lines(simulator))


def _lines(simulator: Announced) -> Iterator[str]:
    port = simulator.server.port
    for cluster in simulator.inventory.clusters:
        yield f"{cluster.name} ({cluster.id})"
        width = max(len(node.id) for node in cluster.nodes)
        for node in cluster.nodes:
            yield f"  {node.id:{width}}  {node.product.value} {node.role.value:10}  {url(node.address, port)}"
    if simulator.exposed:
        yield f"WARNING: other machines can reach this server: {', '.join(simulator.exposed)}"
    first = url(simulator.server.addresses[0], port) + CONTROL_CENTER
    certificate = str(simulator.certificate.path)
    yield f"user         {ADMINISTRATOR}"
    yield f"password     {_shown(simulator.password)}"
    yield f"certificate  {certificate}"
    yield "ask with curl:"
    yield (
        f"  curl --cacert {shlex.quote(certificate)} --user {_in_shell(simulator.password)}"
        f" --header 'Content-Type: text/xml' --data {shlex.quote(_QUESTION)} {shlex.quote(first)}"
    )
    yield "ask with zeep:"
    yield f"  {shlex.quote(sys.executable)} -c {shlex.quote(_zeep(first, certificate, simulator.password))}"


def url(address: str, port: int) -> str:
    """The root of a node's paths."""
    return f"https://[{address}]:{port}" if ":" in address else f"https://{address}:{port}"


def _shown(password: PasswordSource) -> str:
    """How a person sees the password."""
    if password.variable:
        return f"in the environment variable {password.variable}"
    if password.file:
        return f"cat {shlex.quote(str(password.file))}"
    return "in the inventory"


def _in_shell(password: PasswordSource) -> str:
    """User and password as curl wants them; it asks for a password that is not given."""
    if password.variable:
        return f'"{ADMINISTRATOR}:${password.variable}"'
    if password.file:
        return f'"{ADMINISTRATOR}:$(cat {shlex.quote(str(password.file))})"'
    return ADMINISTRATOR


def _in_python(password: PasswordSource) -> str:
    """The password as an expression of Python."""
    if password.variable:
        return f'os.environ["{password.variable}"]'
    if password.file:
        return f"open({json.dumps(str(password.file))}).read().strip()"
    return "getpass.getpass()"


def _zeep(address: str, certificate: str, password: PasswordSource) -> str:
    """A program of one line that asks for the status of one service."""
    return "; ".join(
        (
            "import getpass, os, requests, zeep",
            "s = requests.Session()",
            # else REQUESTS_CA_BUNDLE, where it is set, goes before the session's own certificate
            "s.trust_env = False",
            f"s.verify = {json.dumps(certificate)}",
            f's.auth = ("{ADMINISTRATOR}", {_in_python(password)})',
            f'c = zeep.Client("{address}?wsdl", transport=zeep.Transport(session=s))',
            'print(c.service.soapGetServiceStatus(["A Cisco DB"]))',
        )
    )
