"""One kept HTTPS connection to the REST API: requests in, JSON documents or exceptions out.

It knows no resource; names and paths are its callers' business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from ucmsim.clients import endpoint
from ucmsim.clients.errors import UcmError
from ucmsim.clients.rest import reading
from ucmsim.clients.trust import Verify, context, trusts_environment

SILENCE_SECONDS = 40.0
"""How long an event stream may say nothing: it breathes every 15 seconds (REST specification section 7)."""


class Connection:
    """Sends requests as one user to one address."""

    def __init__(
        self, host: str, user: str, password: str, *, verify: Verify, port: int, timeout: float
    ) -> None:
        """Nothing is sent yet. Raises UntrustedError."""
        self.host = host
        self.port = port
        self._user = user
        self._timeout = timeout
        self._client = httpx.Client(
            base_url=f"https://{endpoint.authority(host, port)}",
            auth=(user, password),
            verify=context(verify),
            trust_env=trusts_environment(host, verify),
            timeout=httpx.Timeout(timeout, connect=endpoint.CONNECT_SECONDS),
            headers={"Accept": "application/json"},
        )

    def close(self) -> None:
        """Close the connection for good."""
        self._client.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        content: str | None = None,
    ) -> Any:
        """The document of the answer, None if it has none; raises UcmError for 400 and above."""
        with self._failures_told(f"{method} {path}"):
            response = self._client.request(
                method, path, json=json, params=params, headers=headers, content=content
            )
        if response.status_code >= 400:
            raise self._problem(response)
        if not response.content:
            return None
        if "json" in response.headers.get("Content-Type", ""):
            return response.json()
        return response.text

    @contextmanager
    def stream(
        self, path: str, params: Mapping[str, Any], headers: Mapping[str, str]
    ) -> Iterator[httpx.Response]:
        """An answer that is read while it comes."""
        calm = httpx.Timeout(self._timeout, connect=endpoint.CONNECT_SECONDS, read=SILENCE_SECONDS)
        with (
            self._failures_told(f"GET {path}"),
            self._client.stream("GET", path, params=params, headers=headers, timeout=calm) as response,
        ):
            if response.status_code >= 400:
                response.read()
                raise self._problem(response)
            yield response

    def _problem(self, response: httpx.Response) -> UcmError:
        document: Any = None
        if "json" in response.headers.get("Content-Type", ""):
            document = response.json()
        if not isinstance(document, Mapping):
            document = {}
        return reading.problem(
            self.host, self._user, response.status_code, document, response.headers.get("Retry-After")
        )

    @contextmanager
    def _failures_told(self, what: str) -> Iterator[None]:
        try:
            yield
        except httpx.ReadTimeout as error:
            raise endpoint.too_late(self.host, what, self._timeout) from error
        except httpx.HTTPError as error:
            raise endpoint.disconnected(self.host, self.port, error) from error
