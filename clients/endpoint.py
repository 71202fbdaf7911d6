"""Where a node answers, and what HTTP statuses and broken connections mean. Sending is the façades' business."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator

from ucmsim.clients.errors import (
    CredentialsError,
    ForbiddenError,
    NotServedError,
    ThrottledError,
    UcmError,
    UnexpectedAnswerError,
    UnreachableError,
    UntrustedError,
)

APPLICATION = "controlcenterservice2"
CONNECT_SECONDS = 10.0

PLACE_IN_OPENSSL = re.compile(r" \(_ssl\.c:\d+\)")
"""The line of Python's own source that its TLS errors end with: nobody outside can do anything with it."""


def authority(host: str, port: int) -> str:
    """`host:port` as it stands in a URL."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def address(host: str, port: int, contract: str) -> str:
    """The URL of a contract's endpoint."""
    return f"https://{authority(host, port)}/{APPLICATION}/services/{contract}"


def addresses(host: str) -> tuple[str, ...]:
    """The addresses that a host name stands for; none for a name that nobody knows."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return ()
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def check_status(node: str, user: str, status: int, retry_after: str | None) -> None:
    """Raise what an HTTP status means (specification section 3.2); 200 and 500 are for the SOAP layer."""
    if status in {200, 500}:
        return
    raise _refusal(node, user, status, retry_after)


def _refusal(node: str, user: str, status: int, retry_after: str | None) -> UcmError:
    match status:
        case 401:
            return CredentialsError(
                f"{node} does not accept the password of {user!r}", "Check user name and password", node=node
            )
        case 403:
            return ForbiddenError(
                f"{node} does not let {user!r} do this",
                "Give the user a role such as Standard SERVICEABILITY Administration",
                node=node,
            )
        case 404:
            return NotServedError(
                f"{node} does not serve this API",
                "SOAP -Real-Time Service APIs may be stopped: see utils service list on the node",
                node=node,
            )
        case 429 | 503:
            after = float(retry_after) if retry_after and retry_after.isdigit() else None
            return ThrottledError(
                f"{node} is too busy to answer", "Ask less often, or later", node=node, after=after
            )
        case _:
            return UnexpectedAnswerError(
                f"{node} answered with HTTP status {status}", "Check host and port", node=node
            )


def disconnected(node: str, port: int, error: Exception) -> UcmError:
    """Nothing came of a connection: the certificate was not accepted, or nobody answered."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return UntrustedError(
                f"the certificate of {node} is not accepted: {getattr(cause, 'verify_message', cause)}",
                "Give the node's certificate, or that of its authority, with verify= (on the command line --cacert)",
                node=node,
            )
    return UnreachableError(
        f"{node} does not answer on port {port}: {_told(causes[-1])}",
        "Check the address, and whether Cisco Tomcat runs on the node",
        node=node,
    )


def too_late(node: str, operation: str, seconds: float) -> UnreachableError:
    """The connection stood, but no answer came in time."""
    return UnreachableError(
        f"{node} did not answer {operation} within {seconds:g} s",
        "What was asked may still be going on: ask for the status before asking again",
        node=node,
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and what is behind it: the libraries wrap, chain, and pass what happened as an argument."""
    seen: list[BaseException] = []
    found: BaseException | None = error
    while found is not None and found not in seen:
        seen.append(found)
        yield found
        inside = [found.__cause__, found.__context__, getattr(found, "reason", None), *found.args]
        found = next((each for each in inside if isinstance(each, Exception) and each not in seen), None)


def _told(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return PLACE_IN_OPENSSL.sub("", error.strerror)
    return PLACE_IN_OPENSSL.sub("", str(error)) or type(error).__name__
