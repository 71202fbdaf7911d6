"""The pytest plugin in runs of its own: what it costs who does not use it, what it reports, several workers, a setting."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.clients.test_pytest_plugin import SMALL

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def tried(tmp_path, monkeypatch):
    """Runs pytest with no other plugin on a module; the result of the process."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(*options, directory=tmp_path, module=""):
        if module:
            (directory / "test_it.py").write_text(module)
        plugin = ("-p", "ucmsim.clients.pytest_plugin", "-p", "no:cacheprovider")
        return subprocess.run(
            [sys.executable, "-P", "-m", "pytest", "-q", "-W", "error", *plugin, *options],
            cwd=directory,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def test_unrelated_runs_pay_nothing(tried):
    done = tried(
        module="""
import sys

def test_it():
    heavy = {"spyne", "zeep", "sqlalchemy", "lxml", "httpx", "requests", "flask", "click", "pydantic", "ucmsim.api"}
    assert heavy & set(sys.modules) == set()
    assert "ucmsim.clients.pytest_plugin" in sys.modules
"""
    )
    assert done.returncode == 0, done.stdout


def test_a_failed_test_reports_what_the_cluster_was_asked(tried, tmp_path):
    (tmp_path / "small.toml").write_text(SMALL)
    (tmp_path / "pytest.ini").write_text("[pytest]\nucm_inventory = small.toml\n")
    done = tried(
        module="""
def test_it(ucm):
    ucm.control_center().restart("Cisco CDP")
    assert [node.id for node in ucm.nodes] == ["another"]
"""
    )
    assert done.returncode == 1
    assert "['cucm'] == ['another']" in done.stdout  # the setting's cluster
    assert "requests to ucmsim" in done.stdout
    assert "soapDoControlServices for Cisco CDP on cucm, answered 200" in done.stdout


def test_a_failed_assertion_points_at_the_line_of_the_test(tried):
    done = tried(
        module="""
def test_it(ucm):
    ucm.requests.assert_called("soapDoControlServices")
"""
    )
    assert done.returncode == 1
    assert '>       ucm.requests.assert_called("soapDoControlServices")' in done.stdout
    assert "requests_seen.py" not in done.stdout


def test_every_worker_has_a_server_of_its_own(tried, tmp_path):
    done = tried("-p", "xdist", "-n", "2", module=f"""
import pathlib
import pytest

@pytest.mark.ucm_inventory('''{SMALL}''')
@pytest.mark.parametrize("number", range(4))
def test_it(ucm, worker_id, number):
    with pathlib.Path("{tmp_path}/ports").open("a") as file:
        file.write(f"{{worker_id}} {{ucm.port}}\\n")
    ucm.control_center().stop("Cisco CDP")
""")  # fmt: skip
    assert done.returncode == 0, done.stdout
    ports = dict(line.split() for line in (tmp_path / "ports").read_text().splitlines())
    assert len(set(ports.values())) == len(ports)


def test_the_example_suite_passes_as_it_is(tried):
    done = tried(directory=EXAMPLES / "test-suite")
    assert done.returncode == 0, done.stdout + done.stderr
