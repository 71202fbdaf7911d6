"""The command `ucmsim`. What a command needs is imported when it runs, so that `ucmsim --help` stays fast."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from ucmsim.clients.commands.exits import Exit, endings_told, fail
from ucmsim.clients.commands.group import Commands


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ucmsim", prog_name="ucmsim")
def main() -> None:
    """A Cisco UCM cluster that fits in a test suite: serve it, and ask and control any cluster, also a real one.

    \b
    Examples:
      ucmsim serve                                         a lab of five nodes on this machine
      ucmsim list                                          its services
      ucmsim restart 'Cisco Tftp' --wait
      ucmsim list --host cucm.example.com --cacert c.pem   the same with a real node
    """


@main.command(
    epilog="Exit status: 0 stopped by SIGTERM or SIGINT, 2 wrong command line or inventory, "
    "7 the state directory, a password or an address cannot be used."
)
@click.option(
    "--inventory",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file that describes clusters and nodes.  [default: the built-in lab]",
)
@click.option(
    "--state-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where state, certificate and generated password are kept.  "
    "[default: UCMSIM_STATE_DIR, or ucmsim below XDG_STATE_HOME or ~/.local/state]",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8443,
    show_default=True,
    help="Port of every node's address; 0 takes one that is free on all.",
)
@click.option(
    "--ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="JSON file that appears when the first request can be answered: addresses, port, user, certificate.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="So many processes serve together, for load that one processor core cannot bear; not on Windows.",
)
@click.option(
    "--database",
    metavar="URL",
    help="Keep the state there instead of in the state directory; servers on several machines may share it.  "
    "[postgresql+psycopg://user@host/name, password in PGPASSWORD or ~/.pgpass]",
)
@click.option(
    "--simulation/--no-simulation",
    default=True,
    show_default=True,
    help="Whether /sim/v1 is there: clock, faults, snapshots, scenarios, journal.",
)
def serve(
    inventory: Path | None,
    state_dir: Path | None,
    port: int,
    ready_file: Path | None,
    workers: int,
    database: str | None,
    simulation: bool,
) -> None:
    """Serve the clusters of an inventory over HTTPS until SIGTERM or Ctrl-C.

    \b
    Examples:
      ucmsim serve                                    the built-in lab, five nodes on port 8443 of 127.0.0.1 and so on
      ucmsim serve --inventory mine.toml              your own, written by hand or by ucmsim capture
      ucmsim serve --port 0 --ready-file ready.json   for test harnesses in any language
    """
    import gc
    import logging

    gc.disable()  # until the server is ready: of what is loaded nothing is garbage, and looking costs a seventh of the time
    from ucmsim.api import descriptors
    from ucmsim.api.announcement import greeting, write_ready_file
    from ucmsim.api.crowd import Crowd
    from ucmsim.api.databases import DatabaseError
    from ucmsim.api.listeners import ListenError
    from ucmsim.api.passwords import PasswordError
    from ucmsim.api.simulator import Simulator
    from ucmsim.api.state_directory import StateDirectory, StateDirectoryError, default_path
    from ucmsim.api.supervisor import WorkersDieError

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    descriptors.allow(descriptors.CONNECTIONS)
    described = _inventory(inventory)
    if ready_file:
        ready_file.unlink(missing_ok=True)  # one that an earlier server left would be believed

    def ready() -> None:
        # What lives as long as the server need not be looked at by the collector ever: no pauses for it.
        gc.freeze()
        gc.enable()
        if ready_file:
            try:
                write_ready_file(ready_file, server)
            except OSError as error:
                fail(
                    f"the ready file {ready_file} cannot be written: {error.strerror}", "check its directory"
                )
        with endings_told():
            click.echo(greeting(server))

    try:
        with StateDirectory(state_dir or default_path(os.environ)) as directory:
            server: Simulator | Crowd
            if workers == 1:
                server = Simulator(
                    described,
                    directory,
                    port=port,
                    environ=os.environ,
                    controlled=simulation,
                    database=database,
                )
            else:
                server = Crowd(
                    described,
                    directory,
                    workers=workers,
                    port=port,
                    environ=os.environ,
                    controlled=simulation,
                    database=database,
                )
            server.run(ready)
    except (StateDirectoryError, PasswordError, ListenError, DatabaseError) as error:
        fail(str(error), error.hint)
    except WorkersDieError as error:
        fail(str(error), "the log above says why")
    except OSError as error:
        fail(str(error), "check the state directory and the disk")
    finally:
        gc.enable()
        if ready_file:
            with suppress(OSError):
                ready_file.unlink(missing_ok=True)


def _inventory(path: Path | None) -> Any:
    from importlib.resources import files

    from ucmsim.api.inventory import InventoryError, builtin, load

    try:
        return load(path) if path else builtin()
    except InventoryError as error:
        fail(str(error), f"an example is {files('ucmsim.api.inventory') / 'lab.toml'}", Exit.USAGE)
