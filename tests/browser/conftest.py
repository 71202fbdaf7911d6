"""The console in a real browser: a whole simulator on a free port, Chromium in front of it.

`make browser` runs these stories. They are no part of `make test`: they need a browser, and real time passes in them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from ucmsim.api import inventory
from ucmsim.api.simulator import Simulator
from ucmsim.api.state_directory import StateDirectory
from ucmsim.models.inventory import Durations, Inventory, User

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

ROOT = Path(__file__).parents[2]
ARTEFACTS = ROOT / ".build" / "browser" / "artefacts"
"""Screenshots of the last run."""

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}

USERS = (
    User("administrator", frozenset({"serviceability", "simulation"}), password="s3cret"),
    User("watcher", frozenset({"monitor"}), password="eyes"),
)


def lab() -> Inventory:
    """The built-in lab with known passwords, ten times as fast and always alike."""
    described = inventory.builtin("lab")
    clusters = tuple(replace(one, durations=Durations(scale=0.1, jitter=0)) for one in described.clusters)
    return Inventory(clusters, USERS)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Simulator]:
    with StateDirectory(tmp_path / "state") as directory:
        simulator = Simulator(lab(), directory, port=0, environ={})
        simulator.start()
        yield simulator
        simulator.stop()


@pytest.fixture
def address(server: Simulator) -> str:
    return f"https://127.0.0.1:{server.server.port}/ucmsim"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens a signed-in page in a browser of its own, and keeps a screenshot of how the story ended.

    What the browser complains of (scripts, policy, missing files) fails the story.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def visit(path: str = "/", user: str | None = "administrator", **options: object) -> Page:
        context = chromium.new_context(
            ignore_https_errors=True, **{"viewport": WIDE, "reduced_motion": "reduce"} | options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if complains(said) else None)
        if user is not None:
            sign_in(page, address, user)
        page.goto(address + path)
        return page

    yield visit
    name = re.sub(r"\W+", "-", request.node.name).strip("-")
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    for number, context in enumerate(contexts):
        for page in context.pages:
            page.screenshot(path=ARTEFACTS / f"{name}-{number}.png")
        context.close()
    assert complaints == []


def complains(said: ConsoleMessage) -> bool:
    """Whether a line in the browser's console is a fault: a refused sign-in and a node that is away are none."""
    return said.type == "error" and not re.search(r"responded with a status of (401|503)", said.text)


@pytest.fixture(name="sign_in")
def provide_sign_in() -> Callable[[Page, str, str], None]:
    return sign_in


def sign_in(page: Page, address: str, user: str) -> None:
    """Sign in as a person does."""
    password = next(known.password for known in USERS if known.name == user)
    page.goto(f"{address}/sign-in")
    page.get_by_label("Name").fill(user)
    page.get_by_label("Password").fill(password or "")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label(f"Account of {user}").wait_for()


CALL = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns:n="http://schemas.cisco.com/ast/soap"><soapenv:Body><n:soapGetServiceStatus><n:ServiceStatus>{name}'
    "</n:ServiceStatus></n:soapGetServiceStatus></soapenv:Body></soapenv:Envelope>"
)


def ask(server: Simulator, name: str) -> None:
    """Ask for the status of a service over SOAP, as a client does."""
    requests.post(
        f"https://127.0.0.1:{server.server.port}/controlcenterservice2/services/ControlCenterServices",
        data=CALL.format(name=name),
        headers={"Content-Type": "text/xml; charset=utf-8"},
        auth=("administrator", "s3cret"),
        verify=str(server.certificate.path),
        timeout=10,
    )
