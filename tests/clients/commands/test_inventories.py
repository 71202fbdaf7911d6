"""`ucmsim export` and `import`: the inventory of a running server, out and in."""

from __future__ import annotations

import json
import tomllib

import pytest

from tests.clients.lab import QUICK
from ucmsim.clients.testing import serve

NODE = """
[[clusters.nodes]]
id = "cucm-sub2"
product = "UCM"
role = "subscriber"
address = "127.0.0.3"
"""


@pytest.fixture
def own(run):
    """A server that may be changed, and the command line against it."""
    with serve(QUICK) as ucm:
        reach = {
            "UCMSIM_PORT": str(ucm.port),
            "UCMSIM_CACERT": ucm.verify,
            "UCMSIM_PASSWORD": ucm.credentials.password,
        }
        yield lambda *arguments: run(*arguments, **reach)


def test_what_is_exported_can_be_imported_and_changes_nothing(own, tmp_path):
    file = tmp_path / "lab.toml"
    assert own("export", "-o", str(file)).exit_code == 0
    assert [node["id"] for node in tomllib.loads(file.read_text())["clusters"][0]["nodes"]] == [
        "cucm-pub",
        "cucm-sub",
    ]
    assert own("import", str(file)).stdout == "nothing differs\n"


def test_a_node_is_added_after_a_look_at_what_would_change(own, tmp_path):
    file = tmp_path / "bigger.toml"
    file.write_text(own("export").stdout + NODE)
    assert "added lab cucm-sub2" in own("import", str(file), "--dry-run").stdout.splitlines()
    assert own("list", "--host", "127.0.0.3").exit_code == 4
    assert "added lab cucm-sub2" in own("import", str(file)).stdout.splitlines()
    assert own("list", "--host", "127.0.0.3").exit_code == 0


def test_a_file_is_not_replaced_by_accident(own, tmp_path):
    file = tmp_path / "lab.toml"
    file.write_text("precious")
    refused = own("export", "-o", str(file))
    assert refused.exit_code == 2
    assert f"{file} exists; --force replaces it." in refused.stderr
    assert file.read_text() == "precious"
    assert own("export", "-o", str(file), "--force").exit_code == 0
    assert tomllib.loads(file.read_text())["clusters"]


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(own, tmp_path):
    told = own("export", "-o", str(tmp_path / "missing" / "lab.toml"))
    assert told.exit_code == 2
    assert f"there is no directory {tmp_path / 'missing'}" in told.stderr
    full = own("export", "-o", "/proc/version", "--force")
    assert full.exit_code == 2
    assert "cannot be written" in full.stderr or "is not writable" in full.stderr


def test_json_as_well(own, tmp_path):
    file = tmp_path / "lab.json"
    assert own("export", "--json", "-o", str(file)).exit_code == 0
    document = json.loads(file.read_text())
    document["users"] = [{"name": "watcher", "roles": ["monitor"], "password": "eyes"}]
    file.write_text(json.dumps(document))
    told = own("import", str(file), "--dry-run")
    assert told.stdout == "nothing differs\n"
    assert "accounts" in told.stderr


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        ("clusters = 3", 7, "clusters"),
        ("[[clusters", 2, "cannot be read"),
        (QUICK.replace('"UCM"', '"PBX"', 1), 7, "product"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_changed(own, tmp_path, text, status, told):
    file = tmp_path / "wrong.toml"
    file.write_text(text)
    before = own("export").stdout
    done = own("import", str(file))
    assert done.exit_code == status
    assert told in done.stderr
    assert own("export").stdout == before
