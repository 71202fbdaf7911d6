"""Any commands at any times on the whole lab: what must hold whatever people do."""

from itertools import pairwise

from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.models.lab import NOON, Lab, spec
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.commands import Command, Control, Deploy
from ucmsim.models.conditions import Conditions, ExternalDatabase, Replication, SyncAgent
from ucmsim.models.containers import container, requirements
from ucmsim.models.control import carry_out
from ucmsim.models.inventory import Durations
from ucmsim.models.report import Report, answer, settled
from ucmsim.models.states import SECOND, Action, Kind, NodeRef, Product, Role, Status, Via

ROUTER = "Cisco XCP Router"

conditions = st.builds(
    Conditions,
    external_database=st.sampled_from(ExternalDatabase),
    persistent_chat=st.booleans(),
    ldap_contact_search=st.booleans(),
    xmpp_federation=st.booleans(),
    replication=st.sampled_from(Replication),
    sync_agent=st.sampled_from(SyncAgent),
    sync_agent_limit=st.sampled_from([0, 60, 7200]),
)


@st.composite
def labs(draw: st.DrawFn) -> Lab:
    """The five nodes under any conditions, at any pace, just booted or long up."""
    durations = Durations(
        scale=draw(st.sampled_from([0.0, 0.5, 1.0])), jitter=draw(st.sampled_from([0.0, 0.9]))
    )
    uptime = draw(st.sampled_from([0, 40, 86_400]))
    around = draw(conditions)
    nodes = [
        spec("cucm-pub", Product.UCM, uptime=uptime, conditions=around),
        spec("cucm-sub", Product.UCM, Role.SUBSCRIBER, uptime=uptime, conditions=around),
        spec("imp-pub", Product.IMP, uptime=uptime, conditions=around),
        spec("imp-sub", Product.IMP, Role.SUBSCRIBER, uptime=uptime, conditions=around),
        spec("cuc-pub", Product.CUC, uptime=uptime, conditions=around),
    ]
    return Lab(nodes, durations)


@st.composite
def commands(draw: st.DrawFn) -> Command:
    """Any verb for any services of one node; now and then a name that nobody knows."""
    node = draw(st.sampled_from(sorted(OFFERED)))
    names = tuple(draw(st.lists(st.sampled_from(OFFERED[node]), min_size=1, max_size=4)))
    ref, via = NodeRef("lab", node), draw(st.sampled_from([Via.API, Via.API, Via.CLI]))
    action = draw(st.sampled_from(Action))
    if action in (Action.ACTIVATE, Action.DEACTIVATE):
        return Deploy(ref, action is Action.ACTIVATE, names, recorded=draw(st.booleans()), via=via)
    return Control(ref, action, names, enforce=draw(st.booleans()), via=via)


# Those that hang together come up more often than they would by chance.
LIKELY = {
    "cucm-pub": ["Cisco CallManager", "Cisco CTIManager", "Self Provisioning IVR", "Cisco Tomcat"] * 5,
    "imp-pub": [ROUTER, "Cisco XCP Connection Manager", "Cisco XCP Directory Service", "Cisco Tomcat"] * 5,
    "imp-sub": [ROUTER, "Cisco XCP Message Archiver", "Cisco IM and Presence Data Monitor"] * 5,
    "cuc-pub": ["Connection REST Tomcat", "Connection REST Service", "Cisco Tomcat"] * 5,
}
OFFERED = {
    node.id: [*node.services, *LIKELY.get(node.id, []), "No Such Service"]
    for node in Lab().cluster.nodes.values()
}
steps = st.lists(st.tuples(st.integers(0, 90), commands(), st.integers(0, 2**32)), max_size=12)


def check(node: Node, now: int) -> None:
    """Check a node, now and at every moment that its timelines plan."""
    times = {now} | {m.at for i in node.instances.values() for m in i.moments if m.at > now}
    for name, instance in node.instances.items():
        service = node.services[name]
        assert instance.moments[0].at <= now
        assert all(a.at <= b.at for a, b in pairwise(instance.moments)), (name, instance)
        assert len({moment.at for moment in instance.ahead(now)}) <= 3
        if service.kind is Kind.NETWORK:
            assert instance.activated, name
            assert instance.recorded, name
        for moment in instance.moments:
            running = moment.status in (Status.STARTED, Status.STOPPING)
            assert (moment.started is not None) >= (moment.status is Status.STARTED), (name, moment)
            assert moment.started is None or (running and moment.started <= moment.at), (name, moment)
    for at in times:
        up = {name for name, instance in node.instances.items() if instance.at(at).status is Status.STARTED}
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
            assert node.conditions.replication is not Replication.UP, name


def nothing_done_where_all_was_refused(before: Cluster, after: Cluster, report: Report) -> None:
    """A refused service may still go down with its container, when another name of the same call stops that."""
    if all(outcome.verdict.refused for outcome in report.outcomes):
        assert after == before


@settings(max_examples=150, deadline=None)
@given(labs(), steps)
def test_whatever_people_do_the_rules_hold(lab: Lab, steps: list[tuple[int, Command, int]]):
    """G-ACT-2, G-CTL-1, G-CTL-8, G-CTL-12, U-16: no feature service runs that is not activated, nothing runs without
    its Tomcat or its router, network services are never (de)activated, moments are in order."""
    cluster, now = lab.cluster, NOON
    for pause, command, chance in steps:
        now += pause * SECOND
        after, report = carry_out(cluster, command, now, chance)
        assert (after, report) == carry_out(cluster, command, now, chance)
        assert {id_ for id_ in after.nodes if after.nodes[id_] != cluster.nodes[id_]} <= {command.node.node}
        nothing_done_where_all_was_refused(cluster, after, report)
        event("refused" if report.refused else "done")
        check(after.nodes[command.node.node], now)
        replied = answer(after, report, now)
        assert [row.name for row in replied.rows] == list(command.names)
        assert (replied.reason.code == -1) >= (not report.refused and report.action is Action.STOP)
        arrival = settled(after, report, now)
        assert arrival is None or arrival >= now
        cluster = after


@settings(max_examples=60, deadline=None)
@given(labs(), steps)
def test_when_everybody_rests_everything_arrives_or_is_held(lab: Lab, steps: list[tuple[int, Command, int]]):
    """G-IMP-7, U-16: long after the last command nothing stops, and what still starts waits for something."""
    cluster, now = lab.cluster, NOON
    for pause, command, chance in steps:
        now += pause * SECOND
        cluster, _ = carry_out(cluster, command, now, chance)
    now += 30 * 86_400 * SECOND
    for node in cluster.nodes.values():
        check(node, now)
        for name, instance in node.instances.items():
            status = instance.at(now).status
            assert status is not Status.STOPPING, name
            if status is Status.STARTING:
                waits = [
                    o
                    for o in requirements(node, name)
                    if node.instances[o].at(now).status is not Status.STARTED
                ]
                held = node.conditions.replication is not Replication.UP and not node.is_publisher
                assert waits or held, name
