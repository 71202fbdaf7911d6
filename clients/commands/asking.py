"""Asking nodes in turn: one that fails does not hide what the others answer.

It keeps failures until the answers are printed, then tells them; what is asked and how it is shown is the command's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ucmsim.clients.commands.connecting import Target
from ucmsim.clients.commands.exits import exit_of, told
from ucmsim.clients.errors import UcmError

if TYPE_CHECKING:
    from ucmsim.clients import ControlCenter


class Round:
    """One turn over the nodes of a command; `answered` are those that did not fail, in the order in which they were asked."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._failures: list[UcmError] = []
        self.answered: list[str] = []

    @property
    def failed(self) -> bool:
        """Whether a node has failed so far."""
        return bool(self._failures)

    @property
    def several(self) -> bool:
        """Whether more than one node is asked, so that answers need the node's name."""
        return len(self._target.hosts) > 1

    @contextmanager
    def asking(self, host: str) -> Iterator[ControlCenter]:
        """A client of a node; a failure inside is kept for `end`."""
        try:
            with self._target.control_center(host) as node:
                yield node
        except UcmError as error:
            self._failures.append(error)
        else:
            self.answered.append(host)

    def end(self) -> None:
        """Tell the failures, a sentence and a hint each; the command ends with the exit status of the first, if there is one."""
        for failure in self._failures:
            told(failure.problem, failure.hint)
        if self._failures:
            raise click.exceptions.Exit(exit_of(self._failures[0]))
