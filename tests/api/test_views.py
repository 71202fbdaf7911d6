"""Views: how long one is good for, and that what was made of it is made once."""

import gc
from dataclasses import replace

from ucmsim.api.views import MADE, ClusterView, NodeView, View, Views
from ucmsim.models.installation import install
from ucmsim.models.inventory import ClusterSpec, Durations, NodeSpec
from ucmsim.models.states import Product, Role
from ucmsim.models.timeline import started, starting

NOON = 1_700_000_000_250
SPEC = NodeSpec("pub", Product.UCM, Role.PUBLISHER, "127.0.0.1", "pub.lab.example", "15.0.1.12900-43")
CLUSTER = install(ClusterSpec("lab", "Lab", (SPEC,), Durations(jitter=0.0)), NOON)
NODE = CLUSTER.nodes["pub"]


def with_moment(at):
    """The node while one of its services comes up at `at`."""
    coming = NODE.instances["Cisco Tftp"].followed_by(NOON, starting(NOON), started(at))
    return replace(NODE, instances={**NODE.instances, "Cisco Tftp": coming})


class Counted:
    """Makes something of a view and counts how often."""

    def __init__(self):
        self.times = 0

    def __call__(self, view, *about):
        self.times += 1
        return (view.at, *about)


def test_a_view_lasts_until_the_next_full_second():
    """Up times are whole seconds, so a client may see another one then."""
    view = View(NODE, NOON)

    assert view.until == 1_700_000_001_000
    assert view.shows(NODE, NOON)
    assert view.shows(NODE, view.until - 1)
    assert not view.shows(NODE, view.until)


def test_a_view_ends_at_a_moment_of_a_service_within_the_second():
    assert View(with_moment(NOON + 1), NOON).until == NOON + 1
    assert View(with_moment(NOON + 60_000), NOON).until == 1_700_000_001_000


def test_a_view_of_a_cluster_ends_at_a_moment_of_any_node():
    assert View(CLUSTER.with_node(with_moment(NOON + 7)), NOON).until == NOON + 7


def test_a_view_does_not_show_a_time_before_its_own():
    """A snapshot that is restored puts the clock back."""
    assert not View(NODE, NOON).shows(NODE, NOON - 1)


def test_a_view_does_not_show_another_state_of_the_node():
    assert not View(NODE, NOON).shows(with_moment(NOON), NOON)


def test_what_is_made_of_a_view_is_made_once_for_each_question():
    view, make = View(NODE, NOON), Counted()

    first = view.once(make, "Cisco Tftp")

    assert view.once(make, "Cisco Tftp") is first
    assert view.once(make) == (NOON,)
    assert make.times == 2


def test_ever_new_questions_are_answered_without_being_kept():
    view, make = View(NODE, NOON), Counted()

    for number in range(MADE + 10):
        view.once(make, number)

    assert view.once(make, MADE + 5) == (NOON, MADE + 5)
    assert make.times == MADE + 11
    assert view.once(make, 0) == (NOON, 0)
    assert make.times == MADE + 11


def test_the_same_view_is_handed_out_until_something_differs():
    views = Views(NodeView)
    view = views.of("pub", NODE, NOON)

    assert views.of("pub", NODE, NOON + 700) is view
    assert views.of("pub", NODE, NOON + 800) is not view
    assert views.of("pub", with_moment(NOON), NOON + 700).subject is not NODE


def test_views_of_a_cluster_are_told_apart_from_those_of_a_node():
    assert isinstance(Views(ClusterView).of("lab", CLUSTER, NOON), ClusterView)


def test_the_status_is_made_once_while_nobody_could_tell_a_difference():
    views = Views(NodeView)
    answer = views.of("pub", NODE, NOON).status(("A Cisco DB",))

    assert views.of("pub", NODE, NOON + 749).status(("A Cisco DB",)) is answer
    assert (
        views.of("pub", NODE, NOON + 750).status(("A Cisco DB",)).rows[0].uptime == answer.rows[0].uptime + 1
    )


def test_the_views_of_many_nodes_give_way_to_new_ones():
    views = Views(NodeView, kept=2)
    first, second = views.of("a", NODE, NOON), views.of("b", NODE, NOON)

    views.of("c", NODE, NOON)

    assert views.of("b", NODE, NOON) is second
    assert views.of("a", NODE, NOON) is not first


def held(of):
    """The views in memory of one state of the node."""
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, View) and one.subject is of]


def test_views_that_are_over_are_let_go_when_others_are_made():
    """A fleet that was looked at once would stay in memory in its written form otherwise."""
    views, node = Views(NodeView), replace(NODE)
    for number in range(200):
        views.of(f"old-{number}", node, NOON)
    assert len(held(node)) == 200

    for number in range(200):
        views.of(f"new-{number}", NODE, NOON + 1000)

    assert held(node) == []
    assert views.of("new-199", NODE, NOON + 1000) is views.of("new-199", NODE, NOON + 1001)


def test_one_who_looks_again_and_again_makes_room_as_well():
    views, node = Views(NodeView), replace(NODE)
    views.of("old", node, NOON)
    views.of("pub", NODE, NOON + 1000)

    assert held(node) == []
