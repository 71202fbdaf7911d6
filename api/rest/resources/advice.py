"""Advice over REST: what the administration guide recommends for a cluster, and is not so."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from ucmsim.api.engine import Engine
from ucmsim.api.rest.documents import Document, Page, Query
from ucmsim.api.rest.problems import CLUSTER_NOT_FOUND, NODE_NOT_FOUND
from ucmsim.api.rest.resources.names import ClusterName, find_cluster, node_ids, node_path
from ucmsim.api.rest.routes import Resource, get
from ucmsim.models.advice import Finding, advice
from ucmsim.models.catalogue import slug
from ucmsim.models.cluster import Cluster
from ucmsim.models.states import NodeRef


class SeverityName(StrEnum):
    """WARNING: something does not work as it stands. ADVICE: it works, and the guide recommends otherwise. NOTE: it is
    recommended for a feature that nobody seems to use.
    """

    WARNING = "WARNING"
    ADVICE = "ADVICE"
    NOTE = "NOTE"


class FindingDocument(Document):
    """One thing that the guide would have otherwise."""

    rule: str = Field(description="The rule of the guide.", examples=["G-DEP-1"])
    severity: SeverityName
    node: str = Field(examples=["cucm-pub"])
    service: str | None = Field(
        description="Null if it is about the node itself.", examples=["cisco-ctimanager"]
    )
    message: str = Field(description="What is so.")
    remedy: str = Field(description="What to do about it.")
    links: dict[str, str]


class AdvicePage(Page[FindingDocument]):
    """All findings, node by node, the gravest first."""


class AdviceQuery(Query):
    """Which findings are asked for. Filters may be repeated."""

    node: list[str] = Field(
        default=[], description="Only findings about these nodes.", examples=[["cucm-pub"]]
    )
    severity: list[SeverityName] = Field(default=[], description="Only findings as grave as these.")
    rule: list[Annotated[str, Field(pattern="^[GU]-[A-Z0-9-]+$")]] = Field(
        default=[], description="Only findings of these rules.", examples=[["G-DEP-1"]]
    )


class Advice(Resource):
    """What the administration guide recommends for a cluster and is not so. Nothing here is forbidden."""

    name = "advice"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @get("/clusters/{cluster}/advice", problems=(CLUSTER_NOT_FOUND, NODE_NOT_FOUND))
    def index(self, cluster: ClusterName, query: AdviceQuery) -> AdvicePage:
        """List what the guide would have otherwise.

        Computed from the state of the cluster now, all in one answer.
        """
        found = find_cluster(self._engine, cluster)
        nodes = node_ids([found], query.node)
        documents = (_document(found, finding) for finding in advice(found, self._engine.clock.now()))
        items = [
            one
            for one in documents
            if (not nodes or one.node in nodes)
            and (not query.severity or one.severity in query.severity)
            and (not query.rule or one.rule in query.rule)
        ]
        return AdvicePage(items=items, next=None)


def _document(cluster: Cluster, finding: Finding) -> FindingDocument:
    node = node_path(NodeRef(cluster.id, finding.node))
    service = slug(finding.service) if finding.service else None
    links = {"node": node, **({"service": f"{node}/services/{service}"} if service else {})}
    return FindingDocument(
        rule=finding.rule,
        severity=SeverityName[finding.severity.name],
        node=finding.node,
        service=service,
        message=finding.message,
        remedy=finding.remedy,
        links=links,
    )
