"""Where passwords come from: environment, inventory, file, or made up once. There is no fixed one."""

from __future__ import annotations

import base64
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from ucmsim.api.accounts import Accounts, Permission, hash_password
from ucmsim.api.passwords import PasswordError, PasswordSource, accounts
from ucmsim.api.state_directory import PASSWORD, StateDirectory
from ucmsim.models.inventory import User


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[StateDirectory]:
    with StateDirectory(tmp_path) as directory:
        yield directory


def opens(made: Accounts, name: str, password: str) -> bool:
    return made.verify(b"Basic " + base64.b64encode(f"{name}:{password}".encode())) is not None


def test_without_any_word_one_is_made_up_and_kept(directory: StateDirectory) -> None:
    made, source = accounts((), {}, directory)

    assert source == PasswordSource(file=directory / PASSWORD)
    password = (directory / PASSWORD).read_text().strip()
    assert len(password) == 20
    assert stat.S_IMODE((directory / PASSWORD).stat().st_mode) == 0o600
    assert opens(made, "administrator", password)

    again, _ = accounts((), {}, directory)
    assert opens(again, "administrator", password)


def test_an_emptied_file_is_no_password(directory: StateDirectory) -> None:
    directory.write(PASSWORD, b"\n", private=True)

    made, _ = accounts((), {}, directory)

    assert not opens(made, "administrator", "")
    assert (directory / PASSWORD).read_text().strip()


def test_every_directory_gets_another(tmp_path: Path) -> None:
    made = set()
    for name in ("a", "b"):
        with StateDirectory(tmp_path / name) as directory:
            accounts((), {}, directory)
            made.add((directory / PASSWORD).read_text())
    assert len(made) == 2


@pytest.mark.parametrize(
    "user", [None, User("administrator", frozenset(), password="other"), User("administrator", frozenset())]
)
def test_the_environment_goes_first(directory: StateDirectory, user: User | None) -> None:
    made, source = accounts([user] if user else [], {"UCMSIM_PASSWORD": "from outside"}, directory)

    assert source == PasswordSource(variable="UCMSIM_PASSWORD")
    assert opens(made, "administrator", "from outside")
    assert not opens(made, "administrator", "other")
    assert not (directory / PASSWORD).exists()


def user(**source: str) -> User:
    return User("anna", frozenset({"monitor"}), **source)


@pytest.mark.parametrize(
    ("source", "environ"),
    [
        ({"password": "secret"}, {}),
        ({"password_hash": hash_password("secret")}, {}),
        ({"password_env": "HERS"}, {"HERS": "secret"}),
        ({"password_file": "{}/hers"}, {}),
    ],
)
@pytest.mark.parametrize("name", ["anna", "administrator"])
def test_an_inventory_may_say_where(
    directory: StateDirectory, tmp_path: Path, source: dict[str, str], environ: dict[str, str], name: str
) -> None:
    (tmp_path / "hers").write_text("secret\r\n")
    placed = {key: value.format(tmp_path) for key, value in source.items()}

    made, where = accounts([User(name, frozenset({"monitor"}), **placed)], environ, directory)

    assert opens(made, name, "secret")
    if name == "administrator":
        file = Path(placed["password_file"]) if "password_file" in placed else None
        assert where == PasswordSource(source.get("password_env"), file)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ({}, "user anna has no password"),
        ({"password_env": "HERS"}, "environment variable HERS is not set"),
        ({"password_file": "/nowhere/at all"}, "cannot be read from /nowhere/at all: No such file"),
        ({"password_file": "{}/binary"}, "it is not UTF-8 text"),
        ({"password_file": "{}/empty"}, "user anna has no password"),
        ({"password_hash": "5f4dcc3b5aa765d61d8327deb882cf99"}, "is not an Argon2 hash"),
    ],
)
def test_a_password_that_cannot_be_had_is_said_so(
    directory: StateDirectory, tmp_path: Path, source: dict[str, str], problem: str
) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\xfd")
    (tmp_path / "empty").write_bytes(b"\n")
    placed = {key: value.format(tmp_path) for key, value in source.items()}

    with pytest.raises(PasswordError, match=problem) as caught:
        accounts([user(**placed)], {}, directory)
    assert caught.value.hint


def test_the_administrator_has_every_role_whatever_the_inventory_says(directory: StateDirectory) -> None:
    made, _ = accounts(
        [User("administrator", frozenset({"monitor"}), password="x"), user(password="y")], {}, directory
    )

    assert all(made["administrator"].may(permission) for permission in Permission)
    assert not made["anna"].may(Permission.SERVICEABILITY)
