"""Databases of older versions are brought up to date with their state; new ones are the same as those."""

import json

import pytest
import sqlalchemy as sql
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from ucmsim.api import inventory, migrations
from ucmsim.api.clock import Clock
from ucmsim.api.engine import Engine
from ucmsim.api.migrations import FIRST, HEAD, TooNewError
from ucmsim.api.schema import metadata
from ucmsim.api.store import Store
from ucmsim.models.states import NodeRef, Status

NOW = 1_700_000_000_000


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'ucmsim.sqlite3'}"


def first_schema(url):
    """A database as the first version made it, in which one service of the lab was stopped by an administrator."""
    engine = sql.create_engine(url)
    with engine.begin() as connection:
        migrations.upgrade(connection, None, FIRST)
        connection.execute(sql.text("INSERT INTO clusters VALUES ('lab', 7, :now)"), {"now": NOW})
        moments = json.dumps([[NOW, "Stopped", -1069, None]])
        row = {"moments": moments}
        connection.execute(
            sql.text("INSERT INTO instances VALUES ('lab', 'cucm-pub', 'Cisco CDP', true, true, :moments)"),
            row,
        )
    return engine


def differences(url):
    """What a database has or lacks, compared with the schema."""
    engine = sql.create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = [each for each in compare_metadata(context, metadata) if "alembic_version" not in str(each)]
    engine.dispose()
    return found


def revision(url):
    engine = sql.create_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(sql.text("SELECT version_num FROM alembic_version"))
    engine.dispose()
    return found


def test_a_database_of_the_first_version_keeps_its_clusters(url):
    first_schema(url).dispose()

    engine = Engine(Store(url), inventory.builtin("lab"), Clock.frozen(NOW + 60_000))

    (row,) = engine.status(NodeRef("lab", "cucm-pub"), ("Cisco CDP",)).rows
    assert row.status is Status.STOPPED
    assert engine.events() == []
    engine.close()
    assert revision(url) == HEAD


def test_a_database_from_before_revisions_were_written_down_is_one_of_the_first(url):
    engine = first_schema(url)
    with engine.begin() as connection:
        connection.execute(sql.text("DROP TABLE alembic_version"))
    engine.dispose()

    Store(url).close()

    assert (revision(url), differences(url)) == (HEAD, [])


@pytest.mark.parametrize("make", [first_schema, None], ids=["migrated", "new"])
def test_migrated_and_new_databases_are_what_the_schema_says(url, make):
    """If this fails, the schema was changed without a migration: write one, and let HEAD name it."""
    if make:
        make(url).dispose()
    Store(url).close()

    assert differences(url) == []


def test_both_have_the_very_same_tables(tmp_path):
    """Also what a comparison with the schema does not see, such as numbers that are never used twice."""
    old, new = (f"sqlite:///{tmp_path / name}" for name in ("old", "new"))
    first_schema(old).dispose()

    assert tables(old) == tables(new)


def tables(url):
    Store(url).close()
    engine = sql.create_engine(url)
    with engine.connect() as connection:
        query = sql.text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
        found = {name: " ".join(statement.split()) for name, statement in connection.execute(query)}
    engine.dispose()
    found.pop("alembic_version")
    return found


def test_opening_a_database_again_changes_nothing(url):
    Store(url).close()
    before = revision(url)

    Store(url).close()

    assert revision(url) == before == HEAD


def test_a_database_of_a_newer_version_is_left_alone(url):
    Store(url).close()
    engine = sql.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sql.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(TooNewError, match="9999"):
        Store(url)
    assert revision(url) == "9999"


def test_the_newest_revision_is_the_one_that_is_wanted():
    config = Config()
    config.set_main_option("script_location", str(next(iter(migrations.__path__))))
    config.set_main_option("path_separator", "os")

    assert ScriptDirectory.from_config(config).get_current_head() == HEAD
