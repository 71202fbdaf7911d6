"""Sending: one signed POST to one address, without redirects (Standard Webhooks)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ssl
from functools import cache

from ucmsim.api.subscriptions.allowance import Destination

MEDIA_TYPE = "application/cloudevents+json"
SECONDS = 10.0
"""How long a receiver has to accept the connection and to answer."""

_SECRET_PREFIX = "whsec_"  # noqa: S105 (what such secrets begin with)


def signed(secret: str, identifier: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers of a delivery; `timestamp` is in real seconds.

    A secret that begins with `whsec_` is the key in base 64, any other one is the key itself.
    """
    content = f"{identifier}.{timestamp}.".encode() + body
    digest = hmac.new(_key(secret), content, hashlib.sha256).digest()
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def post(to: Destination, headers: dict[str, str], body: bytes) -> int | None:
    """Send one event and return the status that was answered, None if there was no answer."""
    import urllib3  # not before there is something to send

    pool: urllib3.HTTPConnectionPool
    if to.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            to.address, to.port, ssl_context=_trust(), server_hostname=to.host, assert_hostname=to.host
        )
    else:
        pool = urllib3.HTTPConnectionPool(to.address, to.port)
    with pool:
        try:
            response = pool.urlopen(
                "POST",
                to.path,
                body,
                {**headers, "Content-Type": MEDIA_TYPE, "Host": to.authority, "User-Agent": "ucmsim"},
                retries=False,
                redirect=False,
                timeout=urllib3.Timeout(SECONDS),
                preload_content=False,
            )
        except urllib3.exceptions.HTTPError:
            return None
        status: int = response.status
        response.close()
        return status


def _key(secret: str) -> bytes:
    if secret.startswith(_SECRET_PREFIX):
        return base64.b64decode(secret.removeprefix(_SECRET_PREFIX))
    return secret.encode()


@cache
def _trust() -> ssl.SSLContext:
    """What this machine trusts, and what SSL_CERT_FILE adds to that."""
    return ssl.create_default_context()
