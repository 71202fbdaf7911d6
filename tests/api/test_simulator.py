"""The whole simulator in this process: the lab over HTTPS, found unchanged after a restart."""

from __future__ import annotations

import base64
import json
import shlex
import ssl
import stat
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ucmsim.api.announcement import greeting, ready_document, write_ready_file
from ucmsim.api.faces import CONTROL_CENTER
from ucmsim.api.inventory import builtin
from ucmsim.api.listeners import ListenError
from ucmsim.api.passwords import PasswordError, PasswordSource
from ucmsim.api.simulator import Simulator
from ucmsim.api.state_directory import DATABASE, StateDirectory, StateDirectoryError
from ucmsim.models.inventory import Durations, Inventory, User

SOAP = "http://schemas.cisco.com/ast/soap"


def lab() -> Inventory:
    """The built-in lab, in which everything happens at once."""
    built_in = builtin()
    return replace(
        built_in, clusters=tuple(replace(spec, durations=Durations(scale=0)) for spec in built_in.clusters)
    )


@contextmanager
def running(path: Path, inventory: Inventory | None = None, **environ: str) -> Iterator[Simulator]:
    with StateDirectory(path) as directory:
        simulator = Simulator(
            inventory or lab(), directory, port=0, environ={"UCMSIM_PASSWORD": "x", **environ}
        )
        simulator.start()
        try:
            yield simulator
        finally:
            simulator.stop()


def ask(simulator: Simulator, payload: str, address: str = "127.0.0.1", path: str = CONTROL_CENTER) -> str:
    envelope = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
        f"{payload.replace('>', f' xmlns={SOAP!r}>', 1)}</e:Body></e:Envelope>"
    )
    request = urllib.request.Request(
        f"https://{address}:{simulator.server.port}{path}",
        envelope.encode() if payload else None,
        {"Authorization": "Basic " + base64.b64encode(b"administrator:x").decode()},
    )
    trust = ssl.create_default_context(cafile=str(simulator.certificate.path))
    with urllib.request.urlopen(request, timeout=20, context=trust) as reply:
        text: str = reply.read().decode()
        return text


def status(simulator: Simulator, service: str, address: str = "127.0.0.1") -> str:
    question = f"<soapGetServiceStatus><ServiceStatus>{service}</ServiceStatus></soapGetServiceStatus>"
    return ask(simulator, question, address).partition("<ns1:ServiceStatus>")[2].partition("<")[0]


DEPLOY_TFTP = (
    "<soapDoServiceDeployment><DeploymentServiceRequest><NodeName/><DeployType>Deploy</DeployType>"
    "<ServiceList><item>Cisco Tftp</item></ServiceList></DeploymentServiceRequest></soapDoServiceDeployment>"
)


def test_what_was_acknowledged_is_there_after_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as simulator:
        assert status(simulator, "Cisco Tftp", "127.0.0.2") == "Stopped"
        ask(simulator, DEPLOY_TFTP, "127.0.0.2")
        assert status(simulator, "Cisco Tftp", "127.0.0.2") == "Started"
        certificate = simulator.certificate.path.read_bytes()

    with running(tmp_path) as simulator:
        assert status(simulator, "Cisco Tftp", "127.0.0.2") == "Started"
        assert status(simulator, "Cisco Tftp", "127.0.0.1") == "Stopped"
        assert simulator.certificate.path.read_bytes() == certificate


def test_who_did_it_is_recorded(tmp_path: Path) -> None:
    with running(tmp_path) as simulator:
        ask(simulator, DEPLOY_TFTP)
        origins = [event.origin for event in simulator.engine.events()]

    assert {(origin.face, origin.user, origin.client) for origin in origins} == {
        ("SOAP", "administrator", "127.0.0.1")
    }


def test_the_contract_has_the_callers_address(tmp_path: Path) -> None:
    with running(tmp_path) as simulator:
        contract = ask(simulator, "", "127.0.0.5", CONTROL_CENTER + "?wsdl")
        assert f'"https://127.0.0.5:{simulator.server.port}{CONTROL_CENTER}"' in contract


