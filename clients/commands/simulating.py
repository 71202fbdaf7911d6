"""`ucmsim sim …`: control of a simulation from the shell. Each command is one call of `ucmsim.clients.rest.simulation`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ucmsim.clients.commands import documents
from ucmsim.clients.commands.connecting import Target, speaks_to_a_node
from ucmsim.clients.commands.staging import scenario, snapshot

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MATCH = ("operation", "node", "service", "api", "client")


@click.group()
def sim() -> None:
    """Control what only a simulation can: clock, faults, conditions, scenarios, snapshots, journal.

    \b
    Examples:
      ucmsim sim clock stop
      ucmsim sim fault add THROTTLE --times 2
      ucmsim sim reset
    """


@sim.command()
@click.argument("mode", required=False, type=click.Choice(["stop", "run", "immediate"]))
@click.option(
    "--rate", type=click.FloatRange(min=0), default=1.0, show_default=True, help="With run: how fast."
)
@speaks_to_a_node
def clock(target: Target, mode: str | None, rate: float) -> None:
    """Show the clock, or let it stop, run, or make every change immediate.

    \b
    Examples:
      ucmsim sim clock
      ucmsim sim clock stop
      ucmsim sim clock run --rate 60       a minute each second
    """
    with target.rest() as client:
        match mode:
            case "stop":
                told = client.simulation.stop_clock()
            case "run":
                told = client.simulation.run_clock(rate)
            case "immediate":
                told = client.simulation.immediate()
            case _:
                told = client.simulation.clock()
    click.echo(f"{told.now.isoformat()} {told.mode} rate {told.rate:g}")


@sim.command()
@click.argument("seconds", type=click.FloatRange(min=0), required=False)
@click.option("--next", "to_next", is_flag=True, help="To the next change of any service.")
@speaks_to_a_node
def advance(target: Target, seconds: float | None, to_next: bool) -> None:
    """Put the clock forward by SECONDS.

    \b
    Examples:
      ucmsim sim advance 3600
      ucmsim sim advance --next
    """
    if (seconds is None) is not to_next:
        raise click.UsageError("Give either SECONDS or --next.")
    with target.rest() as client:
        told = (
            client.simulation.advance_to_next_change()
            if seconds is None
            else client.simulation.advance(seconds)
        )
    click.echo(told.now.isoformat())


@sim.command()
@click.argument("node")
@click.argument("changes", nargs=-1, required=True, metavar="KEY=VALUE...")
@speaks_to_a_node
def condition(target: Target, node: str, changes: tuple[str, ...]) -> None:
    """Change the world around a NODE: one condition or several.

    \b
    For every node:
      reachable=true|false             whether it answers on the network at all
      latencyMs=0…600000               by how many milliseconds it answers later
      virtual=true|false               false: the services of hardware exist as well
      upgrade=true|false               whether an upgrade is planned
      drivesUpgrades=true|false        whether upgrades of other nodes are run from this one
      dhcp=true|false                  whether it serves DHCP to phones
    For IM and Presence:
      dbReplication=OK|SETUP|BROKEN    services are held back until it is OK
      syncAgent=DONE|RUNNING           whether the publisher's Sync Agent is done with UCM
      syncAgentLimitSeconds=0…604800   how long the publisher waits for it
      externalDatabase=ABSENT|CONFIGURED|UNREACHABLE
      persistentChat=true|false        needs the external database
      ldapContactSearch=true|false     whether contact search in LDAP is configured
      xmppFederation=true|false, sipFederation=true|false
      peering=NONE|CURRENT|RELEASE_8_6 with which clusters presence is exchanged

    \b
    Examples:
      ucmsim sim condition cucm-sub reachable=false
      ucmsim sim condition imp-pub dbReplication=BROKEN
    """
    with target.rest() as client:
        click.echo(documents.shown(client.simulation.condition(node=node, **documents.pairs(changes))))


@sim.command()
@click.argument("node")
@click.argument("service")
@click.argument("state", type=click.Choice(["started", "stopped", "starting", "stopping", "unknown"]))
@click.option("--cause", help="Why it is stopped: CRASHED, COMMANDED, NOT_RUNNING, NOT_ACTIVATED.")
@speaks_to_a_node
def force(target: Target, node: str, service: str, state: str, cause: str | None) -> None:
    """Put a SERVICE of a NODE into a STATE at once, whatever the rules are.

    \b
    Example:
      ucmsim sim force cucm-pub 'Cisco Tftp' stopped --cause CRASHED
    """
    with target.rest() as client:
        client.simulation.force(service, state.upper(), cause, node=node)


@sim.command()
@click.option("--keep", multiple=True, help="What stays: FAULTS, JOURNAL, CLOCK, SUBSCRIPTIONS, SETTINGS.")
@speaks_to_a_node
def reset(target: Target, keep: tuple[str, ...]) -> None:
    """Go back to the inventory.

    \b
    Example:
      ucmsim sim reset --keep CLOCK
    """
    with target.rest() as client:
        client.simulation.reset(keep=keep)


@sim.command()
@click.option("--operation", help="Only requests of an operation, such as soapDoControlServices.")
@click.option("--node", help="Only requests to a node.")
@click.option("--service", help="Only requests about a service.")
@click.option(
    "--unmatched", is_flag=True, help="Only requests that led nowhere, with what they were closest to."
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, with headers and bodies; secrets are masked.")
@click.option("--clear", is_flag=True, help="Forget all of them.")
@speaks_to_a_node
def journal(target: Target, unmatched: bool, as_json: bool, clear: bool, **match: str | None) -> None:
    """Show the requests that the server remembers, oldest first.

    \b
    Examples:
      ucmsim sim journal --operation soapDoControlServices
      ucmsim sim journal --unmatched
    """
    from ucmsim.clients.requests_seen import seen

    with target.rest() as client:
        if clear:
            client.simulation.forget_requests()
            return
        if unmatched:
            found = client.simulation.unmatched()
        else:
            found = client.simulation.requests(**{name: value for name, value in match.items() if value})
    if as_json:
        click.echo(documents.shown(list(reversed(found))))
        return
    for entry in reversed(found):
        click.echo(seen(entry).line)


@sim.group()
def fault() -> None:
    """Let requests and services go wrong.

    \b
    Example: two calls are throttled, then all is well again
      ucmsim sim fault add THROTTLE --operation soapGetServiceStatus --times 2
      ucmsim sim fault list
      ucmsim sim fault clear
    """


@fault.command("add")
@click.argument("effect", required=False)
@click.argument("params", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--file", type=FILE, help="A rule as a TOML or JSON file instead.")
@click.option("--operation", help="Only for an operation, such as soapGetServiceStatus.")
@click.option("--node", help="Only for a node.")
@click.option("--service", help="Only for a service.")
@click.option("--api", help="Only for an API, such as CONTROLCENTER.")
@click.option("--client", help="Only for a caller's address.")
@click.option("--times", type=click.IntRange(min=1), help="How often; always without it.")
@click.option("--after", type=click.IntRange(min=0), default=0, help="How many matches pass first.")
@click.option("--probability", type=click.FloatRange(0, 1), default=1.0, help="How likely each time.")
@speaks_to_a_node
def add_fault(
    target: Target,
    effect: str | None,
    params: tuple[str, ...],
    file: Path | None,
    times: int | None,
    after: int,
    probability: float,
    **match: str | None,
) -> None:
    """Add a fault rule and print its id. EFFECT is such as THROTTLE, SOAP_FAULT, HTTP_STATUS, DELAY, FAILS_TO_START.

    \b
    Examples:
      ucmsim sim fault add THROTTLE --operation soapGetServiceStatus --times 2
      ucmsim sim fault add DELAY ms=2000 jitterMs=500 --probability 0.3
      ucmsim sim fault add FAILS_TO_START --service 'Cisco Tftp'
      ucmsim sim fault add --file rule.toml
    """
    if (effect is None) is (file is None):
        raise click.UsageError("Give either an EFFECT or --file.")
    rule: dict[str, Any] = documents.read(file) if file else {
        "match": {name: value for name, value in match.items() if value},
        "effect": {"type": str(effect).upper(), "params": documents.pairs(params)},
        "times": times, "afterMatches": after, "probability": probability,
    }  # fmt: skip
    with target.rest() as client:
        click.echo(client.simulation.add_fault(rule))


@fault.command("list")
@speaks_to_a_node
def list_faults(target: Target) -> None:
    """Show all fault rules, with how often they have matched and acted."""
    with target.rest() as client:
        click.echo(documents.shown(client.simulation.faults()))


@fault.command("remove")
@click.argument("rule")
@speaks_to_a_node
def remove_fault(target: Target, rule: str) -> None:
    """Remove a RULE by its id."""
    with target.rest() as client:
        client.simulation.remove_fault(rule)


@fault.command("clear")
@speaks_to_a_node
def clear_faults(target: Target) -> None:
    """Remove all of them."""
    with target.rest() as client:
        client.simulation.clear_faults()


sim.add_command(scenario)
sim.add_command(snapshot)
