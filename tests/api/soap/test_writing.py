"""Answers as elements: the form of each kind of value, and answers that do not fit their contract."""

from __future__ import annotations

import tracemalloc

import pytest
from lxml import etree

from ucmsim import wsdl
from ucmsim.api.soap.text import escape
from ucmsim.api.soap.writing import Standing, UnfitAnswerError, writer
from ucmsim.api.soap.writing import written as written_form
from ucmsim.wsdl.contract import load, parse

CONTRACT = load("ControlCenterServices")
ITEM = {
    "ServiceName": "Cisco Tftp",
    "ServiceStatus": "Started",
    "ReasonCode": -1,
    "ReasonCodeString": " ",
    "StartTime": None,
    "UpTime": 0,
}
INFORMATION = {"ReturnCode": "0", "ReasonCode": -1, "ReasonString": " ", "ServiceInfoList": {"item": [ITEM]}}


def written(information=INFORMATION, **changes) -> str:
    write = writer(CONTRACT.operations["soapGetServiceStatus"].response, CONTRACT.namespace)
    return write({"soapGetServiceStatusReturn": {**information, **changes}})


def item(**changes) -> str:
    text = written(ServiceInfoList={"item": [{**ITEM, **changes}]})
    return text.partition("<ns1:item>")[2].partition("</ns1:item>")[0]


@pytest.mark.parametrize(
    ("changes", "element"),
    [
        ({"ServiceName": "A & B"}, "<ns1:ServiceName>A &amp; B</ns1:ServiceName>"),
        ({"ServiceName": ""}, "<ns1:ServiceName></ns1:ServiceName>"),
        ({"ServiceName": None}, "<ns1:ServiceName></ns1:ServiceName>"),
        ({"StartTime": None}, "<ns1:StartTime></ns1:StartTime>"),  # U-40
        ({"UpTime": -1}, "<ns1:UpTime>-1</ns1:UpTime>"),
        ({"UpTime": 2**70}, f"<ns1:UpTime>{2**70}</ns1:UpTime>"),
        # An empty number or word would be invalid: nil as the captures of a sister service write it.
        (
            {"UpTime": None},
            '<ns1:UpTime xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="1" />',
        ),
        (
            {"ServiceStatus": None},
            '<ns1:ServiceStatus xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="1" />',
        ),
    ],
)
def test_each_value_has_its_form(changes, element):
    assert element in item(**changes)
    CONTRACT.schema().assertValid(etree.fromstring(written(ServiceInfoList={"item": [{**ITEM, **changes}]})))


def test_long_texts_of_clients_are_not_kept():
    write = writer(CONTRACT.operations["soapGetServiceStatus"].response, CONTRACT.namespace)
    tracemalloc.start()
    for n in range(20):
        name = f"{n}" * 1_000_000
        row = {**ITEM, "ServiceName": name}
        assert name in write(
            {"soapGetServiceStatusReturn": {**INFORMATION, "ServiceInfoList": {"item": [row]}}}
        )
    kept, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 5_000_000


@pytest.mark.parametrize("empty", [None, {"item": []}, {"item": ()}])
def test_a_list_of_nothing_is_an_empty_element(empty):
    text = written(ServiceInfoList=empty)
    assert "<ns1:ServiceInfoList></ns1:ServiceInfoList>" in text
    CONTRACT.schema().assertValid(etree.fromstring(text))


def test_the_contract_gives_the_order_not_the_answer():
    assert written(dict(reversed(INFORMATION.items()))) == written()


@pytest.mark.parametrize(
    "changes",
    [
        {"ReturnCode": 0},
        {"ReasonCode": "-1"},
        {"ReasonCode": True},
        {"ReasonCode": 1.0},
        {"ReasonString": b" "},
        {"Colour": "red"},
        {"ServiceInfoList": {"items": []}},
        {"ServiceInfoList": {"item": [None]}},
        {"ServiceInfoList": {"item": [{**ITEM, "ServiceStatus": "started"}]}},
        {"ServiceInfoList": {"item": [{**ITEM, "ServiceStatus": ""}]}},
        {"ServiceInfoList": {"item": [{"ServiceName": "Cisco Tftp"}]}},
    ],
)
def test_an_answer_that_does_not_fit_is_a_mistake(changes):
    with pytest.raises((UnfitAnswerError, KeyError)):
        written(**changes)


def test_a_mandatory_value_must_be_there():
    write = writer(CONTRACT.operations["soapGetStaticServiceList"].response, CONTRACT.namespace)
    service = {
        "ServiceName": "Cisco Tftp",
        "ServiceType": "Service",
        "Deployable": None,
        "GroupName": "CM Services",
        "DependentServices": None,
    }
    with pytest.raises(UnfitAnswerError, match="Deployable must have a value"):
        write({"soapGetStaticServiceListReturn": {"Services": {"item": [service]}}})


@pytest.mark.parametrize(("value", "text"), [(True, "true"), (False, "false")])
def test_truth(value, text):
    write = writer(parse("Changed", _truth_for_name()).operations["soapGetServiceStatus"].response, "urn:x")
    information = {**INFORMATION, "ReasonCode": value}
    assert f"<ns1:ReasonCode>{text}</ns1:ReasonCode>" in write({"soapGetServiceStatusReturn": information})


def _truth_for_name() -> bytes:
    """A contract whose first reason code is a truth."""
    return wsdl.read("ControlCenterServices").replace(
        b'"ReasonCode" type="xs:integer"', b'"ReasonCode" type="xs:boolean"', 1
    )


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("Cisco Tftp", "Cisco Tftp"),
        ("a<b>&c", "a&lt;b&gt;&amp;c"),
        ("]]>", "]]&gt;"),
        ("\"'", "\"'"),
        ("Büro 東京 😀", "Büro 東京 😀"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\rb", "a&#xd;b"),
        ("\0\x1b\ufffe\ud800", "\ufffd\ufffd\ufffd\ufffd"),
    ],
)
def test_text_is_escaped_and_can_be_read_again(text, escaped):
    assert escape(text) == escaped
    read = etree.fromstring(f"<a>{escape(text)}</a>".encode()).text
    assert read == text.translate(dict.fromkeys([0, 0x1B, 0xFFFE, 0xD800], "\ufffd"))


def test_an_answer_that_stands_is_written_once_for_each_stack_that_sends_it():
    made = []

    def current(answer):
        made.append("current")
        return dict(answer)

    def legacy(answer):
        made.append("legacy")
        return [*answer]

    standing, passing = Standing(soapGetServiceStatusReturn="x"), {"soapGetServiceStatusReturn": "x"}

    assert [written_form(standing, write) for write in (current, legacy) * 2] == [
        {"soapGetServiceStatusReturn": "x"},
        ["soapGetServiceStatusReturn"],
    ] * 2
    assert made == ["current", "legacy"]
    written_form(passing, current), written_form(passing, current)
    assert made.count("current") == 3
