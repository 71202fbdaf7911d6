"""A node whose own list of services stands in the inventory, as `ucmsim capture` writes it."""

from __future__ import annotations

import pytest

from ucmsim.api import inventory
from ucmsim.api.inventory import InventoryError
from ucmsim.models.installation import install
from ucmsim.models.inventory import Inventory
from ucmsim.models.report import rows
from ucmsim.models.states import Form, Kind, Status

CAPTURED = """
[[clusters]]
id = "captured"
version = "11.5.1.10000-6"

[[clusters.nodes]]
id = "pub"
product = "UCM"
role = "publisher"
address = "127.0.0.1"
activated = ["Cisco Tftp", "Ours Only"]
stopped = ["Cisco Tftp"]
failed = ["A Cisco DB"]

[[clusters.nodes.listing]]
name = "Cisco Tftp"
deployable = true
group = "CM Services"
product = "CallManager"

[[clusters.nodes.listing]]
name = "Ours Only"
form = "Servlet"
deployable = true
group = "CM Services"
depends = ["A Cisco DB"]

[[clusters.nodes.listing]]
name = "Cisco DirSync"
deployable = true

[[clusters.nodes.listing]]
name = "A Cisco DB"
deployable = false
"""


def node(text: str = CAPTURED):
    (cluster,) = inventory.loads(text).clusters
    (found,) = install(cluster, 1_000_000_000_000).nodes.values()
    return found


def test_the_node_offers_what_is_listed_in_that_order():
    assert list(node().services) == ["Cisco Tftp", "Ours Only", "Cisco DirSync", "A Cisco DB"]
    ours = node().services["Ours Only"]
    assert (ours.kind, ours.form, ours.product_id, ours.depends) == (
        Kind.FEATURE,
        Form.SERVLET,
        "Common",
        ("A Cisco DB",),
    )
    assert node().services["A Cisco DB"].product_id == "Common"  # from the catalogue


def test_services_stand_as_they_were_found():
    told = {row.name: (row.status, row.reason.code) for row in rows(node(), (), 1_000_000_000_000)}
    assert told == {
        "A Cisco DB": (Status.STOPPED, -1019),
        "Cisco DirSync": (Status.STOPPED, -1068),
        "Cisco Tftp": (Status.STOPPED, -1069),
        "Ours Only": (Status.STARTED, -1),
    }


def test_what_is_written_is_read_back_as_it_was():
    read: Inventory = inventory.loads(CAPTURED)
    assert inventory.loads(inventory.dumps(read)) == read


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ('stopped = ["Cisco Tftp"]', 'stopped = ["Cisco Tfpt"]', 'did you mean "Cisco Tftp"'),
        ('failed = ["A Cisco DB"]', 'failed = ["Cisco Tftp"]', '"Cisco Tftp" is listed twice'),
        ('name = "Cisco DirSync"', 'name = "Cisco Tftp"', '"Cisco Tftp" is listed twice'),
        ('"Ours Only"]', '"Cisco CallManager"]', '"Cisco CallManager"'),
        ('form = "Servlet"', 'form = "Service!"', "form"),
    ],
)
def test_a_slip_is_told_with_its_line(old, new, text):
    with pytest.raises(InventoryError) as told:
        inventory.loads(CAPTURED.replace(old, new), "captured.toml")
    assert text in str(told.value)
    assert "captured.toml:" in str(told.value)
