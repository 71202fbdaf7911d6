"""Answers a second and the time to an answer, of ucmsim and of what else could stand in its place; and their memory.

All servers run side by side on one core and are asked in turn, round by round, so that whatever else happens on the
machine happens to all of them. What is compared are ratios of one run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import subject
from benchmarks.load import Figures, Load, median
from benchmarks.machine import CORES, NeverReadyError, Server, answers, stopping
from benchmarks.messages import ALL, ONE, REST_ALL, REST_ONE, Message
from benchmarks.peers import PATHS, AbsentError, Payload, Peer, mountebank, nginx, stock_spyne, wiremock
from benchmarks.plan import Plan
from benchmarks.table import Table, target

MESSAGES = (ALL, ONE, REST_ALL, REST_ONE)
NGINX, WIREMOCK, MOUNTEBANK, SPYNE = "nginx", "WireMock", "mountebank", "Spyne"


@dataclass
class Contender:
    """A server in the race: which messages it is sent, where, and what was seen."""

    name: str
    server: Server
    port: int
    asked: Mapping[Message, str]
    runs: dict[Message, list[Figures]] = field(default_factory=dict)
    cpu: dict[Message, list[float]] = field(default_factory=dict)
    memory: int = 0

    def figures(self, message: Message) -> Figures:
        """The medians of all rounds."""
        return median(self.runs[message])

    def cost(self, message: Message) -> float:
        """CPU microseconds an answer: what is left when the machine is busy with other things."""
        spent = sorted(self.cpu[message])
        return spent[len(spent) // 2]


def measure(plan: Plan) -> Iterator[Table]:
    """Race, and yield the tables."""
    with ExitStack() as stack:
        ours, absent = _ours(plan, stack), list[str]()
        payload = _payload(plan, ours)
        contenders = [*ours, *_peers(plan, payload, stack, absent)]
        load = Load(plan.folder)
        for _ in range(plan.rounds):
            for contender in contenders:
                for message, path in contender.asked.items():
                    _run(contender, message, path, load, plan.seconds)
        for contender in contenders:
            contender.memory = contender.server.memory
    yield from _tables(contenders, absent, load)


def _run(contender: Contender, message: Message, path: str, load: Load, seconds: float) -> None:
    before = contender.server.cpu_seconds
    figures = load.run(message, contender.port, seconds, path=path)
    if figures.failures:
        raise AssertionError(f"{contender.name} failed {figures.failures} of {figures.requests} requests")
    contender.runs.setdefault(message, []).append(figures)
    spent = (contender.server.cpu_seconds - before) / figures.requests
    contender.cpu.setdefault(message, []).append(spent * 1e6)


def _ours(plan: Plan, stack: ExitStack) -> list[Contender]:
    everything = dict.fromkeys(MESSAGES, "")
    contenders = []
    for workers in (1, 2):
        # Two processes can show what they are worth on two cores only; the load then shares one of them.
        cores = CORES[:workers]
        running = subject.start(plan.folder / f"ucmsim-{workers}", workers=workers, cores=cores)
        stack.enter_context(stopping(running.server))
        name = "ucmsim" if workers == 1 else f"ucmsim, {workers} processes, {len(cores)} cores"
        contenders.append(Contender(name, running.server, running.port, everything))
    return contenders


def _payload(plan: Plan, ours: list[Contender]) -> Payload:
    """What ucmsim answers is what the others have to."""
    found = {}
    for message in MESSAGES:
        answer = answers(
            ours[0].port, message.path, method=message.method, body=message.body, headers=message.headers
        )
        assert answer is not None, "ucmsim did not answer"
        found[message] = answer
    state = plan.folder / "ucmsim-1" / "state"
    return Payload(found, state / "certificate.pem", state / "key.pem")


def _peers(plan: Plan, payload: Payload, stack: ExitStack, absent: list[str]) -> Iterator[Contender]:
    starts: dict[str, Callable[[Path], Peer]] = {
        NGINX: lambda folder: nginx.start(payload, folder),
        WIREMOCK: lambda folder: wiremock.start(payload, folder, plan.packages),
        MOUNTEBANK: lambda folder: mountebank.start(payload, folder, plan.packages),
        SPYNE: lambda folder: stock_spyne.start(payload, folder, _rows(payload)),
    }
    for name, start in starts.items():
        folder = plan.folder / name.lower()
        folder.mkdir()
        try:
            peer = start(folder)
        except (AbsentError, NeverReadyError) as reason:
            if plan.complete:
                raise
            absent.append(f"{name} was left out: {reason}")
            continue
        stack.enter_context(stopping(peer.server))
        asked = PATHS if name != SPYNE else {ALL: "/", ONE: "/"}
        yield Contender(peer.name, peer.server, peer.port, asked)


def _rows(payload: Payload) -> list[dict[str, Any]]:
    """The services of ucmsim's answer, for Spyne to put together again."""
    from lxml import etree

    items = etree.fromstring(payload.answers[ALL]).iter("{*}item")
    rows = [{etree.QName(field).localname: field.text for field in item} for item in items]
    for row in rows:
        row |= {name: json.loads(row[name] or "0") for name in ("ReasonCode", "UpTime")}
    return rows


def _tables(contenders: list[Contender], absent: list[str], load: Load) -> Iterator[Table]:
    limit = next((each for each in contenders if each.name.startswith(NGINX)), None)
    for message in MESSAGES:
        table = Table(
            f"{message.name} (HTTPS, 8 kept connections)",
            ["server", "answers/s", "p50 ms", "p99 ms", "÷ nginx", "CPU µs", "÷ nginx's", "memory MB"],
        )
        for contender in contenders:
            if message in contender.runs:
                table.rows.append(_row(contender, message, limit))
        yield table
    yield _targets(contenders, limit, absent, load)


def _row(contender: Contender, message: Message, limit: Contender | None) -> list[str]:
    seen, cost = contender.figures(message), contender.cost(message)
    ratio = cheap = "-"
    if limit is not None and message in limit.runs:
        ratio = f"{seen.rate / limit.figures(message).rate:.3f}"
        cheap = f"{limit.cost(message) / cost:.3f}"
    memory = f"{contender.memory / 1e6:.0f}"
    return [
        contender.name, f"{seen.rate:,.0f}", f"{seen.p50:.2f}", f"{seen.p99:.2f}", ratio, f"{cost:.0f}", cheap, memory
    ]  # fmt: skip


def _targets(contenders: list[Contender], limit: Contender | None, absent: list[str], load: Load) -> Table:
    table = Table("Targets: status of all services, one core", ["ucmsim ÷", "ratio", "target"])
    ours = contenders[0].figures(ALL)
    wanted = {NGINX: (0.15, 0.45), WIREMOCK: (3.0,), MOUNTEBANK: (5.0,), "plain Spyne": (40.0,)}
    for contender in contenders:
        for name, targets in wanted.items():
            if contender.name.startswith(name):
                ratio = ours.rate / contender.figures(ALL).rate
                met = ", ".join(target(ratio, least, at_least=True) for least in targets)
                table.rows.append([contender.name, f"{ratio:.2f}", met])
    if limit is not None:
        slower = ours.p99 / limit.figures(ALL).p99
        table.rows.append(["nginx's p99", f"{slower:.2f}", target(slower, 6, at_least=False)])
    table.notes += absent
    table.notes.append(
        "Of nginx the first target is that of any server, the second that of one meant for load."
    )
    if load.tool is None:
        table.notes.append("wrk is not installed: our own generator finds no server's limit but a slow one's")
    return table
