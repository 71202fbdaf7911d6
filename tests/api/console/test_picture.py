"""The picture of a timeline: where things are drawn, whatever the times are."""

from hypothesis import given
from hypothesis import strategies as st

from ucmsim.api.console.picture import HEAD, LANE, Stretch, Track, Window, draw

MINUTE = 60_000


def bars(*stretches, begin=0, end=10 * MINUTE):
    picture = draw([Track("Cisco Tftp · cucm-pub", stretches)], Window(begin, end), now=5 * MINUTE)
    return [(bar.x, bar.width, bar.mark) for bar in picture.lanes[0].bars]


def test_a_stretch_lasts_until_the_next_and_the_last_until_the_end():
    assert bars(
        Stretch(0, "started", "Started"),
        Stretch(6 * MINUTE, "stopping", "Stopping"),
        Stretch(7 * MINUTE, "stopped", "Stopped"),
    ) == [(0.0, 60.0, "started"), (60.0, 10.0, "stopping"), (70.0, 30.0, "stopped")]


def test_what_began_before_the_window_begins_at_its_edge():
    assert bars(Stretch(-60 * MINUTE, "started", "Started"))[0][:2] == (0.0, 100.0)


def test_what_is_over_before_the_window_is_not_drawn():
    earlier = Stretch(-3 * MINUTE, "starting", "Starting")
    assert bars(earlier, Stretch(-2 * MINUTE, "started", "Started")) == [(0.0, 100.0, "started")]


def test_the_present_stands_where_it_is():
    assert draw([], Window(0, 10 * MINUTE), now=4 * MINUTE).now == 40.0


def test_every_lane_has_its_own_height():
    tracks = [Track(name, [Stretch(0, "started", "Started")]) for name in "abc"]
    picture = draw(tracks, Window(0, MINUTE), now=0)
    assert [lane.y for lane in picture.lanes] == [HEAD, HEAD + LANE, HEAD + 2 * LANE]
    assert picture.height == HEAD + 3 * LANE


def test_ticks_stand_at_round_times():
    picture = draw([], Window(90_000, 90_000 + 15 * MINUTE), now=0)
    assert [tick.label for tick in picture.ticks] == ["00:05", "00:10", "00:15"]


@given(
    begin=st.integers(0, 10**12),
    length=st.integers(1000, 10**10),
    times=st.lists(st.integers(-(10**10), 2 * 10**10), min_size=1, max_size=8).map(sorted),
)
def test_nothing_is_ever_drawn_outside_or_upon_each_other(begin, length, times):
    stretches = [Stretch(begin + at, "started", "Started") for at in times]
    picture = draw([Track("x", stretches)], Window(begin, begin + length), now=begin)
    edge = 0.0
    for bar in picture.lanes[0].bars:
        assert edge - 0.002 <= bar.x
        assert bar.width > 0
        edge = bar.x + bar.width
    assert edge <= 100.002
    assert len(picture.ticks) <= 7
    assert all(0 <= tick.x < 94 for tick in picture.ticks)
