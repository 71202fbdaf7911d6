"""Near misses: what a request probably meant that asked for something that does not exist.

It compares names with those that are known; it does not judge whether a request was right otherwise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from ucmsim.api.sim import asking
from ucmsim.api.sim.journal import Entry
from ucmsim.models import catalogue
from ucmsim.models.catalogue import Service
from ucmsim.models.faults import CONTRACT
from ucmsim.models.states import NodeRef


class NearMiss(NamedTuple):
    """What was asked for in vain: the kind of thing, the name given, the closest known name if one is close.

    `where` is the place in which it was looked for, `elsewhere` the one where the closest is, if that is another.
    """

    what: str
    given: str
    closest: str | None
    where: str = ""
    elsewhere: str = ""

    @property
    def detail(self) -> str:
        """The whole in one sentence."""
        place = f" on {self.where}" if self.where else ""
        found = f"; closest: {self.closest!r}" if self.closest else ""
        found += f" of {self.elsewhere}" if self.elsewhere else ""
        return f"no {self.what} named {self.given!r}{place}{found}"


class NearMisses:
    """Finds what requests missed, by what is known: paths, the operations of each API, the services of a node.

    `rest_paths` returns the operator API's paths with their parameters in braces.
    """

    def __init__(
        self,
        paths: Collection[str],
        operations: Mapping[str, Collection[str]],
        rest_paths: Callable[[], Collection[str]],
        services: Callable[[NodeRef], Mapping[str, Service]],
    ) -> None:
        self._paths = paths
        self._operations = operations
        self._rest_paths = rest_paths
        self._services = services

    def of(self, entry: Entry) -> tuple[NearMiss, ...]:
        """Return everything that a request missed; nothing for one whose names were all known."""
        if entry.faults and entry.status != 200:
            return ()  # that answer says nothing about the request
        match entry.api:
            case None:
                return tuple(self._path(entry))
            case asking.REST:
                return tuple(self._rest(entry))
            case api:
                return tuple(self._soap(entry, api))

    def _path(self, entry: Entry) -> Iterator[NearMiss]:
        if entry.status == 404:
            known = [*self._paths, *(_filled(path, entry.path) for path in self._rest_paths())]
            yield NearMiss("resource", entry.path, catalogue.nearest(entry.path, known))

    def _rest(self, entry: Entry) -> Iterator[NearMiss]:
        if entry.status != 404:
            return
        said = _said(entry.response.text)
        if found := re.match(r"no (\w+) named '([^']*)'(?:.*?; closest: '([^']*)')?", said):
            yield NearMiss(found[1], found[2], found[3])
        else:
            known = [_filled(path, entry.path) for path in self._rest_paths()]
            yield NearMiss("resource", entry.path, catalogue.nearest(entry.path, set(known) - {entry.path}))

    def _soap(self, entry: Entry, api: str) -> Iterator[NearMiss]:
        if (
            entry.status in (401, 403, 404)
            or entry.method != "POST"
            or entry.asked.operation in ("", CONTRACT)
        ):
            return
        operations = self._operations.get(api, ())
        operation = entry.asked.operation
        if operation not in operations and entry.status != 200:  # the legacy endpoint forgives a capital
            owner = next((api for api, names in self._operations.items() if operation in names), "")
            closest = operation if owner else catalogue.nearest(operation, operations)
            yield NearMiss("operation", operation, closest, api, owner)
        elif api in asking.CONTROL_CENTER:
            offered = self._services(entry.node)
            for name in entry.asked.services:
                if name not in offered:
                    yield NearMiss("service", name, _service(name, offered), entry.node.node)


def _service(name: str, offered: Mapping[str, Service]) -> str | None:
    """Return the offered service that a name probably means, be it an alias of it or a misspelling."""
    by_alias = next((service.name for service in offered.values() if name in service.aliases), None)
    return by_alias or catalogue.nearest(name, offered)


def _filled(template: str, path: str) -> str:
    """Return a path like `template`, its parameters taken from the same places of `path`."""
    given = path.split("/")
    parts = template.split("/")
    return "/".join(
        given[place] if part.startswith("{") and place < len(given) else part
        for place, part in enumerate(parts)
    )


def _said(body: str) -> str:
    try:
        problem = json.loads(body)
    except ValueError:
        return ""
    return str(problem.get("detail", "")) if isinstance(problem, dict) else ""
