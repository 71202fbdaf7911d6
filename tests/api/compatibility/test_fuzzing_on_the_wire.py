"""Mutated requests over HTTPS: each gets a proper answer, and the server is as well afterwards as before."""

from __future__ import annotations

import gzip
import logging
from random import Random

from tests.api.compatibility.quirk import Sent
from tests.api.compatibility.wire import Wire
from tests.api.soap.mutations import SEEDS, mutated
from tests.api.soap.test_fuzzing import Noise, check
from ucmsim.api.soap import Response

PATHS = sorted(SEEDS)
SUFFIXES = ("", "", "", "/", "?wsdl", "?xsd=x", "//", "/x", "?" + "y" * 3_000, "%00", "%2e%2e/")
METHODS = ("POST",) * 8 + ("GET", "PUT", "DELETE", "PATCH", "X-ODD")
HEADERS = (
    ("Content-Type", "text/xml"),
    ("Content-Type", "multipart/related; boundary=x"),
    ("SOAPAction", '"soapDoControlServices"'),
    ("SOAPAction", "\x80\xff"),
    ("Accept-Encoding", "gzip"),
    ("Accept-Encoding", "gzip;q=x, *;q=9"),
    ("Content-Encoding", "gzip"),
    ("Content-Encoding", "br, gzip"),
    ("Authorization", "Basic ="),
    ("Cookie", 'JSESSIONIDSSO=";;=,'),
    ("Host", "a b"),
    ("X-" + "h" * 200, "v" * 2_000),
)


def requested(chance: Random) -> Sent:
    path = chance.choice(PATHS)
    headers = tuple(chance.sample(HEADERS, chance.randint(0, 3)))
    body = mutated(chance, chance.choice(SEEDS[path]))
    if ("Content-Encoding", "gzip") in headers and chance.random() < 0.7:
        body = gzip.compress(body)
    return Sent(
        body,
        path + chance.choice(SUFFIXES),
        headers,
        chance.choice(METHODS),
        host=chance.choice(("127.0.0.1", "127.0.0.1:8443", "x")),
        credentials=chance.choice(("basic", "basic", "basic", "cookie", "none")),
        chunked=chance.random() < 0.3,
    )


def test_any_request_gets_a_proper_answer(wire: Wire):
    """XML that says what was wrong, or a page with a status: never silence, never a trace of the inside."""
    noise = Noise()
    logging.getLogger().addHandler(noise)
    heard_of = set()
    chance = Random(8_443)
    for _ in range(400):
        sent = requested(chance)
        wire.engine.commands.clear()
        heard = wire.send(sent)
        heard_of.add(heard.status)
        text = heard.body.decode()
        assert "Traceback" not in text
        assert "Internal error" not in text
        kind = heard.headers["Content-Type"]
        if kind.startswith("text/xml") and heard.status in {200, 500} and sent.method == "POST":
            if not check(Response(heard.status, heard.body)):
                assert wire.engine.commands == []
        elif not kind.startswith("text/xml"):
            assert f"<h1>HTTP Status {heard.status}" in text or "AXIS" in text or heard.status == 200
            assert wire.engine.commands == []
    assert heard_of == {200, 400, 401, 404, 405, 500}
    # That a request is no HTTP is told in one line; nothing else is worth one.
    assert {record.getMessage() for record in noise.records} <= {"Invalid HTTP request received."}
    logging.getLogger().removeHandler(noise)
    assert wire.send(Sent()).status == 200
