"""`ucmsim sim scenario …` and `ucmsim sim snapshot …`: what a server keeps under a name, to be played or brought back.

Each command is one call of `ucmsim.clients.rest.simulation`.
"""

from __future__ import annotations

from pathlib import Path

import click

from ucmsim.clients.commands import documents
from ucmsim.clients.commands.connecting import Target, speaks_to_a_node


@click.group()
def scenario() -> None:
    """Play a timeline of conditions, faults and commands.

    \b
    Example: a file with `steps`, each with its `when` and what to `do` then
      ucmsim sim scenario load outage.toml --start
      ucmsim sim scenario list
      ucmsim sim scenario stop outage
      ucmsim sim scenario remove outage
    """


@scenario.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--start", is_flag=True, help="Start it, too.")
@speaks_to_a_node
def load_scenario(target: Target, file: Path, start: bool) -> None:
    """Add the scenario in a TOML or JSON FILE, under its id or the name of the file."""
    document = {"id": file.stem, **documents.read(file)}
    with target.rest() as client:
        name = client.simulation.put_scenario(document)
        if start:
            client.simulation.start_scenario(name)
    click.echo(name)


@scenario.command("list")
@speaks_to_a_node
def list_scenarios(target: Target) -> None:
    """Show all scenarios and how far they are."""
    with target.rest() as client:
        for each in client.simulation.scenarios():
            click.echo(
                f"{each['id']} {each['status']} step {each['currentStep'] + 1} of {len(each['steps'])}"
            )


@scenario.command("start")
@click.argument("name")
@speaks_to_a_node
def start_scenario(target: Target, name: str) -> None:
    """Start a scenario from its first step."""
    with target.rest() as client:
        client.simulation.start_scenario(name)


@scenario.command("stop")
@click.argument("name")
@speaks_to_a_node
def stop_scenario(target: Target, name: str) -> None:
    """Stop a scenario where it is."""
    with target.rest() as client:
        client.simulation.stop_scenario(name)


@scenario.command("remove")
@click.argument("name")
@speaks_to_a_node
def remove_scenario(target: Target, name: str) -> None:
    """Remove a scenario; what it has done stays."""
    with target.rest() as client:
        client.simulation.remove_scenario(name)


@click.group()
def snapshot() -> None:
    """Save the state of everything, and bring it back.

    \b
    Example:
      ucmsim sim snapshot save before-the-upgrade
      ucmsim sim snapshot restore before-the-upgrade
      ucmsim sim snapshot remove before-the-upgrade
    """


@snapshot.command("save")
@click.argument("name")
@speaks_to_a_node
def save_snapshot(target: Target, name: str) -> None:
    """Save the state of everything under a NAME."""
    with target.rest() as client:
        client.simulation.save(name)


@snapshot.command("restore")
@click.argument("name")
@speaks_to_a_node
def restore_snapshot(target: Target, name: str) -> None:
    """Bring it back."""
    with target.rest() as client:
        client.simulation.restore(name)


@snapshot.command("remove")
@click.argument("name")
@speaks_to_a_node
def remove_snapshot(target: Target, name: str) -> None:
    """Forget a snapshot; the present state stays."""
    with target.rest() as client:
        client.simulation.remove_snapshot(name)


@snapshot.command("list")
@speaks_to_a_node
def list_snapshots(target: Target) -> None:
    """Show all snapshots."""
    with target.rest() as client:
        click.echo(documents.shown(client.simulation.snapshots()))
