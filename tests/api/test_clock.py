"""The simulated clock: real, frozen, advanced, scaled."""

import pytest

from ucmsim.api.clock import Clock, Setting


class Real:
    def __init__(self) -> None:
        self.ms = 1_000_000

    def __call__(self) -> int:
        return self.ms


def test_simulated_time_is_real_time_unless_told_otherwise():
    real = Real()
    clock = Clock(real=real)
    real.ms += 1500
    assert clock.now() == real.ms


def test_a_frozen_clock_moves_only_when_it_is_advanced():
    clock = Clock.frozen(at=5000)
    assert clock.now() == 5000
    assert clock.advance(60_000) == 65_000
    assert clock.real_seconds_until(70_000) is None


def test_the_clock_cannot_be_put_back():
    with pytest.raises(ValueError, match="cannot be put back"):
        Clock.frozen(0).advance(-1)
    with pytest.raises(ValueError, match="cannot be negative"):
        Clock.frozen(0).run(-2)


def test_changing_the_rate_keeps_the_time():
    real = Real()
    clock = Clock(real=real)
    clock.advance(3_600_000)
    before = clock.now()
    clock.run(rate=60)
    assert clock.now() == before
    real.ms += 1000
    assert clock.now() == before + 60_000
    assert clock.real_seconds_until(clock.now() + 120_000) == pytest.approx(2.0)


def test_a_setting_is_taken_over_as_a_whole():
    clock = Clock(real=Real())
    clock.apply(Setting(real=0, simulated=42, rate=0.0))
    assert clock.now() == 42
    assert clock.setting.simulated == 42
