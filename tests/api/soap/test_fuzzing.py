"""Mutated requests by the thousand: every answer can be read, nothing is logged, kept or changed that should not be."""

from __future__ import annotations

import logging
import re
import resource
import sys
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.api.soap.conversation import FixedEngine, Request
from tests.api.soap.mutations import SEEDS, mutated
from ucmsim.api.engine import Engine
from ucmsim.api.faces import faces
from ucmsim.api.ring.web_application import Face
from ucmsim.api.soap import Response

PATHS = sorted(SEEDS)
CONTENT_TYPES = (
    None,
    "",
    "text/xml",
    "text/xml; charset=utf-16",
    'text/xml;charset="latin-1"',
    "a/b;charset=\0",
    "charset=utf-7",
)
ACTIONS = (None, "", '""', "soapDoControlServices", "ü\0", "x" * 5_000)


class Noise(logging.Handler):
    """Collects what a server would write into its log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(scope="module")
def noise():
    handler = Noise()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def requested(chance: Random, path: str) -> Request:
    body = mutated(chance, chance.choice(SEEDS[path]))
    return Request(body, chance.choice(CONTENT_TYPES), chance.choice(ACTIONS))


def answered(face: Face, posted: Request) -> Response:
    """What the face says, as the type that it is."""
    answer = face.answer(posted)  # type: ignore[arg-type]
    assert isinstance(answer, Response)
    return answer


def check(answer: Response) -> bool:
    """Say whether an answer is a success; it must be one, or a fault, and nothing but XML."""
    root = etree.fromstring(answer.body)
    assert etree.QName(root).localname == "Envelope"
    ((element,),) = root
    assert "Internal error" not in answer.body.decode()
    if answer.status == 500:
        assert etree.QName(element).localname == "Fault"
        assert re.fullmatch(r"(soapenv|axis2ns1|ns1):[A-Za-z.]+", element.findtext("faultcode", ""))
        assert element.findtext("faultstring")
        return False
    assert answer.status == 200
    assert etree.QName(element).localname.endswith("Response")
    return True


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=400, deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_any_request_gets_an_answer_that_can_be_read(noise: Noise, path: str, chance: Random):
    """And what is refused has done nothing."""
    engine = FixedEngine()
    face: Face = faces(engine)[path]  # type: ignore[arg-type]
    posted = requested(chance, path)
    operation = face.operation(posted.body, posted.content_type)
    succeeded = check(answered(face, posted))
    assert not succeeded or operation is not None
    if not succeeded or operation is None or not operation.startswith("soapDo"):
        assert engine.commands == []
    assert len(engine.commands) <= 1
    assert noise.records == []


def test_a_refused_request_leaves_the_cluster_as_it_was(lab: Engine, noise: Noise):
    """The same over the real engine: state, events and operations."""
    chance = Random(20_241_122)
    served = faces(lab)
    refused = 0
    for _ in range(600):
        path = chance.choice(PATHS)
        before, events = lab.cluster("lab"), lab.event_range()
        posted = requested(chance, path)
        answer = answered(served[path], posted)
        if not check(answer):
            refused += 1
            assert lab.cluster("lab") is before
            assert lab.event_range() == events
    assert 100 < refused < 600
    assert noise.records == []


def test_memory_does_not_grow(noise: Noise):
    """After the caches are full, thousands of requests later the process is as large as before."""
    chance = Random(7)
    served = faces(FixedEngine())  # type: ignore[arg-type]

    def ask(times: int) -> None:
        for _ in range(times):
            path = chance.choice(PATHS)
            posted = requested(chance, path)
            if len(posted.body) < 20_000:
                answered(served[path], posted)

    def peak() -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

    ask(2_500)
    before = peak()
    ask(2_500)
    assert peak() - before < 10_000_000
    assert noise.records == []
