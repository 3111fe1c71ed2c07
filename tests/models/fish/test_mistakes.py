"""Mistakes of `fish.yaml`: ranges that can be read, units that are the station's, cages with fish that somebody described."""

from __future__ import annotations

from typing import Any

import pytest

from models.fish.levels import Cage, FishLimit, Species
from models.fish.mistakes import fish_mistakes


def limit(**changed: Any) -> FishLimit:
    fields: dict[str, Any] = {"parameter": "ph", "unit": "pH", "required": "6.5-8.5", "level_1": "<6"}
    return FishLimit(**(fields | {"level_2": "<5.5", "level_3": "", "margin": 0.1} | changed))


def species(*limits: FishLimit, code: str = "ca-tram") -> Species:
    return Species(code, "cá trắm", "carp", "trang của xã", list(limits) or [limit()])


def told(kinds: list[Species], cages: list[Cage]) -> list[tuple[Any, str]]:
    found = fish_mistakes(kinds, cages, stations=["phu-oc", "bo"])
    return [(mistake.path, mistake.expected_en) for mistake in found]


@pytest.mark.parametrize(
    ("name", "changed", "why"),
    [
        ("as printed", {}, []),
        ("another unit", {"parameter": "dissolved_oxygen", "unit": "m"}, [("unit", "the unit mg/L")]),
        ("words for a range", {"level_3": "lon hon 0.1"}, [("level_3", "as <3, >9, 0.2-0.3")]),
        ("nothing required", {"required": ""}, [("required", "at least one range")]),
        ("no first level", {"level_1": ""}, [("level_1", "at least one range")]),
    ],
)
def test_a_row_of_the_table_can_be_read(name: str, changed: Any, why: Any) -> None:
    found = told([species(limit(**changed))], [])

    assert found == [(("species", 0, "limits", 0, key), text) for key, text in why], name


def test_a_row_is_of_a_parameter_that_a_station_can_measure() -> None:
    ((path, text),) = told([species(limit(parameter="flow", unit="m3/s"))], [])

    assert path == ("species", 0, "limits", 0, "parameter")
    assert text.startswith("one of: air_temperature, ammonium_n, ")


@pytest.mark.parametrize(
    ("name", "kinds", "cages", "why"),
    [
        ("as it should be", [species()], [Cage("bo", ["ca-tram"])], []),
        ("a species twice", [species(), species()], [], [(("species", 1, "id"), "each code only once")]),
        ("a row twice", [species(limit(), limit())], [], [
            (("species", 0, "limits", 1, "parameter"), "each code only once"),
        ]),
        ("a station with two entries", [species()], [Cage("bo", ["ca-tram"]), Cage("bo", ["ca-tram"])], [
            (("cages", 1, "station"), "each code only once"),
        ]),
        ("at no station", [species()], [Cage("hue", ["ca-tram"])], [
            (("cages", 0, "station"), "one of `stations`: phu-oc, bo"),
        ]),
        ("fish that nobody described", [species()], [Cage("bo", ["ca-me"])], [
            (("cages", 0, "species", 0), "one of `species`: ca-tram"),
        ]),
    ],
)  # fmt: skip
def test_a_cage_has_a_station_and_a_table(name: str, kinds: Any, cages: Any, why: Any) -> None:
    assert told(kinds, cages) == why, name
