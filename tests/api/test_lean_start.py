"""A server starts with what it needs: what only some clients want is loaded when the first of them comes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import base64, json, ssl, sys, urllib.request

from ucmsim.clients.testing import serve

QUESTION = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
    '<soapGetServiceStatus xmlns="http://schemas.cisco.com/ast/soap"><ServiceStatus>A Cisco DB</ServiceStatus>'
    '</soapGetServiceStatus></e:Body></e:Envelope>'
)
LATE = ("flask", "jinja2", "prometheus_client", "httpx", "zeep", "requests", "urllib3", "alembic",
        "sqlalchemy.dialects.postgresql", "ucmsim.api.console.app", "ucmsim.api.rest.operator", "ucmsim.api.sim.api",
        "ucmsim.api.sim.documents.scenarios", "ucmsim.clients.rest.client")

def loaded():
    return [name for name in LATE if name in sys.modules]

with serve() as ucm:
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=ucm.verify)),
    )
    credentials = base64.b64encode(":".join(ucm.credentials).encode()).decode()

    def ask(address, body=None):
        request = urllib.request.Request(address, body, {"Authorization": f"Basic {credentials}"})
        with opener.open(request) as reply:
            return reply.read().decode()

    told = {"started": loaded()}
    ucm.reset("IMMEDIATE")
    told["reset"] = loaded()
    assert "<ns1:ServiceStatus>Started<" in ask(ucm.nodes[0].endpoint, QUESTION.encode())
    told["SOAP"] = loaded()
    assert json.loads(ask(f"{ucm.url}/api/v1/clusters"))["items"]
    told["REST"] = loaded()
    assert json.loads(ask(f"{ucm.url}/sim/v1/clock"))["mode"] == "IMMEDIATE"
    told["simulation"] = loaded()
    assert "ucmsim" in ask(f"{ucm.url}/ucmsim/sign-in")
    told["console"] = loaded()
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told() -> dict[str, list[str]]:
    """What of the heavy things a fresh process has loaded, after each thing that a client did."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("after", ["started", "reset", "SOAP"])
def test_who_only_speaks_soap_loads_neither_flask_nor_any_other_face(told, after):
    assert told[after] == []


def test_each_face_is_loaded_when_it_is_asked_and_no_other(told):
    assert {"flask", "ucmsim.api.rest.operator"} <= set(told["REST"])
    assert {"ucmsim.api.console.app", "ucmsim.api.sim.api"}.isdisjoint(told["REST"])
    assert "ucmsim.api.sim.api" in told["simulation"]
    assert "ucmsim.api.console.app" not in told["simulation"]
    assert "ucmsim.api.console.app" in told["console"]


def test_a_server_never_loads_its_clients_libraries(told):
    assert {"httpx", "zeep", "requests", "urllib3", "ucmsim.clients.rest.client"}.isdisjoint(told["console"])
