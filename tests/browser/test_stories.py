"""What people do with the console, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ask
from ucmsim.api.origin import Origin
from ucmsim.models.commands import Control
from ucmsim.models.states import Action, NodeRef, Status
from ucmsim.models.surroundings import change_conditions

PUB = NodeRef("lab", "cucm-pub")
SOMEBODY = Origin("SOAP", "somebody", "127.0.0.9", "soapDoControlServices")
FEATURES = "/clusters/lab/nodes/cucm-pub/feature-services"
NETWORK = "/clusters/lab/nodes/cucm-pub/network-services"
ACTIVATION = "/clusters/lab/nodes/cucm-pub/activation"
SUBSCRIBER = "/clusters/lab/nodes/cucm-sub/feature-services"


def row(page: Page, slug: str):
    return page.locator(f"#{slug}")


def mark(page: Page) -> None:
    """Leave something that a reload would take away."""
    page.evaluate("window.here = true")


def still_the_same_page(page: Page) -> bool:
    return page.evaluate("window.here === true")


def status(server, name: str) -> Status:
    (found,) = server.engine.status(PUB, (name,)).rows
    return found.status


def change(server, node: str, **conditions: Any) -> None:
    def changed(cluster, now, chance):
        return change_conditions(cluster, node, conditions, now, chance), None

    server.engine.change("lab", SOMEBODY, changed)


def test_somebody_signs_in_after_a_wrong_try(visit):
    page = visit("/", user=None)
    page.get_by_label("Name").fill("administrator")
    page.get_by_label("Password").fill("secret")
    with page.expect_response(lambda answer: answer.status == 401):
        page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("Name or password is not right.")
    expect(page.get_by_label("Password")).to_be_focused()
    page.get_by_label("Password").fill("s3cret")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lab")


def test_somebody_activates_a_service_with_what_it_depends_on(visit, server):
    """G-ACT-6: what is pulled in is shown when the box is ticked, asked about, done, and seen to come up."""
    page = visit(ACTIVATION)
    page.get_by_label("Cisco CTIManager").check()
    expect(page.locator("#about-cisco-callmanager")).to_contain_text(
        "Will be activated too: Cisco CTIManager"
    )
    expect(page.locator("[data-ticked]")).to_have_text("2 to activate")
    page.get_by_role("button", name="Save").click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("Cisco CallManager – will be activated and started first")
    question.get_by_role("button", name="Yes, go ahead").click()
    expect(page.locator("#results")).to_contain_text("Activate Cisco CTIManager")
    mark(page)
    for slug in ("cisco-callmanager", "cisco-ctimanager"):
        expect(row(page, slug)).to_have_text("Started", timeout=15_000)
    expect(page.get_by_label("Cisco CallManager", exact=True)).to_be_checked()
    assert still_the_same_page(page)
    assert status(server, "Cisco CTIManager") is Status.STARTED


def test_set_to_default_and_check_all_tick_boxes_without_leaving_the_page(visit):
    page = visit(ACTIVATION)
    mark(page)
    page.get_by_role("button", name="Set to Default").click()
    expect(page.get_by_label("Cisco CallManager", exact=True)).to_be_checked()
    expect(page.get_by_label("Cisco Messaging Interface")).not_to_be_checked()
    page.get_by_role("button", name="Check All").click()
    expect(page.get_by_label("Cisco Messaging Interface")).to_be_checked()
    page.get_by_role("link", name="Undo ticks").click()
    expect(page.get_by_label("Cisco CallManager", exact=True)).not_to_be_checked()
    assert still_the_same_page(page)


def test_somebody_restarts_a_service_and_watches_it_come_back(visit, server):
    """G-CTL-6: asked first; then every state is seen, with its progress, without the page being loaded again."""
    server.clock.run(0.5)  # slow enough for a person to see every state
    page = visit(NETWORK)
    page.get_by_role("button", name="Restart Cisco DRF Local").click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("A restart may take a while")
    assert status(server, "Cisco DRF Local") is Status.STARTED
    question.get_by_role("button", name="Yes, go ahead").click()
    shown = row(page, "cisco-drf-local")
    expect(shown.locator(".badge")).to_have_text("Stopping")
    mark(page)
    expect(shown.get_by_role("progressbar")).to_be_visible()
    expect(shown.locator(".badge")).to_have_text("Starting")
    expect(shown.locator(".badge")).to_have_text("Started")
    expect(shown.locator("[data-up]")).to_have_text(re.compile(r"0:0\d"))
    expect(page.locator("#spoken")).to_have_text("Cisco DRF Local: Started")
    assert still_the_same_page(page)


def test_what_somebody_else_does_is_seen_and_ticks_stay(visit, server):
    page = visit(NETWORK)
    page.get_by_label("Cisco DRF Local", exact=True).check()
    mark(page)
    server.engine.execute(Control(PUB, Action.STOP, ("Cisco DRF Local",)), SOMEBODY)
    expect(row(page, "cisco-drf-local").locator(".badge")).to_have_text("Stopped")
    expect(page.get_by_label("Cisco DRF Local", exact=True)).to_be_checked()
    assert still_the_same_page(page)


def test_a_forbidden_action_says_why_and_does_nothing(visit, server):
    """G-CTL-1."""
    page = visit(FEATURES)
    button = page.get_by_role("button", name="Start Cisco Tftp", exact=True)
    expect(button).to_be_disabled()
    button.focus()
    page.keyboard.press("Enter")
    why = page.locator("#why-G-CTL-1")
    expect(why).to_be_visible()
    expect(why).to_contain_text("has to be activated before it can be started")
    page.keyboard.press("Escape")
    expect(why).to_be_hidden()
    assert status(server, "Cisco Tftp") is Status.STOPPED


def test_a_node_that_goes_away_is_missed_and_welcomed_back(visit, server):
    """G-CTL-16."""
    page = visit(SUBSCRIBER)
    expect(page.get_by_role("heading", level=1)).to_have_text("Control Center – Feature Services")
    change(server, "cucm-sub", reachable=False)
    expect(page.get_by_role("alert")).to_have_text(
        "Connection to the Server cannot be established (unable to access Remote Node)"
    )
    change(server, "cucm-sub", reachable=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Control Center – Feature Services")


def test_everything_can_be_done_with_the_keyboard_alone(visit, server):
    page = visit("/", user=None)
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("administrator")
    page.keyboard.press("Tab")
    page.keyboard.type("s3cret")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    walk_to(page, "Control Center – Network Services")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Control Center – Network Services")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to the content
    walk_to(page, "Restart Cisco DRF Local")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Yes, go ahead")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Restart Cisco DRF Local")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Yes, go ahead")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_contain_text("Restart Cisco DRF Local")


def walk_to(page: Page, name: str, most: int = 400) -> None:
    """Press Tab until what is focused bears the name."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent.trim()"
        )
        if focused == name:
            return
    pytest.fail(f"Tab never came to {name!r}")


