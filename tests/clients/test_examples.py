"""The examples that need nothing but Python, sh and curl, executed as a reader would execute them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def execute(lab):
    """Runs an example in the environment that its head asks for; the result of the process."""

    def run(*command):
        return subprocess.run(
            [str(part) for part in command],
            env={
                **os.environ,
                "UCM_PORT": str(lab.port),
                "UCM_CACERT": lab.verify,
                "UCM_PASSWORD": lab.credentials.password,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def python(execute, lab):
    def run(script, *arguments):
        reach = ("--port", str(lab.port), "--cacert", lab.verify)
        return execute(sys.executable, "-P", EXAMPLES / script, *reach, *arguments)

    return run


def test_monitoring_is_quiet_while_all_is_well(python):
    told = python("monitoring/check_services.py", "127.0.0.1", "127.0.0.2")
    assert told.returncode == 0, told.stderr
    assert [line.partition(":")[0] for line in told.stdout.splitlines()] == ["127.0.0.1", "127.0.0.2"]


def test_monitoring_tells_what_is_stopped_on_purpose_from_what_is_missing(python, lab):
    lab.control_center().stop("Cisco Tftp")
    assert python("monitoring/check_services.py", "127.0.0.1").returncode == 0
    told = python("monitoring/check_services.py", "127.0.0.1", "127.0.0.9")
    assert told.returncode == 3
    assert "127.0.0.9 does not answer" in told.stdout


def test_the_services_that_use_a_certificate_are_restarted_node_by_node(python, lab):
    before = lab.control_center().status("Cisco CallManager", "Cisco Tftp", "Cisco DirSync")
    told = python("certificate-renewal/restart_after_renewal.py", "127.0.0.2", "127.0.0.1")
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines() == [
        "127.0.0.2: restarted Cisco Trust Verification Service, Cisco CallManager",
        "127.0.0.1: restarted Cisco Trust Verification Service, Cisco Tftp, Cisco CallManager",
    ]
    after = lab.control_center().status("Cisco CallManager", "Cisco Tftp", "Cisco DirSync")
    assert [now.started != then.started for now, then in zip(after, before, strict=True)] == [
        True,
        True,
        False,
    ]


def test_the_renewal_leaves_the_other_nodes_alone_after_trouble(python):
    told = python("certificate-renewal/restart_after_renewal.py", "127.0.0.9", "127.0.0.1")
    assert told.returncode == 1
    assert told.stdout == ""
    assert "The nodes after 127.0.0.9 were left alone." in told.stderr


@pytest.mark.parametrize(
    ("service", "said"),
    [("Cisco Tftp", "Started -1"), ("Cisco DirSync", "Stopped -1068"), ("Cisco TFTP", "Stopped -1010")],
)
def test_curl_and_sed_are_enough_for_a_status(execute, service, said):
    assert shutil.which("curl"), "this example needs curl"
    told = execute("sh", EXAMPLES / "curl/status.sh", service)
    assert (told.returncode, told.stdout.strip()) == (0, said), told.stderr


def test_the_status_with_curl_says_how_it_is_used(execute):
    told = execute("sh", EXAMPLES / "curl/status.sh")
    assert told.returncode != 0
    assert "usage: " in told.stderr


def test_curl_restarts_over_rest_and_waits(execute):
    told = execute("sh", EXAMPLES / "curl/restart.sh", "lab", "cucm-pub", "cisco-tftp")
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["status"] == "SUCCEEDED"
