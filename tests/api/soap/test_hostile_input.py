"""Requests that make no sense or mean harm: each is answered with one fault of section 3.5, and does nothing."""

from __future__ import annotations

import resource
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.api.soap.conversation import (
    ADDRESS,
    ALL,
    NAMESPACE,
    NIL,
    Face,
    FixedEngine,
    control,
    deployment,
    envelope,
    fault,
    payload,
)
from ucmsim.api.soap import SoapApi, control_center, functions
from ucmsim.api.soap.envelope import _parser
from ucmsim.wsdl.contract import load

SERVER = "soapenv:Server"
ADB = "org.apache.axis2.databinding.ADBException: "
WSTX = "com.ctc.wstx.exc.Wstx"
DTD = "SOAP message MUST NOT contain a Document Type Declaration(DTD)"
EPR = f"The endpoint reference (EPR) for the Operation not found is {ADDRESS} and the WSA Action = null"
SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"

RESTART = control(
    "<ast:NodeName>cucm-pub</ast:NodeName><ast:ControlType>Restart</ast:ControlType>"
    "<ast:ServiceList><ast:item>Cisco Tftp</ast:item></ast:ServiceList>"
)


def at(line: int, column: int) -> str:
    return f"\n at [row,col {{unknown-source}}]: [{line},{column}]"


def status(inside: str) -> str:
    return f"<ast:soapGetServiceStatus>{inside}</ast:soapGetServiceStatus>"


BODIES = {
    "an empty Body": ("", "axis2ns1:Client", EPR),
    "text in the Body": ("soapGetServiceStatus", "axis2ns1:Client", EPR),
    "an unknown operation": ("<ast:soapStopEverything/>", "axis2ns1:Client", EPR),
    "an operation of the other contract": ("<ast:soapDoControlServicesEx/>", "axis2ns1:Client", EPR),
    "an operation in other letters": ("<ast:SoapGetServiceStatus/>", "axis2ns1:Client", EPR),
    "an answer": ("<ast:soapGetServiceStatusResponse/>", "axis2ns1:Client", EPR),
    "a Fault": (
        "<soapenv:Fault><faultcode>soapenv:Server</faultcode><faultstring>no</faultstring></soapenv:Fault>",
        "axis2ns1:Client",
        EPR,
    ),
    "an operation in no namespace": (
        "<soapGetServiceStatus/>",
        SERVER,
        ADB + "Unexpected subelement soapGetServiceStatus",
    ),
    "an operation in another namespace": (
        '<x:soapGetServiceStatus xmlns:x="urn:x"/>',
        SERVER,
        ADB + "Unexpected subelement {urn:x}soapGetServiceStatus",
    ),
    "an unknown field": (
        status("<ast:Colour>red</ast:Colour>"),
        SERVER,
        ADB + f"Unexpected subelement {{{NAMESPACE}}}Colour",
    ),
    "an unknown field beside a known one": (
        control("<ast:ControlType>Stop</ast:ControlType><ast:Colour/>"),
        SERVER,
        ADB + f"Unexpected subelement {{{NAMESPACE}}}Colour",
    ),
    "a wrapper around nothing known": (
        "<ast:soapDoControlServices><ast:Wrapper><ast:Colour/></ast:Wrapper></ast:soapDoControlServices>",
        SERVER,
        ADB + f"Unexpected subelement {{{NAMESPACE}}}Wrapper",
    ),
    "two actions": (
        control("<ast:ControlType>Stop</ast:ControlType><ast:ControlType>Start</ast:ControlType>"),
        SERVER,
        ADB + f"Unexpected subelement {{{NAMESPACE}}}ControlType",
    ),
    "elements inside a text": (
        control("<ast:NodeName><ast:b/></ast:NodeName>"),
        SERVER,
        ADB + f"Unexpected subelement {{{NAMESPACE}}}b",
    ),
    "elements inside an item": (
        control("<ast:ServiceList><ast:item><ast:b/></ast:item></ast:ServiceList>"),
        SERVER,
        ADB + f"Unexpected subelement {{{NAMESPACE}}}item",
    ),
    "a stranger in a list": (
        control("<ast:ServiceList><ast:thing>Cisco Tftp</ast:thing></ast:ServiceList>"),
        SERVER,
        ADB + f"Unexpected subelement {{{NAMESPACE}}}thing",
    ),
    "the argument is missing": (
        "<ast:getProductInformationList/>",
        SERVER,
        ADB + "ServiceInfo cannot be null!!",
    ),
    "the request is missing": (
        "<ast:soapDoControlServices/>",
        SERVER,
        ADB + "ControlServiceRequest cannot be null!!",
    ),
    "the request is nil": (
        control("").replace("Request>", f"Request {NIL}>", 1),
        SERVER,
        ADB + "ControlServiceRequest cannot be null!!",
    ),
    "an unknown action (U-33)": (
        RESTART.replace("Restart", "Explode"),
        SERVER,
        "unknown",
    ),
    "an unknown deployment (U-33)": (
        deployment("<ast:DeployType>Restart</ast:DeployType><ast:ServiceList/>"),
        SERVER,
        "unknown",
    ),
}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_makes_no_sense(face, engine, what):
    body, code, text = BODIES[what]
    assert fault(face.ask(body)) == (code, text)
    assert engine.commands == engine.questions == []


