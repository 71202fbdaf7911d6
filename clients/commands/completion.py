"""`ucmsim completion`: the line that teaches a shell to complete this command."""

from __future__ import annotations

import click

_SHELLS = {
    "bash": 'eval "$(_UCMSIM_COMPLETE=bash_source ucmsim)"   # in ~/.bashrc',
    "zsh": 'eval "$(_UCMSIM_COMPLETE=zsh_source ucmsim)"   # in ~/.zshrc',
    "fish": "_UCMSIM_COMPLETE=fish_source ucmsim | source   # in ~/.config/fish/config.fish",
}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(_SHELLS)))
def completion(shell: str) -> None:
    """Print the line that makes a shell complete commands and options.

    \b
    Example:
      ucmsim completion bash >> ~/.bashrc
    """
    click.echo(_SHELLS[shell])
