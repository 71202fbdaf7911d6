"""Inventories written back: the same when read again, short, and without passwords unless asked."""

from __future__ import annotations

import json

import pytest

from ucmsim.api import inventory
from ucmsim.models.conditions import Conditions, Replication, SyncAgent
from ucmsim.models.inventory import ClusterSpec, Durations, Inventory, NodeSpec, ServiceDurations, User
from ucmsim.models.states import Product, Role

PUBLISHER = NodeSpec("pub", Product.UCM, Role.PUBLISHER, "127.0.0.1", "pub.example", "14.0.1.13900-155")
SUBSCRIBER = NodeSpec(
    "sub",
    Product.UCM,
    Role.SUBSCRIBER,
    "127.0.0.2",
    "sub",
    "15.0.1.12900-43",
    timezone="Asia/Seoul",
    aliases=("cm2", "192.0.2.2"),
    activated=("Cisco CallManager",),
    deactivated=("Cisco AXL Web Service",),
    uptime=0,
    conditions=Conditions(
        reachable=False, replication=Replication.BROKEN, sync_agent=SyncAgent.RUNNING, dhcp=True
    ),
)
TIMED = Durations(scale=0, jitter=0.0, seed=9, services={"Cisco Tftp": ServiceDurations(start=1.5)})
OTHER = NodeSpec("pub", Product.CUC, Role.PUBLISHER, "::1", "cuc.example", "15.0.1.12900-43")


@pytest.mark.parametrize(
    "given",
    [
        inventory.builtin("lab"),
        Inventory((ClusterSpec("a", "A", (PUBLISHER, SUBSCRIBER)),)),
        Inventory((ClusterSpec("a", "a", (PUBLISHER,), TIMED),)),
        Inventory((ClusterSpec("a", "a", (PUBLISHER,), TIMED), ClusterSpec("b", "b", (OTHER,)))),
        Inventory((ClusterSpec("a", "a", (PUBLISHER,), TIMED), ClusterSpec("b", "b", (OTHER,), TIMED))),
        Inventory(
            (ClusterSpec("a", "a", (PUBLISHER,)),),
            (
                User("administrator", frozenset({"monitor", "simulation"}), password="s3cret"),
                User("b", frozenset({"monitor"}), password_env="B"),
                User("c", frozenset({"serviceability"}), password_hash="$argon2id$…"),
            ),
        ),
    ],
)
def test_what_is_written_reads_the_same(given):
    assert inventory.loads(inventory.dumps(given, secrets=True)) == given
    assert inventory.parse(json.loads(json.dumps(inventory.document(given, secrets=True)))) == given


def test_passwords_stay_inside_unless_asked_for():
    user = User("a", frozenset({"monitor"}), password="s3cret")
    hashed = User("b", frozenset({"monitor"}), password_hash="h4sh")
    text = inventory.dumps(Inventory((ClusterSpec("a", "a", (PUBLISHER,)),), (user, hashed)))
    assert "s3cret" not in text
    assert "h4sh" not in text
    assert [each.name for each in inventory.loads(text).users] == ["a", "b"]


def test_what_is_as_usual_is_not_written():
    lab = inventory.document(inventory.builtin("lab"))
    assert set(lab) == {"clusters"}
    assert lab["clusters"][0]["nodes"][1] == {
        "id": "cucm-sub",
        "product": "UCM",
        "role": "subscriber",
        "address": "127.0.0.2",
        "fqdn": "cucm-sub.lab.example",
    }
