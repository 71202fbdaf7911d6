"""What the blocking clients of one node have in common, whichever protocol they speak: status, commands and waiting.

How a question or a command is put to the node is theirs.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self, TypeVar

from ucmsim.clients import dialogues
from ucmsim.clients.calls import listed
from ucmsim.clients.dialogues import Call, Dialogue, Patience, Seen, Waiting
from ucmsim.clients.results import Action, Answer, ServiceState, Status

T = TypeVar("T")


class ServiceControl(ABC):
    """The services of one node."""

    _patience: Patience
    _waiting: Waiting

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Close the connection."""

    def status(self, *names: str) -> list[ServiceState]:
        """The states of these services in the order asked, of all without names.

        An unknown name is no error: its state says so (`ServiceState.known`, `U-1`).
        """
        return self._carry(dialogues.status(self._states(names), self._patience))

    # commands: raise RefusedError when not carried out in whole; an answer may still say Starting or Stopping

    def activate(self, *names: str) -> list[ServiceState]:
        """Activate feature services, which starts them too (G-ACT-3)."""
        return self._command(Action.ACTIVATE, names)

    def deactivate(self, *names: str) -> list[ServiceState]:
        """Stop feature services and deactivate them (G-ACT-4)."""
        return self._command(Action.DEACTIVATE, names)

    def start(self, *names: str) -> list[ServiceState]:
        """Start services; one that runs is left alone."""
        return self._command(Action.START, names)

    def stop(self, *names: str) -> list[ServiceState]:
        """Stop services; one that is stopped is left alone."""
        return self._command(Action.STOP, names)

    def restart(self, *names: str) -> list[ServiceState]:
        """Stop services and start them again; one that is stopped is started."""
        return self._command(Action.RESTART, names)

    # commands with waiting

    def wait_until(
        self,
        names: str | Iterable[str],
        status: Status,
        timeout: float = 120.0,
        *,
        seen: Seen | None = None,
    ) -> list[ServiceState]:
        """Ask again and again until all of these services have `status`; raises NotReachedError after `timeout` seconds.

        `seen` is called with the states of each answer.
        """
        return self._carry(self._waiting.until(self._states(listed(names)), status, timeout, seen))

    def restart_and_wait(self, *names: str, timeout: float = 300.0) -> list[ServiceState]:
        """Restart services and return when all of them run; raises RefusedError, NotReachedError."""
        states = self.restart(*names)
        if all(state.status is Status.STARTED for state in states):
            return states
        return self.wait_until(names, Status.STARTED, timeout)

    # how

    @abstractmethod
    def _states(self, names: Iterable[str]) -> Call[Answer]:
        """The question for the states of services, of all without names."""

    @abstractmethod
    def _command(self, action: Action, names: tuple[str, ...]) -> list[ServiceState]:
        """Carry out a command; raises RefusedError when it is not carried out in whole."""

    @abstractmethod
    def _ask(self, call: Any) -> Any:
        """Put one question or command to the node; raises UcmError."""

    def _carry(self, dialogue: Dialogue[T]) -> T:
        return dialogues.carry(dialogue, self._ask, time.sleep)
