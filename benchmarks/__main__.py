"""The command: make bench, make bench ARGS=--quick, make bench ARGS="--only growth"."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import commands, fan_out, growth, starting, throughput
from benchmarks.plan import Plan
from benchmarks.table import Table

SECTIONS: dict[str, Callable[[Plan], Iterator[Table]]] = {
    "throughput": throughput.measure,
    "starting": starting.measure,
    "growth": growth.measure,
    "commands": commands.measure,
    "fan-out": fan_out.measure,
}

PACKAGES = Path(__file__).parents[1] / ".build" / "benchmarks"


def main() -> None:
    """Measure what was asked for and print the tables."""
    parser = argparse.ArgumentParser(
        prog="make bench", description="Measures ucmsim on this machine, over loopback."
    )
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="two minutes or so instead of several")
    length.add_argument(
        "--check", action="store_true", help="a minute or so, to see that everything can be measured"
    )
    parser.add_argument(
        "--only", choices=SECTIONS, action="append", help="this part; may be given several times"
    )
    options = parser.parse_args()
    began = time.monotonic()
    PACKAGES.mkdir(parents=True, exist_ok=True)
    for name, measure in SECTIONS.items():
        if options.only and name not in options.only:
            continue
        with tempfile.TemporaryDirectory(prefix="ucmsim-bench-") as folder:
            Path(folder).chmod(0o755)  # some servers run as another user
            make = Plan.check if options.check else Plan.quick if options.quick else Plan
            plan = make(Path(folder), PACKAGES)
            for table in measure(plan):
                sys.stdout.write(f"{table}\n")
                sys.stdout.flush()
    sys.stdout.write(f"measured in {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()
