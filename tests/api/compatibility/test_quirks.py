"""Every row of the table of quirks, sent over HTTPS as its client sends it."""

from __future__ import annotations

import http.client
import re

import pytest
from lxml import etree

from tests.api.compatibility.quirk import Asks, Cuts, Does, Hears, Quirk
from tests.api.compatibility.quirks import ROWS
from tests.api.compatibility.wire import Wire


@pytest.mark.parametrize("quirk", ROWS, ids=lambda quirk: f"{quirk.client}: {quirk.what}")
def test_the_quirk_is_understood(wire: Wire, quirk: Quirk):
    engine = wire.engine
    engine.questions.clear()
    engine.commands.clear()

    heard = wire.send(quirk.sent)

    text = heard.body.decode()
    match quirk.outcome:
        case Asks(names):
            assert heard.status == 200
            assert (engine.questions, engine.commands) == ([names], [])
            assert "soapGetServiceStatusResponse" in text
        case Does(command):
            assert heard.status == 200
            assert (engine.questions, engine.commands) == ([], [command])
        case Hears(status, what, kind):
            assert (heard.status, heard.headers["Content-Type"]) == (status, kind)
            assert what in text
            assert not engine.questions
            assert not engine.commands
        case Cuts(expression, found):
            assert tuple(re.findall(expression, text, re.DOTALL)) == found
    if heard.headers["Content-Type"].startswith("text/xml"):
        etree.fromstring(heard.body)


def test_the_same_request_is_understood_again_and_again(wire: Wire):
    """Each row a second and third time over one connection: what is remembered of a request changes nothing."""
    client = http.client.HTTPSConnection("127.0.0.1", wire.server.port, timeout=20, context=wire.trust)
    plain = [
        quirk
        for quirk in ROWS
        if isinstance(quirk.outcome, Asks) and quirk.sent.method == "POST" and quirk.sent.version == "HTTP/1.1"
        and not (quirk.sent.expects or quirk.sent.in_pieces) and ("Connection", "close") not in quirk.sent.headers
    ]  # fmt: skip
    client.connect()
    for quirk in plain:
        answers = []
        for _ in range(3):
            wire.engine.questions.clear()
            answers.append(wire.exchange(client.sock, quirk.sent))
            assert isinstance(quirk.outcome, Asks)
            assert wire.engine.questions == [quirk.outcome.names]
        assert len({answer.body for answer in answers}) == 1
        assert len({answer.headers["Content-Encoding"] for answer in answers}) == 1
    client.close()
