"""The OpenAPI description: valid, complete, and true of the code it is made from."""

import json
import re

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from ucmsim.api.rest.problems import METHOD_NOT_ALLOWED, TYPES


@pytest.fixture
def described(api):
    return api.ask("GET", "/api/v1/openapi.json").body


def operations(described):
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def schemas_below(schema):
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from schemas_below(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from schemas_below(value)


def test_it_is_valid(described):
    OpenAPIV31SpecValidator(described).validate()
    assert described["openapi"] == "3.1.0"


def test_every_route_is_described_and_nothing_else(api, described):
    routed = {
        (method.lower(), re.sub(r"<(?:any\(.*?\):)?(\w+)>", r"{\1}", rule.rule))
        for rule in api.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routed == {(method, path) for path, methods in described["paths"].items() for method in methods}


def test_every_operation_says_what_it_is(described):
    tags = {tag["name"] for tag in described["tags"]}
    for name, operation in operations(described):
        assert operation["summary"], name
        assert operation["description"], name
        assert set(operation["tags"]) <= tags
        for parameter in operation["parameters"]:
            assert parameter["description"], (name, parameter["name"])
            assert parameter["schema"]
        for answer in operation["responses"].values():
            assert answer["description"]
    assert all(tag["description"] for tag in described["tags"])


def test_every_schema_and_field_is_explained(described):
    for name, schema in described["components"]["schemas"].items():
        assert schema.get("description"), name
        for field, facts in schema.get("properties", {}).items():
            known = {"description", "examples", "$ref", "enum", "const"} & facts.keys()
            obvious = field in ("items", "links")
            assert known or obvious, f"{name}.{field}"


def test_every_kind_of_problem_stands_where_it_may_come(described):
    """Those without a status stand in the results of operations only; a 405 is of no operation that is described."""
    standing = {
        kind
        for _, operation in operations(described)
        for answer in operation["responses"].values()
        for kind in answer.get("content", {}).get("application/problem+json", {}).get("examples", {})
    }
    expected = {kind.name for kind in TYPES.values() if kind.statuses} - {METHOD_NOT_ALLOWED.name}
    assert standing == {name for name in expected if name not in simulation_only()}


def simulation_only():
    """Kinds that the simulation API defines."""
    from ucmsim.api.rest import problems

    return {name for name in TYPES if TYPES[name] not in vars(problems).values()} - {
        "cursor-expired",
        "callback-not-allowed",
        "no-inactive-version",
    }


def test_every_example_fits_its_schema(described):
    for name, operation in operations(described):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for media in (media for body in bodies for media in body.get("content", {}).values()):
            for example in media.get("examples", {}).values():
                schema = {**media["schema"], "components": described["components"]}
                jsonschema.Draft202012Validator(schema).validate(example["value"])
        if "requestBody" in operation:
            examples = [media.get("examples") for media in operation["requestBody"]["content"].values()]
            assert any(examples), name


def test_links_lead_to_operations(described):
    known = {operation["operationId"] for _, operation in operations(described)}
    assert len(known) == len(list(operations(described)))
    linked = {
        link["operationId"]
        for _, operation in operations(described)
        for answer in operation["responses"].values()
        for link in answer.get("links", {}).values()
    }
    assert linked <= known
    assert linked >= {"operations_read", "operations_cancel", "subscriptions_read"}


def test_it_is_the_same_for_everybody_and_every_time(api, described):
    again = api.ask("GET", "/api/v1/openapi.json").body
    assert json.dumps(again) == json.dumps(described)
