"""Limits of open files: raised for a fleet as far as the system allows, explained where that is not far enough."""

from __future__ import annotations

import subprocess
import sys

_LIMITED = """
import resource, sys
from ucmsim.api.listeners import ListenError, bind
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
try:
    bound = bind([f"127.0.1.{{number + 1}}" for number in range(100)], 0)
except ListenError as error:
    print(error, error.hint, sep="\\n")
else:
    print(len(bound), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def listening(soft: int, hard: int) -> str:
    """What becomes of a process that binds a hundred addresses under these limits."""
    program = _LIMITED.format(soft=soft, hard=hard)
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True, timeout=30
    )
    return done.stdout


def test_a_fleet_listens_though_the_shell_allowed_few_files() -> None:
    bound, limit = map(int, listening(soft=64, hard=1024).split())

    assert bound == 100
    assert bound < limit <= 1024


def test_a_limit_that_is_high_enough_stays() -> None:
    assert listening(soft=900, hard=1024).split() == ["100", "900"]


def test_a_fleet_that_is_too_large_for_the_system_is_told_so() -> None:
    problem, hint = listening(soft=64, hard=64).splitlines()

    assert problem.endswith("this process may open 64 files at most, and every address takes one")
    assert problem.startswith("127.0.1.")
    assert "ulimit -n" in hint
