"""How commands end before their time: Ctrl-C, a reader that goes away, a full disk; a shell finds what it is used to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from ucmsim.clients.running import Ucm

COMMAND = [sys.executable, "-P", "-c", "from ucmsim.clients.cli import main; main(prog_name='ucmsim')"]
FULL = Path("/dev/full")

Started = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def started(lab: Ucm) -> Started:
    """Starts a command line as a process against the lab."""

    def start(*arguments: str, stdout: int | IO[str], at: Ucm = lab) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, *arguments],
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "UCMSIM_PORT": str(at.port),
                "UCMSIM_CACERT": at.verify,
                "UCMSIM_PASSWORD": at.credentials.password,
            },
        )

    return start


def test_ctrl_c_ends_as_shells_expect_without_a_word(started, ucm, ucm_clock):
    process = started("restart", "Cisco Trust Verification Service", "--wait", stdout=subprocess.PIPE, at=ucm)
    assert "Cisco Trust Verification Service" in process.stderr.readline()  # it waits: time stands still
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30) == ("", "")
    assert process.returncode == 130


@pytest.mark.parametrize("line", [["--help"], ["list", "--help"], ["list"], ["list", "--json"], ["products"]])
def test_a_reader_that_goes_away_is_no_failure_to_talk_about(started, line):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        process = started(*line, stdout=pipe)
    assert process.communicate(timeout=30)[1] == ""
    assert process.returncode == 141


@pytest.mark.parametrize(
    "line",
    [["--version"], ["list", "--help"], ["list"], ["list", "--csv"], ["products"], ["completion", "bash"]],
)
def test_a_full_disk_is_a_sentence(started, line):
    with FULL.open("w") as full:
        process = started(*line, stdout=full)
    assert process.communicate(timeout=30)[1].splitlines() == [
        "error: standard output cannot be written: No space left on device",
        "hint: check the disk that it goes to",
    ]
    assert process.returncode == 7


def test_a_server_whose_greeting_cannot_be_written_ends_with_that_sentence(started, tmp_path):
    with FULL.open("w") as full:
        process = started("serve", "--port", "0", "--state-dir", str(tmp_path / "state"), stdout=full)
    said = process.communicate(timeout=60)[1].splitlines()
    assert said[-2] == "error: standard output cannot be written: No space left on device"
    assert process.returncode == 7
