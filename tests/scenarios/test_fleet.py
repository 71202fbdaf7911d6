"""A fleet of clusters behind one server: each node is reached under its own name, and what nobody asks for costs nothing."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql
from cryptography import x509

from ucmsim.api import schema
from ucmsim.api.announcement import ready_document
from ucmsim.api.inventory import parse
from ucmsim.api.simulator import Simulator
from ucmsim.api.state_directory import StateDirectory
from ucmsim.clients.control_center import ControlCenter
from ucmsim.clients.results import Status
from ucmsim.clients.running import Ucm
from ucmsim.models.states import NodeRef

NODES = (("UCM", "publisher"), ("UCM", "subscriber"), ("IMP", "publisher"))
CLUSTERS = 60
"""Of three nodes with three names each: too many names for one certificate."""
FIRST, LAST = (0, 0), (CLUSTERS - 1, 2)

World = tuple[Simulator, Ucm]


def names(cluster: int, node: int) -> tuple[str, str, str]:
    """By what a client may call a node, its address first."""
    return f"127.2.{cluster}.{node + 1}", f"c{cluster}-n{node}", f"c{cluster}-n{node}.fleet.example"


def described(cluster: int) -> dict[str, Any]:
    """A cluster of the inventory."""
    nodes = []
    for number, (product, role) in enumerate(NODES):
        address, node, fqdn = names(cluster, number)
        nodes.append({"id": node, "product": product, "role": role, "address": address, "fqdn": fqdn})
    return {"id": f"c{cluster}", "name": f"Cluster {cluster}", "version": "15.0.1.12900-43", "nodes": nodes}


def topology(clusters: int) -> dict[str, Any]:
    """So many clusters, in which everything happens at once."""
    return {"durations": {"scale": 0}, "clusters": [described(number) for number in range(clusters)]}


@contextmanager
def running(path: Path) -> Iterator[World]:
    with StateDirectory(path) as directory:
        simulator = Simulator(
            parse(topology(CLUSTERS)), directory, port=0, environ={"UCMSIM_PASSWORD": "fleet"}
        )
        simulator.start()
        ucm = Ucm(ready_document(simulator), "fleet")
        try:
            yield simulator, ucm
        finally:
            ucm.close()
            simulator.stop(drain=2)


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[World]:
    with running(tmp_path) as world:
        yield world


def trusted(ucm: Ucm, cluster: int, node: int) -> bool:
    """Whether a client that has nothing but the server's file believes that a node is who it says, by all its names."""
    trust = ssl.create_default_context(cafile=ucm.verify)
    for name in names(cluster, node):
        try:
            with (
                socket.create_connection((names(cluster, node)[0], ucm.port), timeout=20) as connection,
                trust.wrap_socket(connection, server_hostname=name),
            ):
                pass
        except ssl.SSLCertVerificationError:
            return False
    return True


def states(node: ControlCenter) -> Mapping[str, Status]:
    """How the services of a node stand."""
    return {state.name: state.status for state in node.status()}


def changed_services(simulator: Simulator) -> list[tuple[str, str]]:
    """What the database holds of services, as (cluster, service)."""
    table = schema.instances
    with simulator.engine.reading() as connection:
        return [(row.cluster, row.service) for row in connection.execute(sql.select(table))]


def certified(ucm: Ucm) -> list[set[str]]:
    """The names in each certificate of the file that clients get."""
    found = []
    for certificate in x509.load_pem_x509_certificates(Path(ucm.verify).read_bytes()):
        named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        addresses = map(str, named.get_values_for_type(x509.IPAddress))
        found.append({*named.get_values_for_type(x509.DNSName), *addresses})
    return found


def test_the_certificate_file_names_every_node_and_each_node_shows_its_own(fleet: World) -> None:
    _, ucm = fleet
    each = certified(ucm)

    assert len(each) > 1
    assert set().union(*each) >= {
        name for cluster in range(CLUSTERS) for node in range(3) for name in names(cluster, node)
    }
    assert trusted(ucm, *FIRST)
    assert trusted(ucm, *LAST)


def test_a_restart_keeps_the_certificates(tmp_path: Path) -> None:
    with running(tmp_path) as (_, ucm):
        before = Path(ucm.verify).read_bytes()

    with running(tmp_path) as (_, ucm):
        assert Path(ucm.verify).read_bytes() == before
        assert trusted(ucm, *LAST)


def test_a_cluster_that_is_added_later_is_named_as_well(fleet: World) -> None:
    _, ucm = fleet
    new = (CLUSTERS, 2)
    ucm.simulation.put_topology(topology(CLUSTERS + 1))

    for place in (FIRST, LAST, new):
        assert trusted(ucm, *place)
    with ControlCenter(names(*new)[0], *ucm.credentials, verify=ucm.verify, port=ucm.port) as node:
        assert states(node)["Cisco Tomcat"] is Status.STARTED


def test_a_cluster_that_nobody_uses_has_no_rows_and_is_not_in_memory(fleet: World) -> None:
    simulator, ucm = fleet
    with ucm.control_center("c7-n0") as node:
        node.activate("Cisco Tftp")

    assert set(changed_services(simulator)) == {("c7", "Cisco Tftp")}
    assert [name for name, held in simulator.engine._memory._held.items() if held.kept] == ["c7"]


def test_clusters_that_came_up_alike_share_what_they_have_in_common_until_one_changes(fleet: World) -> None:
    simulator, ucm = fleet

    def services(cluster: int) -> object:
        return simulator.engine.node(NodeRef(f"c{cluster}", f"c{cluster}-n1")).instances

    assert services(3) is services(4)
    with ucm.control_center("c3-n1") as node:
        node.activate("Cisco Tftp")
    assert services(3) != services(4)
    with ucm.control_center("c4-n1") as node:
        assert states(node)["Cisco Tftp"] is Status.STOPPED
