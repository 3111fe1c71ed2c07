"""Mistakes of the river's files are told from what the commune has by name; nothing of the commune itself is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from models.envelope.known import Known, KnownStation, Measured
from models.river.arrival import Band, Habit
from models.river.camera import Region, WaterRule
from models.river.configuration import FloodPlace, Gauge, WaterCamera
from models.river.mark_mistakes import mark_mistakes
from models.river.marks import Mark, MarkKind
from models.river.mistakes import (
    flood_place_mistakes,
    gauge_mistakes,
    rain_band_mistakes,
    reservoir_mistakes,
    water_camera_mistakes,
)
from models.river.rain_risk import RainBand
from models.river.release import Reservoir, Travel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.envelope.mistake import Mistake


def station(code: str, *measured: str) -> KnownStation:
    return KnownStation(code, tuple(Measured(parameter, "m", -1.0, 10.0) for parameter in measured))


KNOWN = Known(
    hamlets=("la-van",),
    stations=(
        station("phu-oc", "river_level", "rain"),
        station("kim-long", "river_level"),
        station("anh", "water_pixels"),
        station("ho", "reservoir_release"),
        station("dan", "flooded"),
    ),
    cameras=("cho",),
    ruled={"river_level": frozenset({"phu-oc"}), "rain_24h": frozenset({"kim-long"})},
)
HABIT = Habit((3_600_000,), 1, (Band(1, 0.5, 1.0, 2.0),), 1.0)
RULE = WaterRule((Region(100, 0.5),), night_from=20, night_to=5, full_share=0.9, empty_share=0.1)
CAMERA = WaterCamera("song", "Cầu", ["anh"], RULE)


def told(found: Iterable[Mistake]) -> list[tuple[Any, str]]:
    return [(mistake.path, mistake.expected_en) for mistake in found]


def band(level: int, mm: float, hours: int = 24) -> RainBand:
    return RainBand(level, hours, mm, "mưa", "rain")


def reservoir(code: str) -> Reservoir:
    return Reservoir("Bình Điền", "phu-oc", 100.0, (Travel(0.0, 1, 2),), code)


def place(**changed: Any) -> FloodPlace:
    fields: dict[str, Any] = {"id": "ngam", "name": "Ngầm", "hamlets": ["la-van"], "gauges": ["phu-oc"]}
    return FloodPlace(**(fields | {"rains": ["phu-oc"]} | changed))


def mark(level: float = 3.0, gauge: str = "phu-oc", vi: str = "chợ", source: str = "assumed") -> Mark:
    return Mark(gauge, level, vi, "market", MarkKind.MARKET, source)


@pytest.mark.parametrize(
    ("name", "gauge", "why"),
    [
        ("a gauge that a rule watches", "phu-oc", []),
        ("a gauge that no rule watches for its level", "kim-long", ["a rule on river_level for the station"]),
        ("a station without a level", "anh", ["a station with river_level"]),
        ("no station", "hue", ["one of `stations`: anh, dan, ho, kim-long, phu-oc"]),
    ],
)
def test_a_gauge_measures_the_level_and_a_rule_watches_it(name: str, gauge: str, why: list[str]) -> None:
    gauges = [Gauge(gauge, HABIT)]

    assert told(gauge_mistakes(gauges, known=KNOWN)) == [(("gauges", 0, "station"), each) for each in why], (
        name
    )


def test_a_gauge_without_a_rule_hangs_on_the_rules_and_one_without_a_station_on_that_station() -> None:
    gauges = [Gauge(code, HABIT) for code in ("kim-long", "hue")]

    assert [mistake.refers for mistake in gauge_mistakes(gauges, known=KNOWN)] == [
        ("rules", ""),
        ("stations", "hue"),
    ]


@pytest.mark.parametrize(
    ("name", "station", "why"),
    [
        ("a station that tells the release", "ho", []),
        ("no station yet", "", []),
        ("a station that tells another thing", "dan", ["a station with reservoir_release"]),
    ],
)
def test_a_reservoir_is_told_by_its_station_or_by_none(name: str, station: str, why: list[str]) -> None:
    found = told(reservoir_mistakes([reservoir(station)], known=KNOWN))

    assert found == [(("reservoirs", 0, "station"), each) for each in why], name


@pytest.mark.parametrize(
    ("name", "bands", "why"),
    [
        ("rising", [band(1, 50), band(2, 100)], []),
        ("rising, of two lengths of time", [band(2, 100), band(1, 120, hours=12)], []),
        ("equal", [band(1, 50), band(2, 50)], [((1, "mm"), "above the lower level: 50")]),
        (
            "the lower one written last",
            [band(2, 40), band(1, 50)],
            [((0, "mm"), "above the lower level: 50")],
        ),
    ],
)
def test_a_worse_band_of_rain_takes_more_rain(name: str, bands: list[RainBand], why: Any) -> None:
    assert told(rain_band_mistakes(bands)) == [(("rain_bands", *path), text) for path, text in why], name


def test_rain_is_summed_over_the_hours_that_are_reckoned() -> None:
    ((path, text),) = told(rain_band_mistakes([band(1, 50, hours=5)]))

    assert path == ("rain_bands", 0, "hours")
    assert text.startswith("one of: ")


@pytest.mark.parametrize(
    ("name", "stations", "why"),
    [
        ("one region, one station", ["anh"], []),
        ("a station too many", ["anh", "anh"], [((), "1 stations, one for each region")]),
        ("a station without pixels", ["ho"], [((0,), "a station with water_pixels")]),
    ],
)
def test_each_region_of_a_water_camera_has_a_station(name: str, stations: list[str], why: Any) -> None:
    found = told(water_camera_mistakes([WaterCamera("song", "Cầu", stations, RULE)], known=KNOWN))

    assert found == [(("water_cameras", 0, "stations", *path), text) for path, text in why], name


@pytest.mark.parametrize(
    ("name", "changed", "why"),
    [
        ("two kinds of witnesses", {}, []),
        ("persons and a camera", {"gauges": [], "rains": [], "persons": ["dan"], "cameras": ["song"]}, []),
        ("one kind", {"rains": []}, [(("id",), "at least two kinds of witnesses")]),
        ("a station's id", {"id": "dan"}, [(("id",), "an id that no station or camera has")]),
        ("a camera's id", {"id": "cho"}, [(("id",), "an id that no station or camera has")]),
        ("no name", {"name": " "}, [(("name",), "a name")]),
        ("a hamlet that is none", {"hamlets": ["ha"]}, [(("hamlets", 0), "one of `hamlets`: la-van")]),
        ("no camera", {"cameras": ["anh"]}, [(("cameras", 0), "one of `water_cameras`: song, cho")]),
        ("no rain gauge", {"rains": ["anh"]}, [(("rains", 0), "a station with rain")]),
        ("nobody tells it", {"persons": ["anh"]}, [(("persons", 0), "a station with flooded")]),
    ],
)
def test_a_flood_place_has_an_id_of_its_own_and_witnesses(name: str, changed: Any, why: Any) -> None:
    found = told(flood_place_mistakes([place(**changed)], [CAMERA], known=KNOWN))

    assert found == [(("flood_places", 0, *path), text) for path, text in why], name


@pytest.mark.parametrize(
    ("name", "marks", "why"),
    [
        ("within the range", [mark()], []),
        ("two at one gauge", [mark(), mark(vi="trường")], []),
        ("above the range", [mark(11.0)], [((0, "level"), "within the range of phu-oc: -1…10 m")]),
        ("at a station without a level", [mark(gauge="anh")], [((0, "gauge"), "a station with river_level")]),
        ("at no station", [mark(gauge="hue")], [((0, "gauge"), "one of `stations`: kim-long, phu-oc")]),
        (
            "two at no station: told once",
            [mark(gauge="hue"), mark(gauge="hue", vi="trường")],
            [((0, "gauge"), "one of `stations`: kim-long, phu-oc")],
        ),
        ("twice", [mark(), mark(4.0)], [((1, "vi"), "each mark once a gauge")]),
        ("blank", [mark(vi=" ")], [((0, "vi"), "a name")]),
        (
            "of nobody",
            [mark(source="")],
            [((0, "source"), "a source, or `assumed` where nobody has measured")],
        ),
    ],
)
def test_a_mark_has_a_gauge_that_reaches_it_a_name_and_a_source(name: str, marks: Any, why: Any) -> None:
    found = told(mark_mistakes(marks, known=KNOWN))

    assert found == [(("marks", *path), text) for path, text in why], name
