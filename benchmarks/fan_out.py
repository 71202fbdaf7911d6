"""How soon every one of many listeners hears what a command did, and what the listeners cost while nothing happens."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import statistics
import time
from collections.abc import Iterator

from benchmarks import fleets, subject
from benchmarks.machine import stopping
from benchmarks.messages import AUTHORIZATION, control
from benchmarks.plan import Plan
from benchmarks.subject import Subject
from benchmarks.table import Table

_LISTEN = (
    "GET /api/v1/events?type=service.state.changed HTTP/1.1\r\nHost: 127.1.0.1\r\n"
    f"Authorization: {AUTHORIZATION}\r\nAccept: text/event-stream\r\n\r\n"
).encode()
_SERVICE = "Cisco CDP"
_ADDRESS = fleets.address(0)


def measure(plan: Plan) -> Iterator[Table]:
    """Listen and command, and yield the table."""
    inventory = plan.folder / "fleet.toml"
    inventory.write_text(fleets.inventory(1, scale=0.0))
    running = subject.start(plan.folder / "fan-out", inventory=inventory)
    with stopping(running.server):
        yield asyncio.run(_measure(plan, running))


async def _measure(plan: Plan, running: Subject) -> Table:
    opener = await _open(running.port, asyncio.Semaphore())  # what is made for it, is there for all
    memory = running.server.memory
    heard: list[asyncio.Queue[tuple[float, str]]] = [asyncio.Queue() for _ in range(plan.listeners)]
    limit = asyncio.Semaphore(20)
    streams = await asyncio.gather(*(_open(running.port, limit) for _ in heard))
    tasks = [
        asyncio.create_task(_hear(reader, queue)) for (reader, _), queue in zip(streams, heard, strict=True)
    ]
    each = (running.server.memory - memory) / plan.listeners
    idle_before, began = running.server.cpu_seconds, time.monotonic()
    await asyncio.sleep(plan.seconds)
    idle = (running.server.cpu_seconds - idle_before) / (time.monotonic() - began)
    delays, spent = [], running.server.cpu_seconds
    for turn in range(plan.broadcasts):
        sent = time.perf_counter()
        await _command(running.port, "Start" if turn % 2 else "Stop")
        wanted = "STARTED" if turn % 2 else "STOPPED"
        delays.append([await _arrival(queue, wanted) - sent for queue in heard])
    spent = running.server.cpu_seconds - spent
    for task in tasks:
        task.cancel()
    for _, writer in [opener, *streams]:
        writer.close()
    table = Table(f"Events to {plan.listeners} listeners, from sending the command", ["what", "figure"])
    last = statistics.median(max(round_) for round_ in delays) * 1000
    first = statistics.median(min(round_) for round_ in delays) * 1000
    events = plan.broadcasts * plan.listeners * 2  # Stopping and Stopped, Starting and Started
    table.rows += [
        ["the first listener knows after", f"{first:.1f} ms"],
        ["the last listener knows after", f"{last:.1f} ms"],
        ["CPU for each event and listener", f"{spent / events * 1e6:.0f} µs"],
        ["memory for each listener", f"{each / 1e3:.0f} kB"],
        ["CPU while nothing happens", f"{idle * 100:.1f} %"],
    ]
    return table


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def _open(port: int, limit: asyncio.Semaphore) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with limit:
        reader, writer = await asyncio.open_connection(_ADDRESS, port, ssl=_trusting())
        writer.write(_LISTEN)
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head.split(b"\r\n", 1)[0], head
        return reader, writer


async def _hear(reader: asyncio.StreamReader, queue: asyncio.Queue[tuple[float, str]]) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError):
        while True:
            line = (await reader.readuntil(b"\n")).strip()
            if line.startswith(b"data:"):
                at = time.perf_counter()
                queue.put_nowait((at, json.loads(line.removeprefix(b"data:"))["data"]["to"]))


async def _arrival(queue: asyncio.Queue[tuple[float, str]], wanted: str) -> float:
    """When a listener heard of a state."""
    while True:
        at, state = await asyncio.wait_for(queue.get(), 30)
        if state == wanted:
            return at


async def _command(port: int, verb: str) -> None:
    message = control(verb, _SERVICE)
    reader, writer = await asyncio.open_connection(_ADDRESS, port, ssl=_trusting())
    head = [f"POST {message.path} HTTP/1.1", "Host: 127.1.0.1", f"Content-Length: {len(message.body)}"]
    head += ["Connection: close", *(f"{name}: {value}" for name, value in message.headers)]
    writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + message.body)
    answer = await reader.read()
    assert b" 200 " in answer.split(b"\r\n", 1)[0], answer
    writer.close()
