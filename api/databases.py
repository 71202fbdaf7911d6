"""Databases: where a server keeps its state – a file in the state directory, or a server that others share.

It opens them and says what to do when one cannot be opened; what is in them is the store's business.
"""

from __future__ import annotations

import sqlalchemy as sql
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from ucmsim.api.migrations import TooNewError
from ucmsim.api.state_directory import DATABASE, StateDirectory, StateDirectoryError
from ucmsim.api.store import Store

_NEWER = "install the version of ucmsim that has used it last, or a newer one"
EXAMPLE = "postgresql+psycopg://user@host/name"


class DatabaseError(Exception):
    """A database cannot be used; the text says why, `hint` what to do about it. Neither holds a password."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.hint = hint


def kept_in(directory: StateDirectory) -> Store:
    """Return the store in the state directory. Raises `StateDirectoryError`."""
    path = directory / DATABASE
    try:
        if not path.exists():
            path.touch(mode=0o600)  # also in a directory into which others may look
        return Store(f"sqlite:///{path}")
    except TooNewError as error:
        raise StateDirectoryError(
            f"the state in {path} is newer than this software: {error}", _NEWER
        ) from error
    except DBAPIError as error:
        raise StateDirectoryError(
            f"the state in {path} cannot be used: {error.orig}",
            "move the file away to start afresh, or give another directory with --state-dir",
        ) from error


def opened(url: str) -> Store:
    """Return the store at a SQLAlchemy URL. Raises `DatabaseError`."""
    try:
        place = sql.make_url(url)
    except ArgumentError:
        raise DatabaseError("--database is no URL", f"write it like {EXAMPLE}") from None
    shown = place.render_as_string(hide_password=True)
    if place.get_backend_name() != "postgresql":
        raise DatabaseError(
            f"{shown}: --database is for PostgreSQL only",
            f"write it like {EXAMPLE}; a file of its own is in --state-dir, without --database",
        )
    try:
        return Store(url)
    except (ModuleNotFoundError, NoSuchModuleError):
        raise DatabaseError(f"{shown}: the driver is missing", "pip install 'ucmsim[postgresql]'") from None
    except TooNewError as error:
        raise DatabaseError(f"{shown} is newer than this software: {error}", _NEWER) from error
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise DatabaseError(
            f"{shown} cannot be used: {reason}", "check that the server runs and lets this user in"
        ) from error
