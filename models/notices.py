"""Restarts that are due because a configuration changed: noticed by start times, cleared by restarts.

SNMP settings are read by the SNMP Master Agent when it starts (G-CTL-17); Cisco XCP Config Manager watches the settings
of XCP components (G-IMP-10). It does not know what the settings are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.configuration import Subject
from ucmsim.models.containers import XCP_ROUTER, carried
from ucmsim.models.states import Instant, Status

SNMP_MASTER = "SNMP Master Agent"
XCP_CONFIG_MANAGER = "Cisco XCP Config Manager"


class Notice(NamedTuple):
    """A service that still runs with the configuration from before `since`."""

    rule: str
    service: str
    subject: Subject
    since: Instant


def configure(cluster: Cluster, node_id: str, subject: Subject, now: Instant) -> Cluster:
    """Return the cluster after the configuration of a subject was changed on a node."""
    node = cluster.nodes[node_id]
    return cluster.with_node(replace(node, configured={**node.configured, subject: now}))


def notices(node: Node, now: Instant) -> tuple[Notice, ...]:
    """Return the restarts that are due at `now`."""
    return (*_behind(node, Subject.SNMP, "G-CTL-17", now), *_xcp(node, now))


def _xcp(node: Node, now: Instant) -> Iterator[Notice]:
    """Nobody notices while Cisco XCP Config Manager is down (G-IMP-10)."""
    manager = node.instances.get(XCP_CONFIG_MANAGER)
    if manager is not None and manager.at(now).status is Status.STARTED:
        yield from _behind(node, Subject.XCP, "G-IMP-10", now)


def _behind(node: Node, subject: Subject, rule: str, now: Instant) -> Iterator[Notice]:
    changed = node.configured.get(subject)
    if changed is None:
        return
    for name in _readers(node, subject):
        started = node.instances[name].at(now).started
        if started is not None and started <= changed <= now:
            yield Notice(rule, name, subject, changed)


def _readers(node: Node, subject: Subject) -> tuple[str, ...]:
    known = (SNMP_MASTER,) if subject is Subject.SNMP else (XCP_ROUTER, *carried(node, XCP_ROUTER))
    return tuple(name for name in known if name in node.instances)
