"""The page about the simulation API: its rules and scenarios are ones that the server takes, and it leaves no effect out."""

import json
import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from ucmsim.api.sim.documents.effects import EffectBody

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "simulation.md").read_text()
BLOCKS = re.findall(r"```(json|toml)\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("kind", "text"), BLOCKS, ids=[text.split("\n")[0][:20] for _, text in BLOCKS])
def test_every_example_is_one_that_the_server_takes(sim, kind, text):
    document = json.loads(text) if kind == "json" else tomllib.loads(text)
    path = "/scenarios" if "steps" in document else "/faults"
    assert sim.post(path, document).status == 201


def test_every_command_line_is_one_that_the_server_takes(sim):
    asked = re.findall(
        r"^ask (?:--request (\w+) )?--json '(.*)'[ \\\n]+https://127.0.0.1:8443(\S+)$", PAGE, re.MULTILINE
    )
    assert len(asked) == 6
    for method, body, path in asked:
        assert sim.ask(method or "POST", path, json.loads(body)).status == 200, path


def test_no_effect_is_left_out():
    types = {get_args(effect.model_fields["type"].annotation)[0] for effect in get_args(EffectBody)}
    assert types == {name for name in re.findall(r"`([A-Z_]+)`", PAGE) if name in types}
