"""Where a node answers, and what its failures are called."""

from __future__ import annotations

import ssl
from itertools import pairwise

import pytest

from ucmsim.clients import endpoint
from ucmsim.clients.errors import ThrottledError, UnreachableError, UntrustedError


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("cucm-pub", "https://cucm-pub:8443/controlcenterservice2/services/ControlCenterServices"),
        ("2001:db8::1", "https://[2001:db8::1]:8443/controlcenterservice2/services/ControlCenterServices"),
    ],
)
def test_addresses(host, url):
    assert endpoint.address(host, 8443, "ControlCenterServices") == url


def chained(*errors):
    for outer, inner in pairwise(errors):
        outer.__context__ = inner
    return errors[0]


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        (chained(OSError("wrapped"), ConnectionRefusedError(111, "Connection refused")), UnreachableError, "Connection refused"),
        (OSError("wrapped", ssl.SSLCertVerificationError("self-signed")), UntrustedError, "not accepted: .*self-signed"),
        (chained(OSError("x"), ssl.SSLEOFError(8, "EOF occurred")), UnreachableError, "EOF occurred"),
        (RuntimeError(), UnreachableError, "RuntimeError"),
    ],
)  # fmt: skip
def test_what_lies_behind_a_broken_connection_is_found(error, kind, text):
    with pytest.raises(kind, match=text):
        raise endpoint.disconnected("cucm-pub", 8443, error)


def test_errors_that_chain_in_a_circle_are_no_trap():
    first, second = OSError("a"), OSError("b")
    first.__context__, second.__context__ = second, first
    assert "b" in str(endpoint.disconnected("n", 1, first))


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("Wed, 21 Oct 2015 07:28:00 GMT", None), (None, None)]
)
def test_a_busy_node_may_say_how_long(header, seconds):
    with pytest.raises(ThrottledError) as told:
        endpoint.check_status("n", "admin", 503, header)
    assert told.value.after == seconds


def test_contracts_are_read_once():
    from ucmsim.clients import contracts

    assert contracts.document("ControlCenterServices") is contracts.document("ControlCenterServices")


def test_nobody_is_told_a_line_of_pythons_own_source():
    broken = ssl.SSLEOFError(8, "EOF occurred in violation of protocol (_ssl.c:2427)")
    told = endpoint.disconnected("cucm-pub", 8443, chained(OSError("outer"), broken))
    assert told.problem == "cucm-pub does not answer on port 8443: EOF occurred in violation of protocol"
