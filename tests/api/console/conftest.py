"""The console over a real engine with a clock in the test's hand, mounted as a server mounts it; no socket."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from ucmsim.api import inventory
from ucmsim.api.accounts import EVERY_PERMISSION, Account, Accounts, hash_password
from ucmsim.api.clock import Clock
from ucmsim.api.console.app import console
from ucmsim.api.console.surroundings import Surroundings
from ucmsim.api.engine import Engine
from ucmsim.api.sessions import Sessions
from ucmsim.api.sim.near_misses import NearMisses
from ucmsim.api.sim.simulation import Simulation
from ucmsim.api.store import Store

PATH = "/controlcenterservice2/services/"
PREFIX = "/ucmsim"
BASE = f"https://127.0.0.1:8443{PREFIX}"

NOW = 1_700_000_000_000

ACCOUNTS = Accounts(
    (
        Account("administrator", hash_password("s3cret: it"), EVERY_PERMISSION),
        Account.of("watcher", hash_password("eyes"), ["monitor"]),
        Account.of("operator", hash_password("hands"), ["serviceability"]),
        Account.of("tester", hash_password("clock"), ["simulation"]),
        Account.of("nobody", hash_password("nothing"), []),
    )
)


class Browser:
    """A person's browser without JavaScript: keeps cookies, follows redirects, fills in the forms that pages show."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.answer: TestResponse

    def open(self, path: str, **options: object) -> Browser:
        self.answer = self.client.get(
            path.removeprefix(PREFIX), base_url=BASE, follow_redirects=True, buffered=True, **options
        )
        return self

    def post(self, path: str, fields: dict[str, object], **options: object) -> Browser:
        self.answer = self.client.post(
            path.removeprefix(PREFIX),
            base_url=BASE,
            data=fields,
            follow_redirects=True,
            buffered=True,
            **options,
        )
        return self

    def submit(self, form: str = "//form[@method='post']", **fields: object) -> Browser:
        """Send a form of the page with what is in it and `fields`; `form` is its XPath among main's forms."""
        shown = self.page.xpath(f"//main{form}")[0]
        sent: dict[str, Any] = {}
        for field in shown.xpath(".//input[@name]|.//textarea[@name]"):
            if field.get("type") in ("checkbox", "radio") and field.get("checked") is None:
                continue
            if field.get("disabled") is not None:
                continue
            sent.setdefault(field.get("name"), []).append(field.get("value", field.text or ""))
        for select in shown.xpath(".//select[@name]"):
            chosen = select.xpath("./option[@selected]") or select.xpath("./option")
            sent[select.get("name")] = chosen[0].get("value", chosen[0].text)
        sent.update(fields)
        return self.post(shown.get("action") or self.path, sent)

    @property
    def page(self) -> html.HtmlElement:
        return html.fromstring(self.answer.get_data(as_text=True))

    @property
    def path(self) -> str:
        return self.answer.request.path

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def heading(self) -> str:
        return text(self.page.xpath("//h1")[0])

    def text(self, xpath: str = "//main") -> str:
        """What a person reads there, with single spaces."""
        return " ".join(text(found) for found in self.page.xpath(xpath))

    def token(self) -> str:
        return self.page.xpath("//input[@name='token']")[0].get("value")


def text(element: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", unescape(element.text_content())).strip()


@pytest.fixture
def clock() -> Clock:
    return Clock.frozen(NOW)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'ucmsim.sqlite'}")


@pytest.fixture
def engine(store: Store, clock: Clock) -> Iterator[Engine]:
    engine = Engine(store, inventory.builtin("lab"), clock)
    yield engine
    engine.close()


@pytest.fixture
def simulation(engine: Engine, store: Store) -> Iterator[Simulation]:
    simulation = Simulation(engine, store)
    yield simulation
    engine.close()
    simulation.close()


@pytest.fixture
def sessions() -> Sessions:
    return Sessions(lambda: 0.0)


@pytest.fixture
def browse(engine: Engine, simulation: Simulation, sessions: Sessions) -> Callable[[], Browser]:
    """Opens a browser of its own for whoever comes."""
    near_misses = NearMisses(
        [f"{PATH}{api}" for api in ("ControlCenterServices", "ControlCenterServicesEx")],
        {"CONTROLCENTER": ("soapGetServiceStatus", "soapDoControlServices")},
        lambda: ["/api/v1/clusters"],
        lambda ref: engine.node(ref).services,
    )
    app = console(Surroundings(engine, lambda: ACCOUNTS, sessions, simulation, near_misses))
    return lambda: Browser(app.test_client())


@pytest.fixture
def stranger(browse: Callable[[], Browser]) -> Browser:
    """Somebody who has not signed in."""
    return browse()


@pytest.fixture
def signed_in(browse: Callable[[], Browser]) -> Callable[[str, str], Browser]:
    """Signs in by name and password, each time in a browser of its own."""
    return lambda name, password: browse().open("/sign-in").submit(name=name, password=password)


@pytest.fixture
def administrator(signed_in) -> Browser:
    return signed_in("administrator", "s3cret: it")


@pytest.fixture
def watcher(signed_in) -> Browser:
    return signed_in("watcher", "eyes")
