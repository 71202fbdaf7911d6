"""Which nodes a command speaks to, and as whom: the options that all of them share.

A password never stands on the command line, where other users would see it.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ucmsim.clients.commands import own_server
from ucmsim.clients.trust import Verify, is_loopback

if TYPE_CHECKING:
    from ucmsim.clients import ControlCenter
    from ucmsim.clients.rest import RestClient

Command = Callable[..., Any]


@dataclass(frozen=True)
class Target:
    """The nodes of a command, in the order given, and how to reach them."""

    hosts: tuple[str, ...]
    port: int
    user: str
    password: str
    verify: Verify
    timeout: float
    timezone: str | None

    def control_center(self, host: str) -> ControlCenter:
        """A client of one node; nothing is sent yet."""
        from ucmsim.clients import ControlCenter

        return ControlCenter(
            host,
            self.user,
            self.password,
            verify=self.verify,
            port=self.port,
            timeout=self.timeout,
            timezone=self.timezone,
            poll_interval=self.poll_interval,
        )

    def rest(self, host: str | None = None) -> RestClient:
        """A client of the REST API of a node, the first without `host`; only ucmsim has it. Nothing is sent yet."""
        from ucmsim.clients.rest import RestClient

        return RestClient(
            host or self.hosts[0],
            self.user,
            self.password,
            verify=self.verify,
            port=self.port,
            timeout=min(self.timeout, 60.0),
        )

    @property
    def poll_interval(self) -> float:
        """Seconds between questions while waiting: a real node counts calls (`U-47`), one on this machine does not."""
        return 1.0 if all(is_loopback(host) for host in self.hosts) else 5.0


def speaks_to_nodes(command: Command) -> Command:
    """Give a command the options for nodes and credentials; it is called with a `Target` as `target`."""

    @wraps(command)
    def called(**given: Any) -> Any:
        return command(target=_target(**{name: given.pop(name) for name in _NAMES}), **given)

    for option in reversed(_OPTIONS):
        called = option(called)
    return called


def speaks_to_a_node(command: Command) -> Command:
    """The same for a command that makes sense for one node only."""

    @speaks_to_nodes
    @wraps(command)
    def called(target: Target, **given: Any) -> Any:
        if len(target.hosts) > 1:
            raise click.UsageError("This command is for one node: give --host once.")
        return command(target=target, **given)

    return called


_OPTIONS = (
    click.option(
        "-H", "--host", "hosts", multiple=True, default=["127.0.0.1"], envvar="UCMSIM_HOST", show_default=True,
        show_envvar=True, metavar="NODE",
        help="Host name or address of a node; several times for several. A node knows only itself.",
    ),
    click.option(
        "--port", type=click.IntRange(1, 65535), default=8443, envvar="UCMSIM_PORT", show_default=True,
        show_envvar=True, help="Its HTTPS port.",
    ),
    click.option(
        "-u", "--user", default=own_server.USER, envvar="UCMSIM_USER", show_default=True, show_envvar=True,
        help="User name.",
    ),
    click.option(
        "--password-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="File with the password. Without it: $UCMSIM_PASSWORD, the password of a server on this machine, "
        "or a question.",
    ),
    click.option(
        "--cacert", type=click.Path(exists=True, dir_okay=False, path_type=Path), envvar="UCMSIM_CACERT",
        show_envvar=True, help="PEM file with the node's certificate or that of its authority.",
    ),
    click.option("-k", "--insecure", is_flag=True, help="Trust any certificate. For experiments only."),
    click.option(
        "--timeout", type=click.FloatRange(min=0, min_open=True), default=300.0, show_default=True,
        metavar="SECONDS", help="How long one call may take.",
    ),
    click.option(
        "--timezone", metavar="ZONE",
        help="The node's time zone, such as Europe/Berlin; guessed without it.",
    ),
)  # fmt: skip

_NAMES = ("hosts", "port", "user", "password_file", "cacert", "insecure", "timeout", "timezone")


def _target(
    hosts: tuple[str, ...],
    port: int,
    user: str,
    password_file: Path | None,
    cacert: Path | None,
    insecure: bool,
    timeout: float,
    timezone: str | None,
) -> Target:
    if insecure and cacert:
        raise click.UsageError("--insecure and --cacert exclude each other.")
    _check_hosts(hosts)
    _check_zone(timezone)
    # Only a server on this machine has left its files here.
    local = all(is_loopback(host) for host in hosts)
    own = own_server.find(os.environ) if local else own_server.OwnServer(None, None)
    verify: Verify = cacert or own.certificate or True
    if insecure:
        verify = False
        _silence()
    return Target(hosts, port, user, _password(user, password_file, own), verify, timeout, timezone)


def _password(user: str, file: Path | None, own: own_server.OwnServer) -> str:
    if file:
        return file.read_text("utf-8").rstrip("\r\n")
    if (given := os.environ.get("UCMSIM_PASSWORD")) is not None:
        return given
    if own.password and user == own_server.USER:
        return own.password
    if not _somebody_is_there():
        raise click.UsageError(
            f"No password for {user}: set UCMSIM_PASSWORD or give --password-file; there is nobody to ask."
        )
    asked: str = click.prompt(f"Password of {user}", hide_input=True, err=True)
    return asked


def _somebody_is_there() -> bool:
    """Whether a question would be seen and could be answered; cron and pipelines have no terminal."""
    if sys.stdin.isatty():
        return True
    try:
        Path("/dev/tty").open("rb").close()
    except OSError:
        return False
    return True


def _check_hosts(hosts: tuple[str, ...]) -> None:
    """A URL, a list or a name with its port would be looked up as a whole, and never be found."""
    for host in hosts:
        if not _is_address(host) and (not host or set(host) & set(":/, ")):
            raise click.BadParameter(
                f"{host!r} is neither a host name nor an address; the port goes into --port, "
                "and several nodes have a --host each.",
                param_hint="'--host'",
            )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _check_zone(name: str | None) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise click.BadParameter(f"{name!r} is not a time zone.", param_hint="'--timezone'") from None


def _silence() -> None:
    """The user has asked for no verification; a warning for each call would only hide the answer."""
    import urllib3

    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
