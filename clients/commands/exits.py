"""Exit statuses of the command line, and which failure ends with which: the table that the documentation shows."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum
from typing import NoReturn

import click

from ucmsim.clients import errors

_UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""How the system says that output finds no room."""


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
    INTERRUPTED = 130
    PIPE_CLOSED = 141

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
    Exit.FAILED: "Anything else went wrong: throttled, a SOAP fault, an answer that makes no sense, "
    "standard output that cannot be written.",
    Exit.INTERRUPTED: "Interrupted by Ctrl-C; commands that go on until Ctrl-C end with 0.",
    Exit.PIPE_CLOSED: "The reader of standard output went away, such as `head`.",
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


@contextmanager
def endings_told() -> Iterator[None]:
    """Inside, Ctrl-C and a reader that went away end the command silently, a full disk with a sentence; none with a traceback."""
    try:
        yield
    except (KeyboardInterrupt, click.Abort):
        raise click.exceptions.Exit(Exit.INTERRUPTED) from None
    except BrokenPipeError:
        _give_up_output()
        raise click.exceptions.Exit(Exit.PIPE_CLOSED) from None
    except OSError as error:
        if error.errno not in _UNWRITABLE or error.filename is not None:
            raise
        _give_up_output()
        fail(f"standard output cannot be written: {error.strerror}", "check the disk that it goes to")


def _give_up_output() -> None:
    """Let what is still buffered go nowhere: Python would try once more at its end, and complain."""
    with suppress(OSError, ValueError):  # a stream that was put in place of standard output has no descriptor
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
