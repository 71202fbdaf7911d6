"""The contracts as zeep reads them, in strict mode: the names and the shapes that scripts are written against."""

from __future__ import annotations

import pytest
import zeep

from ucmsim import wsdl

NAMESPACE = "{http://schemas.cisco.com/ast/soap}"


def client(service: str) -> zeep.Client:
    return zeep.Client(str(wsdl.path(service)), settings=zeep.Settings(strict=True))


@pytest.mark.parametrize("service", ["ControlCenterServices", "ControlCenterServicesEx"])
def test_scripts_find_the_binding_by_name(service):
    assert list(client(service).wsdl.bindings) == [f"{NAMESPACE}{service}Binding"]


@pytest.mark.parametrize(
    ("service", "value"), [("ControlCenterServices", "0"), ("ControlCenterServicesEx", 0)]
)
def test_return_code_is_a_text_with_content_or_a_number(service, value):
    """Section 2: `{'_value_1': '0'}` in one contract, an integer in the other."""
    information = client(service).get_type(f"{NAMESPACE}ServiceInformationResponse")
    item = dict(information.elements)["ReturnCode"].type
    assert (item.name, item.is_global) == (("ReturnCode", True) if value == "0" else ("integer", True))
