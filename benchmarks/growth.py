"""What more clusters cost: the start, memory, the status of one node and the matrix of one cluster."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks import fleets, subject
from benchmarks.load import Figures, Load, median
from benchmarks.machine import kept_connection, stopping
from benchmarks.messages import ALL, ONE, rest
from benchmarks.plan import Plan
from benchmarks.table import Table, target

MATRIX = rest("REST, matrix of a cluster", "/clusters/c0/services")


@dataclass(frozen=True)
class Size:
    """What was seen with so many clusters. Times in milliseconds, memory in bytes."""

    clusters: int
    start: float
    empty: int
    first: float
    full: int
    status: Figures
    matrix: Figures


def measure(plan: Plan) -> Iterator[Table]:
    """Start with ever more clusters, and yield the table."""
    sizes = [_size(plan, clusters) for clusters in plan.clusters]
    table = Table(
        "Clusters of nine nodes",
        [
            "clusters",
            "start s",
            "memory MB",
            "all in use MB",
            "first answer ms",
            "status p50 ms",
            "matrix p50 ms",
        ],
    )
    for size in sizes:
        table.rows.append(
            [
                f"{size.clusters:,}",
                f"{size.start:.2f}",
                f"{size.empty / 1e6:.0f}",
                f"{size.full / 1e6:.0f}",
                f"{size.first:.1f}",
                f"{size.status.p50:.3f}",
                f"{size.matrix.p50:.2f}",
            ]
        )
    least, most = sizes[0], sizes[-1]
    each = (most.full - least.full) / (most.clusters - least.clusters) / 1e3
    slower = most.status.p50 / least.status.p50
    table.notes += [
        f"Memory per cluster in use: {each:.0f} kB, {target(each, 400, at_least=False)}.",
        f"Status of one node, ÷ that among {least.clusters}: {slower:.2f}, {target(slower, 1.5, at_least=False)}.",
        "First answer: the first question about a cluster since the start, over a connection that exists already.",
    ]
    yield table


def _size(plan: Plan, clusters: int) -> Size:
    folder = plan.folder / f"fleet-{clusters}"
    folder.mkdir()
    inventory = folder / "fleet.toml"
    inventory.write_text(fleets.inventory(clusters))
    began = time.monotonic()
    running = subject.start(folder, inventory=inventory)
    took = time.monotonic() - began
    with stopping(running.server):
        empty, load = running.server.memory, Load(folder)
        address = [fleets.address(0)]
        first = _touch_all(running.port, clusters)
        status, matrix = (
            median(
                load.run(message, running.port, plan.seconds, connections=1, addresses=address)
                for _ in range(plan.rounds)
            )
            for message in (ALL, MATRIX)
        )
        return Size(clusters, took, empty, first, running.server.memory, status, matrix)


def _touch_all(port: int, clusters: int) -> float:
    """Ask every cluster once; return the median time in milliseconds, without the handshake."""

    def ask(cluster: int) -> float:
        with kept_connection(fleets.address(cluster), port) as connection:
            began = time.perf_counter()
            connection.request(ONE.method, ONE.path, ONE.body, dict(ONE.headers))
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
            return (time.perf_counter() - began) * 1000

    with ThreadPoolExecutor(2) as threads:
        return statistics.median(threads.map(ask, range(clusters)))
