"""Spyne in a fresh interpreter that turns warnings into errors."""

from __future__ import annotations

import subprocess
import sys

import pytest


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-P", "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


@pytest.mark.parametrize("module", ["ucmsim.wsdl.contract", "ucmsim.api.soap", "ucmsim.wsdl.spyne_shim"])
def test_importing_is_silent_and_needs_no_removed_module(module):
    loaded = run(f"import sys, {module}; print('spyne.util.six' in sys.modules, 'cgi' in sys.modules)")
    assert loaded.split() == ["True", "False"]


def test_an_import_that_fails_later_is_only_an_import_that_fails():
    """On Python 3.11 the importer that Spyne brings warns about each one."""
    assert run(
        "import ucmsim.wsdl.contract\ntry: import nothing_of_this_name\nexcept ImportError: print('absent')"
    )


def test_what_spyne_imports_through_six_is_found():
    code = "import ucmsim.wsdl.spyne_shim; from spyne.util.six.moves.urllib.request import urlopen; print(urlopen)"
    assert "urlopen" in run(code)
