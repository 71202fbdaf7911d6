"""Release numbers: a node's full version, and the release marks of documents such as `12.5`, `12.5SU1`, `10.5(2)`.

It compares; it does not know what a release brought.
"""

from __future__ import annotations

import re


def numbers(release: str) -> tuple[int, ...]:
    """Return `release` as comparable numbers.

    A service update counts in the build number: 12.5SU1 is 12.5.1.11xxx, so `12.5SU1` gives (12, 5, 1, 11000).
    """
    update = re.fullmatch(r"(\d+)\.(\d+)SU(\d+)", release)
    if update:
        major, minor, number = (int(part) for part in update.groups())
        return (major, minor, 1, 10_000 + 1_000 * number)
    return tuple(int(part) for part in re.findall(r"\d+", release))


def within(version: str, since: str | None, until: str | None) -> bool:
    """Say whether `version` lies between two release marks, both included; None is open."""
    actual = numbers(version)
    if since is not None and actual < numbers(since):
        return False
    if until is not None:
        last = numbers(until)
        return actual[: len(last)] <= last
    return True
