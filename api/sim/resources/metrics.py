"""Numbers of the simulation in Prometheus's format: requests, fault rules, the clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from ucmsim.api.rest.routes import Content, Reply, Resource, get
from ucmsim.api.sim.simulation import Simulation


class Metrics(Resource):
    """Numbers for Prometheus."""

    name = "metrics"

    def __init__(self, simulation: Simulation) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Numbers(simulation))

    @get("/metrics", produces=("text/plain",))
    def read(self) -> Reply[Any]:
        """Read all metrics.

        In Prometheus's text format. Names begin with `ucmsim_sim_`.
        """
        return Reply(content=Content(CONTENT_TYPE_LATEST, generate_latest(self._registry)))


class _Numbers(Collector):
    """Reads a simulation."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def collect(self) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            "ucmsim_sim_requests", "Requests so far, by API and status.", labels=["api", "status"]
        )
        for (api, status), count in sorted(self._simulation.journal.counts.items()):
            requests.add_metric([api, status], count)
        yield requests
        matched = CounterMetricFamily(
            "ucmsim_sim_fault_matched", "Matches of a fault rule.", labels=["fault"]
        )
        applied = CounterMetricFamily(
            "ucmsim_sim_fault_applied", "How often a fault rule acted.", labels=["fault"]
        )
        for rule, _ in self._simulation.fault_rules.all():
            matched.add_metric([rule.id], rule.matched)
            applied.add_metric([rule.id], rule.applied)
        yield matched
        yield applied
        timekeeper = self._simulation.timekeeper
        yield GaugeMetricFamily(
            "ucmsim_sim_clock_rate",
            "Simulated seconds a real second.",
            value=timekeeper.regime.speed,
        )
        yield GaugeMetricFamily(
            "ucmsim_sim_clock_seconds", "The simulated time.", value=timekeeper.now / 1000
        )

    def describe(self) -> list[Metric]:
        return []
