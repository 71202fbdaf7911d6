"""The migrations on PostgreSQL, which makes tables in its own way."""

from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sql

from tests.api.test_migrations import differences, first_schema, revision
from ucmsim.api.migrations import HEAD
from ucmsim.api.store import Store


def test_a_new_database_is_what_the_schema_says(database: str) -> None:
    Store(database).close()

    assert (revision(database), differences(database)) == (HEAD, [])


def test_machines_that_begin_at_once_migrate_once(database: str) -> None:
    first_schema(database).dispose()

    with ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(Store, [database] * 4))

    for store in stores:
        store.close()
    engine = sql.create_engine(database)
    with engine.connect() as connection:
        assert connection.scalar(sql.text("SELECT version FROM clusters")) == 7
    engine.dispose()
    assert (revision(database), differences(database)) == (HEAD, [])
