"""The state directory: found, made for its owner alone, and used by one server at a time."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ucmsim.api.state_directory import StateDirectory, StateDirectoryError, default_path, write_atomically


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"UCMSIM_STATE_DIR": "here", "XDG_STATE_HOME": "/xdg"}, "here"),
        ({"XDG_STATE_HOME": "/xdg"}, "/xdg/ucmsim"),
        ({"XDG_STATE_HOME": "relative"}, "~/.local/state/ucmsim"),
        ({"XDG_STATE_HOME": "", "UCMSIM_STATE_DIR": ""}, "~/.local/state/ucmsim"),
        ({}, "~/.local/state/ucmsim"),
    ],
)
def test_where_it_is(environ: dict[str, str], expected: str) -> None:
    assert default_path(environ) == Path(expected).expanduser()


def test_it_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    with StateDirectory(tmp_path / "a" / "b") as directory:
        assert stat.S_IMODE(directory.path.stat().st_mode) == 0o700


def test_a_second_server_is_kept_out_until_the_first_is_done(tmp_path: Path) -> None:
    first = StateDirectory(tmp_path)
    with pytest.raises(StateDirectoryError, match="in use by another server") as caught:
        StateDirectory(tmp_path)
    assert "--state-dir" in caught.value.hint

    first.close()
    first.close()
    StateDirectory(tmp_path).close()


def test_a_place_that_cannot_be_used_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateDirectoryError, match="cannot be used: "):
        StateDirectory(tmp_path / "file")


@pytest.mark.parametrize(("private", "mode"), [(True, 0o600), (False, 0o644)])
def test_files_have_the_readers_they_should(tmp_path: Path, private: bool, mode: int) -> None:
    with StateDirectory(tmp_path) as directory:
        for content in (b"old", b"new"):
            path = directory.write("name", content, private=private)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", mode)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_atomically(tmp_path / "name", b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(tmp_path / "name", b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["name"]
    assert (tmp_path / "name").read_bytes() == b"old"
