"""`ucmsim export` and `ucmsim import`: the inventory of a running server, out and in."""

from __future__ import annotations

from pathlib import Path

import click

from ucmsim.clients.commands import documents
from ucmsim.clients.commands.connecting import Target, speaks_to_a_node


@click.command("export")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="The file to write; standard output without it.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of TOML.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@speaks_to_a_node
def export(target: Target, output: Path | None, as_json: bool, force: bool) -> None:
    """Write the inventory that a server simulates.

    \b
    Example:
      ucmsim export -o lab.toml
    """  # fmt: skip
    import tomli_w

    if output:
        documents.check_free(output, force=force)
    with target.rest() as client:
        document = client.simulation.topology()
    text = documents.shown(document) + "\n" if as_json else tomli_w.dumps(document)
    if output:
        documents.write(output, text)
    else:
        click.echo(text, nl=False)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@speaks_to_a_node
def import_(target: Target, file: Path, dry_run: bool) -> None:
    """Let a running server simulate another inventory, from a TOML or JSON FILE, and print what changes.

    What stays as it is described goes on; what is new or described differently is installed anew.

    \b
    Example:
      ucmsim import lab.toml --dry-run
    """
    document = documents.read(file)
    if document.pop("users", None):
        click.echo(f"the accounts in {file} are left out: they belong to ucmsim serve", err=True)
    with target.rest() as client:
        changes = client.simulation.put_topology(document, dry_run=dry_run)["changes"]
    for change in changes:
        click.echo(f"{change['change'].lower()} {change['cluster']} {change['node'] or ''}".rstrip())
    if not changes:
        click.echo("nothing differs")
