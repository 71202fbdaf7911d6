"""Durations: the catalogue's figures, scaled, replaced and jittered by a seed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucmsim.models.catalogue import offered
from ucmsim.models.inventory import Durations, ServiceDurations
from ucmsim.models.pace import Pace
from ucmsim.models.states import Product

TOMCAT = offered(Product.UCM, "15.0.1.12900-43")["Cisco Tomcat"]


def test_without_jitter_a_service_takes_what_the_catalogue_says():
    pace = Pace(Durations(jitter=0), chance=1)
    assert (pace.start(TOMCAT), pace.stop(TOMCAT)) == (55_000, 20_000)


@pytest.mark.parametrize(("scale", "expected"), [(0, 0), (0.1, 5_500), (2, 110_000)])
def test_one_setting_scales_them_all(scale, expected):
    assert Pace(Durations(scale=scale, jitter=0), chance=1).start(TOMCAT) == expected


def test_an_inventory_can_give_a_service_its_own_figures():
    own = {"Cisco Tomcat": ServiceDurations(start=3.5)}
    pace = Pace(Durations(jitter=0, services=own), chance=1)
    assert (pace.start(TOMCAT), pace.stop(TOMCAT)) == (3_500, 20_000)


@given(st.integers(0, 2**32), st.floats(0, 1))
def test_jitter_stays_within_its_fraction_and_one_chance_gives_one_duration(chance, jitter):
    pace = Pace(Durations(jitter=jitter), chance)
    length = pace.start(TOMCAT)
    assert 55_000 * (1 - jitter) - 1 <= length <= 55_000 * (1 + jitter) + 1
    assert Pace(Durations(jitter=jitter), chance).start(TOMCAT) == length


def test_chances_differ_by_draw_by_verb_and_by_service():
    durations = Durations(jitter=0.5)
    drawn = {Pace(durations, chance).start(TOMCAT) for chance in range(20)}
    assert len(drawn) > 15
