"""Every page at both widths and in both themes: no barrier that a machine can find, nothing sticking out, a screenshot."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ARTEFACTS, NARROW, ROOT, WIDE, ask
from ucmsim.api.console.simulation.scenarios import EXAMPLE
from ucmsim.api.origin import Origin
from ucmsim.api.sim.clockwork import Mode
from ucmsim.api.sim.documents.faults import RuleBody
from ucmsim.api.sim.documents.scenarios import ScenarioBody
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.selection import set_to_default
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
    "clock": "/simulation/",
    "conditions": "/simulation/conditions?node=lab/imp-pub",
    "faults": "/simulation/faults",
    "scenarios": "/simulation/scenarios",
    "requests": "/simulation/requests",
    "unreachable": "/clusters/lab/nodes/imp-sub/feature-services",
    "not-found": "/nowhere",
}
WIDTHS = {"wide": WIDE, "narrow": NARROW}


@pytest.fixture
def busy(server):
    """A cluster in which something is going on, at a clock that stands still; a node away, rules and requests at hand."""
    engine, clock = server.engine, server.clock
    server.simulation.timekeeper.change(Mode.MANUAL, None, MONITORING)
    engine.execute(Deploy(PUB, True, ("Cisco CallManager", "Cisco CTIManager", "Cisco Tftp")), MONITORING)
    engine.execute(Deploy(IMP, True, ("Cisco XCP Connection Manager", "Cisco SIP Proxy")), MONITORING)
    clock.advance(90_000)
    engine.execute(Control(PUB, Action.STOP, ("Cisco DRF Local",)), MONITORING)
    clock.advance(30_000)
    engine.execute(Control(IMP, Action.RESTART, ("Cisco XCP Router",)), MONITORING)
    clock.advance(500)
    engine.execute(Control(PUB, Action.RESTART, ("Cisco CallManager",)), MONITORING)
    clock.advance(400)
    stage(server)
    return server


def stage(server) -> None:
    """Set the scene for the pages about the simulation, and let two clients ask."""
    parts = server.simulation
    rule = {"id": "busy", "match": {"operation": "soapGet*"}, "effect": {"type": "THROTTLE"}, "times": 3}
    parts.fault_rules.put(RuleBody.model_validate(rule), MONITORING)
    scenario = parts.scenarios.put(ScenarioBody.model_validate(tomllib.loads(EXAMPLE)), MONITORING)[0]
    parts.scenarios.start(scenario.scenario.id, MONITORING)
    parts.archive.save("before-the-upgrade", MONITORING)
    parts.stage.surround(NodeRef("lab", "imp-sub"), {"reachable": False}, MONITORING)
    for name in ("Cisco CallManger", "Cisco Tftp"):
        ask(server, name)


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
    page.goto(address + PAGES["requests"])
    page.locator("tbody a").last.click()
    page.get_by_role("heading", name="Answer").wait_for()
    faults["request"] = looked_at(page, f"request-{width}-{theme}")
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
    node = busy.engine.node(PUB)
    busy.engine.execute(Deploy(PUB, True, set_to_default(node)), MONITORING)
    busy.clock.advance(60_000)
    for name, path, theme, height in (
        ("console-overview", PAGES["overview"], "light", 760),
        ("console-control-center", PAGES["feature-services"], "dark", 620),
    ):
        context = chromium.new_context(
            ignore_https_errors=True, viewport={"width": 1080, "height": height}, color_scheme=theme
        )
        page = context.new_page()
        sign_in(page, address, "administrator")
        page.goto(address + path)
        if name == "console-control-center":
            page.get_by_role("button", name="Restart Cisco Serviceability Reporter").click()
            page.get_by_role("button", name="Yes, go ahead").click()
            page.locator("#results").get_by_text("Cisco Serviceability Reporter").wait_for()
            page.mouse.move(0, 0)
        picture = Path(ARTEFACTS / f"{name}.png")
        page.screenshot(path=picture)
        context.close()
        assert picture.stat().st_size < 120_000
