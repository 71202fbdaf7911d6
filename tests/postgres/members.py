"""A server process among several over one database, and how to ask it over REST."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any

import httpx

from tests.scenarios.server_process import PASSWORD, ServerProcess

NODE = "/api/v1/clusters/shared/nodes/pub"


class Member(ServerProcess):
    """`ucmsim serve --database …`; starting it again after a kill is a restart."""

    def rest(self, *, signed_in: bool = True) -> httpx.Client:
        """Return a client with connections of its own."""
        context = ssl.create_default_context(cafile=self.ready["certificate"])
        credentials = ("administrator", PASSWORD) if signed_in else None
        root = f"https://127.0.0.1:{self.ready['port']}"
        return httpx.Client(base_url=root, verify=context, auth=credentials, timeout=30)


def act(client: httpx.Client, verb: str, service: str, key: str) -> httpx.Response:
    """Ask for an action; the key is also the reason, by which the operation will be found."""
    headers = {"Idempotency-Key": key, "Prefer": "wait=10"}
    path = f"{NODE}/services/{service}/actions/{verb}"
    return client.post(path, json={"reason": key}, headers=headers)


def operations(client: httpx.Client) -> Iterator[dict[str, Any]]:
    """Every operation, newest first."""
    cursor: str | None = ""
    while cursor is not None:
        page = client.get(
            "/api/v1/operations", params={"limit": 1000} | ({"cursor": cursor} if cursor else {})
        )
        page.raise_for_status()
        yield from page.json()["items"]
        cursor = page.json()["next"]


def state(client: httpx.Client, service: str) -> str:
    """The state of one service."""
    answer = client.get(f"{NODE}/services/{service}")
    answer.raise_for_status()
    found: str = answer.json()["state"]
    return found
