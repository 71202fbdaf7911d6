"""What phones and gateways do when call processing goes away (G-CTL-10)."""

from tests.models.lab import CALL_MANAGER, PUB, SUB, Lab
from ucmsim.models.devices import Call, processes_calls, registrar, survives


def test_phones_fail_over_to_their_secondary_and_come_back():
    """G-CTL-10: they stay with a server as long as its Cisco CallManager runs."""
    lab = Lab()
    lab.activate(PUB, CALL_MANAGER)
    lab.activate(SUB, CALL_MANAGER)
    lab.wait()
    servers = (SUB, PUB)
    assert registrar(lab.cluster, servers, lab.now) == SUB
    lab.stop(SUB, CALL_MANAGER)
    assert registrar(lab.cluster, servers, lab.now) == PUB
    lab.wait().start(SUB, CALL_MANAGER)
    assert registrar(lab.wait().cluster, servers, lab.now) == SUB


def test_a_phone_registers_nowhere_when_no_secondary_is_up():
    """G-CTL-10."""
    lab = Lab()
    lab.activate(SUB, CALL_MANAGER)
    lab.wait().stop(SUB, CALL_MANAGER)
    assert registrar(lab.cluster, (SUB, PUB), lab.now) is None


def test_a_server_that_cannot_be_reached_processes_no_calls():
    """G-CTL-10, G-CTL-16."""
    lab = Lab()
    lab.activate(SUB, CALL_MANAGER)
    assert processes_calls(lab.wait().cluster, SUB, lab.now)
    lab.change(SUB, reachable=False)
    assert not processes_calls(lab.cluster, SUB, lab.now)
    assert not processes_calls(lab.cluster, "imp-pub", lab.now)


def test_calls_between_phones_and_through_mgcp_gateways_go_on():
    """G-CTL-10."""
    assert {call for call in Call if survives(call)} == {Call.PHONE_TO_PHONE, Call.PHONE_TO_MGCP_GATEWAY}
