"""Control Center – Feature Services and – Network Services, as a person without JavaScript meets them."""

import pytest

from ucmsim.api.origin import Origin
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.states import Action, NodeRef, Status

PUB = NodeRef("lab", "cucm-pub")
IMP = NodeRef("lab", "imp-pub")
FEATURES = "/clusters/lab/nodes/cucm-pub/feature-services"
NETWORK = "/clusters/lab/nodes/cucm-pub/network-services"
IMP_NETWORK = "/clusters/lab/nodes/imp-pub/network-services"
SOMEBODY = Origin("SOAP", "somebody", "127.0.0.9")


def row(browser, slug):
    return " ".join(browser.page.get_element_by_id(slug).text_content().split())


def button(browser, label):
    return browser.page.xpath(f"//button[@aria-label='{label}']")[0]


def why(browser, label):
    """What a person is told who presses a button that is not available."""
    told = browser.page.get_element_by_id(button(browser, label).get("popovertarget"))
    return " ".join(told.text_content().split())


def status(engine, ref, name):
    (found,) = engine.status(ref, (name,)).rows
    return found.status


def test_services_stand_in_their_groups_with_state_activation_and_times(administrator):
    """G-CTL-4: name, group, status, exact start time, up time."""
    administrator.open(FEATURES)
    assert administrator.text("//tbody[3]//h2") == "CM Services"
    shown = row(administrator, "cisco-axl-web-service")
    assert shown.startswith("Cisco AXL Web Service Started Activated 2023-11-13 22:14:")
    assert "UTC 23:59:" in shown
    assert "Cisco Tftp Not activated Deactivated – –" in row(administrator, "cisco-tftp")


def test_every_service_of_the_node_is_on_one_of_the_two_pages(administrator, engine):
    slugs = [
        found.get("id")
        for path in (FEATURES, NETWORK)
        for found in administrator.open(path).page.xpath("//tr[@id]")
    ]
    assert sorted(slugs) == sorted(service.slug for service in engine.static_list(PUB))


def test_a_stop_is_carried_out_at_once_and_its_progress_shown(administrator, engine, clock):
    administrator.open(NETWORK).submit(one="stop:cisco-drf-local")
    assert administrator.path == NETWORK
    assert "Stop Cisco DRF Local Stopping" in administrator.text("//*[@id='results']")
    assert "Stopping Stopped in 0:0" in row(administrator, "cisco-drf-local")
    assert len(administrator.page.xpath("//progress")) == 1
    clock.advance(60_000)
    administrator.open(administrator.answer.request.full_path)
    assert "Stop Cisco DRF Local Stopped Commanded Out of Service" in administrator.text("//*[@id='results']")
    assert "Stopped Commanded Out of Service" in row(administrator, "cisco-drf-local")


def test_a_restart_is_asked_about_first_and_says_that_it_may_take_a_while(administrator, engine):
    """G-CTL-6."""
    administrator.open(NETWORK).submit(one="restart:cisco-drf-local")
    assert administrator.heading == "Please confirm"
    assert "A restart may take a while: this one about " in administrator.text()
    assert status(engine, PUB, "Cisco DRF Local") is Status.STARTED
    administrator.submit()
    assert administrator.path == NETWORK
    assert status(engine, PUB, "Cisco DRF Local") is Status.STOPPING


def test_the_question_names_what_goes_along(administrator, engine, clock):
    """G-CTL-8: restarting Cisco XCP Router restarts every XCP service that was active."""
    engine.execute(Deploy(IMP, activate=True, names=("Cisco XCP Connection Manager",)), SOMEBODY)
    clock.advance(300_000)
    administrator.open(IMP_NETWORK).submit(one="restart:cisco-xcp-router")
    along = administrator.text("//ul[contains(@class, 'along')]")
    assert "Cisco XCP Connection Manager – will be restarted" in along


def test_a_stop_with_consequences_is_asked_about_too(administrator, engine):
    """G-CTL-11: the person who takes the pages away is told so."""
    administrator.open(NETWORK).submit(one="stop:cisco-callmanager-serviceability")
    assert administrator.heading == "Please confirm"
    assert (
        "The serviceability pages of this node cannot be reached while it is stopped." in administrator.text()
    )
    administrator.submit()
    assert status(engine, PUB, "Cisco CallManager Serviceability") is Status.STOPPING


def test_several_ticked_services_are_controlled_together(administrator, engine):
    administrator.open(NETWORK).submit(service=["cisco-cdp", "cisco-drf-local"], do="stop")
    assert [status(engine, PUB, name) for name in ("Cisco CDP", "Cisco DRF Local")] == [Status.STOPPING] * 2


def test_ticking_nothing_changes_nothing_and_says_so(administrator, engine):
    administrator.open(NETWORK).submit(do="stop")
    assert "Nothing was chosen" in administrator.text()
    assert engine.events() == []


