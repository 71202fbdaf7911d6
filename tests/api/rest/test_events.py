"""The list of events: what happened, in order, in parts, for as long as it is kept."""

import pytest

from tests.api.rest.conftest import PUB, SOAP
from ucmsim.api import inventory
from ucmsim.api.engine import Engine
from ucmsim.api.events import log
from ucmsim.api.store import Store
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.states import Action


def changes(events):
    return [
        (event["data"]["service"], event["data"]["from"], event["data"]["to"], event["data"]["cause"])
        for event in events
    ]


def test_a_change_is_told_when_its_time_has_come_and_not_before(api):
    api.act("restart", "cisco-cdp")
    assert changes(api.events(type="service.state.changed")) == [("cisco-cdp", "STARTED", "STOPPING", None)]
    api.advance(60)
    told = api.events(type="service.state.changed")
    assert changes(told)[1:] == [
        ("cisco-cdp", "STOPPING", "STARTING", None),
        ("cisco-cdp", "STARTING", "STARTED", None),
    ]
    assert [event["time"] for event in told] == sorted({event["time"] for event in told})
    assert told[-1]["time"] < "2025-03-02T09:27:32Z"  # when it happened, not when somebody looked
    (finished,) = api.events(type="operation.finished")
    assert (finished["time"], finished["data"]["status"]) == (told[-1]["time"], "SUCCEEDED")


def test_a_future_that_is_replaced_is_not_told(api, engine):
    engine.deploy(Deploy(PUB, activate=True, names=("Cisco Tftp",)), SOAP)
    engine.control(Control(PUB, Action.STOP, ("Cisco Tftp",)), SOAP)
    api.advance(600)
    assert changes(api.events(type="service.state.changed")) == [
        ("cisco-tftp", "STOPPED", "STARTING", None),
        ("cisco-tftp", "STARTING", "STOPPING", None),
        ("cisco-tftp", "STOPPING", "STOPPED", "COMMANDED"),
    ]
    ends = [
        (event["data"]["kind"], event["data"]["status"]) for event in api.events(type="operation.finished")
    ]
    assert ends == [("SERVICE_ACTIVATE", "CANCELLED"), ("SERVICE_STOP", "SUCCEEDED")]


def test_what_has_happened_unseen_is_not_lost_when_the_future_is_replaced(api, engine):
    """The restart was over before the stop came, though nobody had looked in between."""
    engine.control(Control(PUB, Action.RESTART, ("Cisco CDP",)), SOAP)
    engine.clock.advance(60_000)
    engine.control(Control(PUB, Action.STOP, ("Cisco CDP",)), SOAP)
    assert [to for _, _, to, _ in changes(api.events(type="service.state.changed"))] == [
        "STOPPING",
        "STARTING",
        "STARTED",
        "STOPPING",
    ]


def test_activation_is_told_apart_from_the_state(api):
    api.act("activate", "cisco-tftp")
    (event,) = api.events(type="service.activation.changed")
    assert (event["data"]["from"], event["data"]["to"]) == ("DEACTIVATED", "ACTIVATED")
    assert event["source"] == "/api/v1/clusters/lab/nodes/cucm-pub/services/cisco-tftp"


def test_events_come_in_parts_and_one_goes_on_where_one_was(api):
    api.act("restart", "cisco-cdp")
    api.advance(60)
    everything = api.events()
    seen, cursor = [], "0"
    while True:
        part = api.get(f"/events?limit=2&since={cursor}")
        if not part["items"]:
            break
        seen += part["items"]
        cursor = part["next"]
    assert seen == everything
    assert part["next"] == cursor
    api.act("stop", "cisco-cdp")
    assert api.get(f"/events?since={cursor}")["items"][0]["type"] == "operation.created"


def test_a_filter_does_not_keep_a_cursor_from_going_on(api):
    api.act("restart", "cisco-cdp")
    nothing = api.get("/events?type=sim.reset")
    assert nothing["items"] == []
    assert api.get(f"/events?since={nothing['next']}")["items"] == []


@pytest.mark.parametrize(
    ("query", "types"),
    [
        ("service=cisco-cdp", ["operation.created", "service.state.changed"]),
        ("service=Cisco CDP&type=operation.created", ["operation.created"]),
        ("service=cisco-cdp&service=cisco-tftp&type=operation.created", ["operation.created"] * 2),
        ("node=cucm-sub", []),
        ("cluster=lab&type=service.activation.changed", ["service.activation.changed"]),
    ],
)
def test_events_are_filtered(api, query, types):
    api.act("stop", "cisco-cdp")
    api.act("activate", "cisco-tftp")
    assert [event["type"] for event in api.get(f"/events?{query}")["items"]] == types


def test_events_that_are_not_kept_any_more(api, engine, monkeypatch):
    monkeypatch.setattr(log, "KEPT", 3)
    for _ in range(4):
        engine.control(Control(PUB, Action.START, ("Cisco CDP",)), SOAP)
    assert [event.id for event in engine.events()] == [6, 7, 8]
    assert api.get("/events?since=5").status == 200
    gone = api.get("/events?since=4")
    assert (gone.status, gone["code"]) == (410, "CURSOR_EXPIRED")
    assert "5" in gone["detail"]


def test_a_cursor_from_before_the_state_was_lost_begins_anew(api):
    """Such an id was never given out here: everything is new to its owner."""
    api.act("stop", "cisco-cdp")
    assert api.get("/events?since=99").body == api.get("/events?since=0").body


def test_ids_are_never_used_twice(api, engine, url):
    api.act("stop", "cisco-cdp")
    last = engine.events()[-1].id
    with engine.transaction([], SOAP) as transaction:
        transaction.connection.exec_driver_sql("delete from events")
    engine.close()
    again = Engine(Store(url), inventory.builtin("lab"), engine.clock)
    again.control(Control(PUB, Action.START, ("Cisco DRF Local",)), SOAP)
    assert again.events()[0].id == last + 1
    again.close()


def test_every_event_has_an_id_of_its_own_that_sorts_by_time(api):
    api.act("restart", "cisco-cdp")
    api.advance(60)
    ids = [event["id"] for event in api.events()]
    assert ids == sorted(set(ids))
    assert all(identifier.startswith("ev_") and len(identifier) == 29 for identifier in ids)
