"""`ucmsim products` and `ucmsim files`: what is installed on a node, and what lies in one of its directories."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from ucmsim.clients.commands.asking import Round
from ucmsim.clients.commands.connecting import Target, speaks_to_a_node, speaks_to_nodes
from ucmsim.clients.commands.output import console

if TYPE_CHECKING:
    from ucmsim.clients.results import ProductInformation


@click.command("products")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@speaks_to_nodes
def products(target: Target, as_json: bool) -> None:
    """Show version, publisher and installed products of nodes.

    \b
    Example:
      ucmsim products --host 10.0.0.11 --host 10.0.0.12
    """
    found = {}
    asked = Round(target)
    for host in target.hosts:
        with asked.asking(host) as node:
            found[host] = node.product_information()
    if found:
        (_print_json if as_json else _print_tables)(found)
    asked.end()


def _print_json(found: Mapping[str, ProductInformation]) -> None:
    documents = [
        {
            "node": host,
            "version": told.version,
            "publisher": told.primary_node,
            "products": [asdict(product) for product in told.products],
        }
        for host, told in found.items()
    ]
    click.echo(json.dumps(documents, indent=2, ensure_ascii=False))


def _print_tables(found: Mapping[str, ProductInformation]) -> None:
    from rich.table import Table

    screen = console()
    for host, told in found.items():
        table = Table(
            title=f"{host}: {told.version}, publisher {told.primary_node or 'unknown'}",
            title_justify="left", box=None, pad_edge=False,
        )  # fmt: skip
        for head in ("Product", "Version", "Id"):
            table.add_column(head)
        for product in told.products:
            table.add_row(product.name, product.version, product.id)
        screen.print(table)


@click.command("files")
@click.argument("directory")
@speaks_to_a_node
def files(target: Target, directory: str) -> None:
    """List the names in a DIRECTORY of a node, one a line.

    \b
    Example:
      ucmsim files /var/log/active/tomcat/logs/ccmservice
    """
    with target.control_center(target.hosts[0]) as node:
        for name in node.files(directory):
            click.echo(name)
