"""Documents on the command line: a TOML or JSON file, in and out, or words of the form KEY=VALUE."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click


def read(path: Path) -> dict[str, Any]:
    """The document in a file, TOML or JSON by its ending; ends the command for a file that is neither."""
    try:
        text = path.read_text("utf-8-sig")
        document = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (ValueError, OSError) as error:
        raise click.UsageError(f"{path} cannot be read: {error}") from None
    if not isinstance(document, dict):
        raise click.UsageError(f"{path} has no table in it.")
    return document


def check_free(path: Path, *, force: bool) -> None:
    """End the command if a file may not be written there: it exists, unless `force`, or its directory does not."""
    if path.exists() and not force:
        raise click.UsageError(f"{path} exists; --force replaces it.")
    if not path.parent.is_dir():
        raise click.UsageError(f"{path} cannot be written: there is no directory {path.parent}.")


def write(path: Path, text: str) -> None:
    """Write a file; ends the command if that cannot be done."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror}.") from None


def pairs(words: Iterable[str]) -> dict[str, Any]:
    """KEY=VALUE words; numbers, true, false and null are taken as such, everything else as text."""
    found: dict[str, Any] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or not key:
            raise click.UsageError(f"{word!r} is not of the form KEY=VALUE.")
        found[key] = _value(value)
    return found


def _value(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return text if isinstance(value, dict | list | str) else value


def shown(document: Any) -> str:
    """A document for people and programs."""
    return json.dumps(document, indent=2, ensure_ascii=False)
