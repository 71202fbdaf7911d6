"""Control Center of one node, in plain Python calls: `ControlCenter`. Works against a simulated and a real node alike.

It carries calls over one kept connection; what they are and how they are repeated stands elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import Any, TypeVar

import requests
import zeep
import zeep.proxy

from ucmsim.clients import contracts, dialogues, endpoint
from ucmsim.clients.calls import EX, PLAIN, Call, Calls, some
from ucmsim.clients.dialogues import Patience, Waiting
from ucmsim.clients.errors import UcmError
from ucmsim.clients.node_time import NodeTime
from ucmsim.clients.results import (
    Action,
    Answer,
    ExtendedList,
    ProductInformation,
    Service,
    ServiceState,
)
from ucmsim.clients.service_control import ServiceControl
from ucmsim.clients.trust import Verify, checked, trusts_environment

T = TypeVar("T")


class ControlCenter(ServiceControl):
    """The services of one node. A node controls only itself: make one of these for each (specification section 4.1).

    `timeout` bounds each call in seconds: activating can take minutes on a real node. `timezone` is the node's
    (`Europe/Berlin`); without it the offset of start times is guessed (`ucmsim.clients.node_time`). While waiting the
    node is asked every `poll_interval` seconds; `patience` says how often a throttled call is repeated. Every method
    raises UcmError: not reached, not trusted, not allowed, throttled, refused. Not to be shared between threads.
    """

    def __init__(
        self,
        host: str,
        user: str,
        password: str,
        *,
        verify: Verify = True,
        port: int = 8443,
        timeout: float = 300.0,
        timezone: tzinfo | str | None = None,
        poll_interval: float = 5.0,
        patience: Patience | None = None,
    ) -> None:
        """Nothing is sent yet. Raises UntrustedError when `verify` names a file that is not there."""
        self.host = host
        self.port = port
        self._user = user
        self._timeout = timeout
        self._patience = patience or Patience()
        self._calls = Calls(NodeTime(timezone, lambda: datetime.now(UTC)))
        self._waiting = Waiting(host, poll_interval, self._patience, time.monotonic)
        self._session = requests.Session()
        self._session.auth = requests.auth.HTTPBasicAuth(user.encode(), password.encode())
        self._session.verify = checked(verify)
        self._session.trust_env = trusts_environment(host, verify)
        self._session.hooks["response"].append(self._check)
        transport = zeep.Transport(
            session=self._session, operation_timeout=(endpoint.CONNECT_SECONDS, timeout)
        )
        self._operations = {
            contract: contracts.operations(
                zeep.proxy.ServiceProxy, contract, transport, endpoint.address(host, port, contract)
            )
            for contract in (PLAIN, EX)
        }

    def close(self) -> None:
        """Close the connection; a later call opens a new one."""
        self._session.close()

    # questions

    def services(self) -> list[Service]:
        """What the node offers, activated or not, in the order of its configuration."""
        return self._carry(dialogues.patiently(self._calls.services(), self._patience))

    def product_information(self) -> ProductInformation:
        """The node's version, products and services, and its publisher."""
        return self._carry(dialogues.patiently(self._calls.product_information(), self._patience))

    # the operations of ControlCenterServicesEx

    def extended_services(self) -> ExtendedList:
        """What the node offers, with restrictions, defaults and order (release 10.0 on)."""
        return self._carry(dialogues.patiently(self._calls.extended_services(), self._patience))

    def files(self, directory: str) -> list[str]:
        """The names of the files in a directory such as `/var/log/active/tomcat/logs/ccmservice`."""
        return self._carry(dialogues.patiently(self._calls.files(directory), self._patience))

    def extended_control(
        self, action: Action, *names: str, product_id: str | None = None, enforce: bool = False
    ) -> list[ServiceState]:
        """Start, stop or restart; with `enforce` what the services depend on is handled too (`U-19`).

        `product_id` is `CallManager`, `Elm` or `Common`, and must then be that of every service (`U-20`).
        """
        call = self._calls.extended_control(action, some(names), product_id, enforce=enforce)
        return self._carry(dialogues.command(self.host, action, call, self._patience))

    def activate_unrecorded(self, *names: str, product_id: str | None = None) -> list[ServiceState]:
        """Activate without the entry in the database: forgotten at the node's next restart (`U-28`)."""
        return self._unrecorded(Action.ACTIVATE, names, product_id)

    def deactivate_unrecorded(self, *names: str, product_id: str | None = None) -> list[ServiceState]:
        """Deactivate without the entry in the database: activated again at the node's next restart (`U-28`)."""
        return self._unrecorded(Action.DEACTIVATE, names, product_id)

    # how

    def _states(self, names: Iterable[str]) -> Call[Answer]:
        return self._calls.status(names)

    def _command(self, action: Action, names: tuple[str, ...]) -> list[ServiceState]:
        call = self._calls.command(action, some(names))
        return self._carry(dialogues.command(self.host, action, call, self._patience))

    def _unrecorded(
        self, action: Action, names: tuple[str, ...], product_id: str | None
    ) -> list[ServiceState]:
        call = self._calls.unrecorded_deployment(action, some(names), product_id)
        return self._carry(dialogues.command(self.host, action, call, self._patience))

    def _ask(self, call: Call[T]) -> T:
        operation = getattr(self._operations[call.contract], call.operation)
        try:
            with contracts.soap_errors(self.host, call.operation):
                return call.read(operation(**call.arguments))
        except requests.exceptions.ReadTimeout as error:
            raise endpoint.too_late(self.host, call.operation, self._timeout) from error
        except requests.exceptions.RequestException as error:
            raise endpoint.disconnected(self.host, self.port, error) from error

    def _check(self, response: requests.Response, **_arguments: Any) -> None:
        try:
            endpoint.check_status(
                self.host, self._user, response.status_code, response.headers.get("Retry-After")
            )
        except UcmError:
            response.close()  # nobody will read it, and unread it would keep its connection
            raise
