"""Migrations: bring the tables of an older version of this software to what `ucmsim.api.schema` describes.

A new database is made at once as it should be. To change a table, change the schema, add a file to `versions` that does
the same to an existing database, and let `HEAD` name it; a test compares the two ways.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sql

import ucmsim.api.sim.schema  # noqa: F401  (the simulation's tables)
from ucmsim.api.schema import metadata

HEAD = "0002"
"""The newest revision."""
FIRST = "0001"

_VERSION = sql.Table(
    "alembic_version", sql.MetaData(), sql.Column("version_num", sql.String(32), primary_key=True)
)


class TooNewError(Exception):
    """The database was made by a newer version of this software; the text names its revision."""


def prepare(connection: sql.Connection) -> None:
    """Make all tables, or bring those that are there up to date, in the caller's transaction. Raises TooNewError.

    Data is kept. The caller sees to it that nobody else does the same at this moment.
    """
    revision = _revision(connection)
    if revision == HEAD:
        return
    if revision is None:
        metadata.create_all(connection)
        _stamp(connection, HEAD)
    else:
        upgrade(connection, revision)


def upgrade(connection: sql.Connection, revision: str | None, target: str = HEAD) -> None:
    """Run the migrations from a revision (None: no tables at all) to another. Raises TooNewError."""
    # Takes long to load, and is hardly ever needed.
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    if revision is not None:
        _stamp(connection, revision)

    def steps(found: Any, _context: object) -> Any:
        return script._upgrade_revs(target, found)  # noqa: SLF001  (what alembic's own command does)

    with EnvironmentContext(config, script, fn=steps) as context:
        context.configure(connection=connection, transaction_per_migration=False)
        try:
            context.run_migrations()
        except CommandError as error:
            raise TooNewError(str(error)) from error


def _revision(connection: sql.Connection) -> str | None:
    """The revision of the tables that are there, None if there are none."""
    tables = set(sql.inspect(connection).get_table_names())
    if _VERSION.name in tables:
        found: str | None = connection.scalar(sql.select(_VERSION.c.version_num))
        return found
    if "clusters" not in tables:
        return None
    return FIRST if "planned" not in tables else None  # before the first release nothing was written down


def _stamp(connection: sql.Connection, revision: str) -> None:
    _VERSION.create(connection, checkfirst=True)
    connection.execute(sql.delete(_VERSION))
    connection.execute(sql.insert(_VERSION).values(version_num=revision))
