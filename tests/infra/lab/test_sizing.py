"""The sizing page is what the script makes of the recorded measurements, and these have a source each."""

from __future__ import annotations

import pytest

from infra.lab.bench import sizing


def test_the_page_is_what_the_script_makes() -> None:
    assert sizing.PAGE.read_text(encoding="utf-8") == sizing.page(sizing.recorded())


def test_every_measurement_has_a_value_and_says_where_it_is_from() -> None:
    for code, one in sizing.recorded().items():
        assert one.value > 0, code
        assert one.source, code


def test_twice_as_many_sensors_or_half_the_interval_cost_twice_as_much() -> None:
    found = sizing.recorded()
    once = sizing.station(found, 3, 300)

    assert sizing.station(found, 6, 300) == pytest.approx(sizing.times(once, 2))
    assert sizing.station(found, 3, 150) == pytest.approx(sizing.times(once, 2))


@pytest.mark.parametrize(("cores", "number"), [(0.0, 1), (0.5, 1), (0.51, 2), (75.0, 150)])
def test_a_process_is_planned_half_full(cores: float, number: int) -> None:
    assert sizing.processes(cores) == number
