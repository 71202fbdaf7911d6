"""Timeline and events: what happened, what will, and who did it."""

from ucmsim.api.origin import Origin
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.states import Action, NodeRef

PUB = NodeRef("lab", "cucm-pub")
SUB = NodeRef("lab", "cucm-sub")
SOMEBODY = Origin("SOAP", "somebody", "127.0.0.9", "soapDoControlServices")
TIMELINE = "/clusters/lab/timeline"
EVENTS = "/clusters/lab/events"


def lanes(browser):
    return browser.page.xpath(
        "//*[local-name()='svg'][@class='timeline']/*[local-name()='text'][not(@class)]/text()"
    )


def marks(browser):
    bars = browser.page.xpath("//*[local-name()='rect'][starts-with(@class, 'bar ')]/@class")
    return [found.removeprefix("bar ") for found in bars]


def rows(browser):
    found = browser.page.xpath("//div[@id='events']//tbody/tr")
    return [" ".join(" ".join(text.split()) for text in row.itertext() if text.strip()) for row in found]


def test_a_quiet_cluster_has_an_empty_timeline(administrator):
    shown = administrator.open(TIMELINE).text()
    assert "Nothing has changed in this time, and nothing is about to." in shown
    assert "Nothing is under way." in shown


def test_a_restart_is_drawn_from_before_it_began_until_after_it_will_have_ended(administrator, engine, clock):
    engine.execute(Control(PUB, Action.RESTART, ("Cisco DRF Local",)), SOMEBODY)
    clock.advance(1_000)
    administrator.open(TIMELINE)
    assert lanes(administrator) == ["Cisco DRF Local · cucm-pub"]
    assert marks(administrator) == ["started", "stopping", "starting", "started"]
    coming = administrator.text("//section[@id='coming']")
    assert "Starting Cisco DRF Local cucm-pub" in coming
    assert coming.index("Starting") < coming.index("Started")
    assert "Stopping Cisco DRF Local cucm-pub · somebody (SOAP)" in administrator.text(
        "//section[@id='past']"
    )


def test_what_was_coming_has_happened_when_its_time_has_passed(administrator, engine, clock):
    engine.execute(Control(PUB, Action.RESTART, ("Cisco DRF Local",)), SOMEBODY)
    clock.advance(60_000)
    administrator.open(TIMELINE)
    assert "Nothing is under way." in administrator.text()
    past = administrator.text("//section[@id='past']")
    assert past.index("Started") < past.index("Starting") < past.index("Stopping")
    assert marks(administrator) == ["started", "stopping", "starting", "started"]


def test_the_timeline_can_be_that_of_one_node_and_of_another_span(administrator, engine, clock):
    engine.execute(Control(PUB, Action.STOP, ("Cisco DRF Local",)), SOMEBODY)
    engine.execute(Control(SUB, Action.STOP, ("Cisco DRF Local",)), SOMEBODY)
    clock.advance(120_000)
    assert lanes(administrator.open(TIMELINE, query_string={"node": "cucm-sub"})) == [
        "Cisco DRF Local · cucm-sub"
    ]
    assert lanes(administrator.open(TIMELINE, query_string={"back": "1"})) == []
    assert len(lanes(administrator.open(TIMELINE, query_string={"back": "no number"}))) == 2


def test_events_tell_what_changed_where_by_whom_and_over_which_face(administrator, engine):
    engine.execute(Control(PUB, Action.STOP, ("Cisco DRF Local",)), SOMEBODY)
    (row,) = [found for found in rows(administrator.open(EVENTS)) if "service.state.changed" in found]
    assert "Cisco DRF Local cucm-pub started → stopping" in row
    assert "somebody SOAP soapDoControlServices from 127.0.0.9" in row


def test_events_are_filtered_by_everything_that_they_carry(administrator, engine, clock):
    engine.execute(Control(PUB, Action.STOP, ("Cisco DRF Local",)), SOMEBODY)
    engine.execute(Deploy(SUB, activate=True, names=("Cisco Tftp",)), Origin("REST", "other", "127.0.0.8"))
    clock.advance(60_000)
    everything = len(rows(administrator.open(EVENTS)))
    for chosen in (
        {"node": "cucm-sub"},
        {"service": "Cisco Tftp"},
        {"face": "REST"},
        {"user": "other"},
        {"type": "service.activation.changed"},
    ):
        found = rows(administrator.open(EVENTS, query_string=chosen))
        assert 0 < len(found) < everything
        assert not any("Cisco DRF Local" in row for row in found)
    assert "No event passes these filters." in administrator.open(EVENTS, query_string={"user": "<b>"}).text()


def test_older_events_are_a_page_further(administrator, engine, clock):
    for _ in range(12):
        engine.execute(Control(PUB, Action.RESTART, ("Cisco DRF Local",)), SOMEBODY)
        clock.advance(60_000)
    first = rows(administrator.open(EVENTS))
    assert len(first) == 50
    administrator.open(administrator.page.xpath("//a[@rel='next']/@href")[0])
    second = rows(administrator)
    assert 0 < len(second) < 50
    assert administrator.page.xpath("//a[text()='Newest']/@href") == [f"/ucmsim{EVENTS}"]


def test_what_a_service_is_called_never_becomes_markup(administrator, engine):
    engine.execute(
        Control(PUB, Action.STOP, ("Cisco DRF Local",)), Origin("SOAP", "<script>alert(1)</script>", "x")
    )
    shown = administrator.open(EVENTS).answer.get_data(as_text=True)
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)" in shown
