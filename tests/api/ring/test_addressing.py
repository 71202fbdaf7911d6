"""Which node a request is for: the address it came in on, else the Host header, else the publisher."""

from __future__ import annotations

import pytest

from tests.api.conftest import PATH, Serving, node
from tests.api.ring.test_web_application import ADMINISTRATOR
from ucmsim.api.ring.addressing import Addressing, canonical, host_name
from ucmsim.models.inventory import ClusterSpec
from ucmsim.models.states import NodeRef, Role


def clusters(*addresses: str) -> list[ClusterSpec]:
    first, second, third = addresses
    return [
        ClusterSpec(
            "one",
            "One",
            (
                node("sub", Role.SUBSCRIBER, second, aliases=("old-sub", "2001:db8::5")),
                node("pub", Role.PUBLISHER, first),
            ),
        ),
        ClusterSpec("two", "Two", (node("pub", Role.PUBLISHER, third, aliases=("only-two",)),)),
    ]


PUB, SUB, TWO = NodeRef("one", "pub"), NodeRef("one", "sub"), NodeRef("two", "pub")


@pytest.mark.parametrize(
    ("address", "host", "expected"),
    [
        ("127.0.0.1", b"sub.lab.example:8443", PUB),
        ("127.0.0.2", None, SUB),
        ("127.0.0.2", b"pub", SUB),
        ("0:0::1", None, TWO),
        ("::ffff:127.0.0.2", None, SUB),
        ("10.0.0.9", b"sub.lab.example:8443", SUB),
        ("10.0.0.9", b"SUB.Lab.Example.", SUB),
        ("10.0.0.9", b"old-sub:1", SUB),
        ("10.0.0.9", b"[2001:DB8::5]:8443", SUB),
        ("10.0.0.9", b"127.0.0.2", SUB),
        ("10.0.0.9", b"only-two", TWO),
        ("10.0.0.9", b"pub", PUB),
        ("10.0.0.9", b"unknown", PUB),
        ("10.0.0.9", None, PUB),
    ],
)
def test_a_request_is_for_the_node_that_was_asked(
    address: str, host: bytes | None, expected: NodeRef
) -> None:
    assert Addressing(clusters("127.0.0.1", "127.0.0.2", "::1")).node(address, host) == expected


@pytest.mark.parametrize(
    ("host", "expected"), [(b"sub", SUB), (b"only-two", TWO), (b"unknown", SUB), (None, SUB)]
)
def test_nodes_behind_one_address_are_told_apart_by_the_host_header(
    host: bytes | None, expected: NodeRef
) -> None:
    assert Addressing(clusters("10.0.0.1", "10.0.0.1", "10.0.0.1")).node("10.0.0.1", host) == expected


def test_every_address_is_listed_once() -> None:
    assert Addressing(clusters("10.0.0.1", "10.0.0.2", "10.0.0.1")).addresses == ("10.0.0.2", "10.0.0.1")


@pytest.mark.parametrize(
    ("host", "expected"),
    [(b"a.B:1", "a.b"), (b"[::1]:1", "::1"), (b"[::1]", "::1"), (b" a ", "a"), (b"[", ""), (b"\xff", "ÿ")],
)
def test_a_host_header_names_a_host(host: bytes, expected: str) -> None:
    assert host_name(host) == expected


def test_addresses_have_one_spelling() -> None:
    assert canonical("0:0:0:0:0:0:0:1") == canonical("::1") == "::1"


def test_two_nodes_on_two_addresses_are_two_nodes(serving: Serving) -> None:
    answers = [
        serving.ask("POST", PATH, address=address, body=b"x", Authorization=ADMINISTRATOR)
        for address in serving.addresses
    ]

    assert [answer.body for answer in answers] == [b"<cucm-pub/>", b"<cucm-sub/>"]
    assert [answer.headers["Expires"][-12:] for answer in answers] == ["19:00:00 EST", "05:30:00 IST"]