def enveloped(name: str = "Envelope", namespace: str = SOAP_11, inside: str = "") -> bytes:
    return f'<e:{name} xmlns:e="{namespace}">{inside}</e:{name}>'.encode()


ENTITY = b'<!DOCTYPE e [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = b"<!DOCTYPE e [<!ENTITY a0 'ha'>%s]>" % b"".join(
    b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
)
LONG = b"<!DOCTYPE e [<!ENTITY a '%s'>]>" % (b"x" * 100_000)

NOBODY = (
    "Envelope must contain a body element which is either first or second child element of the SOAPEnvelope."
)
VERSION = "soapenv:VersionMismatch"
MISMATCH = "Transport level information does not match with SOAP Message namespace URI"

DOCUMENTS = {
    "nothing": (b"", SERVER, WSTX + "EOFException: Unexpected EOF in prolog" + at(1, 0)),
    "white space": (b" \r\n ", SERVER, WSTX + "EOFException: Unexpected EOF in prolog" + at(1, 0)),
    "a form": (
        b"user=x&y=z",
        SERVER,
        WSTX
        + "UnexpectedCharException: Unexpected character 'u' (code 117) in prolog; expected '<'"
        + at(1, 1),
    ),
    "JSON": (
        b'{"soapGetServiceStatus": ""}',
        SERVER,
        WSTX
        + "UnexpectedCharException: Unexpected character '{' (code 123) in prolog; expected '<'"
        + at(1, 1),
    ),
    "a document that breaks off": (
        b"<a><b>",
        SERVER,
        WSTX + "EOFException: Unexpected EOF" + at(1, 7),
    ),
    "tags that cross": (b"<a>\n<b></a>", SERVER, WSTX + "ParsingException: Unexpected close tag" + at(2, 8)),
    "an unknown encoding": (
        b"<?xml version='1.0' encoding='klingon'?>" + envelope(ALL),
        SERVER,
        WSTX + "IOException: Unsupported encoding" + at(1, 39),
    ),
    "another root": (
        b"<html/>",
        SERVER,
        "First Element must contain the local name, Envelope , but found html",
    ),
    "the operation without an envelope": (
        f'<soapGetServiceStatus xmlns="{NAMESPACE}"/>'.encode(),
        SERVER,
        "First Element must contain the local name, Envelope , but found soapGetServiceStatus",
    ),
    "an envelope of nothing": (enveloped(), SERVER, NOBODY),
    "a header alone": (enveloped(inside="<e:Header/>"), SERVER, NOBODY),
    "a Body of no namespace": (enveloped(inside="<Body/>"), SERVER, NOBODY),
    "SOAP 1.2": (enveloped(namespace=SOAP_12, inside="<e:Body/>"), VERSION, MISMATCH),
    "a SOAP of no version": (
        enveloped(namespace="urn:soap"),
        VERSION,
        "Only SOAP 1.1 or SOAP 1.2 messages are supported in the system",
    ),
    "an external entity": (
        ENTITY + envelope(status("<ast:ServiceStatus>&x;</ast:ServiceStatus>")),
        SERVER,
        DTD,
    ),
    "an external entity in an attribute": (ENTITY + envelope("<ast:x y='&x;'/>"), SERVER, DTD),
    "an external document type": (
        b'<!DOCTYPE e SYSTEM "http://127.0.0.1:1/e.dtd">' + envelope(ALL),
        SERVER,
        DTD,
    ),
    "a parameter entity": (
        b'<!DOCTYPE e [<!ENTITY % x SYSTEM "http://127.0.0.1:1/e.dtd"> %x;]>' + envelope(ALL),
        SERVER,
        DTD,
    ),
    "a document type and no entity": (b"<!DOCTYPE e>" + envelope(ALL), SERVER, DTD),
    "default attributes": (b"<!DOCTYPE e [<!ATTLIST e a CDATA 'x'>]>" + envelope(ALL), SERVER, DTD),
    "a billion laughs": (
        LAUGHS + envelope(status("<ast:ServiceStatus>&a11;</ast:ServiceStatus>")),
        SERVER,
        DTD,
    ),
    "a billion laughs in an attribute": (LAUGHS + envelope("<ast:x y='&a11;'/>"), SERVER, DTD),
    "a quadratic blow-up": (LONG + envelope(f"<ast:x>{'&a;' * 20_000}</ast:x>"), SERVER, DTD),
    "a quadratic blow-up in an attribute": (LONG + envelope(f"<ast:x y='{'&a;' * 2_000}'/>"), SERVER, DTD),
    "a document type in UTF-16": (
        ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE e>' + envelope(ALL).decode()).encode("utf-16"),
        SERVER,
        DTD,
    ),
}


