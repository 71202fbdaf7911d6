"""The way of services to their states, shown while it lasts: live on a terminal, line by line elsewhere.

It writes to standard error, so that standard output holds the result alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ucmsim.clients.commands.forms import as_table, marked
from ucmsim.clients.commands.output import chosen
from ucmsim.clients.results import ServiceState, Status

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live

    from ucmsim.clients import ControlCenter


class Progress:
    """Shows `states` on their way to the status `aim`; a context manager."""

    def __init__(
        self, host: str, states: Sequence[ServiceState], aim: Status, console: Console | None = None
    ) -> None:
        from rich.console import Console

        self._host = host
        self._states = states
        self._aim = aim
        self._console = console or Console(stderr=True, highlight=False)
        self._live: Live | None = None
        self._told: dict[str, Status] = {}

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            from rich.live import Live

            self._live = Live(console=self._console, transient=True)
            self._live.start()
        self.show(self._states)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def show(self, states: Sequence[ServiceState]) -> None:
        """Show the present states; elsewhere than on a terminal only what has changed."""
        if self._live:
            self._live.update(as_table(chosen(self._host, states), title=f"{self._host} …"), refresh=True)
            return
        for state in states:
            if self._told.get(state.name) is not state.status:
                self._console.print(f"{self._host}: {state.name}: ", marked(state), sep="")
            self._told[state.name] = state.status

    def until_arrived(self, node: ControlCenter, seconds: float) -> list[ServiceState]:
        """Wait for them all; raises NotReachedError."""
        if all(state.status is self._aim for state in self._states):
            return list(self._states)
        names = [state.name for state in self._states]
        return node.wait_until(names, self._aim, seconds, seen=self.show)
