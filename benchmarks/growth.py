"""What more clusters cost: the start, memory, the status of one node and the matrix of one cluster."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

from benchmarks import fleets, subject
from benchmarks.load import Figures, Load, median
from benchmarks.machine import kept_connection, stopping
from benchmarks.messages import ALL, ONE, Message, rest
from benchmarks.plan import Plan
from benchmarks.subject import Subject
from benchmarks.table import Table, target

MATRIX = rest("REST, matrix of a cluster", "/clusters/c0/services")


@dataclass
class Size:
    """A server of so many clusters, and what was seen of it. Times in milliseconds, memory in bytes."""

    clusters: int
    running: Subject
    start: float
    empty: int
    first: float = 0.0
    full: int = 0
    status: list[Figures] = field(default_factory=list)
    matrix: list[Figures] = field(default_factory=list)


def measure(plan: Plan) -> Iterator[Table]:
    """Start with ever more clusters, ask all of these servers in turn, and yield the table."""
    with ExitStack() as stack:
        sizes = [_started(plan, clusters, stack) for clusters in plan.clusters]
        for size in sizes:
            size.first = _touch_all(size.running.port, size.clusters)
        for number in range(plan.rounds):
            for size in sizes[:: -1 if number % 2 else 1]:  # who is asked after whom makes a difference
                size.status.append(_asked(plan, size, ALL))
                size.matrix.append(_asked(plan, size, MATRIX))
        for size in sizes:
            size.full = size.running.server.memory
    yield _table(sizes)


def _table(sizes: Sequence[Size]) -> Table:
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
    status = [median(size.status).p50 for size in sizes]
    for size, p50 in zip(sizes, status, strict=True):
        table.rows.append(
            [
                f"{size.clusters:,}",
                f"{size.start:.2f}",
                f"{size.empty / 1e6:.0f}",
                f"{size.full / 1e6:.0f}",
                f"{size.first:.1f}",
                f"{p50:.3f}",
                f"{median(size.matrix).p50:.2f}",
            ]
        )
    least, most = sizes[0], sizes[-1]
    each = (most.full - least.full) / (most.clusters - least.clusters) / 1e3
    slower = status[-1] / status[0]
    table.notes += [
        f"Memory per cluster in use: {each:.0f} kB, {target(each, 400, at_least=False)}.",
        f"Status of one node, ÷ that among {least.clusters}: {slower:.2f}, {target(slower, 1.5, at_least=False)}.",
        "First answer: the first question about a cluster since the start, over a connection that exists already.",
        "These servers run side by side; memory that they share counts in parts.",
    ]
    return table


def _started(plan: Plan, clusters: int, stack: ExitStack) -> Size:
    folder = plan.folder / f"fleet-{clusters}"
    folder.mkdir()
    inventory = folder / "fleet.toml"
    inventory.write_text(fleets.inventory(clusters))
    began = time.monotonic()
    running = subject.start(folder, inventory=inventory)
    took = time.monotonic() - began
    stack.enter_context(stopping(running.server))
    return Size(clusters, running, took, running.server.memory)


def _asked(plan: Plan, size: Size, message: Message) -> Figures:
    return Load(plan.folder).run(
        message, size.running.port, plan.seconds, connections=1, addresses=[fleets.address(0)]
    )


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
