"""Every page at both widths and in both themes: no barrier that a machine can find, nothing sticking out, a screenshot."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ARTEFACTS, NARROW, ROOT, WIDE
from ucmsim.api.origin import Origin
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.states import Action, NodeRef

PUB, IMP = NodeRef("lab", "cucm-pub"), NodeRef("lab", "imp-pub")
MONITORING = Origin("SOAP", "monitoring", "127.0.0.1", "soapDoControlServices")

AXE = (ROOT / ".build" / "browser" / "node_modules" / "axe-core" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

PAGES = {
    "overview": "/clusters/lab",
    "clusters": "/clusters",
    "activation": "/clusters/lab/nodes/cucm-pub/activation",
    "feature-services": "/clusters/lab/nodes/cucm-pub/feature-services",
    "network-services": "/clusters/lab/nodes/imp-pub/network-services",
    "timeline": "/clusters/lab/timeline",
    "events": "/clusters/lab/events",
    "not-found": "/nowhere",
}
WIDTHS = {"wide": WIDE, "narrow": NARROW}


@pytest.fixture
def busy(server):
    """A cluster in which something is going on, at a clock that stands still: two services stopped, some on their way."""
    engine, clock = server.engine, server.clock
    clock.run(0)
    engine.execute(Deploy(PUB, True, ("Cisco CallManager", "Cisco CTIManager", "Cisco Tftp")), MONITORING)
    engine.execute(Deploy(IMP, True, ("Cisco XCP Connection Manager", "Cisco SIP Proxy")), MONITORING)
    clock.advance(90_000)
    engine.execute(Control(PUB, Action.STOP, ("Cisco DRF Local",)), MONITORING)
    clock.advance(30_000)
    engine.execute(Control(IMP, Action.RESTART, ("Cisco XCP Router",)), MONITORING)
    clock.advance(500)
    engine.execute(Control(PUB, Action.RESTART, ("Cisco CallManager",)), MONITORING)
    clock.advance(400)
    return server


def violations(page: Page) -> list[str]:
    """What axe finds, as one line each."""
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run({ runOnly: tags })", TAGS)
    return [
        f"{one['id']}: {one['help']} at {node['target']} ({node.get('failureSummary', '')})"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def test_a_barrier_is_found(visit):
    """The machine that looks for barriers sees one when there is one."""
    page = visit("/clusters/lab", bypass_csp=True)
    assert violations(page) == []
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    assert any(found.startswith("label:") for found in violations(page))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_fit_to_be_seen(chromium, address, busy, sign_in, width, theme):
    context = chromium.new_context(
        ignore_https_errors=True,
        viewport=WIDTHS[width],
        color_scheme=theme,
        reduced_motion="reduce",
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    faults = {"sign-in": looked_at(page, f"sign-in-{width}-{theme}")}
    sign_in(page, address, "administrator")
    for name, path in PAGES.items():
        page.goto(address + path)
        faults[name] = looked_at(page, f"{name}-{width}-{theme}")
    page.goto(address + PAGES["network-services"])
    page.get_by_role("button", name="Restart Cisco XCP Config Manager").click()
    page.get_by_role("dialog").wait_for()
    faults["question"] = looked_at(page, f"question-{width}-{theme}", whole=False)
    context.close()
    assert {name: found for name, found in faults.items() if found} == {}


def looked_at(page: Page, name: str, *, whole: bool = True) -> list[str]:
    """Take a picture of a page and return what is wrong with it."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=whole)
    found = violations(page)
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, f"{wider} pixels stick out"] if wider > 0 else found


def test_pictures_for_the_documentation(chromium, address, busy, sign_in):
    """Two pictures of what the README speaks of; kept with the artefacts, copied to docs/images by hand."""
    for name, path, theme in (
        ("console-overview", PAGES["overview"], "light"),
        ("console-control-center", PAGES["feature-services"], "dark"),
    ):
        context = chromium.new_context(
            ignore_https_errors=True, viewport={"width": 1000, "height": 560}, color_scheme=theme
        )
        page = context.new_page()
        sign_in(page, address, "administrator")
        page.goto(address + path)
        if name == "console-control-center":
            page.locator("#cisco-callmanager").evaluate("row => row.closest('tbody').scrollIntoView()")
        picture = Path(ARTEFACTS / f"{name}.png")
        page.screenshot(path=picture)
        context.close()
        assert picture.stat().st_size < 120_000
