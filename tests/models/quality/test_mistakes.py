"""Mistakes of `quality.yaml`: settings for what is measured, once, with limits in order."""

from __future__ import annotations

from typing import Any

import pytest

from models.envelope.known import Known, KnownStation, Measured
from models.quality.mistakes import quality_mistakes
from models.quality.settings import Flat, Neighbour, Quality, Rate, Spike


def station(code: str, *measured: str) -> KnownStation:
    return KnownStation(code, tuple(Measured(parameter, "m", 0.0, 1.0) for parameter in measured))


KNOWN = Known(stations=(station("phu-oc", "rain", "river_level"), station("sia", "rain")))


@pytest.mark.parametrize(
    ("name", "settings", "why"),
    [
        ("at all stations", [Quality("rain")], []),
        ("at two stations, apart", [Quality("rain", ["phu-oc"]), Quality("rain", ["sia"])], []),
        ("of what nobody measures", [Quality("turbidity")], [
            ((0, "parameter"), "a parameter that a station measures"),
        ]),
        ("at a station that measures other things", [Quality("river_level", ["sia"])], [
            ((0, "stations", 0), "a station with river_level; sia: rain"),
        ]),
        ("at no station", [Quality("rain", ["hue"])], [
            ((0, "stations", 0), "one of `stations`: phu-oc, sia"),
        ]),
        ("twice", [Quality("rain", ["sia"]), Quality("rain", ["phu-oc", "sia"])], [
            ((1, "parameter"), "each sensor only once"),
        ]),
        ("twice at all", [Quality("rain"), Quality("rain")], [((1, "parameter"), "each sensor only once")]),
        ("a neighbour that is none", [Quality("rain", neighbour=Neighbour("hue", 1.0))], [
            ((0, "neighbour", "station"), "one of `stations`: phu-oc, sia"),
        ]),
        ("typical turned round", [Quality("rain", typical_low=2.0, typical_high=1.0)], [
            ((0, "typical_high"), "more than 2"),
        ]),
        ("all tests turned round", [
            Quality("rain", spike=Spike(2.0, 2.0), rate=Rate(3.0, 1.0), flat=Flat(0.1, 600, 600)),
        ], [
            ((0, "spike", "fail"), "more than 2"), ((0, "rate", "fail"), "more than 3"),
            ((0, "flat", "fail_s"), "more than 600"),
        ]),
        ("in order", [Quality("rain", spike=Spike(2.0, 3.0), flat=Flat(0.1, 600, 900))], []),
    ],
)  # fmt: skip
def test_a_setting_is_of_a_sensor_and_its_limits_are_in_order(
    name: str, settings: list[Quality], why: Any
) -> None:
    found = [(mistake.path, mistake.expected_en) for mistake in quality_mistakes(settings, known=KNOWN)]

    assert found == [(("quality", *path), text) for path, text in why], name


def test_a_setting_for_what_nobody_measures_hangs_on_the_stations() -> None:
    (mistake,) = quality_mistakes([Quality("turbidity")], known=KNOWN)

    assert mistake.refers == ("stations", "")
