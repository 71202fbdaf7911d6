"""Whether to trust a node: what `verify` means, for both HTTP libraries in the same way.

It decides nothing about names or passwords.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
from pathlib import Path

from ucmsim.clients.errors import UntrustedError

Verify = bool | str | os.PathLike[str]
"""True: the machine's authorities. A path: the certificates in that PEM file. False: anything, for experiments only."""


def checked(verify: Verify) -> bool | str:
    """`verify` as `requests` wants it; raises UntrustedError for a file that is not there or has no certificate."""
    if isinstance(verify, bool):
        return verify
    _trusting(verify)
    return os.fspath(verify)


def context(verify: Verify) -> ssl.SSLContext:
    """`verify` as a context; raises UntrustedError for a file that is not there or has no certificate."""
    if verify is True:
        return ssl.create_default_context()
    if verify is False:
        unchecked = ssl.create_default_context()
        unchecked.check_hostname = False
        unchecked.verify_mode = ssl.CERT_NONE
        return unchecked
    return _trusting(verify)


def _trusting(path: str | os.PathLike[str]) -> ssl.SSLContext:
    """What accepts the certificates in a PEM file, or in a directory of such files that OpenSSL has hashed."""
    if not Path(path).exists():
        raise UntrustedError(f"the certificate file {path} does not exist", "Give the path of a PEM file")
    try:
        if Path(path).is_dir():
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except ssl.SSLError as error:
        raise UntrustedError(f"{path} has no certificate in it: {error}", "Give a PEM file") from error
    except OSError as error:
        raise UntrustedError(f"{path} cannot be read: {error.strerror}", "Give a PEM file") from error


def trusts_environment(host: str, verify: Verify) -> bool:
    """Whether proxies and certificates from environment variables may have a say.

    Not when the caller has named a certificate, which REQUESTS_CA_BUNDLE would replace, and not on the own machine.
    """
    return verify is True and not is_loopback(host)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its loopback address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
