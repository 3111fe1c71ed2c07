"""The screen of the cages: each cage has its row, what is silent is not green, what is reached is not "not tonight"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg
import pytest

from connectors.timescale import reference
from connectors.timescale.places import say
from dashboards import style
from models.catalogue.states import STATES, State
from models.fish.words import advice
from tests.dashboards.seeded import CAGES, EXAMPLE, alarm, clear, clock, derive, every, observe
from tests.dashboards.windows import MADE, answer, expand, target, variable
from tests.store import as_role, empty_store

NIGHT, WATER, GRAPH = (
    "Đêm nay và việc phải làm",
    "Nước ở lồng theo bảng của xã",
    "Ôxy ở từng lồng và dự báo lúc bình minh",
)
QUALITY = "Chất lượng nước giờ qua, một phần"
OXYGEN = "dissolved_oxygen"
SPEAKS, FALLS_SILENT = CAGES
NAMES = {station.id: station.name for station in EXAMPLE.stations}
RULE = next(rule for rule in EXAMPLE.rules if rule.parameter == OXYGEN)
WORST = max(RULE.levels, key=lambda level: level.level)


@pytest.fixture(scope="module")
def reader(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    """At 05:30 the first cage has 1.8 mg/L; by noon it has 7.41, and the other has been silent since 10:30."""
    with empty_store(server_dsn, secrets, "screen_cages") as admin:
        reference.load(admin, EXAMPLE)
        own = as_role(admin, secrets, "writer")
        for cage, night, end in ((SPEAKS, 1.8, "12:00"), (FALLS_SILENT, 2.7, "10:30")):
            dark = [(at, night, 1) for at in every(clock("05:00"), clock("05:30"), 5)]
            light = [(at, 7.41, 1) for at in every(clock("05:35"), clock(end), 5)]
            observe(own, cage, OXYGEN, "mg/L", [*dark, *light])
        derive(own, SPEAKS, "oxygen_dawn", "mg/L", [(clock("05:30"), 1.6)])
        derive(own, FALLS_SILENT, "oxygen_dawn", "mg/L", [(clock("05:30"), 2.5)])
        derive(own, FALLS_SILENT, "oxygen_limit_low", "h", [(clock("05:25"), 0.5)])
        for cage in CAGES:
            derive(own, cage, "qcvn08", "class", [(clock("11:00"), 2.0)])
            derive(own, cage, "qcvn08_dissolved_oxygen", "class", [(clock("11:00"), 2.0)])
        alarm(own, "oxygen", RULE.id, SPEAKS, OXYGEN, WORST.level, clock("05:20"), 1.9, "mg/L")
        clear(own, clock("08:30"))
        for at in ("05:30", "12:00"):
            say(own, EXAMPLE, clock(at))
        with psycopg.connect(own) as connection:
            connection.execute(
                """insert into place_history (kind, place, at, state, level, parameter, unit, vi, en)
                   values ('cages', %s, %s, 'watch', 1, '', '', 'thấp dần', 'falling')""",
                [SPEAKS, clock("11:58")],
            )
        yield as_role(admin, secrets, "reader")


def night(reader: str, at: datetime) -> dict[str, dict[str, str]]:
    rows = answer(reader, expand(target("cages", NIGHT), at - timedelta(hours=24), at))
    return {row["Lồng"]: row for row in rows}


@pytest.mark.integration
@pytest.mark.parametrize("at", ["05:30", "12:00", "23:00"])
def test_each_cage_has_a_row_whatever_it_says(reader: str, at: str) -> None:
    assert set(night(reader, clock(at))) == {NAMES[cage] for cage in CAGES}


@pytest.mark.integration
def test_one_of_two_cages_is_silent_and_that_is_said_first(reader: str) -> None:
    sql = variable("cages", "cages_now")
    (row,) = answer(reader, expand(sql, clock("00:00"), clock("12:00")))

    assert (
        f"1 trong 2 lồng {STATES[State.SILENT].vi}, 1 trong 2 lồng {STATES[State.NORMAL].vi}" in row["html"]
    )
    assert row["html"].index(NAMES[FALLS_SILENT]) < row["html"].index(NAMES[SPEAKS])
    assert "repeating-linear-gradient" in row["html"]


@pytest.mark.integration
def test_the_value_of_half_past_ten_is_told_as_old_at_noon_and_its_cage_is_grey(reader: str) -> None:
    row = night(reader, clock("12:00"))[NAMES[FALLS_SILENT]]

    assert row["Ôxy"] == "7,41 mg/L (cũ)"
    assert row["Đo lúc"].startswith("10:30, 90 phút trước")
    assert row["Còn bao lâu"] == row["Lúc bình minh"] == "không rõ"
    assert style.WORDS[row["Tình trạng"]] == style.UNKNOWN


@pytest.mark.integration
def test_below_the_limit_is_reached_and_not_for_another_night(reader: str) -> None:
    rows = night(reader, clock("05:30"))

    assert rows[NAMES[SPEAKS]]["Còn bao lâu"] == f"đã dưới {WORST.name}"
    assert rows[NAMES[FALLS_SILENT]]["Còn bao lâu"] == "không đêm nay"


@pytest.mark.integration
def test_what_is_to_be_done_is_the_commune_s_advice_for_the_open_alert(reader: str) -> None:
    rows = night(reader, clock("05:30"))
    found = advice(EXAMPLE.fish_advice, OXYGEN, WORST.level, "below")

    assert found is not None
    assert rows[NAMES[SPEAKS]]["Việc phải làm"] == found.vi
    assert rows[NAMES[FALLS_SILENT]]["Việc phải làm"] == "theo dõi sát, sẵn sàng sục khí", (
        "2.7 mg/L is not normal"
    )
    assert night(reader, clock("12:00"))[NAMES[SPEAKS]]["Việc phải làm"] == "không có việc phải làm"


@pytest.mark.integration
def test_where_the_state_is_not_normal_and_nothing_is_advised_somebody_still_watches(reader: str) -> None:
    row = night(reader, clock("11:59"))[NAMES[SPEAKS]]

    assert row["Tình trạng"] == style.said(State.WATCH)
    assert row["Việc phải làm"] == "theo dõi sát, sẵn sàng sục khí"


@pytest.mark.integration
@pytest.mark.parametrize(("at", "said"), [("05:20", "chưa có dự báo"), ("12:00", "ban ngày, chưa dự báo")])
def test_by_night_a_forecast_that_is_missing_is_not_put_down_to_the_day(
    reader: str, at: str, said: str
) -> None:
    assert night(reader, clock(at))[NAMES[SPEAKS]]["Lúc bình minh"] == said


@pytest.mark.integration
def test_the_quality_of_water_is_of_the_chosen_station(reader: str) -> None:
    sql, window = target("cages", QUALITY), (clock("00:00"), clock("12:00"))

    def stations(station: str = "*", hamlet: str = "*") -> set[str]:
        rows = answer(reader, expand(sql, *window, station=station, hamlet=hamlet))
        return {row["Trạm"] for row in rows if row["Thông số"] != "\u00a0"}

    assert stations() == {NAMES[cage] for cage in CAGES}
    assert stations(station=SPEAKS) == {NAMES[SPEAKS]}
    assert not {NAMES[cage] for cage in CAGES} & stations(hamlet="no-hamlet")


@pytest.mark.integration
def test_a_forecast_has_the_colour_of_its_own_cage(reader: str) -> None:
    lines = answer(reader, expand(target("cages", GRAPH), clock("00:00"), clock("12:00")))
    dawns = answer(reader, expand(target("cages", GRAPH, "B"), clock("00:00"), clock("12:00")))
    panel = next(one for one in MADE["cages"]["panels"] if one["title"] == GRAPH)
    (dashes,) = [one for one in panel["fieldConfig"]["overrides"] if "bình minh" in one["matcher"]["options"]]
    turns = {row["metric"].rstrip("\u200b"): row["metric"].count("\u200b") for row in lines}

    assert {row["metric"].split(" · ")[0]: row["metric"].count("\u200b") for row in dawns} == turns
    assert set(turns.values()) == {0, 1}
    assert [one["id"] for one in dashes["properties"]] == ["custom.lineStyle", "custom.lineWidth"]


@pytest.mark.integration
def test_a_parameter_without_a_new_value_has_a_row_and_is_not_called_good(reader: str) -> None:
    rows = answer(reader, expand(target("cages", WATER), clock("00:00"), clock("12:00")))
    silent = [row for row in rows if row["Lồng"] == NAMES[FALLS_SILENT]]

    assert len(silent) == len(
        {rule.parameter for rule in EXAMPLE.rules if FALLS_SILENT in rule.stations} - {"oxygen_dawn"}
    )
    assert {row["Tình trạng"] for row in silent} == {"không có số mới"}


@pytest.mark.integration
def test_a_level_that_is_reached_says_its_state_and_the_commune_s_name(reader: str) -> None:
    rows = answer(reader, expand(target("cages", WATER), clock("00:00"), clock("05:30")))
    (row,) = [row for row in rows if row["Lồng"] == NAMES[SPEAKS] and row["Giá trị"] == "1,80 mg/L"]

    assert (row["Tình trạng"], row["Mức của xã"]) == (style.said(State.WARNING), WORST.name)


@pytest.mark.integration
def test_the_bands_of_oxygen_are_the_configuration_s_and_reach_its_limits(reader: str) -> None:
    rows = answer(reader, expand(target("cages", GRAPH, "C"), clock("00:00"), clock("12:00")))
    tops, reached = [], 0.0
    for row in rows[: len(RULE.levels)]:
        reached += row["value"]
        tops.append(reached)

    assert tops == sorted(level.raise_at for level in RULE.levels)
    assert rows[0]["metric"].endswith(WORST.name)


@pytest.mark.integration
def test_no_line_of_a_cage_has_the_colour_of_a_state(reader: str) -> None:
    rows = answer(reader, expand(target("cages", GRAPH), clock("00:00"), clock("12:00")))
    panel = next(one for one in MADE["cages"]["panels"] if one["title"] == GRAPH)

    assert len({row["metric"] for row in rows}) == len(CAGES)
    assert {row["metric"].rstrip("\u200b") for row in rows} == {NAMES[cage] for cage in CAGES}
    assert panel["fieldConfig"]["defaults"]["color"] == {"mode": "fixed", "fixedColor": style.MEASURED}
    assert not {state.colour for state in STATES.values()} & set(style.SERIES)
