"""The world around nodes, and states forced on services, over HTTP."""

from __future__ import annotations

from pydantic import Field

from ucmsim.api.engine import Engine
from ucmsim.api.rest.calls import Call
from ucmsim.api.rest.documents import Document
from ucmsim.api.rest.problems import CLUSTER_NOT_FOUND, NODE_NOT_FOUND, SERVICE_NOT_FOUND
from ucmsim.api.rest.resources.names import (
    ClusterName,
    NodeName,
    ServiceName,
    find_cluster,
    find_node,
    find_service,
)
from ucmsim.api.rest.routes import Resource, get, patch, put
from ucmsim.api.sim.documents.stage import ConditionsDocument, NodePatch, StateBody, document
from ucmsim.api.sim.resources import by
from ucmsim.api.sim.stage import Stage
from ucmsim.models.causes import cause
from ucmsim.models.states import NodeRef


class Nodes(Resource):
    """The world around each node: the network, databases, what is configured on other systems."""

    name = "nodes"

    def __init__(self, engine: Engine, stage: Stage) -> None:
        self._engine = engine
        self._stage = stage

    @get("/clusters/{cluster}/nodes/{node}", versioned=True, problems=(CLUSTER_NOT_FOUND, NODE_NOT_FOUND))
    def read(self, cluster: ClusterName, node: NodeName) -> ConditionsDocument:
        """Read the world around a node."""
        found = find_node(find_cluster(self._engine, cluster), node)
        return document(cluster, found.id, found.conditions)

    @patch(
        "/clusters/{cluster}/nodes/{node}",
        problems=(CLUSTER_NOT_FOUND, NODE_NOT_FOUND),
        example={"reachable": False},
    )
    def change(self, cluster: ClusterName, node: NodeName, body: NodePatch, call: Call) -> ConditionsDocument:
        """Change the world around a node.

        Services answer as the guide says: what was held back starts, what runs goes on.
        """
        found = find_node(find_cluster(self._engine, cluster), node)
        changed = self._stage.surround(NodeRef(cluster, found.id), body.changes(), by(call))
        return document(cluster, changed.id, changed.conditions)


class ForcedStateDocument(Document):
    """The state of a service as it is now."""

    cluster: str = Field(examples=["lab"])
    node: str = Field(examples=["cucm-pub"])
    service: str = Field(examples=["cisco-tftp"])
    name: str = Field(examples=["Cisco Tftp"])
    state: str = Field(examples=["STOPPED"])
    cause: str | None = Field(description="Why it is stopped.", examples=["NOT_RUNNING"])
    activated: bool = Field(description="Whether it is activated; every state but NOT_ACTIVATED says so.")


class States(Resource):
    """States put on services at once: no transition, no rules. Events tell of them as of any other change.

    STARTING and STOPPING stay until somebody commands the service. Other services go on by the rules.
    """

    name = "states"

    def __init__(self, engine: Engine, stage: Stage) -> None:
        self._engine = engine
        self._stage = stage

    @put(
        "/clusters/{cluster}/nodes/{node}/services/{service}/state",
        problems=(CLUSTER_NOT_FOUND, NODE_NOT_FOUND, SERVICE_NOT_FOUND),
        example={"state": "STOPPED", "cause": "CRASHED"},
    )
    def force(
        self, cluster: ClusterName, node: NodeName, service: ServiceName, body: StateBody, call: Call
    ) -> ForcedStateDocument:
        """Put a service into a state: let it crash, for instance."""
        home = find_cluster(self._engine, cluster)
        found = find_node(home, node)
        what = find_service(home, found, service)
        changed = self._stage.force(NodeRef(cluster, found.id), what.name, body.status, body.why, by(call))
        instance = changed.instances[what.name]
        now = self._engine.clock.now()
        moment = instance.at(now)
        why = cause(changed, what.name, now)
        return ForcedStateDocument(
            cluster=cluster,
            node=found.id,
            service=what.slug,
            name=what.name,
            state=moment.status.name,
            cause=why.name if why else None,
            activated=instance.activated,
        )
