"""`ucmsim capture`: what real nodes say of themselves, written as an inventory that `ucmsim serve` replays.

It only asks: products, lists and states. Nothing on the nodes is changed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ucmsim.clients.commands import documents
from ucmsim.clients.commands.connecting import Target, speaks_to_nodes
from ucmsim.clients.errors import FaultError, NotServedError

if TYPE_CHECKING:
    from ucmsim.clients.inventory_file import Told


@click.command("capture")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    required=True,
    help="The inventory to write; - for standard output.",
    allow_from_autoenv=False,
)
@click.option("--cluster", default="captured", show_default=True, help="Id of the cluster in the inventory.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@speaks_to_nodes
def capture(target: Target, output: Path, cluster: str, force: bool) -> None:
    """Write what nodes are and how their services stand into an inventory.

    Give every node of the cluster with --host, the publisher first. Only questions are asked.

    \b
    Example: your cluster, on your laptop
      ucmsim capture -H cucm-pub.example.com -H cucm-sub.example.com --cacert cucm.pem -o mine.toml
      ucmsim serve --inventory mine.toml
    """  # fmt: skip
    from ucmsim.clients import inventory_file

    if str(output) != "-":
        documents.check_free(output, force=force)
    told = []
    for host in target.hosts:
        click.echo(f"asking {host}", err=True)
        told.append(_asked(target, host))
    document = inventory_file.document(cluster, told, target.timezone)
    text = inventory_file.dumps(
        document,
        f"Captured from {', '.join(target.hosts)} on {datetime.now(UTC):%Y-%m-%d}.\n"
        "Start it with: ucmsim serve --inventory FILE",
    )
    if str(output) == "-":
        click.echo(text, nl=False)
        return
    documents.write(output, text)
    nodes = "1 node" if len(told) == 1 else f"{len(told)} nodes"
    click.echo(f"wrote {output}: {nodes}; ucmsim serve --inventory {output}", err=True)


def _asked(target: Target, host: str) -> Told:
    from ucmsim.clients.inventory_file import Told

    with target.control_center(host) as node:
        information = node.product_information()
        products = {service.name: service for service in information.services}
        # The static list has no product ids, the product list has.
        services = [products.get(service.name, service) for service in node.services()]
        publisher = None
        try:
            publisher = node.extended_services().primary_node
        except (FaultError, NotServedError):
            click.echo(
                f"{host} has no ControlCenterServicesEx; the publisher is taken from its product list",
                err=True,
            )
        return Told(host, information, services, node.status(), publisher)
