"""Metrics in Prometheus's format: the simulated services and nodes, and the server that simulates them.

Collected when somebody asks, from the same state that every face shows; in a registry of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from pydantic import Field

from ucmsim.api.engine import Engine
from ucmsim.api.rest.documents import Query
from ucmsim.api.rest.problems import CLUSTER_NOT_FOUND
from ucmsim.api.rest.resources.names import find_cluster
from ucmsim.api.rest.routes import Content, Reply, Resource, get
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.presence import listening, reachable
from ucmsim.models.states import Instant, Kind, Status

_SERVICE = ["cluster", "node", "service"]
_NODE = ["cluster", "node"]


class MetricsQuery(Query):
    """Which metrics are asked for."""

    cluster: list[str] = Field(
        default=[],
        description="Only those of these clusters, by id, and of the server.",
        examples=[["lab"]],
    )


class Metrics(Resource):
    """Numbers for Prometheus."""

    name = "metrics"

    def __init__(self, engine: Engine, listeners: Callable[[], int]) -> None:
        self._engine = engine
        self._listeners = listeners
        self._process: tuple[Collector, ...] = (
            ProcessCollector(registry=None),
            PlatformCollector(registry=None),
        )

    @get("/metrics", produces=("text/plain",), problems=(CLUSTER_NOT_FOUND,))
    def read(self, query: MetricsQuery) -> Reply[Any]:
        """Read all metrics.

        In Prometheus's text format. Names begin with `ucmsim_`; those of this server's process with `process_` and
        `python_`. A cluster of nine nodes has 1,400: let Prometheus read those of a fleet cluster by cluster.
        """
        names = query.cluster or list(self._engine.clusters)
        clusters = [find_cluster(self._engine, name) for name in dict.fromkeys(names)]
        registry = CollectorRegistry()
        for collector in (*self._process, _Clusters(self._engine, clusters, self._listeners)):
            registry.register(collector)
        return Reply(content=Content(CONTENT_TYPE_LATEST, generate_latest(registry)))


class _Clusters(Collector):
    """Reads clusters of an engine."""

    def __init__(self, engine: Engine, clusters: list[Cluster], listeners: Callable[[], int]) -> None:
        self._engine = engine
        self._clusters = clusters
        self._listeners = listeners

    def collect(self) -> Iterator[Metric]:
        now = self._engine.clock.now()
        yield from _services(self._clusters, now)
        yield from _nodes(self._clusters, now)
        _, last = self._engine.event_range()
        yield CounterMetricFamily("ucmsim_events", "Events so far.", value=last)
        yield GaugeMetricFamily(
            "ucmsim_event_listeners", "Clients that listen to events.", value=self._listeners()
        )
        yield GaugeMetricFamily("ucmsim_simulated_time_seconds", "The simulated time.", value=now / 1000)

    def describe(self) -> list[Metric]:
        return []


def _services(clusters: list[Cluster], now: Instant) -> Iterator[Metric]:
    state = GaugeMetricFamily(
        "ucmsim_service_state", "1 for the state in which a service is.", labels=[*_SERVICE, "state"]
    )
    activated = GaugeMetricFamily(
        "ucmsim_service_activated", "Whether a feature service is activated.", labels=_SERVICE
    )
    started = GaugeMetricFamily(
        "ucmsim_service_start_time_seconds", "When the running process of a service came up.", labels=_SERVICE
    )
    for cluster in clusters:
        for node in cluster.nodes.values():
            for name, instance in node.instances.items():
                labels = [cluster.id, node.id, name]
                moment = instance.at(now)
                status = moment.status if reachable(node, now) else Status.UNKNOWN
                state.add_metric([*labels, status.name], 1)
                if node.services[name].kind is Kind.FEATURE:
                    activated.add_metric(labels, instance.activated)
                if moment.started is not None:
                    started.add_metric(labels, moment.started / 1000)
    yield from (state, activated, started)


def _nodes(clusters: list[Cluster], now: Instant) -> Iterator[Metric]:
    questions: tuple[tuple[str, str, Callable[[Node], bool]], ...] = (
        ("ucmsim_node_reachable", "Whether a node can be reached.", lambda node: reachable(node, now)),
        (
            "ucmsim_node_listening",
            "Whether a node's web port accepts connections.",
            lambda node: listening(node, now),
        ),
    )
    for name, meaning, ask in questions:
        family = GaugeMetricFamily(name, meaning, labels=_NODE)
        for cluster in clusters:
            for node in cluster.nodes.values():
                family.add_metric([cluster.id, node.id], ask(node))
        yield family
