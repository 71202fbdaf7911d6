"""The allowance: to which addresses the server may send anything at all.

A name is resolved here once, and what was allowed is what is connected to: a name that means another address a moment later
gets nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

DEFAULT = ("127.0.0.0/8", "::1/128", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
"""This machine, and the networks that exist in documents only."""

_PORTS = {"http": 80, "https": 443}


class NotAllowedError(Exception):
    """Nothing may be sent there; the text says why."""


class Destination(NamedTuple):
    """Where a URL leads: `address` is what is connected to, `host` and `port` what the URL says."""

    scheme: str
    host: str
    port: int
    address: str
    path: str

    @property
    def authority(self) -> str:
        """Host and port as the header Host has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def destination(url: str, networks: Iterable[str]) -> Destination:
    """Return where a URL leads, if that is in one of `networks`; raises NotAllowedError. May take its time to resolve."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotAllowedError(f"the URL cannot be read: {error}") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise NotAllowedError("the URL has to begin with http:// or https:// and a host")
    if parts.username is not None or parts.password is not None:
        raise NotAllowedError("the URL must not hold credentials")
    port = _PORTS[parts.scheme] if port is None else port
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    allowed = [ipaddress.ip_network(network) for network in networks]
    for address in _addresses(parts.hostname, port):
        if any(address in network for network in allowed):
            return Destination(parts.scheme, parts.hostname, port, str(address), path)
    raise NotAllowedError(f"{parts.hostname} is in no network to which this server may send")


def _addresses(host: str, port: int) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotAllowedError(f"{host} cannot be resolved") from None
    return [_plain(str(place[0])) for *_, place in found]


def _plain(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An address without its zone; an IPv4 address in the clothes of IPv6 is the IPv4 address."""
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
