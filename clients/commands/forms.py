"""The forms in which services are shown: a table, JSON, CSV, and that of the node's own `utils service list`.

States in, text out; nothing is asked and nothing is decided here.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ucmsim.clients.results import NOT_ACTIVATED, SUCCESS, Service, ServiceState, Status

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from ucmsim.clients.rest.values import PlatformService

# Colour and shape, so that neither is needed alone.
MARKS = {
    Status.STARTED: ("●", "green"),
    Status.STOPPED: ("■", "red"),
    Status.STARTING: ("▲", "yellow"),
    Status.STOPPING: ("▼", "yellow"),
    Status.UNKNOWN: ("?", "magenta"),
}
_DORMANT = ("○", "dim")


@dataclass(frozen=True)
class Line:
    """One service of one node as it is shown; `service` is what the static list says, if it was asked."""

    node: str
    state: ServiceState
    service: Service | None = None

    @property
    def document(self) -> dict[str, Any]:
        """The same for machines: absent things are null, times are RFC 3339."""
        state, service = self.state, self.service
        return {
            "node": self.node,
            "name": state.name,
            "status": state.status.value,
            "activated": state.activated,
            "reasonCode": state.reason.code,
            "reason": state.reason.text,
            "startTime": state.started.isoformat() if state.started else None,
            "upTimeSeconds": int(state.up_time.total_seconds()) if state.up_time is not None else None,
            "group": service.group if service else None,
            "type": ("feature" if service.deployable else "network") if service else None,
            "form": service.form.value.lower() if service else None,
            "dependsOn": list(service.depends) if service else None,
        }


def as_json(lines: Iterable[Line]) -> str:
    """An array of objects, one a service."""
    return json.dumps([line.document for line in lines], indent=2, ensure_ascii=False)


def as_csv(lines: Sequence[Line]) -> str:
    """RFC 4180 with a head; several dependencies stand in one field, separated by semicolons."""
    text = io.StringIO()
    writer = csv.writer(text)
    for number, line in enumerate(lines):
        document = line.document
        if number == 0:
            writer.writerow(document)
        writer.writerow(_field(value) for value in document.values())
    return text.getvalue().rstrip("\r\n")


@dataclass(frozen=True)
class Surroundings:
    """What `utils service list` says beside the services: what the platform runs, whether the node is the publisher."""

    platform: Sequence[PlatformService] = ()
    publisher: bool = False


def as_vos(lines: Iterable[Line], around: Surroundings) -> str:
    """What `utils service list` prints on a node (specification section 10.1)."""
    return "\n".join(
        [
            "Requesting service status, please wait...",
            *(f"{each.name} [{each.status}] {each.remark}".rstrip() for each in around.platform),
            "Service Manager is running",
            "Getting list of all services",
            ">> Return code = 0",
            *(vos_line(line.state) for line in lines),
            f"Primary Node ={str(around.publisher).lower()}",
        ]
    )


def vos_line(state: ServiceState) -> str:
    """One service in the node's own spelling: no space before the bracket, two before the reason."""
    detail = f"  {state.reason.text}" if state.reason.code != SUCCESS and state.reason.text else ""
    return f"{state.name}[{state.status.value.upper()}]{detail}"


def as_table(lines: Iterable[Line], title: str = "") -> Table:
    """A table for a person."""
    from rich.table import Table

    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for head in ("Service", "State", "Up", "Since"):
        table.add_column(head, overflow="fold")
    for line in lines:
        since = line.state.started.strftime("%Y-%m-%d %H:%M:%S %z") if line.state.started else ""
        table.add_row(line.state.name, marked(line.state), duration(line.state.up_time), since)
    return table


def as_matrix(columns: Mapping[str, Mapping[str, ServiceState]]) -> Table:
    """Services down, nodes across; a node that does not have a service shows nothing there."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("Service", overflow="fold")
    for node in columns:
        table.add_column(node, overflow="fold")
    for name in dict.fromkeys(name for states in columns.values() for name in states):
        cells = (states.get(name) for states in columns.values())
        table.add_row(name, *(marked(state) if state else "" for state in cells))
    return table


def marked(state: ServiceState) -> Text:
    """A status with its mark, and the reason where there is one."""
    from rich.text import Text

    mark, style = MARKS[state.status]
    if state.reason.code == NOT_ACTIVATED:
        mark, style = _DORMANT
    text = f"{mark} {state.status.value}"
    if state.reason.code != SUCCESS:
        text += f" – {state.reason.text or state.reason.code}"
    return Text(text, style=style)


def duration(span: timedelta | None) -> str:
    """An up time in the two largest units, such as `3 d 4 h`."""
    if span is None:
        return ""
    seconds = int(span.total_seconds())
    days, hours, minutes = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"


def _field(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    return value


def lines_of(
    node: str, states: Iterable[ServiceState], services: Mapping[str, Service] | None = None
) -> Iterator[Line]:
    """States as lines, each with what the static list says of it."""
    for state in states:
        yield Line(node, state, (services or {}).get(state.name))
