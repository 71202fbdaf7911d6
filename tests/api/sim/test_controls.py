"""The simulation's controls as part of a server: whose they are, where they are, and how to be without them."""

import requests

from tests.api.rest.conftest import NOW
from tests.api.sim.conftest import Live
from ucmsim.api import inventory
from ucmsim.api.clock import Clock
from ucmsim.api.faces import CONTROL_CENTER
from ucmsim.api.simulator import Simulator
from ucmsim.api.state_directory import StateDirectory

WITH_USERS = """
[[users]]
name = "operator"
roles = ["serviceability"]
password = "hands"

[[users]]
name = "tester"
roles = ["simulation"]
password = "clock"

[[clusters]]
id = "lab"
version = "15.0.1.12900-43"

[[clusters.nodes]]
id = "cucm-pub"
product = "UCM"
role = "publisher"
address = "127.0.0.1"

[[clusters.nodes]]
id = "cucm-sub"
product = "UCM"
role = "subscriber"
address = "127.0.0.2"
"""


def serve(path, **more):
    directory = StateDirectory(path)
    environ = {"UCMSIM_PASSWORD": "hunter2"}
    clock = Clock.frozen(NOW)
    simulator = Simulator(
        inventory.loads(WITH_USERS), directory, port=0, environ=environ, clock=clock, **more
    )
    simulator.start()
    return Live(simulator), directory


def end(live, directory):
    live.http.close()
    live.simulator.stop(drain=1)
    directory.close()


def test_the_controls_need_a_role_of_their_own_and_are_on_every_node(tmp_path):
    live, directory = serve(tmp_path)

    def ask(path, user, password, address="127.0.0.1"):
        answer = requests.get(live.url(path, address), auth=(user, password), verify=live.http.verify)
        return answer.status_code

    for address in ("127.0.0.1", "127.0.0.2"):
        assert ask("/sim/v1/clock", "tester", "clock", address) == 200
        assert ask("/sim/v1/clock", "administrator", "hunter2", address) == 200
        assert ask("/sim/v1/clock", "operator", "hands", address) == 403
        assert ask("/sim/v1/clock", "tester", "wrong", address) == 401
    assert ask("/api/v1/clusters", "tester", "clock") == 403
    assert ask("/sim/v1/openapi.json", "nobody", "") == 200
    end(live, directory)


def test_a_server_without_controls_keeps_what_was_set_with_them(tmp_path):
    live, directory = serve(tmp_path)
    live.sim("POST", "/clock/actions/advance", {"seconds": 3600})
    live.fault("THROTTLE", times=1)
    end(live, directory)

    live, directory = serve(tmp_path, controlled=False)
    assert live.http.get(live.url("/sim/v1/clock")).status_code == 404
    assert live.simulator.clock.now() == NOW + 3_600_000
    assert [live.ask("soapGetServiceStatus").status_code for _ in range(2)] == [500, 200]
    end(live, directory)


def test_a_cut_off_node_is_brought_back_by_its_own_address(tmp_path):
    """`U-55`: nobody answers for it but the tester's controls."""
    live, directory = serve(tmp_path)
    path = "/clusters/lab/nodes/cucm-pub"
    live.sim("PATCH", path, {"reachable": False})
    for _ in range(2):
        try:
            live.http.post(live.url(CONTROL_CENTER), data=b"<x/>")
        except requests.ConnectionError:
            continue
        raise AssertionError("a node that cannot be reached has answered")
    live.sim("PATCH", path, {"reachable": True})
    assert live.ask("soapGetServiceStatus").status_code == 200
    end(live, directory)
