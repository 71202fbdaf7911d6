"""The command `ucmsim serve` as a process: ready file, greeting, signals, and errors of one sentence with a hint."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from ucmsim.clients.cli import main

COMMAND = [sys.executable, "-P", "-c", "from ucmsim.clients.cli import main; main()"]


@contextmanager
def served(
    tmp_path: Path, *options: str, **environ: str
) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A serving process and what it said up to its last line of greeting."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={
            **os.environ,
            "HOME": str(tmp_path / "home"),
            "XDG_STATE_HOME": "",
            "UCMSIM_STATE_DIR": "",
            **environ,
        },
    )
    assert process.stdout is not None
    watchdog = threading.Timer(30, process.kill)
    watchdog.start()
    try:
        said: list[str] = []
        while not said or "zeep.Client" not in said[-1]:
            said.append(process.stdout.readline() or pytest.fail(f"ended after saying {said}"))
        yield process, said
    finally:
        watchdog.cancel()
        if process.poll() is None:
            process.kill()
        process.communicate()


def in_shell(command: str) -> str:
    """What a command, typed as printed, says."""
    return subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, timeout=60, check=True
    ).stdout


def test_a_fresh_machine_has_a_server_with_one_command(tmp_path: Path) -> None:
    """Also with an empty home: the state goes below it, and both lines of the greeting work as printed."""
    ready_file = tmp_path / "ready.json"
    with served(tmp_path, "--ready-file", str(ready_file), UCMSIM_PASSWORD="") as (process, said):
        ready: dict[str, Any] = json.loads(ready_file.read_text())
        curl, zeep = said[said.index("ask with curl:\n") + 1].strip(), said[-1].strip()

        assert ready["pid"] == process.pid
        assert ready["passwordFile"] == str(tmp_path / "home/.local/state/ucmsim/password")
        assert "'ServiceStatus': 'Started'" in in_shell(zeep)
        if shutil.which("curl"):
            assert "<ns1:ServiceStatus>Started</ns1:ServiceStatus>" in in_shell(curl)

        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert not ready_file.exists()


def test_a_ready_file_of_an_earlier_server_is_not_believed(tmp_path: Path) -> None:
    ready_file = tmp_path / "ready.json"
    ready_file.write_text("{}")
    outcome = CliRunner().invoke(
        main, ["serve", "--ready-file", str(ready_file), "--state-dir", "/proc/none"]
    )

    assert outcome.exit_code == 7
    assert not ready_file.exists()


def test_two_servers_do_not_share_a_state_directory(tmp_path: Path) -> None:
    with served(tmp_path, "--state-dir", str(tmp_path / "state")):
        second = subprocess.run(
            [*COMMAND, "serve", "--port", "0", "--state-dir", str(tmp_path / "state")],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert (second.returncode, second.stdout) == (7, "")
    assert second.stderr.splitlines() == [
        f"error: the state directory {tmp_path / 'state'} is in use by another server",
        "hint: stop that server, or give this one a directory of its own with --state-dir",
    ]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with served(tmp_path) as (process, _):
        process.send_signal(number)
        assert process.stdout is not None
        assert process.stdout.read() == ""
        assert process.wait(20) == 0


def serve(tmp_path: Path, *options: str) -> tuple[int, list[str]]:
    outcome = CliRunner().invoke(main, ["serve", "--state-dir", str(tmp_path / "state"), *options])
    return outcome.exit_code, outcome.stderr.splitlines()


def test_a_port_in_use_is_one_sentence_and_a_hint(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.4", 0)) as other:
        port = other.getsockname()[1]
        status, said = serve(tmp_path, "--port", str(port))

    assert status == 7
    assert said[0] == f"error: port {port} of 127.0.0.4 is in use"
    assert said[1].startswith("hint: ")
    assert len(said) == 2


def test_a_wrong_inventory_says_where(tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text('[[clusters]]\nid = "lab"\nnodes = 3\n')
    status, said = serve(tmp_path, "--inventory", str(tmp_path / "my.toml"))

    assert status == 2
    assert said[0].startswith(f"error: {tmp_path / 'my.toml'}:")
    assert said[-1].startswith("hint: ")
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (["--inventory", "/nowhere.toml"], 2),
        (["--port", "-1"], 2),
        (["--port", "65536"], 2),
        (["--nonsense"], 2),
    ],
)
def test_a_wrong_command_line_is_clicks_business(tmp_path: Path, options: list[str], status: int) -> None:
    assert serve(tmp_path, *options)[0] == status


def commands(group: click.Group, path: str = "", taught: bool = False) -> Iterator[tuple[str, bool]]:
    """Every command below a group, and whether its help or that of the group right above it shows an example."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        shows = "Example" in (command.help or "")
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ", shows)
        else:
            yield f"{path}{name}", shows or taught


@pytest.mark.parametrize(("command", "taught"), list(commands(main)))
def test_the_help_teaches_by_example(command: str, taught: bool) -> None:
    assert taught, f"ucmsim {command} --help shows no example"


def test_help_loads_no_server() -> None:
    """Nor anything else that takes time to load."""
    heavy = (
        "ucmsim.api",
        "spyne",
        "sqlalchemy",
        "lxml",
        "zeep",
        "uvicorn",
        "cryptography",
        "pydantic",
        "flask",
        "httpx",
        "requests",
        "rich",
    )
    program = (
        "import sys; from ucmsim.clients.cli import main; main(['serve', '--help'], standalone_mode=False);"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, timeout=60, check=True
    ).stdout

    assert said.splitlines()[-1] == "[]"
    assert "Exit status: 0" in said


@pytest.mark.parametrize("url", ["sqlite:///state.sqlite", "mysql://user:secret@host/name"])
def test_a_database_is_postgresql_or_the_file_in_the_state_directory(tmp_path: Path, url: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        status, (error, hint) = serve(tmp_path, "--port", "0", "--database", url)
    assert status == 7
    assert error.endswith(": --database is for PostgreSQL only")
    assert "secret" not in error
    assert "--state-dir" in hint
    assert not (tmp_path / "state.sqlite").exists()
