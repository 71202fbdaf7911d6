"""Inventories as users write them: what they mean, and what users are told when they are wrong."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace

import pytest

from ucmsim.api import inventory
from ucmsim.api.inventory import InventoryError
from ucmsim.models.conditions import Conditions, ExternalDatabase
from ucmsim.models.inventory import ClusterSpec, Durations, NodeSpec, ServiceDurations, User
from ucmsim.models.states import Product, Role

VERSION = "15.0.1.12900-43"


def cluster(id_: str = "lab", *nodes: str, **keys: str) -> str:
    """A cluster in TOML; its nodes are given in TOML, too."""
    extra = "".join(f"{key} = {value}\n" for key, value in keys.items())
    return f'[[clusters]]\nid = "{id_}"\nversion = "{VERSION}"\n{extra}' + "".join(nodes)


def node(id_: str = "pub", product: str = "UCM", role: str = "publisher", **keys: str) -> str:
    """A node in TOML; its address follows from its id unless given."""
    keys.setdefault("address", f'"127.0.1.{sum(map(ord, id_)) % 255}"')
    extra = "".join(f"{key} = {value}\n" for key, value in keys.items())
    return f'[[clusters.nodes]]\nid = "{id_}"\nproduct = "{product}"\nrole = "{role}"\n{extra}'


def complaints(text: str) -> list[str]:
    with pytest.raises(InventoryError) as caught:
        inventory.loads(text, "my.toml")
    return str(caught.value).splitlines()


def test_the_lab_has_every_product_on_the_first_five_loopback_addresses():
    (lab,) = inventory.builtin("lab").clusters
    assert (lab.id, lab.name) == ("lab", "Lab")
    assert [(each.id, each.product, each.role, each.address) for each in lab.nodes] == [
        ("cucm-pub", Product.UCM, Role.PUBLISHER, "127.0.0.1"),
        ("cucm-sub", Product.UCM, Role.SUBSCRIBER, "127.0.0.2"),
        ("imp-pub", Product.IMP, Role.PUBLISHER, "127.0.0.3"),
        ("imp-sub", Product.IMP, Role.SUBSCRIBER, "127.0.0.4"),
        ("cuc-pub", Product.CUC, Role.PUBLISHER, "127.0.0.5"),
    ]


def test_another_built_in_inventory_does_not_exist():
    with pytest.raises(
        InventoryError, match='"lap" is not a built-in inventory; allowed: lab; did you mean "lab"'
    ):
        inventory.builtin("lap")


def test_a_short_node_takes_the_rest_from_its_cluster():
    text = cluster(
        "c", node("pub", address='"127.0.0.9"'), timezone='"Europe/Berlin"', uptime="60", name='"C"'
    )
    assert inventory.loads(text).clusters == (
        ClusterSpec(
            id="c",
            name="C",
            nodes=(
                NodeSpec(
                    id="pub",
                    product=Product.UCM,
                    role=Role.PUBLISHER,
                    address="127.0.0.9",
                    fqdn="pub",
                    version=VERSION,
                    timezone="Europe/Berlin",
                    uptime=60,
                ),
            ),
        ),
    )


def test_a_node_says_everything_itself():
    text = cluster(
        "c",
        node(
            address='"::0001"',
            fqdn='"PUB.Example.com"',
            aliases='["cm1", "192.0.2.1"]',
            version='"12.5.1.11900-146"',
            timezone='"Asia/Seoul"',
            uptime="0",
            activated='["Cisco CallManager", "Cisco Tftp"]',
            deactivated='["Cisco AXL Web Service"]',
            conditions='{ virtual = false, external_database = "absent", dhcp = true }',
        ),
    )
    assert inventory.loads(text).clusters[0].nodes[0] == NodeSpec(
        id="pub",
        product=Product.UCM,
        role=Role.PUBLISHER,
        address="::1",
        fqdn="pub.example.com",
        aliases=("cm1", "192.0.2.1"),
        version="12.5.1.11900-146",
        timezone="Asia/Seoul",
        uptime=0,
        activated=("Cisco CallManager", "Cisco Tftp"),
        deactivated=("Cisco AXL Web Service",),
        conditions=Conditions(virtual=False, external_database=ExternalDatabase.ABSENT, dhcp=True),
    )


def test_a_cluster_replaces_single_durations():
    general = '[durations]\nscale = 0.5\nseed = 7\nservices."Cisco Tftp".start = 1\nservices."A Cisco DB".stop = 2.5\n'
    own = '[clusters.durations]\nscale = 0\nservices."Cisco Tftp" = { stop = 3 }\n'
    text = general + cluster("a", node("a")) + cluster("b", node("b"), own)
    first, second = inventory.loads(text).clusters
    db = ServiceDurations(stop=2.5)
    assert first.durations == Durations(
        scale=0.5, seed=7, services={"Cisco Tftp": ServiceDurations(start=1), "A Cisco DB": db}
    )
    assert second.durations == Durations(
        scale=0, seed=7, services={"Cisco Tftp": ServiceDurations(stop=3), "A Cisco DB": db}
    )


def test_users_have_roles_and_a_source_of_their_password():
    text = """
        [[users]]
        name = "administrator"
        roles = ["monitor", "serviceability", "simulation"]
        password_env = "ADMIN"
        [[users]]
        name = "nagios"
        roles = ["monitor"]
        password = "not so secret"
    """
    assert inventory.loads(text + cluster("c", node())).users == (
        User("administrator", frozenset({"monitor", "serviceability", "simulation"}), password_env="ADMIN"),
        User("nagios", frozenset({"monitor"}), password="not so secret"),
    )


def test_several_products_and_both_nodes_of_unity_connection_share_a_cluster():
    text = cluster("c", node("a"), node("b", "CUC"), node("c", "CUC", "subscriber"), node("d", "IMP"))
    assert len(inventory.loads(text).clusters[0].nodes) == 4


def test_node_ids_may_repeat_in_another_cluster():
    other = node(address='"127.0.0.77"', fqdn='"pub.b.example"')
    assert len(inventory.loads(cluster("a", node()) + cluster("b", other)).clusters) == 2


def test_json_means_the_same():
    text = cluster("c", node(activated='["Cisco Tftp"]'), timezone='"Europe/Berlin"')
    assert inventory.parse(json.loads(json.dumps(tomllib.loads(text)))) == inventory.loads(text)


def test_password_files_are_looked_for_beside_the_inventory(tmp_path):
    user = '[[users]]\nname = "a"\nroles = ["monitor"]\npassword_file = "a.txt"\n'
    path = tmp_path / "my.toml"
    path.write_text("\ufeff" + user + cluster("c", node()), "utf-8")
    assert inventory.load(path).users[0].password_file == str(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"\xff\xfe\x00", "is not text in UTF-8"),
        (b"", "clusters: is missing"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path, content, complaint):
    path = tmp_path / "my.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InventoryError) as caught:
        inventory.load(path)
    assert str(caught.value) == f"{path}: {complaint}"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[[clusters]\nid = "lab"', "my.toml:1"),
        ('a = 1\nb = "open\n', "my.toml:2"),
        ("a = 1\nc = [1,\n", "my.toml:2"),
        ("a = 1\na = 2", "my.toml:2"),
        ("a = " + "[" * 100_000, "my.toml"),
    ],
    ids=["header", "text", "list", "twice", "depth"],
)
def test_a_text_that_is_no_toml(text, place):
    (complaint,) = complaints(text)
    assert re.fullmatch(
        rf"{place}: (is not valid TOML: \w.+|tables or lists are nested too deeply)", complaint
    )


def wrong_node(**keys: str) -> str:
    return cluster("lab", node(**keys))


# The text, the line and the key that the complaint names, and what it says.
WRONG = [
    ("", None, "clusters", "is missing"),
    ("clusters = []", 1, "clusters", "must not be empty"),
    ("clusters = 3", 1, "clusters", "must be a list"),
    ("clusters = [3]", 1, "clusters[0]", "must be a table"),
    (cluster(), 1, "clusters[0].nodes", "is missing"),
    (cluster("Lab", node()), 2, "clusters[0].id", '"Lab" is not an id: 1 to 63 of the lower-case letters'),
    (cluster("x" * 64, node()), 2, "clusters[0].id", "is not an id"),
    (cluster("lab", node(), name='"Lab\\u0007"'), 4, "clusters[0].name", "none of them a control character"),
    (wrong_node(id_="cucm_pub"), 5, "clusters[0].nodes[0].id", '"cucm_pub" is not an id'),
    (
        wrong_node(product="UCN"),
        6,
        "clusters[0].nodes[0].product",
        '"UCN" is not allowed; allowed: UCM, IMP, CUC',
    ),
    (wrong_node(role="publishr"), 7, "clusters[0].nodes[0].role", 'did you mean "publisher"?'),
    (
        wrong_node(address='"cucm"'),
        8,
        "clusters[0].nodes[0].address",
        '"cucm" is not an IPv4 or IPv6 address',
    ),
    (
        wrong_node(adress='"::1"'),
        8,
        "clusters[0].nodes[0].adress",
        "is not a key of this table; allowed: id, product,",
    ),
    (wrong_node(adress='"::1"'), 8, "clusters[0].nodes[0].adress", 'did you mean "address"?'),
    (wrong_node(fqdn='"a_b.c"'), 8, "clusters[0].nodes[0].fqdn", '"a_b.c" is not a host name'),
    (
        wrong_node(aliases='[\n"ok",\n"not ok"]'),
        10,
        "clusters[0].nodes[0].aliases[1]",
        '"not ok" is not a host name',
    ),
    (wrong_node(aliases='"cm"'), 8, "clusters[0].nodes[0].aliases", "must be a list"),
    (wrong_node(version='"15"'), 8, "clusters[0].nodes[0].version", '"15" is not a full version'),
    (wrong_node(version="15"), 8, "clusters[0].nodes[0].version", "must be text in quotes"),
    (
        wrong_node(timezone='"Europe/Berln"'),
        8,
        "clusters[0].nodes[0].timezone",
        'did you mean "Europe/Berlin"?',
    ),
    (wrong_node(timezone='"../etc/passwd"'), 8, "clusters[0].nodes[0].timezone", "is not a time zone"),
    (wrong_node(timezone='"Europe"'), 8, "clusters[0].nodes[0].timezone", "is not a time zone"),
    (wrong_node(uptime="-1"), 8, "clusters[0].nodes[0].uptime", "must be at least 0"),
    (wrong_node(uptime="1.5"), 8, "clusters[0].nodes[0].uptime", "must be a whole number"),
    (wrong_node(uptime="true"), 8, "clusters[0].nodes[0].uptime", "must be a whole number"),
    (wrong_node(uptime="999999999"), 8, "clusters[0].nodes[0].uptime", "must be at most 315360000"),
    (
        wrong_node(conditions="{ dhcp = 1 }"),
        8,
        "clusters[0].nodes[0].conditions.dhcp",
        "must be true or false",
    ),
    (
        wrong_node(conditions='{ replication = "down" }'),
        8,
        "clusters[0].nodes[0].conditions.replication",
        '"down" is not allowed; allowed: up, setup, broken',
    ),
    (
        wrong_node(activated='["Cisco Tftp",\n "Cisco CallManger"]'),
        9,
        "clusters[0].nodes[0].activated[1]",
        f'"Cisco CallManger" is not a feature service of UCM {VERSION}; did you mean "Cisco CallManager"?',
    ),
    (
        wrong_node(product="IMP", activated='["Cisco Tftp"]'),
        8,
        "clusters[0].nodes[0].activated[0]",
        f'"Cisco Tftp" is not a feature service of IMP {VERSION}',
    ),
    (
        wrong_node(version='"9.1.2.11900-12"', activated='["Cisco Headset Service"]'),
        9,
        "clusters[0].nodes[0].activated[0]",
        '"Cisco Headset Service" is not a feature service of UCM 9.1.2.11900-12',
    ),
    (
        wrong_node(deactivated='["AXL Web Service"]'),
        8,
        "clusters[0].nodes[0].deactivated[0]",
        '"AXL Web Service" is called "Cisco AXL Web Service" in this file',
    ),
    (
        wrong_node(activated='["A Cisco DB"]'),
        8,
        "clusters[0].nodes[0].activated[0]",
        '"A Cisco DB" is a network service, which is always activated (G-ACT-2)',
    ),
    (
        wrong_node(activated='["Cisco Tftp"]', deactivated='["Cisco Tftp"]'),
        9,
        "clusters[0].nodes[0].deactivated[0]",
        '"Cisco Tftp" is listed twice',
    ),
    (
        cluster("c", node("a"), node("b", role="subscriber", activated='["Cisco DirSync"]')),
        13,
        "clusters[0].nodes[1].activated[0]",
        '"Cisco DirSync" can be activated on the publisher only (G-ACT-15)',
    ),
    (
        cluster("c", node("a", role="subscriber"), node("b", "IMP"), node("c", role="subscriber")),
        4,
        "clusters[0].nodes",
        "UCM has no publisher: give one of a, c the role publisher",
    ),
    (
        cluster("c", node("a"), node("b")),
        12,
        "clusters[0].nodes[1].role",
        "UCM has its publisher already: a; make this node a subscriber",
    ),
    (
        cluster("c", node("a"), node("a", "IMP", address='"::1"', fqdn='"z"')),
        10,
        "clusters[0].nodes[1].id",
        '"a" names a second node of this cluster; the first is clusters[0].nodes[0].id',
    ),
    (
        cluster("c", node("a")) + cluster("c", node("b")),
        10,
        "clusters[1].id",
        '"c" names a second cluster; the first is clusters[0].id',
    ),
    (
        cluster("c", node("a", address='"::1"')) + cluster("d", node("b", address='"0:0::1"')),
        16,
        "clusters[1].nodes[0].address",
        '"::1" already leads to "a" (clusters[0].nodes[0])',
    ),
    (
        cluster("c", node("a", fqdn='"x.y"')) + cluster("d", node("b", aliases='["X.y"]')),
        17,
        "clusters[1].nodes[0].aliases",
        '"x.y" already leads to "a" (clusters[0].nodes[0])',
    ),
    (
        cluster("c", node("a")) + cluster("d", node("a", address='"::1"')),
        12,
        "clusters[1].nodes[0].fqdn",
        '"a" already leads to "a" (clusters[0].nodes[0])',
    ),
    ("[durations]\nscale = -1\n" + wrong_node(), 2, "durations.scale", "must be at least 0"),
    ("[durations]\nscale = inf\n" + wrong_node(), 2, "durations.scale", "must be a finite number"),
    ("[durations]\njitter = 1.5\n" + wrong_node(), 2, "durations.jitter", "must be at most 1"),
    ('[durations]\nseed = "x"\n' + wrong_node(), 2, "durations.seed", "must be a whole number"),
    (
        '[durations.services."Cisco Tftp"]\nbegin = 3\n' + wrong_node(),
        2,
        'durations.services."Cisco Tftp".begin',
        '"begin" is not a key of this table; allowed: start, stop',
    ),
    (
        '[durations.services]\n"Cisco Tfpt" = { start = 3 }\n' + wrong_node(),
        2,
        'durations.services."Cisco Tfpt"',
        '"Cisco Tfpt" is not a service; did you mean "Cisco Tftp"?',
    ),
    (
        '[[users]]\nname = "a"\nroles = ["monitr"]\n' + wrong_node(),
        3,
        "users[0].roles[0]",
        '"monitr" is not allowed; allowed: monitor, serviceability, simulation; did you mean "monitor"?',
    ),
    ('[[users]]\nname = "a"\nroles = []\n' + wrong_node(), 3, "users[0].roles", "must not be empty"),
    (
        '[[users]]\nname = "a:b"\nroles = ["monitor"]\n' + wrong_node(),
        2,
        "users[0].name",
        '"a:b" is not a user name',
    ),
    (
        '[[users]]\nname = "a"\nroles = ["monitor"]\npassword = "x"\npassword_env = "Y"\n' + wrong_node(),
        1,
        "users[0]",
        "password and password_env exclude each other: give the password in one place",
    ),
    (
        '[[users]]\nname = "a"\nroles = ["monitor"]\n' * 2 + wrong_node(),
        5,
        "users[1].name",
        '"a" names a second user; the first is users[0].name',
    ),
    (
        "[server]\n" + wrong_node(),
        1,
        "server",
        "is not a key of this table; allowed: durations, users, clusters",
    ),
]


@pytest.mark.parametrize(
    ("text", "line", "key", "complaint"), WRONG, ids=[f"{w[2]} {w[3][:30]}" for w in WRONG]
)
def test_a_wrong_inventory(text, line, key, complaint):
    (found,) = complaints(text)
    place, _, message = found.partition(f": {key}: ")
    assert place == ("my.toml" if line is None else f"my.toml:{line}")
    assert complaint in message


def test_everything_wrong_is_told_at_once_in_the_order_of_the_text():
    text = cluster(
        "lab",
        node("a", activated='["Cisco CallManger"]'),
        node("b", role="boss"),
        node("c", role="subscriber", fqdn='"a"'),
    )
    assert [found.split(" ")[0] for found in complaints("[server]\n" + text)] == [
        "my.toml:1:",
        "my.toml:9:",
        "my.toml:14:",
        "my.toml:20:",
    ]


def test_a_wrong_version_is_the_only_complaint_about_it():
    text = cluster("lab", node(activated='["Cisco Tftp"]')).replace(VERSION, "fifteen")
    assert len(complaints(text)) == 1


def test_passwords_do_not_show_in_complaints_nor_in_values():
    user = '[[users]]\nname = "a"\nroles = ["monitor"]\npassword = "hunter2"\npassword_hash = "hunter3"\n'
    assert "hunter" not in "".join(complaints(user + cluster("c", node())))
    fine = inventory.loads(user.replace('password_hash = "hunter3"\n', "") + cluster("c", node()))
    assert "hunter" not in repr(fine)


def test_a_json_document_is_refused_by_path():
    with pytest.raises(InventoryError) as caught:
        inventory.parse({"clusters": [{"id": "a", "version": VERSION, "nodes": "none"}]})
    (problem,) = caught.value.problems
    assert (problem.path, problem.line, str(problem)) == (
        ("clusters", 0, "nodes"),
        None,
        "clusters[0].nodes: must be a list",
    )


@pytest.mark.parametrize("document", [[], "x", None, 3])
def test_what_is_no_document_at_all_is_refused(document):
    with pytest.raises(InventoryError, match="must be a table"):
        inventory.parse(document)


def test_the_lab_survives_its_own_medicine():
    lab = inventory.builtin()
    assert replace(lab) == inventory.parse(inventory.document(lab))