def test_the_focus_stays_where_it_is_when_a_row_is_renewed(visit, server):
    server.clock.run(0)
    page = visit(NETWORK)
    page.get_by_role("button", name="Stop Cisco DRF Local").focus()
    server.engine.execute(Control(PUB, Action.RESTART, ("Cisco DRF Local",)), SOMEBODY)
    expect(row(page, "cisco-drf-local").locator(".badge")).to_have_text("Stopping")
    expect(page.get_by_role("button", name="Stop Cisco DRF Local")).to_be_focused()


def test_without_javascript_the_same_can_be_done(visit, server):
    page = visit(NETWORK, java_script_enabled=False)
    page.get_by_label("Cisco DRF Local", exact=True).check()
    page.get_by_role("group", name="For the ticked services").get_by_role("button", name="Restart").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please confirm")
    page.get_by_role("button", name="Yes, go ahead").click()
    expect(page.locator("#results")).to_contain_text("Restart Cisco DRF Local")
    expect(row(page, "cisco-drf-local").locator(".badge")).to_have_text("Started", timeout=15_000)


def test_somebody_who_may_only_watch_is_offered_nothing_else(visit):
    """G-CTL-15."""
    page = visit(NETWORK, user="watcher")
    expect(page.get_by_role("button", name="Stop Cisco DRF Local")).to_be_disabled()
    page.get_by_role("button", name="Stop Cisco DRF Local").click(force=True)
    expect(page.locator("#why-G-CTL-15")).to_contain_text("serviceability role")


def test_the_clock_on_the_page_is_the_simulations(visit, server):
    """Simulated time runs on the page at its own rate, and a jump is taken over."""
    server.clock.run(0)
    page = visit("/clusters/lab")
    expect(page.locator(".clock")).to_contain_text("stands still")
    before = page.locator("[data-clock] time").text_content()
    server.clock.advance(3_600_000)
    server.engine.execute(Control(PUB, Action.STOP, ("Cisco DRF Local",)), SOMEBODY)
    expect(page.locator("[data-clock] time")).not_to_have_text(before or "")


def test_the_theme_is_the_systems_until_somebody_chooses(visit):
    page = visit("/clusters/lab", color_scheme="dark")
    dark = ground(page)
    page.get_by_label("Account of administrator").click()
    page.get_by_role("button", name="Light").click()
    assert ground(page) != dark
    page.reload()
    assert ground(page) != dark


def ground(page: Page) -> Mapping[str, str]:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_a_tester_lets_a_client_meet_a_fault_and_sees_what_it_asked(visit, server):
    """From the form of a fault to the journal's page: every byte of the request, and what it probably meant."""
    page = visit("/simulation/faults")
    page.get_by_label("Operation").fill("soapGet*")
    page.get_by_label("Effect").select_option("APP_ERROR")
    expect(page.get_by_label("Parameters (JSON)")).to_have_value(re.compile("reasonCode"))
    page.get_by_label("Effect").select_option("THROTTLE")
    expect(page.get_by_label("Parameters (JSON)")).to_have_value("{}")
    page.get_by_label("Times").fill("1")
    page.get_by_label("Name", exact=True).fill("busy")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("status").first).to_have_text("Rule busy holds.")
    ask(server, "Cisco CallManger")
    expect(page.locator("#rules")).to_contain_text("1 of 1 in 1 matches")
    ask(server, "Cisco CallManger")
    page.get_by_role("link", name="Requests").click()
    expect(page.locator("#requests")).to_contain_text("closest: 'Cisco CallManager'")
    page.locator("tbody a").last.click()
    expect(page.locator("pre").last).to_contain_text("Exceeded allowed rate")


def test_the_clock_is_put_forward_and_the_page_follows(visit, server):
    server.clock.run(0)
    server.engine.execute(Control(PUB, Action.STOP, ("Cisco DRF Local",)), SOMEBODY)
    page = visit("/simulation/")
    page.get_by_role("button", name="to the next change").click()
    expect(page.get_by_role("status").first).to_contain_text("The clock was put forward by")
    assert status(server, "Cisco DRF Local") is Status.STOPPED
