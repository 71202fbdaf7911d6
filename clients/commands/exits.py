"""Exit statuses of the command line, and which failure ends with which: the table that the documentation shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import NoReturn

import click

from ucmsim.clients import errors


class Exit(IntEnum):
    """What a script finds in `$?`; 2 is Click's own, for a wrong command line."""

    DONE = 0
    NOT_AS_ASKED = 1
    USAGE = 2
    REFUSED = 3
    UNREACHABLE = 4
    DENIED = 5
    TIMED_OUT = 6
    FAILED = 7

    @property
    def meaning(self) -> str:
        """One line for the documentation."""
        return _MEANINGS[self]


_MEANINGS = {
    Exit.DONE: "Done.",
    Exit.NOT_AS_ASKED: "The question was answered, but not as `--expect` wanted, or a name is unknown.",
    Exit.USAGE: "The command line is wrong: an unknown option, a missing name, a file that is not there.",
    Exit.REFUSED: "The node answered and refused: a rule forbids it, or the service did not come up.",
    Exit.UNREACHABLE: "The node was not reached, or its certificate is not trusted.",
    Exit.DENIED: "The node does not accept user and password, or the user lacks the role.",
    Exit.TIMED_OUT: "What was waited for did not come in time.",
    Exit.FAILED: "Anything else went wrong: throttled, a SOAP fault, an answer that makes no sense.",
}

_FAILURES: tuple[tuple[type[errors.UcmError], Exit], ...] = (
    (errors.NotReachedError, Exit.TIMED_OUT),
    (errors.UnknownServiceError, Exit.NOT_AS_ASKED),
    (errors.RefusedError, Exit.REFUSED),
    (errors.UnreachableError, Exit.UNREACHABLE),
    (errors.UntrustedError, Exit.UNREACHABLE),
    (errors.CredentialsError, Exit.DENIED),
    (errors.ForbiddenError, Exit.DENIED),
)


def exit_of(error: errors.UcmError) -> Exit:
    """The exit status of a failure."""
    return next((found for kind, found in _FAILURES if isinstance(error, kind)), Exit.FAILED)


def told(problem: str, hint: str = "") -> None:
    """Say on standard error what went wrong: one sentence and a hint."""
    click.echo(f"error: {problem}", err=True)
    if hint:
        click.echo(f"hint: {hint}", err=True)


def fail(problem: str, hint: str = "", status: Exit = Exit.FAILED) -> NoReturn:
    """End the command as the command line tells failures: one sentence, a hint, a status; never a traceback."""
    told(problem, hint)
    raise click.exceptions.Exit(status)


@contextmanager
def failures_told() -> Iterator[None]:
    """Inside, a client's exception ends the command with its sentence, hint and status."""
    try:
        yield
    except errors.UcmError as error:
        fail(error.problem, error.hint, exit_of(error))
