"""Our own load generator, for several addresses and for machines without wrk: raw connections on an event loop.

It reads no more of an answer than its length; what is asked comes from `load`.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import statistics
import sys
import time
from itertools import cycle
from typing import Any


async def ask(address: str, port: int, request: bytes, end: float, times: list[float]) -> int:
    """Send the request over one connection until `end`; returns how many answers were no success."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    reader, writer = await asyncio.open_connection(address, port, ssl=context)
    failures = 0
    while (began := time.perf_counter()) < end:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        await reader.readexactly(length)
        times.append(time.perf_counter() - began)
        failures += head.split(b" ", 2)[1][:1] not in b"23"
    writer.close()
    return failures


async def main(plan: dict[str, Any]) -> dict[str, float]:
    """Carry out a plan."""
    request = _bytes(plan["message"])
    addresses = cycle(plan["addresses"])
    times: list[float] = []
    began = time.perf_counter()
    end = began + plan["seconds"]
    failures = await asyncio.gather(
        *(ask(next(addresses), plan["port"], request, end, times) for _ in range(plan["connections"]))
    )
    cuts = statistics.quantiles(times, n=100)
    return {
        "requests": len(times),
        "seconds": time.perf_counter() - began,
        "p50": cuts[49] * 1000,
        "p99": cuts[98] * 1000,
        "failures": sum(failures),
    }


def _bytes(message: dict[str, Any]) -> bytes:
    body: bytes = message["body"].encode()
    headers = {"Host": "127.0.0.1", "Content-Length": str(len(body)), **message["headers"]}
    lines = [
        f"{message['method']} {message['path']} HTTP/1.1",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(main(json.loads(sys.argv[1])))))
