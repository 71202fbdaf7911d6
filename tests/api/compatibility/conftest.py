"""One server for all tests of a module here: over HTTPS, with every SOAP face, behind which nothing ever changes."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest

from tests.api.compatibility.wire import Wire
from tests.api.conftest import ACCOUNTS, LAB, ZONES
from tests.api.soap.conversation import FixedEngine
from ucmsim.api.accounts import Accounts
from ucmsim.api.certificate import Certificate
from ucmsim.api.faces import faces
from ucmsim.api.ring.addressing import Addressing
from ucmsim.api.ring.app import App
from ucmsim.api.ring.authentication import Authentication
from ucmsim.api.ring.compression import Compression
from ucmsim.api.ring.health import Health
from ucmsim.api.ring.web_application import Surroundings
from ucmsim.api.server import UcmServer
from ucmsim.api.sessions import Sessions
from ucmsim.api.workers import Workers


@pytest.fixture(scope="module")
def wire(certificate: Certificate) -> Iterator[Wire]:
    engine, sessions, workers = FixedEngine(), Sessions(lambda: 0.0), Workers()
    authentication = Authentication(Accounts(ACCOUNTS), sessions, workers.passwords)
    around = Surroundings(authentication, workers, ZONES.__getitem__)
    app = App(Addressing([LAB]), around, Health("1", lambda: True), faces(engine))  # type: ignore[arg-type]
    server = UcmServer(Compression(app, workers.reads), certificate.context(), ["127.0.0.1"], port=0)
    server.start()
    yield Wire(server, engine, ssl.create_default_context(cafile=str(certificate.path)), sessions)
    server.stop()
    workers.close()
