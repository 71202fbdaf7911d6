"""Two servers over one database look like one: what is done through the first is seen through the second at once."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.postgres.members import NODE, Member, act, operations, state

Members = Callable[..., list[Member]]


def test_the_next_request_to_the_other_server_sees_a_change(members: Members) -> None:
    first, second = members()
    here, there = first.connect("127.0.0.1"), second.connect("127.0.0.1")
    question = ("Cisco CDP",)
    assert "Started" in there.status(*question)  # so that it has something to be wrong about

    for verb, state_then in [("Stop", "Stopped"), ("Start", "Started")] * 10:
        here.control(verb, *question)
        assert re.findall("<ns1:ServiceStatus>(.*?)<", there.status(*question)) == [state_then]
    here.close()
    there.close()


def test_commands_through_both_at_once_are_all_carried_out(members: Members) -> None:
    """Each waits for the other in the database; none is lost."""
    both = members()
    services = ("cisco-cdp", "cisco-amc-service", "mib2-agent", "cisco-drf-local")

    def work(member: Member, service: str) -> int:
        with member.rest() as client:
            return sum(
                act(client, verb, service, f"{service}/{turn}/{verb}").status_code == 200
                for turn in range(10)
                for verb in ("stop", "start")
            )

    with ThreadPoolExecutor(len(services)) as threads:
        answered = list(threads.map(work, [*both, *both], services))

    assert answered == [20] * len(services)
    with both[0].rest() as client:
        assert len([each for each in operations(client) if each["kind"].startswith("SERVICE_")]) == 80


def test_a_repeated_key_is_answered_by_either_server_and_done_once(members: Members) -> None:
    first, second = members()
    with first.rest() as here, second.rest() as there:
        begun = act(here, "stop", "cisco-cdp", "key")
        again = act(there, "stop", "cisco-cdp", "key")
        reused = there.post(
            f"{NODE}/services/cisco-cdp/actions/stop",
            json={"reason": "another"},
            headers={"Idempotency-Key": "key"},
        )

        assert again.json()["id"] == begun.json()["id"]
        assert again.headers["Idempotency-Replayed"] == "true"
        assert reused.status_code == 422
        assert len(list(operations(there))) == 1


def test_a_session_is_good_at_either_server(members: Members) -> None:
    first, second = members()
    with first.rest() as here:
        path = "/controlcenterservice2/services/listServices"
        cookie = here.get(path).cookies["JSESSIONIDSSO"]
    with second.rest(signed_in=False) as there:
        assert there.get(path).status_code == 401
        assert there.get(path, headers={"Cookie": f"JSESSIONIDSSO={cookie}"}).status_code == 200
        assert there.get(path, headers={"Cookie": f"JSESSIONIDSSO={cookie[:-1]}x"}).status_code == 401


def test_the_clock_is_the_same_at_both(members: Members) -> None:
    first, second = members()
    with first.rest() as here, second.rest() as there:
        here.patch("/sim/v1/clock", json={"mode": "MANUAL"}).raise_for_status()
        for _ in range(5):
            here.post("/sim/v1/clock/actions/advance", json={"seconds": 3600}).raise_for_status()
            assert there.get("/sim/v1/clock").json() == here.get("/sim/v1/clock").json()


def test_a_fault_acts_at_both_and_counts_once(members: Members) -> None:
    first, second = members()
    rule = {
        "id": "twice",
        "times": 2,
        "match": {"api": "REST", "operation": f"GET {NODE}"},
        "effect": {"type": "HTTP_STATUS", "params": {"status": 418, "body": "", "headers": {}}},
    }
    with first.rest() as here, second.rest() as there:
        here.post("/sim/v1/faults", json=rule).raise_for_status()

        seen = [client.get(NODE).status_code for client in (there, here, there, here)]

    assert seen == [418, 418, 200, 200]


def test_whoever_waits_at_one_server_is_woken_by_the_other(members: Members) -> None:
    """`Prefer: wait` of an operation that only another server's work can end."""
    first, second = members()
    with first.rest() as here, second.rest() as there:
        here.patch("/sim/v1/clock", json={"mode": "MANUAL"}).raise_for_status()
        here.put("/sim/v1/timings", json={"scale": 1, "default": {"stopMs": 2000}}).raise_for_status()
        begun = there.post(f"{NODE}/services/cisco-cdp/actions/stop")
        assert begun.json()["status"] == "RUNNING"
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(
                there.get, f"/api/v1/operations/{begun.json()['id']}", headers={"Prefer": "wait=30"}
            )
            here.post("/sim/v1/clock/actions/advance", json={"seconds": 10}).raise_for_status()
            assert waiting.result(timeout=30).json()["status"] == "SUCCEEDED"


def test_a_stream_at_one_server_tells_what_happens_at_the_other(members: Members) -> None:
    first, second = members()
    heard: list[tuple[int, str, str]] = []
    listening, enough = threading.Event(), threading.Event()

    def listen() -> None:
        headers = {"Accept": "text/event-stream"}
        with second.rest() as client, client.stream("GET", "/api/v1/events", headers=headers) as stream:
            listening.set()
            identifier = 0
            for line in stream.iter_lines():
                if line.startswith("id:"):
                    identifier = int(line.removeprefix("id:"))
                if line.startswith("data:"):
                    event = json.loads(line.removeprefix("data:"))
                    if event["type"] == "service.state.changed":
                        heard.append((identifier, event["data"]["service"], event["data"]["to"]))
                if len(heard) == 8:
                    enough.set()
                    return

    listener = threading.Thread(target=listen)
    listener.start()
    assert listening.wait(20)
    with first.rest() as here:
        for turn in range(2):
            act(here, "stop", "cisco-cdp", f"stop{turn}")
            act(here, "start", "cisco-cdp", f"start{turn}")
    assert enough.wait(20), heard
    listener.join()

    assert [to for _, _, to in heard] == ["STOPPING", "STOPPED", "STARTING", "STARTED"] * 2
    assert [identifier for identifier, _, _ in heard] == sorted({identifier for identifier, _, _ in heard})


def test_servers_can_begin_with_an_empty_database_at_once(members: Members) -> None:
    for member in members(3):
        with member.rest() as client:
            assert state(client, "cisco-cdp") == "STARTED"


def test_a_server_says_what_is_wrong_with_its_database(members: Members, database: str) -> None:
    (member,) = members(1)
    member.stop()

    lost = Member(member.folder / "lost", None, "--database", database.replace("/ucmsim", "/nowhere", 1))
    try:
        lost.start()
    except AssertionError as error:
        told = str(error)

    assert "nowhere" in told
    assert "does not exist" in told
    assert "Traceback" not in told


def test_an_answer_of_a_server_that_lost_its_database_comes_back(members: Members, postgres: object) -> None:
    """The database ends every connection: the next requests make new ones."""
    import psycopg

    (member,) = members(1)
    with member.rest() as client:
        assert state(client, "cisco-cdp") == "STARTED"
        conninfo = postgres.set(drivername="postgresql").render_as_string(hide_password=False)  # type: ignore[attr-defined]
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname LIKE 'ucmsim%'"
            )
        answers = [client.get(f"{NODE}/services/cisco-cdp").status_code for _ in range(20)]

    assert answers[-1] == 200
