"""The pages: short HTML for everything that a container answers before, or instead of, a web application (U-46)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from http import HTTPStatus
from typing import Literal

from ucmsim.api.ring.reply import ALWAYS, Headers, Reply

Stack = Literal["Axis1", "Axis2"]
"""What the vendor's web applications are built with: each lists its services in its own way."""

LISTED_AT: Mapping[Stack, tuple[str, ...]] = {"Axis1": ("",), "Axis2": ("", "/listServices")}
"""Where below `services` the list stands."""

_SENTENCES = {
    302: "The page is elsewhere.",
    400: "The request cannot be understood.",
    401: "This request requires HTTP authentication.",
    403: "Access to the requested resource has been denied.",
    404: "The requested resource is not available.",
    405: "The specified HTTP method is not allowed for the requested resource.",
    408: "The request did not arrive in time.",
    413: "The request is larger than the server accepts.",
    431: "The head of the request is larger than the server accepts.",
    500: "The server met an error that kept it from answering the request.",
    503: "The server is not ready to answer.",
}


def page(status: int, headers: Headers = (), *, detail: str = "") -> Reply:
    """The page of an HTTP status, with further `headers`; `detail` replaces its sentence."""
    title = f"HTTP Status {status} – {HTTPStatus(status).phrase}"
    return Reply(
        status, _html(title, f"<p>{escape(detail or _SENTENCES[status])}</p>"), headers=headers + ALWAYS
    )


def listing(stack: Stack, address: str, services: Iterable[tuple[str, str]]) -> Reply:
    """The list of a web application's services, of which clients read the status code only (section 3.4).

    `address` is where the caller found the server, `services` are pairs of a path and a name.
    """
    found = [(escape(address + path), escape(name)) for path, name in services]
    if stack == "Axis1":
        items = "".join(f'<li>{name} <a href="{url}?wsdl"><i>(wsdl)</i></a></li>' for url, name in found)
        return Reply(200, f"<html><h2>And now... Some Services</h2><ul>{items}</ul></html>".encode())
    items = "".join(
        f'<h3><a href="{url}?wsdl">{name}</a></h3><p>Service EPR : {url}</p><p>Service Status : Active</p>'
        for url, name in found
    )
    return Reply(200, _html("List Services", f"<h2>Deployed services</h2>{items}"))


def _html(title: str, content: str) -> bytes:
    return (
        f"<!DOCTYPE html><html><head><title>{escape(title)}</title></head>"
        f"<body><h1>{escape(title)}</h1>{content}</body></html>"
    ).encode()
