"""An automation that somebody wrote for their cluster: change something on a node while a service of it is down.

Nothing in it knows that it will be tested with a simulator.
"""

from collections.abc import Callable, Iterable

from ucmsim.clients import ControlCenter, Status
from ucmsim.clients.errors import NotReachedError, RefusedError


class MaintenanceError(Exception):
    """The work was not done on this node, or the service did not come back."""


def with_service_down(
    node: ControlCenter, service: str, work: Callable[[], object], seconds: float = 300
) -> None:
    """Stop a service, do the work, start the service again, whatever the work did. Raises MaintenanceError."""
    (before,) = node.status(service)
    if before.status is not Status.STARTED:
        raise MaintenanceError(
            f"{node.host}: {service} is not running, so somebody else may be working on it"
        )
    node.stop(service)
    try:
        node.wait_until(service, Status.STOPPED, seconds)
        work()
    finally:
        try:
            node.start(service)
            node.wait_until(service, Status.STARTED, seconds)
        except (RefusedError, NotReachedError) as error:
            raise MaintenanceError(f"{node.host}: {service} did not come back: {error}") from error


def on_every_node(nodes: Iterable[ControlCenter], service: str, work: Callable[[str], object]) -> list[str]:
    """Do the work node by node, and no further than the first trouble; returns the hosts that are done."""
    done = []
    for node in nodes:
        with_service_down(node, service, lambda host=node.host: work(host))
        done.append(node.host)
    return done
