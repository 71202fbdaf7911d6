"""The topology, changed under a running server: nodes come, change and go; what stays goes on."""

from __future__ import annotations

import copy
import ssl
import tomllib

import pytest
import requests

from tests.api.rest.conftest import NOW
from tests.api.sim.conftest import Live, sim_over, simulation_over
from ucmsim.api import inventory
from ucmsim.api.clock import Clock
from ucmsim.api.faces import CONTROL_CENTER
from ucmsim.api.origin import Origin
from ucmsim.api.simulator import Simulator
from ucmsim.api.state_directory import StateDirectory
from ucmsim.models.commands import Deploy
from ucmsim.models.states import NodeRef, Status

PUB = NodeRef("lab", "cucm-pub")
CALLER = Origin("SOAP", "administrator", "127.0.0.1")
SUB2 = {
    "id": "cucm-sub2",
    "product": "UCM",
    "role": "subscriber",
    "address": "127.0.0.6",
    "fqdn": "cucm-sub2.lab.example",
}


@pytest.fixture
def lab(sim):
    """The lab's topology as a document of one's own."""
    return copy.deepcopy(sim.get("/topology").body)


def nodes(simulation):
    return list(simulation.engine.cluster("lab").nodes)


def status(simulation, name="Cisco Tftp", ref=PUB):
    return simulation.engine.status(ref, (name,)).rows[0].status


def test_the_topology_that_was_read_can_be_put_and_changes_nothing(sim, lab):
    put = sim.put("/topology", lab)
    assert (put.status, put.body) == (200, {"dryRun": False, "changes": []})
    assert sim.told() == []


def test_it_is_read_and_put_as_toml_too(sim, lab):
    text = sim.get("/topology", Accept="application/toml")
    assert tomllib.loads(text.body) == lab
    added = text.body + "\n".join(
        ["", "[[clusters.nodes]]", *(f'{key} = "{value}"' for key, value in SUB2.items())]
    )
    changed = sim.ask("PUT", "/topology", added.encode(), Content_Type="application/toml")
    assert changed["changes"][1] == {"change": "ADDED", "cluster": "lab", "node": "cucm-sub2"}


def test_a_dry_run_only_says_what_would_change(sim, simulation, lab):
    lab["clusters"][0]["nodes"].append(SUB2)
    said = sim.put("/topology?dryRun=true", lab)
    assert said.body == {
        "dryRun": True,
        "changes": [
            {"change": "CHANGED", "cluster": "lab", "node": None},
            {"change": "ADDED", "cluster": "lab", "node": "cucm-sub2"},
        ],
    }
    assert "cucm-sub2" not in nodes(simulation)


def test_a_node_that_comes_is_installed_and_the_others_go_on(sim, simulation, lab):
    simulation.engine.execute(Deploy(PUB, True, ("Cisco Tftp",)), CALLER)
    lab["clusters"][0]["nodes"].append({**SUB2, "activated": ["Cisco CallManager"]})
    sim.put("/topology", lab)
    assert status(simulation, "Cisco CallManager", NodeRef("lab", "cucm-sub2")) is Status.STARTED
    assert status(simulation) is Status.STARTING
    sim.post("/clock/actions/advance", {"seconds": 60})
    assert status(simulation) is Status.STARTED
    assert [data["to"] for _, name, data in sim.told("service.state.changed") if name == "Cisco Tftp"] == [
        "STARTING",
        "STARTED",
    ]


def test_a_node_that_is_described_differently_is_installed_anew(sim, simulation, lab):
    simulation.engine.execute(Deploy(PUB, True, ("Cisco Tftp",)), CALLER)
    sim.post("/clock/actions/advance", {"seconds": 60})
    lab["clusters"][0]["nodes"][0]["activated"] = ["Cisco CallManager"]
    sim.put("/topology", lab)
    assert (status(simulation), status(simulation, "Cisco CallManager")) == (Status.STOPPED, Status.STARTED)


def test_a_node_and_a_cluster_that_go_are_gone_and_come_back_fresh(sim, simulation, lab):
    simulation.engine.execute(Deploy(PUB, True, ("Cisco Tftp",)), CALLER)
    small = copy.deepcopy(lab)
    small["clusters"][0]["nodes"] = [lab["clusters"][0]["nodes"][1] | {"role": "publisher"}]
    other = copy.deepcopy(small)
    other["clusters"][0]["id"] = "other"
    sim.put("/topology", small)
    assert nodes(simulation) == ["cucm-sub"]
    sim.put("/topology", other)
    assert list(simulation.engine.clusters) == ["other"]
    assert sim.get("/clusters/lab/nodes/cucm-pub").status == 404
    sim.put("/topology", lab)
    assert status(simulation) is Status.STOPPED


