"""The same stories over every face: they cannot drift apart, and what one does all others see."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest

from tests.clients.lab import QUICK
from tests.scenarios.faces import FACES, Face, InEngine, RefusedCommandError, Seen
from ucmsim.api.announcement import ready_document
from ucmsim.api.inventory import loads
from ucmsim.api.simulator import Simulator
from ucmsim.api.state_directory import StateDirectory
from ucmsim.clients.running import Ucm

RUNS = Seen("Started", -1)
NOT_ACTIVATED = Seen("Stopped", -1068)
COMMANDED = Seen("Stopped", -1069)
UNKNOWN = Seen("Stopped", -1010)

TFTP, CTI, ANALYZER = "Cisco Tftp", "Cisco CTIManager", "Cisco Dialed Number Analyzer"
DATABASE, TOMCAT, PLATFORM = "A Cisco DB", "Cisco Tomcat", "Platform Communication Web Service"

World = tuple[Simulator, Ucm]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server whose engine the story can reach as well."""
    with StateDirectory(tmp_path_factory.mktemp("state")) as directory:
        simulator = Simulator(loads(QUICK), directory, port=0, environ={"UCMSIM_PASSWORD": "stories"})
        simulator.start()
        ucm = Ucm(ready_document(simulator), "stories")
        try:
            yield simulator, ucm
        finally:
            ucm.close()
            simulator.stop(drain=2)


@pytest.fixture
def world(server: World) -> World:
    """The same, as it is after installation."""
    server[1].reset()
    return server


@pytest.fixture(params=FACES, ids=lambda face: face.__name__)
def on(request: pytest.FixtureRequest, world: World) -> Callable[[str], Face]:
    """A node over the face whose turn it is."""
    return lambda node: reached(request.param, world, node)


def reached(face: type[Face], world: World, node: str) -> Face:
    """A node over one face."""
    simulator, ucm = world
    return face(simulator, ucm, node)


def refused(face: Face, action: str, *names: str) -> int:
    with pytest.raises(RefusedCommandError) as told:
        face.command(action, *names)
    return told.value.code


def test_after_installation_the_network_services_run_and_the_others_wait(on):
    states = on("cucm-pub").states()
    assert states[DATABASE] == states[TOMCAT] == RUNS
    assert states[TFTP] == RUNS  # the inventory activates it
    assert states[CTI] == NOT_ACTIVATED


def test_the_static_list_has_every_service_once(on, world):
    listed = on("cucm-pub").offered()
    assert set(listed) == set(reached(InEngine, world, "cucm-pub").offered())
    assert len(listed) == len(set(listed))


def test_activating_starts_a_service_and_what_it_depends_on(on):
    face = on("cucm-pub")
    face.command("activate", ANALYZER)
    server = f"{ANALYZER} Server"
    assert face.states(ANALYZER, server) == {ANALYZER: RUNS, server: RUNS}
    face.command("deactivate", ANALYZER)
    assert face.states(ANALYZER, server) == {ANALYZER: NOT_ACTIVATED, server: RUNS}


@pytest.mark.parametrize("action", ["start", "stop", "restart"])
def test_what_is_not_activated_cannot_be_controlled(on, action):
    face = on("cucm-pub")
    assert refused(face, action, CTI) == -1068
    assert face.states(CTI) == {CTI: NOT_ACTIVATED}


def test_a_stopped_service_says_that_somebody_stopped_it_until_it_is_started(on):
    face = on("cucm-pub")
    face.command("stop", TFTP)
    assert face.states(TFTP) == {TFTP: COMMANDED}
    face.command("start", TFTP)
    assert face.states(TFTP) == {TFTP: RUNS}


def test_what_is_so_already_is_no_failure(on):
    face = on("cucm-pub")
    face.command("start", TFTP)
    face.command("stop", TFTP)
    face.command("stop", TFTP)
    assert face.states(TFTP) == {TFTP: COMMANDED}


def test_a_restart_starts_what_was_stopped(on):
    face = on("cucm-pub")
    face.command("stop", TFTP)
    face.command("restart", TFTP)
    assert face.states(TFTP) == {TFTP: RUNS}


@pytest.mark.parametrize("name", [DATABASE, TOMCAT])
@pytest.mark.parametrize("action", ["stop", "restart"])
def test_the_api_does_not_stop_what_it_stands_on(on, action, name):
    face = on("cucm-pub")
    assert refused(face, action, name) in {
        -1045,
        -1011,
    }  # REST has the one that SOAP might have (specification of REST, 6)
    assert face.states(name) == {name: RUNS}


def test_a_network_service_is_neither_activated_nor_deactivated(on):
    face = on("cucm-pub")
    assert refused(face, "activate", "Cisco CDP") == -1045
    assert refused(face, "deactivate", "Cisco CDP") == -1045
    assert face.states("Cisco CDP") == {"Cisco CDP": RUNS}


def test_an_unknown_name_is_told_apart(on):
    face = on("cucm-pub")
    assert face.states("Cisco TFTP", TFTP) == {"Cisco TFTP": UNKNOWN, TFTP: RUNS}
    assert refused(face, "start", "Cisco TFTP") == -1010


def test_a_node_controls_itself_alone(on):
    on("cucm-sub").command("activate", TFTP)
    on("cucm-pub").command("stop", TFTP)
    assert on("cucm-sub").states(TFTP) == {TFTP: RUNS}
    assert on("cucm-pub").states(TFTP) == {TFTP: COMMANDED}


def test_what_belongs_on_the_publisher_stays_there(on):
    name = "Cisco CAR Scheduler"
    assert on("cucm-pub").states(name) == {name: RUNS}
    assert on("cucm-sub").states(name) == {name: COMMANDED}


def test_several_services_in_one_command(on):
    face = on("cucm-pub")
    face.command("activate", CTI, "Cisco DirSync")
    face.command("stop", CTI, TFTP)
    assert face.states(CTI, "Cisco DirSync", TFTP) == {CTI: COMMANDED, "Cisco DirSync": RUNS, TFTP: COMMANDED}


def test_of_several_the_others_are_served_when_one_is_refused(on):
    face = on("cucm-pub")
    assert refused(face, "stop", TFTP, CTI) == -1068
    assert face.states(TFTP, CTI) == {TFTP: COMMANDED, CTI: NOT_ACTIVATED}


@pytest.mark.parametrize(
    ("doer", "witness"), list(itertools.permutations(FACES, 2)), ids=lambda face: face.__name__
)
def test_what_one_face_does_every_other_sees(world, doer, witness):
    reached(doer, world, "cucm-pub").command("stop", TFTP)
    assert reached(witness, world, "cucm-pub").states(TFTP) == {TFTP: COMMANDED}


def test_every_face_tells_the_same_of_every_service(world):
    told = [reached(face, world, "cucm-sub").states() for face in FACES]
    assert all(each == told[0] for each in told)
