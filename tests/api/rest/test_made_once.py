"""Lists that monitors ask for are written once while nobody could tell a difference, and are right all the same."""

from __future__ import annotations

import pytest

from ucmsim.api.rest.resources import clusters, services

LISTING = "/clusters/lab/nodes/cucm-pub/services"
MATRIX = "/clusters/lab/services"


@pytest.fixture
def written(monkeypatch):
    """How often each list was written."""
    times = {LISTING: 0, MATRIX: 0}

    def counting(path, write):
        def counted(*about):
            times[path] += 1
            return write(*about)

        return counted

    monkeypatch.setattr(services, "_written", counting(LISTING, services._written))
    monkeypatch.setattr(clusters, "_written", counting(MATRIX, clusters._written))
    return times


@pytest.mark.parametrize("path", [LISTING, MATRIX])
def test_a_list_is_written_once_while_nobody_could_tell_a_difference(api, written, path):
    first = api.get(path).body

    assert [api.get(path).body for _ in range(3)] == [first] * 3
    assert written[path] == 1
    api.advance(1)  # up times differ
    assert api.get(path).body != first
    assert written[path] == 2


def test_a_list_shows_a_change_at_once(api):
    before = {each["id"]: each for each in api.get(LISTING)["items"]}
    api.act("stop", "cisco-cdp")

    after = {each["id"]: each for each in api.get(LISTING)["items"]}
    cell = next(each for each in api.get(MATRIX)["items"] if each["id"] == "cisco-cdp")["nodes"]["cucm-pub"]

    assert before["cisco-cdp"]["state"] == "STARTED"
    assert (after["cisco-cdp"]["state"], cell["state"]) == ("STOPPING", "STOPPING")
    assert after["cisco-cdp"]["pendingOperation"] is not None


def test_an_operation_that_ran_out_of_time_is_no_longer_pending(api):
    """Nothing happens to the service then, and the second is not over: only the operation ends."""

    def pending():
        return [each["id"] for each in api.get(LISTING)["items"] if each["pendingOperation"]]

    api.advance(0.5)
    api.act("stop", "cisco-cdp", {"timeoutSeconds": 1})
    api.advance(0.999)
    assert pending() == ["cisco-cdp"]

    api.advance(0.001)

    assert pending() == []


def test_a_filtered_list_is_made_of_the_same_documents(api):
    whole = api.get(LISTING)["items"]

    assert api.get(f"{LISTING}?state=STARTED")["items"] == [
        each for each in whole if each["state"] == "STARTED"
    ]
