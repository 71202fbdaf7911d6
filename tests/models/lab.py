"""A cluster on a bench: commands go in, the clock is moved by hand, and what stands there can be asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Self

from ucmsim.models import maintenance
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.conditions import Conditions
from ucmsim.models.control import carry_out
from ucmsim.models.installation import install
from ucmsim.models.inventory import ClusterSpec, Durations, NodeSpec
from ucmsim.models.maintenance import WorkReport
from ucmsim.models.report import Answer, Report, Row, answer, rows, settled
from ucmsim.models.states import SECOND, Action, Instant, NodeRef, Product, Role, Status
from ucmsim.models.surroundings import change_conditions
from ucmsim.models.timeline import Instance

NOON = 1_700_000_000_000
"""When every story begins."""

PUB, SUB = "cucm-pub", "cucm-sub"
IMP, IMP_SUB = "imp-pub", "imp-sub"
CUC = "cuc-pub"

CALL_MANAGER = "Cisco CallManager"
CTI_MANAGER = "Cisco CTIManager"
TFTP = "Cisco Tftp"
TOMCAT = "Cisco Tomcat"
DATABASE = "A Cisco DB"
LAYER_MONITOR = "Cisco Database Layer Monitor"
AUDIT = "Cisco Audit Event Service"
ROUTER = "Cisco XCP Router"
CONNECTION_MANAGER = "Cisco XCP Connection Manager"
AUTHENTICATION = "Cisco XCP Authentication Service"

STARTED, STOPPED = Status.STARTED, Status.STOPPED
STARTING, STOPPING = Status.STARTING, Status.STOPPING


def spec(node: str, product: Product, role: Role = Role.PUBLISHER, **more: Any) -> NodeSpec:
    address = more.pop("address", "127.0.0.1")
    version = more.pop("version", "15.0.1.12900-43")
    return NodeSpec(node, product, role, address, f"{node}.lab.example", version, **more)


LAB = (
    spec(PUB, Product.UCM, address="127.0.0.1"),
    spec(SUB, Product.UCM, Role.SUBSCRIBER, address="127.0.0.2"),
    spec(IMP, Product.IMP, address="127.0.0.3"),
    spec(IMP_SUB, Product.IMP, Role.SUBSCRIBER, address="127.0.0.4"),
    spec(CUC, Product.CUC, address="127.0.0.5"),
)


class Lab:
    """The cluster as it is and the time it is; commands without jitter unless durations say otherwise."""

    def __init__(self, nodes: Iterable[NodeSpec] = LAB, durations: Durations | None = None) -> None:
        durations = durations or Durations(jitter=0.0)
        self.now: Instant = NOON
        self.cluster: Cluster = install(ClusterSpec("lab", "Lab", tuple(nodes), durations), NOON)
        self.report: Report | None = None

    # commands

    def start(self, node: str, *names: str, **options: Any) -> Answer:
        return self.control(node, Action.START, *names, **options)

    def stop(self, node: str, *names: str, **options: Any) -> Answer:
        return self.control(node, Action.STOP, *names, **options)

    def restart(self, node: str, *names: str, **options: Any) -> Answer:
        return self.control(node, Action.RESTART, *names, **options)

    def control(self, node: str, action: Action, *names: str, **options: Any) -> Answer:
        return self.carry(Control(NodeRef("lab", node), action, names, **options))

    def activate(self, node: str, *names: str, **options: Any) -> Answer:
        return self.carry(Deploy(NodeRef("lab", node), True, names, **options))

    def deactivate(self, node: str, *names: str, **options: Any) -> Answer:
        return self.carry(Deploy(NodeRef("lab", node), False, names, **options))

    def carry(self, command: Control | Deploy) -> Answer:
        """Carry out a command and return its answer as it stands at once."""
        self.cluster, self.report = carry_out(self.cluster, command, self.now, chance=7)
        return self.answer()

    # the world around it

    def change(self, node: str, **conditions: Any) -> Lab:
        """Change conditions of a node now."""
        self.cluster = change_conditions(self.cluster, node, conditions, self.now, chance=7)
        return self

    def reboot(self, node: str) -> WorkReport:
        self.cluster, report = maintenance.restart(self.cluster, node, self.now, chance=7)
        return report

    def switch(self, node: str, version: str | None = None) -> WorkReport:
        """Switch to the other version; a version given is installed first."""
        if version is not None:
            self.cluster = maintenance.install_version(self.cluster, node, version)
        self.cluster, report = maintenance.switch_version(self.cluster, node, self.now, chance=7)
        return report

    # time

    def wait(self, seconds: float = 300) -> Self:
        """Let time pass; five minutes are enough for anything that is not held back."""
        self.now += round(seconds * SECOND)
        return self

    # what stands there

    def answer(self) -> Answer:
        """The answer to the last command as it stands now."""
        assert self.report is not None
        return answer(self.cluster, self.report, self.now)

    def settled(self) -> Instant | None:
        assert self.report is not None
        return settled(self.cluster, self.report, self.now)

    def node(self, node: str) -> Node:
        return self.cluster.nodes[node]

    def row(self, node: str, name: str) -> Row:
        """What a status query says of one service."""
        return rows(self.node(node), (name,), self.now)[0]

    def up_since(self, node: str, name: str) -> Instant:
        """When a service came up that runs."""
        started = self.row(node, name).started
        assert started is not None, name
        return started

    def status(self, node: str, name: str) -> Status:
        return self.row(node, name).status

    def code(self, node: str, name: str) -> int:
        return self.row(node, name).reason.code

    def instance(self, node: str, name: str) -> Instance:
        return self.node(node).instances[name]

    def activated(self, node: str, name: str) -> bool:
        return self.instance(node, name).activated

    def running(self, node: str) -> set[str]:
        return {row.name for row in rows(self.node(node), (), self.now) if row.status is STARTED}


def seen(row: Row) -> str:
    """A row as the tables of the specification write it: status and reason code."""
    return f"{row.status.value} {row.reason.code}"


def imp_lab(**conditions: Any) -> Lab:
    """Two nodes of IM and Presence and their UCM publisher; both IM and Presence nodes under these conditions."""
    nodes = [
        replace(node, conditions=Conditions(**conditions)) if node.product is Product.IMP else node
        for node in LAB[:4]
    ]
    return Lab(nodes)
