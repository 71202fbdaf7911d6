"""The face itself: what it does when its functions are missing or break, and what it offers besides answers."""

from __future__ import annotations

import logging
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import pytest
from lxml import etree

from tests.api.soap.conversation import ALL, Face, FixedEngine, envelope, fault, payload
from ucmsim.api.soap import SoapApi, control_center, functions
from ucmsim.wsdl.contract import load

CONTRACT = load("ControlCenterServices")


def face(**operations) -> Face:
    return Face(FixedEngine(), SoapApi(CONTRACT, operations))


def test_an_operation_without_a_function_says_so():
    assert fault(face().ask(ALL)) == (
        "soapenv:Server",
        "soapGetServiceStatus of ControlCenterServices is not implemented by this simulator",
    )


@pytest.mark.parametrize(
    "bug",
    [
        lambda call, request: 1 / 0,
        lambda call, request: request.NoSuchField,
        lambda call, request: None,
        lambda call, request: {},
        lambda call, request: {"soapGetServiceStatusReturn": {"ReturnCode": 0}},
    ],
    ids=["an error", "a wrong field", "no answer", "an empty answer", "an unfit answer"],
)
def test_a_bug_becomes_a_neutral_fault_and_its_story_goes_to_the_log(caplog, bug):
    code, text = fault(face(soapGetServiceStatus=bug).ask(ALL))
    assert code == "soapenv:Server"
    incident = re.fullmatch(r"Internal error ([0-9a-f]{8}): see the server's log", text)
    assert incident
    (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert incident[1] in record.getMessage()
    assert record.exc_info
    assert "soap" in record.name


def test_faults_are_not_logged_as_failures(caplog):
    face().ask("<ast:nonsense/>")
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize(
    ("action", "shown"),
    [("urn:x", "urn:x"), ('"urn:x"', "urn:x"), ('""', "null"), ("", "null"), (None, "null")],
)
def test_where_and_how_it_was_asked_appear_in_the_fault_for_an_unknown_operation(action, shown):
    answer = face().ask("<ast:x/>", address="https://192.0.2.1:8443/a?b&c", action=action)
    assert fault(answer)[1] == (
        "The endpoint reference (EPR) for the Operation not found is https://192.0.2.1:8443/a?b&c"
        f" and the WSA Action = {shown}"
    )


def test_the_fault_for_an_unknown_operation_has_the_bytes_of_the_capture():
    assert face().ask("<ast:x/>", address="https://192.0.2.1:8443/x").body == (
        b"<?xml version='1.0' encoding='UTF-8'?>"
        b'<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
        b'<soapenv:Fault xmlns:axis2ns1="http://schemas.xmlsoap.org/soap/envelope/">'
        b"<faultcode>axis2ns1:Client</faultcode><faultstring>The endpoint reference (EPR) for the Operation not found is"
        b" https://192.0.2.1:8443/x and the WSA Action = null</faultstring><detail /></soapenv:Fault>"
        b"</soapenv:Body></soapenv:Envelope>"
    )


def test_a_get_that_asks_for_nothing_gets_the_same_fault():
    code, text = fault(SoapApi(CONTRACT, {}).nothing_asked("https://192.0.2.1:8443/x"))
    assert code == "axis2ns1:Client"
    assert text.endswith("is https://192.0.2.1:8443/x and the WSA Action = null")


def test_an_address_without_a_service_is_not_found():
    answer = SoapApi(CONTRACT, {}).no_service("https://192.0.2.1:8443/controlcenterservice2/services/X")
    assert answer.status == 404
    assert payload(answer).findtext("faultstring") == (
        "The service cannot be found for the endpoint reference (EPR) "
        "https://192.0.2.1:8443/controlcenterservice2/services/X"
    )


def test_the_schema_is_served_as_a_document_of_its_own():
    schema = SoapApi(CONTRACT, {}).schema("")
    assert schema
    etree.XMLSchema(etree.fromstring(schema))
    assert schema.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<xs:schema")


@pytest.mark.parametrize(
    ("request_bytes", "operation"),
    [
        (envelope(ALL), "soapGetServiceStatus"),
        (envelope("<ast:soapDoControlServices/>"), "soapDoControlServices"),
        (envelope("<soapDoControlServices/>"), None),
        (envelope("<ast:unknown/>"), None),
        (envelope(""), None),
        (b"", None),
        (b"\xff" * 100, None),
    ],
)
def test_the_operation_of_a_request_is_told_without_answering_it(request_bytes, operation):
    assert SoapApi(CONTRACT, {}).operation(request_bytes) == operation


def test_functions_are_a_modules_own_public_ones_with_their_services():
    module = ModuleType("a_face")
    exec(
        "from os.path import join\ndef operation(engine, call, request): return engine, call, request\n"
        "def _private(): pass\nclass Thing: pass\nCONSTANT = 1",
        vars(module),
    )
    found = functions(module, "engine")
    assert list(found) == ["operation"]
    assert found["operation"].args == ("engine",)


def test_every_operation_of_the_contract_has_its_function():
    assert set(functions(control_center)) == set(CONTRACT.operations)


def test_the_contract_is_served_with_the_callers_address():
    served = SoapApi(CONTRACT, {}).wsdl("https://127.0.0.2:18443/x")
    assert b'location="https://127.0.0.2:18443/x"' in served
    assert b"localhost" not in served
    etree.fromstring(served)


def test_faults_of_many_clients_at_once_are_each_their_own(face):
    """A shared error log would hand one client another's fault."""
    start = threading.Barrier(8)

    def ask(client: int) -> None:
        start.wait(20)
        for n in range(200):
            request = ALL.replace("<ast:ServiceStatus/>", f'<field-{client}-{n} xmlns="urn:x"/>')
            assert fault(face.ask(request))[1].endswith(f"Unexpected subelement {{urn:x}}field-{client}-{n}")

    with ThreadPoolExecutor(8) as clients:
        list(clients.map(ask, range(8)))
