"""The group of all commands: it loads the module of a command when the command is asked for.

It words failures of clients and untimely ends in one place; what a command does is in its own module.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from ucmsim.clients.commands.exits import endings_told, failures_told

COMMANDS = {
    "list": "listing:list_services",
    "status": "listing:status",
    "activate": "control:activate",
    "deactivate": "control:deactivate",
    "start": "control:start",
    "stop": "control:stop",
    "restart": "control:restart",
    "watch": "watching:watch",
    "products": "inspecting:products",
    "files": "inspecting:files",
    "advice": "operating:advice",
    "events": "operating:events",
    "sim": "simulating:sim",
    "export": "inventories:export",
    "import": "inventories:import_",
    "capture": "capturing:capture",
    "completion": "completion:completion",
}
"""Where each command is: module of this package and name."""


class Commands(click.Group):
    """The commands of the table, in its order, after those that are registered directly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the help text."""
        return [*super().list_commands(ctx), *COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, loaded now; None if there is none."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, name = place.split(":")
        command: click.Command = getattr(import_module(f"ucmsim.clients.commands.{module}"), name)
        return command

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the command line; --help and --version print here already."""
        with endings_told():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; a client's exception becomes a sentence, a hint and an exit status."""
        with endings_told(), failures_told():
            return super().invoke(ctx)
