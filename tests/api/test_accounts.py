"""Accounts: whose password it is, what a role allows, and what is remembered of a header."""

from __future__ import annotations

import base64

import argon2
import pytest

from ucmsim.api import accounts as module
from ucmsim.api.accounts import EVERY_PERMISSION, Account, Accounts, Permission, hash_password, read_basic


def basic(text: str) -> bytes:
    return b"Basic " + base64.b64encode(text.encode())


ANNA = Account.of("anna", hash_password("one"), ["monitor"])


class CountingHasher:
    """Counts how often a password is really checked."""

    def __init__(self) -> None:
        self.count = 0
        self._hasher = argon2.PasswordHasher()

    def verify(self, hashed: str, password: str) -> bool:
        self.count += 1
        return self._hasher.verify(hashed, password)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    module._nobody()  # made with the real one
    counting = CountingHasher()
    monkeypatch.setattr(module, "_HASHER", counting)
    return counting


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (basic("a:b"), ("a", "b")),
        (basic("a:b:c"), ("a", "b:c")),
        (basic(":"), ("", "")),
        (b"  bAsIc \t" + base64.b64encode(b"a:b") + b" ", ("a", "b")),
        (b"Basic " + base64.b64encode("ü:ß".encode("latin-1")), ("ü", "ß")),
        (b"Basic " + base64.b64encode("ü:ß".encode()), ("ü", "ß")),
        (b"Basic " + base64.b64encode(b"none"), None),
        (b"Basic a", None),
        (b"Basic \xff", None),
        (b"Basic", None),
        (b"Bearer YTpi", None),
        (b"", None),
    ],
)
def test_the_basic_scheme(header: bytes, expected: tuple[str, str] | None) -> None:
    assert read_basic(header) == expected


def test_a_right_password_is_checked_once(hasher: CountingHasher) -> None:
    accounts = Accounts([ANNA])

    assert accounts.recall(basic("anna:one")) == (False, None)
    assert [accounts.verify(basic("anna:one")) for _ in range(3)] == [ANNA] * 3
    assert accounts.recall(basic("anna:one")) == (True, ANNA)
    assert hasher.count == 1


@pytest.mark.parametrize("text", ["anna:two", "berta:one"])
def test_a_wrong_one_too_and_an_unknown_name_costs_as_much(hasher: CountingHasher, text: str) -> None:
    accounts = Accounts([ANNA])

    assert [accounts.verify(basic(text)) for _ in range(3)] == [None] * 3
    assert accounts.recall(basic(text)) == (True, None)
    assert hasher.count == 1


def test_wrong_passwords_do_not_push_out_right_ones(
    hasher: CountingHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 3)
    accounts = Accounts([ANNA])
    accounts.verify(basic("anna:one"))
    for number in range(5):
        accounts.verify(basic(f"anna:wrong{number}"))

    assert accounts.recall(basic("anna:one")) == (True, ANNA)
    remembered = [accounts.recall(basic(f"anna:wrong{number}"))[0] for number in range(5)]
    assert remembered == [False, False, True, True, True]


def test_new_accounts_remember_nothing(hasher: CountingHasher) -> None:
    Accounts([ANNA]).verify(basic("anna:one"))

    changed = Accounts([Account.of("anna", hash_of("two"), ["monitor"])])

    assert changed.recall(basic("anna:one")) == (False, None)
    assert changed.verify(basic("anna:one")) is None


def hash_of(password: str) -> str:
    return argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


@pytest.mark.parametrize(
    ("roles", "allowed"),
    [
        (["monitor"], {Permission.MONITOR}),
        (["serviceability"], {Permission.MONITOR, Permission.SERVICEABILITY}),
        (["simulation"], {Permission.SIMULATION}),
        (["serviceability", "simulation"], set(EVERY_PERMISSION)),
        ([], set()),
    ],
)
def test_roles_allow(roles: list[str], allowed: set[Permission]) -> None:
    account = Account.of("x", "", roles)

    assert {permission for permission in Permission if account.may(permission)} == allowed


def test_there_are_no_other_roles() -> None:
    with pytest.raises(ValueError, match="root"):
        Account.of("x", "", ["root"])


def test_a_hash_is_not_shown() -> None:
    assert "argon2" in ANNA.password_hash
    assert "argon2" not in repr(ANNA)
