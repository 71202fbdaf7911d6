"""A cluster to tell the guide's stories with: a live server whose clock the story moves, asked over SOAP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import zeep

from ucmsim.api.clock import Clock
from ucmsim.api.inventory import builtin
from ucmsim.api.origin import Origin
from ucmsim.api.simulator import Simulator
from ucmsim.api.state_directory import StateDirectory
from ucmsim.models.cluster import Cluster
from ucmsim.models.states import NodeRef
from ucmsim.models.surroundings import change_conditions

NOON = 1_700_000_000_000
PATH = "/controlcenterservice2/services/ControlCenterServices"


class Story:
    """A running lab, what an administrator does to it over SOAP, and what the world does to it."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = str(simulator.certificate.path)
        self.session.auth = ("administrator", "x")
        self._ports: dict[str, Any] = {}

    def url(self, node: str) -> str:
        addresses = {spec.id: spec.address for spec in self.simulator.inventory.clusters[0].nodes}
        return f"https://{addresses[node]}:{self.simulator.server.port}{PATH}"

    def soap(self, node: str) -> Any:
        """Return the operations of a node, as a zeep client has them that knows only the contract it was served."""
        if node not in self._ports:
            client = zeep.Client(self.url(node) + "?wsdl", transport=zeep.Transport(session=self.session))
            self._ports[node] = client.service
        return self._ports[node]

    def control(self, node: str, verb: str, *names: str) -> Any:
        request = {"ControlType": verb, "ServiceList": {"item": list(names)}}
        return self.soap(node).soapDoControlServices(request)

    def deploy(self, node: str, verb: str, *names: str) -> Any:
        request = {"DeployType": verb, "ServiceList": {"item": list(names)}}
        return self.soap(node).soapDoServiceDeployment(request)

    def states(self, node: str, *names: str) -> dict[str, tuple[str, int]]:
        """Return status and reason code by name."""
        answer = self.soap(node).soapGetServiceStatus(list(names) or [""])
        return {
            item.ServiceName: (item.ServiceStatus, item.ReasonCode) for item in answer.ServiceInfoList.item
        }

    def pass_time(self, seconds: int) -> None:
        self.simulator.clock.advance(seconds * 1000)
        self.simulator.engine.wake()

    def world(self, node: str, **changes: object) -> None:
        """Change the conditions around a node."""

        def change(cluster: Cluster, now: int, chance: int) -> tuple[Cluster, None]:
            return change_conditions(cluster, node, changes, now, chance), None

        self.simulator.engine.change("lab", Origin("SIM", "story", "127.0.0.1"), change)

    def server_entries(self, node: str) -> dict[str, str]:
        """Return the names under which a node can be chosen for configuration."""
        return dict(self.simulator.engine.node(NodeRef("lab", node)).server_entries)


@contextmanager
def story(folder: Path) -> Iterator[Story]:
    """Tell a story over the built-in lab with a clock that stands still until time passes."""
    with StateDirectory(folder) as directory:
        simulator = Simulator(
            builtin(), directory, port=0, environ={"UCMSIM_PASSWORD": "x"}, clock=Clock.frozen(NOON)
        )
        simulator.start()
        told = Story(simulator)
        try:
            yield told
        finally:
            told.session.close()
            simulator.stop()
