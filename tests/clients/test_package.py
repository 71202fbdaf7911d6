"""The package's front door: what it offers, and that knocking costs nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import ucmsim.clients
from ucmsim.clients.errors import UntrustedError
from ucmsim.clients.trust import checked, context, trusts_environment


@pytest.mark.parametrize("name", ucmsim.clients.__all__)
def test_every_name_it_offers_is_there(name):
    assert getattr(ucmsim.clients, name).__name__ == name
    assert name in dir(ucmsim.clients)


def test_it_offers_nothing_else():
    with pytest.raises(AttributeError, match="has no attribute 'Controlcenter'"):
        _ = ucmsim.clients.Controlcenter


def test_importing_the_package_loads_no_library():
    loaded = subprocess.run(
        [sys.executable, "-P", "-c", "import ucmsim.clients, sys; print(*sys.modules)"],
        check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    assert {"zeep", "lxml", "requests", "httpx", "click"} & set(loaded) == set()


def test_a_certificate_that_is_not_there_is_told_at_once(tmp_path):
    with pytest.raises(UntrustedError, match=r"missing\.pem does not exist"):
        checked(tmp_path / "missing.pem")
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for use in (checked, context):
        with pytest.raises(UntrustedError, match="no certificate in it"):
            use(empty)
    assert checked(tmp_path) == str(tmp_path)  # a directory of hashed certificates, as OpenSSL knows it


@pytest.mark.parametrize(
    ("host", "verify", "may"),
    [("cucm-pub.example.com", True, True), ("cucm-pub.example.com", "a.pem", False), ("127.0.0.2", True, False),
     ("localhost", True, False), ("::1", True, False)],
)  # fmt: skip
def test_proxies_of_the_environment_have_no_say_over_named_certificates_and_the_own_machine(
    host, verify, may
):
    assert trusts_environment(host, verify) is may
