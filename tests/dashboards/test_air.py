"""The screen of the air: VN_AQI in the colours and words of Decision 1459, and grey where there is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.timescale import reference
from connectors.timescale.places import say
from dashboards import style
from models.air.aqi import LEVELS
from models.catalogue.states import STATES, State
from models.places.listed import listed
from models.places.place import PlaceKind
from tests.dashboards.seeded import EXAMPLE, clock, derive, every, observe
from tests.dashboards.windows import MADE, answer, expand, target, variable
from tests.store import as_role, empty_store

STATION = next(one.place for one in listed(EXAMPLE) if one.kind is PlaceKind.AIR)
HOURS = "Từng giờ, giờ mới trước"


@pytest.fixture(scope="module")
def reader(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """An index of each level, hour by hour from 01:00 on; the station falls silent at 06:30."""
    with empty_store(server_dsn, secrets, "screen_air") as admin:
        reference.load(admin, EXAMPLE)
        own = as_role(admin, secrets, "writer")
        values = [(clock(f"{turn + 1:02}:00"), float(level.most)) for turn, level in enumerate(LEVELS)]
        derive(own, STATION, "vn_aqi", "AQI", values)
        derive(own, STATION, "vn_aqi_pm25", "AQI", values)
        derive(own, STATION, "vn_aqi_pm10", "AQI", [(at, value / 2) for at, value in values])
        for parameter in next(each for each in EXAMPLE.stations if each.id == STATION).parameters:
            spoke = every(clock("00:00"), clock("06:30"), 5)
            observe(own, STATION, parameter.code, parameter.unit, [(at, 20.0, 1) for at in spoke])
        for said in (*(f"{turn + 1:02}:30" for turn in range(len(LEVELS))), "07:50"):
            say(own, EXAMPLE, clock(said))
        yield as_role(admin, secrets, "reader")


@pytest.mark.integration
@pytest.mark.parametrize("turn", range(len(LEVELS)), ids=[level.en for level in LEVELS])
def test_the_light_has_the_official_colour_and_word(turn: int, reader: str) -> None:
    one = LEVELS[turn]
    (row,) = answer(reader, expand(variable("air", "air_now"), clock("00:00"), clock(f"{turn + 1:02}:30")))

    assert f"background:#{bytes(one.rgb).hex()}" in row["html"]
    assert f"{one.most} · {one.vi}" in row["html"]


@pytest.mark.integration
@pytest.mark.parametrize("at", ["00:30", "09:00"])
def test_without_an_index_of_the_last_two_hours_it_is_hatched_and_says_so(at: str, reader: str) -> None:
    (row,) = answer(reader, expand(variable("air", "air_now"), clock("00:00"), clock(at)))

    assert "không có VN_AQI" in row["html"]
    assert "repeating-linear-gradient" in row["html"]
    assert "background:#" not in row["html"]


@pytest.mark.integration
def test_while_the_station_is_silent_its_last_index_has_no_colour_and_is_told_as_the_last(
    reader: str,
) -> None:
    (row,) = answer(reader, expand(variable("air", "air_now"), clock("00:00"), clock("07:50")))

    assert STATES[State.SILENT].vi in row["html"]
    assert f"số cuối VN_AQI {LEVELS[-1].most} · {LEVELS[-1].vi}, giờ tới 06:00, 110 phút trước" in row["html"]
    assert "repeating-linear-gradient" in row["html"]
    assert "background:#" not in row["html"]


@pytest.mark.integration
def test_an_hour_names_the_pollutant_that_made_its_index(reader: str) -> None:
    rows = answer(reader, expand(target("air", HOURS), clock("00:00"), clock("12:00")))

    assert [row["VN_AQI"] for row in rows] == [str(level.most) for level in reversed(LEVELS)]
    assert all("PM2.5" in row["Do chất"] for row in rows)


def test_each_bar_and_cell_is_mapped_from_the_decision_s_levels() -> None:
    panels = {one["title"]: one for one in MADE["air"]["panels"]}
    steps = panels["VN_AQI từng giờ"]["fieldConfig"]["defaults"]["thresholds"]["steps"]
    (cells,) = [
        each["value"]
        for one in panels[HOURS]["fieldConfig"]["overrides"]
        if one["matcher"]["options"] == "Mức"
        for each in one["properties"]
        if each["id"] == "mappings"
    ]

    assert [step["color"] for step in steps] == [f"#{bytes(level.rgb).hex()}" for level in LEVELS]
    assert [step.get("value") for step in steps[1:]] == [level.most + 1 for level in LEVELS[:-1]]
    assert [cell["options"]["result"]["text"] for cell in cells if cell["type"] == "range"] == [
        level.vi for level in LEVELS
    ]
    assert style.GOOD not in [step["color"] for step in steps]
