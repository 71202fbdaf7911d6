"""Commands a second, each durable before it is acknowledged: over SQLite and PostgreSQL, with one process and two.

Transitions take no time here, so that a call lasts as long as it takes to decide, to store and to answer. Each of eight
connections commands another cluster: those of one cluster wait for each other anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

from benchmarks import fleets, subject
from benchmarks.databases import postgresql
from benchmarks.load import CONNECTIONS, Figures, Load, median
from benchmarks.machine import CORES, stopping
from benchmarks.messages import control
from benchmarks.plan import Plan
from benchmarks.subject import Subject
from benchmarks.table import Table, target

COMMAND = control("Restart", "Cisco CDP")


@dataclass
class Setting:
    """A server over some database, and what was seen of it."""

    database: str
    workers: int
    running: Subject
    runs: list[Figures] = field(default_factory=list)

    @property
    def figures(self) -> Figures:
        """The medians of all rounds."""
        return median(self.runs)


def measure(plan: Plan) -> Iterator[Table]:
    """Command in turn, and yield the table."""
    inventory = plan.folder / "fleet.toml"
    inventory.write_text(fleets.inventory(CONNECTIONS, scale=0.0))
    addresses = [fleets.address(cluster) for cluster in range(CONNECTIONS)]
    with ExitStack() as stack:
        settings = []
        for workers in (1, 2):
            for name in ("SQLite", "PostgreSQL"):
                # Each has a database of its own: they must not wait for each other.
                folder = plan.folder / f"{name}-{workers}"
                folder.mkdir()
                database = stack.enter_context(postgresql(folder / "pg")) if name == "PostgreSQL" else None
                running = subject.start(
                    folder, workers=workers, inventory=inventory, database=database, cores=CORES
                )
                stack.enter_context(stopping(running.server))
                settings.append(Setting(name, workers, running))
        load = Load(plan.folder)
        for _ in range(plan.rounds):
            for setting in settings:
                figures = load.run(COMMAND, setting.running.port, plan.seconds, addresses=addresses)
                assert not figures.failures, f"{figures.failures} commands failed"
                setting.runs.append(figures)
    yield _table(settings)


def _table(settings: list[Setting]) -> Table:
    table = Table(
        "Durable commands (SOAP restart of one service, 8 connections to 8 clusters, all cores)",
        ["database", "processes", "commands/s", "p50 ms", "p99 ms", "÷ 1 process", "target"],
    )
    single = {setting.database: setting.figures.rate for setting in settings if setting.workers == 1}
    for setting in sorted(settings, key=lambda each: (each.database, each.workers)):
        seen = setting.figures
        ratio = seen.rate / single[setting.database]
        wanted = setting.database == "PostgreSQL" and setting.workers == 2
        table.rows.append(
            [
                setting.database,
                str(setting.workers),
                f"{seen.rate:.0f}",
                f"{seen.p50:.1f}",
                f"{seen.p99:.1f}",
                f"{ratio:.2f}",
                target(ratio, 1.2, at_least=True) if wanted else "",
            ]
        )
    return table
