"""Nodes that are away, and pages that are: the console says so as the guide does."""

import asyncio
import socket

import pytest

from tests.api.console.conftest import ACCOUNTS
from ucmsim.api.connection import TRANSPORT
from ucmsim.api.console.mount import mounts
from ucmsim.api.console.site import Site
from ucmsim.api.console.surroundings import Surroundings
from ucmsim.api.events.delivery import Delivery
from ucmsim.api.events.stream import Hub
from ucmsim.api.origin import Origin
from ucmsim.models.commands import Control
from ucmsim.models.maintenance import restart, shut_down
from ucmsim.models.states import Action, NodeRef, Status
from ucmsim.models.surroundings import change_conditions

PUB = NodeRef("lab", "cucm-pub")
SUB = NodeRef("lab", "cucm-sub")
SOMEBODY = Origin("SIM", "somebody", "127.0.0.9")
SENTENCE = "Connection to the Server cannot be established (unable to access Remote Node)"
PAGES = ["activation", "feature-services", "network-services"]


@pytest.fixture
def unreachable(engine):
    engine.change(
        "lab",
        SOMEBODY,
        lambda cluster, now, chance: (
            change_conditions(cluster, "cucm-sub", {"reachable": False}, now, chance),
            None,
        ),
    )


@pytest.mark.parametrize("page", PAGES)
def test_a_node_that_cannot_be_reached_is_answered_for_in_the_guides_words(administrator, unreachable, page):
    """G-CTL-16."""
    administrator.open(f"/clusters/lab/nodes/cucm-sub/{page}")
    assert administrator.status == 503
    assert SENTENCE in administrator.text("//main//*[@role='alert']")
    assert "is unreachable" in administrator.text()
    assert "Started" not in administrator.text()


@pytest.mark.parametrize("page", PAGES)
def test_nothing_can_be_asked_of_it_either(administrator, engine, unreachable, page):
    administrator.open("/clusters/lab/nodes/cucm-pub/network-services")
    fields = {
        "token": administrator.token(),
        "one": "stop:cisco-drf-local",
        "confirmed": "stop:cisco-drf-local",
    }
    administrator.post(f"/clusters/lab/nodes/cucm-sub/{page}", fields)
    assert administrator.status == 503
    assert not [event for event in engine.events() if event.type == "operation.created"]


def test_the_other_nodes_can_be_chosen_from_there(administrator, unreachable):
    administrator.open("/clusters/lab/nodes/cucm-sub/network-services")
    assert administrator.page.xpath("//select[@id='server']/option[@value='lab/imp-pub']")


def test_the_overview_shows_it_as_unknown_not_as_a_list_of_problems(administrator, unreachable):
    administrator.open("/clusters/lab")
    assert "Unreachable" in administrator.text("//section[@id='nodes']")
    assert "cucm-sub" not in administrator.text("//section[@id='problems']/ul[1]")
    cells = administrator.page.xpath("//table[@id='matrix-UCM']//tbody/tr/td[2]/@title")
    assert set(cells) == {"Unknown"}


def test_a_node_that_restarts_says_when_it_boots(administrator, engine, clock):
    engine.change("lab", SOMEBODY, lambda cluster, now, chance: restart(cluster, "cucm-sub", now, chance))
    administrator.open("/clusters/lab/nodes/cucm-sub/feature-services")
    assert SENTENCE in administrator.text()
    assert "is restarting; it boots at 2023-11-14 22:1" in administrator.text()
    clock.advance(3_600_000)
    assert administrator.open("/clusters/lab/nodes/cucm-sub/feature-services").status == 200


def test_a_node_that_was_switched_off_does_not_come_back_by_itself(administrator, engine, clock):
    engine.change("lab", SOMEBODY, lambda cluster, now, chance: shut_down(cluster, "cucm-sub", now, chance))
    clock.advance(3_600_000)
    administrator.open("/clusters/lab/nodes/cucm-sub/feature-services")
    assert "is switched off. Nothing is known" in administrator.text()


class Line:
    """A connection that can be cut; real sockets, or there would be nothing to set."""

    def __init__(self) -> None:
        self._ends = socket.socketpair()

    def get_extra_info(self, name: str) -> socket.socket:
        return self._ends[0]

    def abort(self) -> None:
        for end in self._ends:
            end.close()


class Answers:
    """What a mount answers to one GET, without a server."""

    def __init__(self, engine, sessions, workers) -> None:
        surroundings = Surroundings(engine, lambda: ACCOUNTS, sessions)
        self._mounts = mounts(
            Site(surroundings, workers, Hub(Delivery(engine), engine.events, workers)), engine
        )

    def __call__(self, path: str, node: NodeRef) -> int | None:
        return asyncio.run(self._ask(path, node))

    async def _ask(self, path: str, node: NodeRef) -> int | None:
        statuses: list[int] = []
        line = Line()

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        raw, _, query = path.partition("?")
        scope = {
            "type": "http", "http_version": "1.1", "method": "GET", "scheme": "https", "path": raw,
            "query_string": query.encode("latin-1"), "headers": [(b"host", b"127.0.0.1:8443")],
            "extensions": {TRANSPORT: line}, "server": ("127.0.0.1", 8443), "client": ("127.0.0.1", 50000), "state": {"node": node},
        }  # fmt: skip
        await self._mounts[f"/{raw.split('/')[1]}"](scope, receive, send)
        line.abort()
        return statuses[0] if statuses else None


@pytest.fixture
def ask(engine, sessions, workers):
    return Answers(engine, sessions, workers.reads)


def test_the_pages_are_at_our_path_and_at_the_guides(ask):
    assert (ask("/ucmsim/sign-in", PUB), ask("/ccmservice/sign-in", PUB)) == (200, 200)


def test_whoever_opens_a_nodes_bare_address_is_led_to_the_console(ask):
    assert ask("/", PUB) == 302


def test_without_its_service_the_guides_path_is_away_on_that_node_and_ours_stays(ask, engine, clock):
    """G-CTL-11."""
    engine.execute(Control(PUB, Action.STOP, ("Cisco CallManager Serviceability",)), SOMEBODY)
    clock.advance(60_000)
    assert (ask("/ccmservice/sign-in", PUB), ask("/ucmsim/sign-in", PUB)) == (404, 200)
    assert ask("/ccmservice/sign-in", SUB) == 200
    engine.execute(Control(PUB, Action.START, ("Cisco CallManager Serviceability",)), SOMEBODY)
    clock.advance(60_000)
    assert ask("/ccmservice/sign-in", PUB) == 200


def test_without_tomcat_the_guides_path_is_not_even_connected_to(ask, engine, simulation):
    """G-CTL-12: only ours answers, so that somebody can bring the node back."""
    simulation.stage.force(SUB, "Cisco Tomcat", Status.STOPPED, None, SOMEBODY)
    assert (ask("/ccmservice/sign-in", SUB), ask("/ucmsim/sign-in", SUB)) == (None, 200)


def test_a_query_that_is_no_text_is_refused(ask):
    assert ask("/ucmsim/sign-in?next=\xff", PUB) == 400
