"""How services are shown: live on a terminal, line by line elsewhere, with marks that need no colour."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from ucmsim.clients.commands import forms
from ucmsim.clients.commands.forms import Line
from ucmsim.clients.commands.progress import Progress
from ucmsim.clients.results import Reason, ServiceState, Status


def state(status: Status, code: int = -1, text: str = "", **more) -> ServiceState:
    return ServiceState("Cisco Tftp", status, Reason(code, text), **more)


STOPPING, STARTING, STARTED = (state(each) for each in (Status.STOPPING, Status.STARTING, Status.STARTED))


class Node:
    """Tells its states one after the other to whoever waits."""

    def __init__(self, *states):
        self.states = states

    def wait_until(self, names, status, timeout, *, seen):
        assert names == ["Cisco Tftp"]
        for each in self.states:
            seen([each])
        return [self.states[-1]]


def told(*, terminal: bool, first: ServiceState, node: Node) -> tuple[str, list[ServiceState]]:
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=100, color_system=None, highlight=False)
    with Progress("cucm-pub", [first], Status.STARTED, console) as progress:
        states = progress.until_arrived(node, 60)  # type: ignore[arg-type]
    return file.getvalue(), states


def test_elsewhere_than_on_a_terminal_each_change_is_a_line():
    text, states = told(terminal=False, first=STOPPING, node=Node(STOPPING, STARTING, STARTING, STARTED))
    assert text.splitlines() == [
        "cucm-pub: Cisco Tftp: ▼ Stopping",
        "cucm-pub: Cisco Tftp: ▲ Starting",
        "cucm-pub: Cisco Tftp: ● Started",
    ]
    assert states == [STARTED]


def test_on_a_terminal_the_picture_is_replaced():
    text, states = told(terminal=True, first=STOPPING, node=Node(STARTING, STARTED))
    assert "cucm-pub …" in text
    assert "▲ Starting" in text
    assert "\x1b[" in text
    assert states == [STARTED]


def test_what_has_arrived_is_not_waited_for():
    _, states = told(terminal=False, first=STARTED, node=Node())
    assert states == [STARTED]


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (None, ""),
        (timedelta(seconds=0), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=4, seconds=5), "4 min 5 s"),
        (timedelta(hours=3, minutes=2), "3 h 2 min"),
        (timedelta(days=3, hours=4, minutes=59), "3 d 4 h"),
    ],
)
def test_up_times_have_two_units(span, text):
    assert forms.duration(span) == text


@pytest.mark.parametrize(
    ("shown", "line"),
    [
        (STARTED, "Cisco Tftp[STARTED]"),
        (STARTING, "Cisco Tftp[STARTING]"),
        (state(Status.STOPPED, -1068, "Service Not Activated"), "Cisco Tftp[STOPPED]  Service Not Activated"),
        (
            state(Status.STOPPED, -1019, "Component is not running"),
            "Cisco Tftp[STOPPED]  Component is not running",
        ),
    ],
)
def test_the_nodes_own_spelling(shown, line):
    assert forms.vos_line(shown) == line


def test_every_status_has_a_mark_of_its_own():
    marks = {forms.marked(state(status)).plain.split()[0] for status in Status}
    dormant = forms.marked(state(Status.STOPPED, -1068)).plain.split()[0]
    assert len({*marks, dormant}) == len(Status) + 1


def test_machines_get_nulls_and_rfc_3339():
    started = datetime(2024, 3, 5, 13, 1, 39, tzinfo=UTC)
    running = Line("n", state(Status.STARTED, started=started, up_time=timedelta(seconds=5))).document
    assert (running["startTime"], running["upTimeSeconds"]) == ("2024-03-05T13:01:39+00:00", 5)
    assert Line("n", STARTING).document["startTime"] is None
    assert forms.as_csv([]) == ""