def test_a_changed_topology_survives_a_restart_until_the_inventory_is_another(url):
    first = simulation_over(url)
    sim = sim_over(first)
    document = copy.deepcopy(sim.get("/topology").body)
    document["clusters"][0]["nodes"].append(SUB2)
    sim.put("/topology", document)
    first.engine.close()
    first.close()

    from ucmsim.api.sim.topology import described
    from ucmsim.api.store import Store

    store, lab = Store(url), inventory.builtin("lab")
    assert [node.id for node in described(store, lab).clusters[0].nodes][-1] == "cucm-sub2"
    renamed = inventory.parse(
        {**inventory.document(lab), "clusters": [{**document["clusters"][0], "name": "New"}]}
    )
    assert described(store, renamed) == renamed
    store.close()


def test_a_snapshot_brings_back_states_but_no_nodes(sim, simulation, lab):
    sim.post("/snapshots", {"id": "before"})
    lab["clusters"][0]["nodes"].append(SUB2)
    sim.put("/topology", lab)
    sim.post("/snapshots/before/actions/restore")
    assert nodes(simulation)[-1] == "cucm-sub2"
    assert sim.put("/topology", lab)["changes"] == []


@pytest.mark.parametrize(
    ("spoil", "pointer", "detail"),
    [
        (
            lambda lab: lab["clusters"][0]["nodes"][0].update(role="boss"),
            "#/clusters/0/nodes/0/role",
            "publisher",
        ),
        (lambda lab: lab.update(users=[{"name": "x", "roles": ["monitor"]}]), "#/users", "no part"),
        (lambda lab: lab.clear(), "#/clusters", "missing"),
        (lambda lab: lab["clusters"][0].update(versoin="1"), "#/clusters/0/versoin", "version"),
    ],
)
def test_a_topology_that_cannot_be_is_refused_as_a_whole(sim, simulation, lab, spoil, pointer, detail):
    spoil(lab)
    refused = sim.put("/topology", lab)
    assert refused.status == 422
    assert refused["errors"][0]["pointer"] == pointer
    assert detail in refused["errors"][0]["detail"]
    assert nodes(simulation)[0] == "cucm-pub"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[", "application/toml", 422),
        (b"<x/>", "application/xml", 415),
        (b"", "application/json", 400),
    ],
)
def test_a_body_that_is_none_is_refused(sim, body, kind, status):
    assert sim.ask("PUT", "/topology", body, Content_Type=kind).status == status


def test_a_live_server_listens_where_its_nodes_are(tmp_path):
    with StateDirectory(tmp_path) as directory:
        simulator = Simulator(
            inventory.builtin("lab"),
            directory,
            port=0,
            environ={"UCMSIM_PASSWORD": "hunter2"},
            clock=Clock.frozen(NOW),
        )
        simulator.start()
        live = Live(simulator)
        try:
            move_about(live)
        finally:
            live.http.close()
            simulator.stop(drain=1)


def asked(live, address):
    """What a client meets that has just begun; it trusts the server's certificate of this moment."""
    verify = str(live.simulator.certificate.path)
    answer = requests.get(live.url(CONTROL_CENTER, address) + "?wsdl", auth=live.http.auth, verify=verify)
    return answer.status_code


def move_about(live):
    lab = live.sim("GET", "/topology")
    with pytest.raises(requests.ConnectionError):
        asked(live, "127.0.0.6")
    lab["clusters"][0]["nodes"].append(SUB2)
    live.sim("PUT", "/topology", lab)
    assert asked(live, "127.0.0.6") == asked(live, "127.0.0.1") == 200
    trust = ssl.create_default_context(cafile=str(live.simulator.certificate.path))
    assert trust.cert_store_stats()["x509"] == 1
    nodes = requests.get(
        live.url("/api/v1/clusters/lab/nodes"),
        auth=live.http.auth,
        verify=str(live.simulator.certificate.path),
    ).json()["items"]
    assert "127.0.0.6" in [node["address"] for node in nodes]

    del lab["clusters"][0]["nodes"][-1]
    live.http.close()
    live.sim("PUT", "/topology", lab)
    with pytest.raises(requests.ConnectionError):
        asked(live, "127.0.0.6")

    lab["clusters"][0]["nodes"].append({**SUB2, "address": "192.0.2.1"})
    refused = live.http.put(live.url("/sim/v1/topology"), json=lab)
    assert refused.status_code == 422
    assert "192.0.2.1 does not belong to this machine" in refused.json()["detail"]
    assert asked(live, "127.0.0.1") == 200