@pytest.mark.parametrize(
    ("page", "label", "rule", "sentence"),
    [
        (FEATURES, "Start Cisco Tftp", "G-CTL-1", "has to be activated before"),
        (NETWORK, "Stop Cisco Tomcat", "U-14", "The system needs this service"),
        (
            NETWORK,
            "Stop Platform Communication Web Service",
            "G-CTL-7",
            "neither started nor stopped by hand",
        ),
        (NETWORK, "Start Cisco DRF Local", "-1039", "Component already started."),
    ],
)
def test_what_the_rules_forbid_cannot_be_pressed_and_says_why(administrator, page, label, rule, sentence):
    administrator.open(page)
    pressed = button(administrator, label)
    assert (pressed.get("aria-disabled"), pressed.get("type"), pressed.get("name")) == (
        "true",
        "button",
        None,
    )
    assert sentence in why(administrator, label)
    assert rule in why(administrator, label)


def test_a_service_that_is_stopping_cannot_be_started_until_it_has_stopped(administrator, engine, clock):
    """G-CTL-3."""
    engine.execute(Control(PUB, Action.STOP, ("Cisco DRF Local",)), SOMEBODY)
    assert "G-CTL-3" in why(administrator.open(NETWORK), "Start Cisco DRF Local")
    clock.advance(60_000)
    assert (
        button(administrator.open(NETWORK), "Start Cisco DRF Local").get("value") == "start:cisco-drf-local"
    )


def test_a_refusal_is_told_service_by_service(administrator, engine):
    """What a page would not offer can still be sent: the rules answer, not the page."""
    administrator.open(FEATURES).submit(service=["cisco-tftp", "cisco-axl-web-service"], do="stop")
    told = administrator.text("//*[@id='results']")
    assert "Stop Cisco Tftp Refused A feature service has to be activated before" in told
    assert "-1068 Service Not Activated" in told
    assert "Stop Cisco AXL Web Service Stopping" in told


def test_somebody_who_may_only_watch_is_told_which_role_is_missing(watcher, engine):
    """G-CTL-15."""
    assert "serviceability role" in why(watcher.open(NETWORK), "Stop Cisco DRF Local")
    assert watcher.post(NETWORK, {"token": watcher.token(), "one": "stop:cisco-drf-local"}).status == 403
    assert engine.events() == []


def test_the_server_drop_down_leads_to_the_same_window_of_another_node(administrator):
    administrator.open(NETWORK)
    form = administrator.page.xpath("//form[contains(@class, 'server')]")[0]
    assert [option.get("value") for option in form.xpath(".//option")] == [
        "lab/cucm-pub", "lab/cucm-sub", "lab/imp-pub", "lab/imp-sub", "lab/cuc-pub",
    ]  # fmt: skip
    assert form.xpath(".//option[@selected]/@value") == ["lab/cucm-pub"]
    page = form.xpath(".//input[@name='page']/@value")[0]
    administrator.open(form.get("action"), query_string={"page": page, "server": "lab/imp-sub"})
    assert administrator.path == "/clusters/lab/nodes/imp-sub/network-services"


def test_related_links_lead_to_the_other_windows(administrator):
    administrator.open(FEATURES)
    assert administrator.page.xpath("//p[@class='related']/a/@href") == [
        "/ucmsim/clusters/lab/nodes/cucm-pub/activation",
        f"/ucmsim{NETWORK}",
    ]


def test_a_command_of_the_console_is_recorded_as_such(administrator, engine):
    administrator.open(NETWORK).submit(one="stop:cisco-drf-local")
    origin = engine.events()[0].origin
    assert (origin.face, origin.user, origin.client) == ("CONSOLE", "administrator", "127.0.0.1")


def test_an_unknown_node_is_not_found_and_the_nearest_is_named(administrator):
    administrator.open("/clusters/lab/nodes/cucm-pubb/feature-services")
    assert administrator.status == 404
    assert "closest: 'cucm-pub'" in administrator.text()


def test_without_javascript_the_page_looks_again_while_something_moves(administrator, clock):
    refresh = "//noscript/meta[@http-equiv='refresh']"
    administrator.open(NETWORK)
    assert not administrator.page.xpath(refresh)
    administrator.submit(one="stop:cisco-drf-local")
    assert administrator.page.xpath(f"{refresh}/@content") == ["5"]


def test_times_are_told_in_the_nodes_own_zone(administrator, engine):
    """G-CTL-4: the exact start time, as the node shows it; machines get UTC."""
    shown = administrator.open(FEATURES).page.xpath("//tr[@id='cisco-axl-web-service']//time")[0]
    (told,) = engine.status(PUB, ("Cisco AXL Web Service",)).rows
    assert shown.get("datetime").endswith("Z")
    assert shown.text.endswith("UTC")
    assert told.started is not None


@pytest.mark.parametrize(
    "page", [FEATURES, NETWORK, "/clusters/lab", "/clusters/lab/nodes/cucm-pub/activation"]
)
def test_a_page_with_everything_it_loads_is_light(administrator, page):
    shown = administrator.open(page)
    size = len(shown.answer.data)
    for file in shown.page.xpath("//link/@href | //script/@src"):
        size += len(administrator.open(file).answer.data)
    for module in ("live.js", "time.js", "question.js", "boxes.js"):
        size += len(administrator.open(f"/static/{module}").answer.data)
    assert size < 150_000
