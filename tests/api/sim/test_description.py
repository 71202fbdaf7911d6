"""The OpenAPI description of the simulation API: valid, complete, and true of the code it is made from."""

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.api.rest.test_description import (  # noqa: F401  the same holds for both faces
    operations,
    test_every_example_fits_its_schema,
    test_every_operation_says_what_it_is,
    test_every_route_is_described_and_nothing_else,
    test_every_schema_and_field_is_explained,
)


@pytest.fixture
def api(sim):
    return sim


@pytest.fixture
def described(sim):
    return sim.get("/openapi.json").body


def test_it_is_valid(described):
    OpenAPIV31SpecValidator(described).validate()


def test_links_lead_to_operations(described):
    known = {operation["operationId"] for _, operation in operations(described)}
    linked = {
        link["operationId"]
        for _, operation in operations(described)
        for answer in operation["responses"].values()
        for link in answer.get("links", {}).values()
    }
    assert linked <= known
    assert {"faults_read", "snapshots_restore", "scenarios_read"} <= linked


def test_the_page_for_people_names_every_path(sim, described):
    page = sim.get("/docs").body
    assert all(path in page for path in described["paths"])
