"""Where passwords come from: the environment, an inventory, a file, or made up once and kept. Never a fixed one.

It turns the users of an inventory into accounts and says how the administrator's password can be seen again.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import argon2

from ucmsim.api.accounts import EVERY_PERMISSION, Account, Accounts, hash_password
from ucmsim.api.state_directory import PASSWORD, StateDirectory
from ucmsim.models.inventory import User

ADMINISTRATOR = "administrator"
VARIABLE = "UCMSIM_PASSWORD"


class PasswordError(Exception):
    """An account's password cannot be had; the text says whose and why, `hint` what to do about it."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.hint = hint


@dataclass(frozen=True)
class PasswordSource:
    """Where the administrator's password is: in an environment variable, in a file, or in the inventory (neither)."""

    variable: str | None = None
    file: Path | None = None


def accounts(
    users: Iterable[User], environ: Mapping[str, str], directory: StateDirectory
) -> tuple[Accounts, PasswordSource]:
    """The accounts of an inventory with `administrator`, who has every role, and where that one's password is.

    `UCMSIM_PASSWORD` goes before what the inventory says of the administrator. Raises `PasswordError`.
    """
    by_name = {user.name: user for user in users}
    source, hashed = _administrator(by_name.pop(ADMINISTRATOR, None), environ, directory)
    administrator = Account(ADMINISTRATOR, hashed, EVERY_PERMISSION)
    others = [Account.of(user.name, _hash_of(user, environ), user.roles) for user in by_name.values()]
    return Accounts([administrator, *others]), source


def _administrator(
    user: User | None, environ: Mapping[str, str], directory: StateDirectory
) -> tuple[PasswordSource, str]:
    if password := environ.get(VARIABLE):
        return PasswordSource(variable=VARIABLE), hash_password(password)
    if user and _has_source(user):
        file = Path(user.password_file).absolute() if user.password_file else None
        return PasswordSource(user.password_env, file), _hash_of(user, environ)
    return PasswordSource(file=directory / PASSWORD), hash_password(_kept(directory))


def _kept(directory: StateDirectory) -> str:
    """The password made up at the first start."""
    try:
        kept = (directory / PASSWORD).read_text("utf-8").strip()
    except FileNotFoundError:
        kept = ""
    if not kept:
        kept = secrets.token_urlsafe(15)
        directory.write(PASSWORD, f"{kept}\n".encode(), private=True)
    return kept


def _has_source(user: User) -> bool:
    return any((user.password, user.password_hash, user.password_env, user.password_file))


def _hash_of(user: User, environ: Mapping[str, str]) -> str:
    if user.password_hash:
        return _checked(user.name, user.password_hash)
    return hash_password(_plain(user, environ))


def _checked(name: str, password_hash: str) -> str:
    try:
        argon2.extract_parameters(password_hash)
    except argon2.exceptions.InvalidHashError:
        raise PasswordError(
            f"the password_hash of user {name} is not an Argon2 hash",
            'it reads "$argon2id$…": python -c "import argon2; print(argon2.PasswordHasher().hash(input()))"',
        ) from None
    return password_hash


def _plain(user: User, environ: Mapping[str, str]) -> str:
    if user.password:
        return user.password
    if user.password_env:
        if password := environ.get(user.password_env):
            return password
        raise PasswordError(
            f"the password of user {user.name} is missing: the environment variable {user.password_env} is not set",
            f"set {user.password_env}, or change password_env in the inventory",
        )
    if user.password_file:
        try:
            password = Path(user.password_file).read_text("utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = (error.strerror or str(error)) if isinstance(error, OSError) else "it is not UTF-8 text"
            raise PasswordError(
                f"the password of user {user.name} cannot be read from {user.password_file}: {reason}",
                "change password_file in the inventory",
            ) from error
        if password:
            return password
    raise PasswordError(
        f"user {user.name} has no password",
        "give password_env, password_file, password_hash or password in the inventory",
    )