@pytest.mark.parametrize("what", DOCUMENTS)
def test_a_document_that_makes_no_sense(face, engine, what):
    document, code, text = DOCUMENTS[what]
    assert fault(face.post(document)) == (code, text)
    assert engine.commands == engine.questions == []


GARBLED = {
    "a NUL": b"<a>\0</a>",
    "bytes of no encoding": b"<a>\xff\xfe\xfd</a>",
    "an undeclared prefix": b"<x:a/>",
    "an attribute twice": b"<a b='' b=''/>",
    "an undeclared entity": b"<a>&nbsp;</a>",
    "a reference to nothing": b"<a>&#0;</a>",
    "something after the end": envelope(ALL) + b"<!-- x --><a/>",
    "two documents": envelope(ALL) * 2,
    "a declaration that comes late": b"\n<?xml version='1.0'?>" + envelope(ALL),
    "UTF-16 that is not": b"<?xml version='1.0' encoding='utf-16'?>" + envelope(ALL),
    "half of UTF-16": envelope(ALL).decode().encode("utf-16")[:-1],
    "angle brackets": b"<" * 10_000,
    "a name without end": b"<" + b"x" * 100_000,
    "very deep": envelope("<ast:x>" * 50_000 + "</ast:x>" * 50_000),
    "nothing but depth": b"<a>" * 50_000,
    "compressed": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
}


@pytest.mark.parametrize("what", GARBLED)
def test_what_is_no_document_is_malformed(face, engine, what):
    code, text = fault(face.post(GARBLED[what]))
    assert code == SERVER
    assert text.startswith(WSTX)
    assert " at [row,col {unknown-source}]: [" in text
    assert engine.commands == engine.questions == []


LARGE = {
    "many elements": envelope(status("<ast:a/>" * 200_000)),
    "many attributes": envelope(status("<ast:a {}/>".format(" ".join(f"b{n}=''" for n in range(20_000))))),
    "many namespaces": envelope(
        status("<ast:a {}/>".format(" ".join(f"xmlns:b{n}='u'" for n in range(5_000))))
    ),
    "a long text": envelope(status(f"<ast:a>{'x' * 5_000_000}</ast:a>")),
    "many comments": envelope(status("<!-- -->" * 200_000 + "<ast:a/>")),
}


@pytest.mark.parametrize("what", LARGE)
def test_a_large_document_is_read_and_refused(face, what):
    assert fault(face.post(LARGE[what])) == (SERVER, ADB + f"Unexpected subelement {{{NAMESPACE}}}a")


def test_many_names_are_only_many_names(face, engine):
    names = [f"Cisco Service {n}" for n in range(5_000)]
    answer = face.ask(status("".join(f"<ast:ServiceStatus>{name}</ast:ServiceStatus>" for name in names)))
    assert answer.status == 200
    assert engine.questions == [tuple(names)]


def test_no_file_is_opened_for_a_document(tmp_path):
    """A broken external document type would make the parse fail, if it were read."""
    broken = tmp_path / "broken.dtd"
    broken.write_text("<!ELEMENT")
    for declaration in (f'e SYSTEM "{broken}"', f'e [<!ENTITY % x SYSTEM "{broken}"> %x;]'):
        etree.fromstring(f"<!DOCTYPE {declaration}><e/>".encode(), _parser())


@pytest.mark.parametrize(("names", "length"), [(50, 1_000), (10, 1_000)], ids=["large", "small"])
def test_names_of_hostile_documents_are_forgotten(face, monkeypatch, names, length):
    """What libxml2 remembers of a document goes with it: after 50 MB of names the memory is there again."""
    monkeypatch.setattr("ucmsim.api.soap.envelope.READ_AT_MOST", 1_000_000)
    unit = 1 if sys.platform == "darwin" else 1024

    def peak() -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit

    def post(n: int) -> None:
        face.ask(status("".join(f"<ast:{'x' * length}-{n}-{m}/>" for m in range(names))))

    post(0)
    before = peak()
    for n in range(1, 50_000_000 // (names * length) + 1):
        post(n)
    assert peak() - before < 25_000_000


WHOLE = envelope(RESTART)


@settings(max_examples=300, deadline=None)
@given(
    at=st.integers(0, len(WHOLE)),
    length=st.integers(0, 40),
    patch=st.binary(max_size=20)
    | st.sampled_from([b"<", b"&", b"&x;", b"</ast:item>", b"<!DOCTYPE a>", b'"', b"<!--"]),
)
def test_a_damaged_request_gets_an_answer_that_can_be_read(at, length, patch):
    """Whatever happens to the bytes: well-formed XML, 200 or 500, and a fault changes nothing."""
    engine = FixedEngine()
    face = Face(engine, SoapApi(load("ControlCenterServices"), functions(control_center, engine)))
    answer = face.post(WHOLE[:at] + patch + WHOLE[at + length :])
    assert "Internal error" not in answer.body.decode()
    if answer.status == 500:
        assert engine.commands == []
        fault(answer)
    else:
        assert (answer.status, payload(answer).tag) == (200, f"{{{NAMESPACE}}}soapDoControlServicesResponse")
