"""How much is measured: everything at leisure, or enough to see that nothing has become much slower."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Plan:
    """`folder` is this run's and will be gone after it, `packages` stays. The rest says how often and how long."""

    folder: Path
    packages: Path
    rounds: int = 5
    seconds: float = 2.0
    clusters: tuple[int, ...] = (1, 10, 100, 1000)
    starts: int = 7
    listeners: int = 500
    broadcasts: int = 20

    complete: bool = False  # nothing may be left out

    @classmethod
    def check(cls, folder: Path, packages: Path) -> Plan:
        """Return a plan that only shows that everything can be measured; its figures mean nothing."""
        return cls(
            folder,
            packages,
            rounds=1,
            seconds=1.0,
            clusters=(1, 2),
            starts=1,
            listeners=20,
            broadcasts=2,
            complete=True,
        )

    @classmethod
    def quick(cls, folder: Path, packages: Path) -> Plan:
        """Return a plan of a minute or so."""
        return cls(
            folder, packages, rounds=2, seconds=1.0, clusters=(1, 100), starts=3, listeners=100, broadcasts=5
        )
