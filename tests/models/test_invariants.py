"""Any commands, changes of the world and work on nodes, at any times: what must hold whatever people do."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.models.lab import NOON, Lab, spec
from ucmsim.models import maintenance
from ucmsim.models.advice import advice
from ucmsim.models.cluster import Cluster, Node, changes
from ucmsim.models.commands import Command, Control, Deploy
from ucmsim.models.conditions import Conditions, ExternalDatabase, Replication, SyncAgent
from ucmsim.models.containers import container, requirements
from ucmsim.models.control import carry_out
from ucmsim.models.inventory import Durations
from ucmsim.models.presence import Api, answers, listening
from ucmsim.models.report import Report, answer, settled
from ucmsim.models.states import SECOND, Action, Kind, NodeRef, Product, Role, Status, Via
from ucmsim.models.surroundings import change_conditions

ROUTER = "Cisco XCP Router"
OTHER_VERSION = "12.5.1.11900-146"


@dataclass(frozen=True)
class Change:
    """The world around a node becomes another."""

    node: str
    conditions: Mapping[str, Any]


@dataclass(frozen=True)
class Work:
    """Somebody works on a whole node."""

    node: str
    what: str


Deed = Command | Change | Work

around = {
    "reachable": st.booleans(),
    "virtual": st.booleans(),
    "external_database": st.sampled_from(ExternalDatabase),
    "persistent_chat": st.booleans(),
    "ldap_contact_search": st.booleans(),
    "xmpp_federation": st.booleans(),
    "replication": st.sampled_from(Replication),
    "sync_agent": st.sampled_from(SyncAgent),
    "sync_agent_limit": st.sampled_from([0, 60, 7200]),
    "upgrade": st.booleans(),
}


# Services that hang together: activated in half of the labs, and most deeds are about them.
HOT = {
    "cucm-pub": (
        "Cisco CallManager", "Cisco CTIManager", "Self Provisioning IVR", "Cisco Tomcat", "Cisco WebDialer Web Service",
        "Cisco Database Layer Monitor", "Cisco Audit Event Service",
    ),
    "cucm-sub": ("Cisco CallManager", "Cisco CTIManager", "Cisco Tftp", "Cisco AXL Tomcat", "Cisco AXL Web Service"),
    "imp-pub": (
        ROUTER, "Cisco XCP Connection Manager", "Cisco XCP Directory Service", "Cisco XCP Message Archiver",
        "Cisco IM and Presence Data Monitor",
    ),
    "imp-sub": (ROUTER, "Cisco XCP Connection Manager", "Cisco SIP Proxy", "Cisco IM and Presence Data Monitor"),
    "cuc-pub": ("Connection REST Tomcat", "Connection REST Service", "Cisco Tomcat"),
}  # fmt: skip
NODES = {
    "cucm-pub": (Product.UCM, Role.PUBLISHER),
    "cucm-sub": (Product.UCM, Role.SUBSCRIBER),
    "imp-pub": (Product.IMP, Role.PUBLISHER),
    "imp-sub": (Product.IMP, Role.SUBSCRIBER),
    "cuc-pub": (Product.CUC, Role.PUBLISHER),
}
SERVICES = {node.id: dict(node.services) for node in Lab().cluster.nodes.values()}


@st.composite
def labs(draw: st.DrawFn) -> Lab:
    """The five nodes under any conditions, at any pace, just booted or long up."""
    durations = Durations(
        scale=draw(st.sampled_from([0.0, 0.5, 1.0])), jitter=draw(st.sampled_from([0.0, 0.9]))
    )
    uptime = draw(st.sampled_from([0, 40, 86_400]))
    conditions = draw(st.builds(Conditions, **around))
    busy = draw(st.booleans())
    return Lab(
        [
            spec(
                node,
                product,
                role,
                uptime=uptime,
                conditions=conditions,
                activated=features(node) if busy else (),
            )
            for node, (product, role) in NODES.items()
        ],
        durations,
    )


def features(node: str) -> tuple[str, ...]:
    """The feature services among the hot ones of a node."""
    return tuple(name for name in HOT[node] if SERVICES[node][name].kind is Kind.FEATURE)


@st.composite
def commands(draw: st.DrawFn, node: str) -> Command:
    """Any verb for any services of a node; now and then a name that nobody knows."""
    hot, any_other = st.sampled_from(HOT[node]), st.sampled_from([*SERVICES[node], "No Such Service"])
    names = tuple(draw(st.lists(st.one_of(hot, hot, hot, any_other), min_size=1, max_size=4)))
    ref, via = NodeRef("lab", node), draw(st.sampled_from([Via.API, Via.CLI]))
    action = draw(st.sampled_from(Action))
    if action in (Action.ACTIVATE, Action.DEACTIVATE):
        return Deploy(ref, action is Action.ACTIVATE, names, recorded=draw(st.booleans()), via=via)
    return Control(ref, action, names, enforce=draw(st.booleans()), via=via)


def deeds(node: str) -> st.SearchStrategy[Deed]:
    world = st.builds(Change, st.just(node), st.fixed_dictionaries({}, optional=around))
    work = st.builds(Work, st.just(node), st.sampled_from(["restart", "switch", "shut down", "switch on"]))
    return st.one_of(*[commands(node)] * 5, world, work)


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[int, Deed, int]]:
    """Deeds with the seconds before each and a chance; most of them on one node, close together."""
    node, other = draw(st.sampled_from(sorted(NODES))), draw(st.sampled_from(sorted(NODES)))
    pauses = st.sampled_from([0, 1, 3, 5, 10, 20, 60, 120])
    what = st.one_of(*[deeds(node)] * 4, deeds(other))
    return draw(st.lists(st.tuples(pauses, what, st.integers(0, 2**32)), min_size=6, max_size=12))


def do(cluster: Cluster, deed: Deed, now: int, chance: int) -> tuple[Cluster, Report | None]:
    match deed:
        case Change(node, conditions):
            return change_conditions(cluster, node, conditions, now, chance), None
        case Work(node, "restart"):
            return maintenance.restart(cluster, node, now, chance)[0], None
        case Work(node, "switch"):
            if cluster.nodes[node].inactive_version is None:
                cluster = maintenance.install_version(cluster, node, OTHER_VERSION)
            return maintenance.switch_version(cluster, node, now, chance)[0], None
        case Work(node, "shut down"):
            return maintenance.shut_down(cluster, node, now, chance)[0], None
        case Work(node, _):
            return maintenance.switch_on(cluster, node, now, chance)[0], None
        case _:
            return carry_out(cluster, deed, now, chance)


def target(deed: Deed) -> str:
    return deed.node if isinstance(deed, Change | Work) else deed.node.node


def check(node: Node, now: int) -> None:
    """Check a node, now and at every moment that its timelines plan."""
    assert list(node.instances) == list(node.services)
    times = {now} | {m.at for i in node.instances.values() for m in i.moments if m.at > now}
    for name, instance in node.instances.items():
        assert instance.moments[0].at <= now
        assert all(a.at <= b.at for a, b in pairwise(instance.moments)), (name, instance)
        if node.services[name].kind is Kind.NETWORK:
            assert instance.activated, name
            assert instance.recorded, name
        for moment in instance.moments:
            running = moment.status in (Status.STARTED, Status.STOPPING)
            assert (moment.started is not None) >= (moment.status is Status.STARTED), (name, moment)
            assert moment.started is None or (running and moment.started <= moment.at), (name, moment)
    for at in times:
        up = {name for name, instance in node.instances.items() if instance.at(at).status is Status.STARTED}
        assert not up or node.outage is None or not node.outage.covers(at)
        for name in up:
            assert node.instances[name].activated, (name, at - now)
            host = container(node, name)
            assert host is None or host in up, (name, host, at - now)
            if ROUTER in node.services[name].depends:
                assert ROUTER in up, (name, at - now)
    check_arrivals(node, now)


def check_arrivals(node: Node, now: int) -> None:
    """Check that nothing is planned to come up before what it requires, and that nothing waits without a cause."""
    for name, instance in node.instances.items():
        coming = (instance.at(now), *instance.ahead(now))
        begun = next((i for i, moment in enumerate(coming) if moment.status is Status.STARTING), None)
        if begun is None:
            continue
        ups = [node.instances[other].up_from(now) for other in requirements(node, name)]
        arrival = coming[begun + 1].at if begun + 1 < len(coming) else None
        if arrival is not None:
            assert all(up is not None and up <= arrival for up in ups), name
        elif None not in ups:
            assert held(node, name), name


def held(node: Node, name: str) -> bool:
    """Whether the Data Monitor may hold a service for ever."""
    waits_for_it = "Cisco IM and Presence Data Monitor" in node.services[name].depends
    return waits_for_it and node.conditions.replication is not Replication.UP and not node.is_publisher


def check_presence(node: Node, now: int) -> None:
    """Check that nothing answers on a node whose port is closed."""
    assert listening(node, now) or not any(answers(node, api, now) for api in Api)


@settings(max_examples=120, deadline=None)
@given(labs(), stories())
def test_whatever_people_do_the_rules_hold(lab: Lab, steps: list[tuple[int, Deed, int]]):
    """G-ACT-2, G-CTL-1, G-CTL-8, G-CTL-12, U-16: no feature service runs that is not activated, nothing runs without
    its Tomcat or its router, or on a node that is off; network services are never (de)activated; moments are in order.
    """
    cluster, now = lab.cluster, NOON
    for pause, deed, chance in steps:
        now += pause * SECOND
        after, report = do(cluster, deed, now, chance)
        assert (after, report) == do(cluster, deed, now, chance)
        assert {id_ for id_ in after.nodes if after.nodes[id_] != cluster.nodes[id_]} <= {target(deed)}
        event(type(deed).__name__)
        check(after.nodes[target(deed)], now)
        check_presence(after.nodes[target(deed)], now)
        if report is not None:
            check_report(cluster, after, report, now)
        cluster = after


def check_report(before: Cluster, after: Cluster, report: Report, now: int) -> None:
    if all(outcome.verdict.refused for outcome in report.outcomes):
        # Only then: a refused service may still go down with its container, when another name of the call stops that.
        assert after == before
    replied = answer(after, report, now)
    assert [row.name for row in replied.rows] == [outcome.name for outcome in report.outcomes]
    assert (replied.reason.code == -1) >= (not report.refused and report.action is Action.STOP)
    arrival = settled(after, report, now)
    assert arrival is None or arrival >= now


@settings(max_examples=40, deadline=None)
@given(labs(), stories())
def test_when_everybody_rests_everything_arrives_or_is_held(lab: Lab, steps: list[tuple[int, Deed, int]]):
    """G-IMP-7, U-16: long after the last deed nothing stops, and what still starts waits for something."""
    cluster, now = lab.cluster, NOON
    for pause, deed, chance in steps:
        now += pause * SECOND
        cluster, _ = do(cluster, deed, now, chance)
    now += 30 * 86_400 * SECOND
    for node in cluster.nodes.values():
        check(node, now)
        for name, instance in node.instances.items():
            status = instance.at(now).status
            assert status is not Status.STOPPING, name
            if status is Status.STARTING:
                required = (node.instances[other].at(now).status for other in requirements(node, name))
                assert held(node, name) or any(one is not Status.STARTED for one in required), name


@settings(max_examples=25, deadline=None)
@given(labs(), stories())
def test_advice_changes_nothing_and_always_makes_sense(lab: Lab, steps: list[tuple[int, Deed, int]]):
    """U-17: whatever state a cluster is in, every finding names a node and a service that are there."""
    cluster, now = lab.cluster, NOON
    for pause, deed, chance in steps:
        now += pause * SECOND
        cluster, _ = do(cluster, deed, now, chance)
        found = advice(cluster, now)
        assert found == advice(cluster, now)
        assert len(found) == len(set(found))
        for one in found:
            assert one.service is None or one.service in cluster.nodes[one.node].services


@settings(max_examples=25, deadline=None)
@given(labs(), stories())
def test_what_changed_is_told_completely(lab: Lab, steps: list[tuple[int, Deed, int]]):
    """Whoever keeps only the changes can rebuild what stands there."""
    cluster, now = lab.cluster, NOON
    for pause, deed, chance in steps:
        now += pause * SECOND
        after, _ = do(cluster, deed, now, chance)
        for id_, node in after.nodes.items():
            rebuilt = {name: cluster.nodes[id_].instances.get(name) for name in node.instances}
            rebuilt |= {
                change.service: change.after for change in changes(cluster, after) if change.node == id_
            }
            assert rebuilt == node.instances
        cluster = after