def test_ready_means_ready(tmp_path: Path) -> None:
    with StateDirectory(tmp_path) as directory:
        simulator = Simulator(lab(), directory, port=0, environ={})
        readiness = [simulator._ready]
        simulator.start()
        readiness.append(simulator._ready)
        simulator.stop()
        simulator.stop()
        readiness.append(simulator._ready)

    assert readiness == [False, True, False]


def test_the_ready_file_says_how_to_use_the_server(tmp_path: Path) -> None:
    with running(tmp_path / "state") as simulator:
        write_ready_file(tmp_path / "ready.json", simulator)
        ready: dict[str, Any] = json.loads((tmp_path / "ready.json").read_text())

        assert ready == ready_document(simulator)
        assert ready["port"] == simulator.server.port
        assert ready["addresses"] == [f"127.0.0.{number}" for number in range(1, 6)]
        assert ready["user"] == "administrator"
        assert ready["certificate"] == str(tmp_path / "state" / "certificate.pem")
        assert ready["nodes"][1] == {
            "cluster": "lab",
            "node": "cucm-sub",
            "product": "UCM",
            "role": "subscriber",
            "address": "127.0.0.2",
            "url": f"https://127.0.0.2:{simulator.server.port}",
        }


@pytest.mark.parametrize(
    ("source", "shown", "in_shell", "in_python"),
    [
        (
            PasswordSource(variable="UCMSIM_PASSWORD"),
            "in the environment variable UCMSIM_PASSWORD",
            '"administrator:$UCMSIM_PASSWORD"',
            'os.environ["UCMSIM_PASSWORD"]',
        ),
        (
            PasswordSource(file=Path("/a b/password")),
            "cat '/a b/password'",
            "\"administrator:$(cat '/a b/password')\"",
            'open("/a b/password").read().strip()',
        ),
        (PasswordSource(), "in the inventory", "--user administrator --header", "getpass.getpass()"),
    ],
)
def test_the_greeting_shows_where_the_password_is_and_never_the_password(
    tmp_path: Path, source: PasswordSource, shown: str, in_shell: str, in_python: str
) -> None:
    with running(tmp_path, UCMSIM_PASSWORD="do not show this") as simulator:
        simulator.password = source
        said = greeting(simulator)

    assert f"password     {shown}\n" in said
    assert in_shell in said
    assert in_python in said
    assert "do not show" not in said
    assert "cucm-sub  UCM subscriber  https://127.0.0.2:" in said
    assert all(shlex.split(line) for line in said.splitlines() if line.startswith("  curl"))
    assert "WARNING" not in said


def test_an_address_that_others_can_reach_is_warned_of(tmp_path: Path) -> None:
    with running(tmp_path) as simulator:
        assert not simulator.exposed
        simulator.server.addresses = ("127.0.0.1", "::1", "192.0.2.7")
        assert list(simulator.exposed) == ["192.0.2.7"]
        assert "WARNING: other machines can reach this server: 192.0.2.7\n" in greeting(simulator)


def test_nobody_else_reads_the_state(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with running(tmp_path):
        files = [file for file in tmp_path.iterdir() if file.name.startswith(DATABASE)]
        assert files
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_file_that_is_no_database_is_said_so(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"this is no database, and long enough to tell" * 100)
    with (
        pytest.raises(StateDirectoryError, match="cannot be used: file is not a database") as caught,
        running(tmp_path),
    ):
        pass
    assert caught.value.hint


def test_nothing_stays_open_when_a_port_is_in_use(tmp_path: Path) -> None:
    with running(tmp_path / "a") as first, StateDirectory(tmp_path / "b") as directory:
        for _ in range(2):
            with pytest.raises(ListenError, match="in use"):
                Simulator(lab(), directory, port=first.server.port, environ={})


def test_a_user_without_a_password_keeps_the_server_from_starting(tmp_path: Path) -> None:
    inventory = replace(lab(), users=(User("anna", frozenset({"monitor"})),))
    with pytest.raises(PasswordError, match="user anna has no password"), running(tmp_path, inventory):
        pass
