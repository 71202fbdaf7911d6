"""`ucmsim products`, `watch`, `completion` and the help: what one meets first."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from ucmsim.clients.cli import main
from ucmsim.clients.commands.exits import Exit
from ucmsim.clients.commands.group import COMMANDS


def test_products_of_two_nodes(run):
    shown = run("products", "-H", "127.0.0.1", "-H", "127.0.0.2")
    assert "127.0.0.1: 15.0.1.12900-43, publisher cucm-pub.lab.example" in shown.stdout
    assert "127.0.0.2: 15.0.1.12900-43, publisher cucm-pub.lab.example" in shown.stdout
    (told,) = json.loads(run("products", "--json").stdout)
    assert told["publisher"] == "cucm-pub.lab.example"
    assert {"CallManager", "Common"} <= {product["id"] for product in told["products"]}


def test_watch_shows_what_was_named_though_it_is_activated_nowhere(run):
    assert "Cisco DirSync" not in run("watch", "--count", "1").stdout
    assert "○ Stopped – Service Not Activated" in run("watch", "Cisco DirSync", "--count", "1").stdout
    assert "Cisco DirSync" in run("watch", "--all", "--count", "1").stdout


def test_watch_shows_nodes_side_by_side_and_what_is_wrong(run):
    shown = run("watch", "--count", "1", "-H", "127.0.0.1", "-H", "127.0.0.2", "-H", "127.0.0.9")
    assert shown.exit_code == 0, shown.output
    head = next(line for line in shown.stdout.splitlines() if line.startswith("Service"))
    assert head.split() == ["Service", "127.0.0.1", "127.0.0.2", "127.0.0.9"]
    tftp = next(line for line in shown.stdout.splitlines() if line.startswith("Cisco Tftp "))
    assert "● Started" in tftp
    assert "○ Stopped – Service Not Activated" in tftp
    assert "! 127.0.0.9 does not answer" in shown.stdout
    assert "Cisco DirSync" not in shown.stdout  # activated on neither node


def test_watch_in_a_pipe_writes_every_look_below_the_one_before(run):
    shown = run("watch", "Cisco Tftp", "--count", "2", "--every", "0.1").stdout
    assert [line.split()[0] for line in shown.splitlines()] == ["Service", "Cisco", "Service", "Cisco"]
    assert shown.endswith("\n")


@pytest.mark.parametrize("host", ["https://cucm-pub", "127.0.0.1:8443", "127.0.0.1,127.0.0.2", ""])
def test_a_host_is_a_name_or_an_address_and_nothing_more(run, host):
    told = run("status", "--host", host)
    assert told.exit_code == 2
    assert f"{host!r} is neither a host name nor an address" in told.stderr


def test_without_a_terminal_nobody_is_asked_for_a_password(tmp_path):
    told = subprocess.run(
        [
            sys.executable,
            "-P",
            "-c",
            "from ucmsim.clients.cli import main; main()",
            "list",
            "-H",
            "192.0.2.1",
        ],
        env={"HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 2
    assert "No password for administrator: set UCMSIM_PASSWORD or give --password-file" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_one_line_for_each_shell(run, shell):
    assert f"_UCMSIM_COMPLETE={shell}_source" in run("completion", shell).stdout


def test_the_shell_completes_commands_and_options(run):
    completed = run(_UCMSIM_COMPLETE="bash_complete", COMP_WORDS="ucmsim res", COMP_CWORD="1")
    assert completed.stdout.splitlines() == ["plain,restart"]
    options = run(_UCMSIM_COMPLETE="bash_complete", COMP_WORDS="ucmsim list --js", COMP_CWORD="2")
    assert options.stdout.splitlines() == ["plain,--json"]


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "completion"])
def test_every_command_teaches_by_example(run, name):
    text = run(name, "--help").stdout
    assert f"  ucmsim {name}" in text


def test_the_help_names_every_command(run):
    text = run("--help").stdout
    assert [line.split()[0] for line in text.partition("Commands:")[2].splitlines() if line] == [
        "serve",
        *COMMANDS,
    ]


def test_every_exit_status_has_a_meaning():
    assert all(each.meaning.endswith(".") for each in Exit)
    assert [each.value for each in Exit] == [*range(8), 128 + signal.SIGINT, 128 + signal.SIGPIPE]


def test_the_command_line_is_installed():
    assert main.name == "main"
