"""Inventories of many clusters, as text: nine nodes each, every one with a loopback address of its own."""

from __future__ import annotations

from collections.abc import Iterator

NODES = (
    ("UCM", "publisher"),
    *[("UCM", "subscriber")] * 5,
    ("IMP", "publisher"),
    ("IMP", "subscriber"),
    ("CUC", "publisher"),
)


def address(cluster: int, node: int = 0) -> str:
    """Return the address of a node: from 127.1.0.1 on."""
    number = cluster * len(NODES) + node
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}"


def inventory(clusters: int, *, scale: float = 1.0) -> str:
    """Return an inventory of so many clusters; `scale` multiplies the durations of transitions."""
    return "\n".join([f"durations.scale = {scale}", *_lines(clusters)])


def _lines(clusters: int) -> Iterator[str]:
    for cluster in range(clusters):
        yield f'\n[[clusters]]\nid = "c{cluster}"\nname = "Cluster {cluster}"\nversion = "15.0.1.12900-43"'
        for node, (product, role) in enumerate(NODES):
            yield (
                f'\n[[clusters.nodes]]\nid = "c{cluster}-n{node}"\nproduct = "{product}"\nrole = "{role}"\n'
                f'address = "{address(cluster, node)}"\nfqdn = "c{cluster}-n{node}.fleet.example"'
            )
