"""`ucmsim advice` and `ucmsim events`: what only ucmsim's own API tells of a cluster."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from ucmsim.clients.commands.connecting import Target, speaks_to_a_node
from ucmsim.clients.commands.exits import Exit
from ucmsim.clients.commands.output import console

if TYPE_CHECKING:
    from ucmsim.clients.rest import Event

_STYLES = {"WARNING": "red", "ADVICE": "yellow", "NOTE": "dim"}


@click.command("advice")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--strict", is_flag=True, help="End with status 1 when there is a warning.")
@speaks_to_a_node
@click.pass_context
def advice(context: click.Context, target: Target, as_json: bool, strict: bool) -> None:
    """Show what the administration guide would have otherwise in a cluster.

    \b
    Example:
      ucmsim advice --strict
    """
    with target.rest() as client:
        findings = client.advice()
    if as_json:
        click.echo(json.dumps([asdict(each) for each in findings], indent=2, ensure_ascii=False))
    else:
        from rich.text import Text

        screen = console()
        for each in findings:
            place = " ".join(part for part in (each.node, each.service) if part)
            screen.print(Text(each.severity, style=_STYLES.get(each.severity, "")), f"{each.rule} {place}")
            screen.print(f"  {each.message}\n  {each.remedy}")
    if strict and any(each.severity == "WARNING" for each in findings):
        context.exit(Exit.NOT_AS_ASKED)


@click.command("events")
@click.option("--follow", "-f", is_flag=True, help="Go on with what happens, until Ctrl+C.")
@click.option("--since", metavar="CURSOR", help="Begin after this cursor.")
@click.option("--type", "types", multiple=True, help="Only events of a type, such as service.state.changed.")
@click.option("--service", help="Only what happens to a service, by name or id.")
@click.option("--count", type=click.IntRange(min=1), help="End after that many events.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@speaks_to_a_node
def events(
    target: Target,
    follow: bool,
    since: str | None,
    types: tuple[str, ...],
    service: str | None,
    count: int | None,
    as_json: bool,
) -> None:
    """Show what happened in the clusters of a server, whichever face caused it.

    \b
    Examples:
      ucmsim events --type service.state.changed
      ucmsim events --follow --json
    """
    filters = {"service": service} if service else {}
    with target.rest() as client:
        try:
            for number, event in enumerate(
                client.events(*types, since=since, follow=follow, **filters), start=1
            ):
                click.echo(_as_json(event) if as_json else _line(event))
                if number == count:
                    return
        except KeyboardInterrupt:
            return


def _as_json(event: Event) -> str:
    document = {"cursor": event.cursor or None, "id": event.id, "type": event.type,
                "time": event.time.isoformat(), "data": event.data}  # fmt: skip
    return json.dumps(document, ensure_ascii=False)


def _line(event: Event) -> str:
    data = event.data
    change = f" {data['from']} → {data['to']}" if data.get("from") and data.get("to") else ""
    told = " ".join(str(data[key]) for key in ("kind", "status") if data.get(key))
    place = " ".join(part for part in (event.node, event.service) if part)
    return " ".join(
        part for part in (event.time.strftime("%Y-%m-%d %H:%M:%S"), event.type, place + change, told) if part
    )
