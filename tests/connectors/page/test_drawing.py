"""Map, chart and words alone: no service is needed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from xml.etree import ElementTree as Xml

import msgspec
import pytest

from connectors.page import chart, map, shapes, views, words  # noqa: A004 (the map of the commune)
from connectors.page.map_file import sketch_of
from connectors.page.now import Forecast, Now, Point, River, sound
from connectors.settings import ROOT
from models.catalogue.states import STATES, State, StateRow
from models.map.sketch import Sketch
from models.places.place import PlaceKind
from tests.connectors.page.moments import MINUTE, NOON, place, quiet, river, storm

GREEN = STATES[State.NORMAL].colour
SKETCH = sketch_of(ROOT / "infra" / "commune")
HAMLETS = {"la-van-ha": "La Vân Hạ", "phuoc-yen": "Phước Yên"}
UNKNOWN = [state for state in STATES.values() if not state.known]


def drawn(now: Now, sketch: Sketch = SKETCH) -> str:
    places = [
        msgspec.structs.replace(place, latitude=16.53 + n / 100, longitude=107.52)
        for n, place in enumerate(now.places)
    ]
    return map.svg(places, sketch, HAMLETS, size=(720, 620), text=24)


@pytest.mark.parametrize("state", UNKNOWN, ids=[one.code for one in UNKNOWN])
def test_what_is_not_known_is_hatched_and_never_green(state: StateRow) -> None:
    made = shapes.mark(state, 0, 0, 30)

    assert f"url(#hatch-{state.code})" in made
    assert GREEN not in made
    assert GREEN not in shapes.hatches()
    rule = re.search(rf"\.state-{state.code}\{{(.*?)\}}", shapes.stylesheet())
    assert rule is not None
    assert "repeating-linear-gradient" in rule[1]


def test_each_state_has_its_own_shape() -> None:
    signs = {re.sub(r'fill="[^"]*"|stroke="#[^"]*"', "", shapes._UNIT[one]) for one in State}

    assert len(signs) == len(State)


@pytest.mark.parametrize("state", list(STATES.values()), ids=list(STATES))
def test_the_ink_on_a_state_reads(state: StateRow) -> None:
    on, ink = shapes.luminance(state.colour), shapes.luminance(shapes.ink(state.colour))

    assert (max(on, ink) + 0.05) / (min(on, ink) + 0.05) >= 4.5


def test_a_word_that_no_state_has_is_not_to_be_trusted() -> None:
    assert place(state="splendid").look is STATES[State.UNTRUSTED]


def test_on_the_wall_what_is_well_is_grey() -> None:
    now = quiet()
    made = map.svg(
        [msgspec.structs.replace(place, latitude=16.53, longitude=107.5) for place in now.places],
        SKETCH,
        HAMLETS,
        size=(500, 400),
        text=20,
        theme=map.NIGHT,
        calm=True,
    )

    assert not {state.colour for state in STATES.values()} & set(re.findall(r"#[0-9a-f]{6}", made))


def test_the_map_is_xml_and_names_each_place_with_its_state() -> None:
    made = drawn(storm())
    Xml.fromstring(made)  # noqa: S314 (our own)

    for one in storm().places:
        assert f"{one.name}: {one.look.vi}" in made


def test_a_name_that_is_markup_is_drawn_as_text() -> None:
    now = msgspec.structs.replace(quiet(), places=[place('<script>"x"&')])

    Xml.fromstring(drawn(now))  # noqa: S314 (our own)
    assert "<script" not in drawn(now)


def test_a_hamlet_that_was_merged_is_not_drawn() -> None:
    assert "Phước Yên" in drawn(quiet())
    places = [msgspec.structs.replace(place, latitude=16.53, longitude=107.52) for place in quiet().places]
    assert "Phước Yên" not in map.svg(places, SKETCH, {"la-van-ha": "La Vân Hạ"}, size=(720, 620), text=24)


def test_a_hamlet_is_as_the_worst_place_that_concerns_it() -> None:
    found = map.hamlet_states(
        [place(state="normal"), place(state="silent"), place(state="danger", hamlets=("phuoc-yen",))]
    )

    assert {code: look.code for code, look in found.items()} == {
        "la-van-ha": State.SILENT,
        "phuoc-yen": State.DANGER,
    }


def test_without_a_map_there_are_words() -> None:
    assert "chưa có bản đồ" in map.svg([], Sketch(), {}, size=(100, 100), text=10)


def test_names_on_the_map_do_not_lie_on_each_other() -> None:
    room = map.Room(100, 100, [])
    first = map._label(room, (50, 50), "La Vân Hạ", 8, map.PAPER)
    second = map._label(room, (50, 50), "La Vân Hạ", 8, map.PAPER)

    assert first != second
    assert [map._label(room, (50, 50), "La Vân Hạ", 8, map.PAPER) for _ in range(4)][-1] == ""


def lines(svg: str) -> int:
    """How many runs the measured line has."""
    return len(re.findall(r'stroke-linejoin="round" stroke-linecap="round"', svg))


def test_the_line_is_broken_where_nothing_was_measured() -> None:
    whole = river()
    holed = msgspec.structs.replace(
        whole,
        points=[point for point in whole.points if not 5 < (NOON - point.at).total_seconds() / 3600 < 8],
    )

    assert lines(chart.svg(whole, NOON, size=(700, 300), text=20, theme=map.PAPER)) == 1
    assert lines(chart.svg(holed, NOON, size=(700, 300), text=20, theme=map.PAPER)) == 2


NOTHING = [
    ("silent for two hours", river(), NOON + 120 * MINUTE, "không có số đo"),
    ("never a reading", msgspec.structs.replace(river(None), points=[]), NOON, "24 giờ qua không có số đo"),
    (
        "no ladder and no reading",
        msgspec.structs.replace(river(None), points=[], ladder=[]),
        NOON,
        "24 giờ qua không có số đo",
    ),
]


@pytest.mark.parametrize(("name", "given", "at", "said"), NOTHING, ids=[one[0] for one in NOTHING])
def test_where_nothing_was_measured_it_is_hatched_and_said(
    name: str, given: River, at: datetime, said: str
) -> None:
    made = chart.svg(given, at, size=(700, 300), text=20, theme=map.PAPER)
    Xml.fromstring(made)  # noqa: S314 (our own)

    assert said in made, name
    assert "url(#hatch-silent)" in made


def test_only_a_rising_river_has_a_dashed_line_to_the_next_level() -> None:
    assert 'stroke-dasharray="10 7"' in chart.svg(
        river(2.0, rising=0.3), NOON, size=(700, 300), text=20, theme=map.PAPER
    )
    assert 'stroke-dasharray="10 7"' not in chart.svg(
        river(2.0), NOON, size=(700, 300), text=20, theme=map.PAPER
    )
    assert 'stroke-dasharray="10 7"' not in chart.svg(
        river(4.9, rising=0.3), NOON, size=(700, 300), text=20, theme=map.PAPER
    )


DASHED = 'stroke-dasharray="10 7"'
COURSES = [
    ("it rises", river(2.0, rising=0.3), True),
    (
        "no likely time was reckoned",
        msgspec.structs.replace(river(2.0, rising=0.3), forecast=Forecast(NOON, 0.5, None, None)),
        False,
    ),
    ("it stands", msgspec.structs.replace(river(2.0), forecast=Forecast(NOON, 0.5, 1.0, 2.0)), False),
    ("it falls by 35 cm an hour", river(2.0, rising=-0.35), False),
    ("no reading of an hour ago", river(2.0, rising=0.3, hours=0), False),
]


@pytest.mark.parametrize(("name", "given", "dashed"), COURSES, ids=[course[0] for course in COURSES])
def test_the_dashed_line_is_only_where_it_rises_to_a_likely_time(
    name: str, given: River, dashed: bool
) -> None:
    made = chart.svg(given, NOON, size=(700, 300), text=20, theme=map.PAPER)

    assert (DASHED in made) is dashed, name


def test_a_flat_day_is_drawn() -> None:
    one = msgspec.structs.replace(river(), ladder=[], points=[Point(NOON, 1.0)], forecast=None)

    Xml.fromstring(chart.svg(one, NOON, size=(700, 300), text=20, theme=map.PAPER))  # noqa: S314 (our own)


LADDERS = [
    ("below all", 0.8, ["5,24", "4,5", "3,6", "3", "1,5", "water"]),
    ("between", 3.2, ["5,24", "4,5", "3,6", "water", "3", "1,5"]),
    ("above all", 6.0, ["water", "5,24", "4,5", "3,6", "3", "1,5"]),
    ("not known", None, ["5,24", "4,5", "3,6", "3", "1,5"]),
]


@pytest.mark.parametrize(("name", "water", "rows"), LADDERS, ids=[ladder[0] for ladder in LADDERS])
def test_the_water_stands_on_its_rung_of_the_ladder(name: str, water: float | None, rows: list[str]) -> None:
    found = views.ladder(river(water).ladder)

    assert [
        "water" if one["water"] else f"{one['rung'].level:g}".replace(".", ",") for one in found
    ] == rows, name
    assert water is not None or {one["far"] for one in found} == {"không rõ, trạm không có số đo"}


@pytest.mark.parametrize("state", list(State))
def test_a_gauge_that_is_not_known_tells_no_rung_and_no_road(state: State) -> None:
    now = msgspec.structs.replace(quiet(), places=[place(state=state)])
    found = views._river(river(3.2), now)

    if STATES[state].known:
        assert found["water"] == 3.2
        assert [one.vi for one in found["roads"]] == ["Đường La Vân, đoạn trũng"]
        return
    assert {one["far"] for one in found["ladder"]} == {"không rõ"}
    assert {one["reached"] for one in found["ladder"]} == {None}
    assert found["water"] is None
    assert {words.road(one).vi for one in found["roads"]} == {"không rõ, trạm sông không có số đo tin được"}


def test_a_rung_says_how_far_it_is() -> None:
    far = {one["rung"].vi: one["far"] for one in views.ladder(river(3.0).ladder) if not one["water"]}

    assert far["Đường La Vân, đoạn trũng"] == "còn 0,60 m"
    assert far["BĐ1"] == "đã tới, cao hơn 1,50 m"


HEADLINES = [
    ("all is well", quiet(), State.NORMAL, "Cả 4 nơi bình thường"),
    ("the storm", storm(), State.DANGER, "NGUY HIỂM: Phú Ốc"),
    ("no place", msgspec.structs.replace(quiet(), places=[]), State.SILENT, "Chưa có nơi nào"),
    (
        "all silent",
        msgspec.structs.replace(quiet(), places=[place(state="silent"), place(state="blind")]),
        State.SILENT,
        "Không biết tình hình",
    ),
    (
        "one silent",
        msgspec.structs.replace(quiet(), places=[place(), place("Chợ", state="blind")]),
        State.BLIND,
        "MÙ: Chợ",
    ),
    (
        "store away",
        msgspec.structs.replace(quiet(), trouble=("không đọc được", "away")),
        State.SILENT,
        "Không biết tình hình hiện tại: không đọc được",
    ),
    (
        "of the future",
        msgspec.structs.replace(quiet(), places=[place(age=-60 * MINUTE)]),
        State.UNTRUSTED,
        "Không biết",
    ),
]


@pytest.mark.parametrize(
    ("name", "now", "state", "begins"), HEADLINES, ids=[headline[0] for headline in HEADLINES]
)
def test_the_headline_says_the_worst_and_never_that_the_unknown_is_well(
    name: str, now: Now, state: StateRow, begins: str
) -> None:
    said = words.headline(sound(now))

    assert said.look.code is state, name
    assert said.vi.startswith(begins)
    assert said.en


def test_of_a_store_that_is_away_no_place_keeps_its_state_and_its_last_words_are_told() -> None:
    now = sound(msgspec.structs.replace(storm(), trouble=("không đọc được cơ sở dữ liệu", "away")))

    assert {place.look.code for place in now.places} == {State.SILENT}
    assert all(place.value is None and "lần cuối đọc được" in place.vi for place in now.places)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=38), "38 giây"),
        (4 * MINUTE, "4 phút"),
        (timedelta(hours=3), "3 giờ"),
        (timedelta(days=3), "3 ngày"),
        (-MINUTE, "giờ ở tương lai"),
    ],
)
def test_an_age_is_in_words(span: timedelta, said: str) -> None:
    assert words.age(span) == said


def test_advice_comes_with_danger_and_the_unknown_is_not_called_safe() -> None:
    assert words.advice(quiet()) == [words.NOTHING_ADVICE]
    said = words.advice(sound(storm()))
    assert said[0] is words.ADVICE["gauge", State.DANGER]
    assert words.UNKNOWN_ADVICE in said
    assert words.NOTHING_ADVICE not in said
    assert words.advice(msgspec.structs.replace(quiet(), places=[])) == [words.UNKNOWN_ADVICE]


TOLD = [
    (PlaceKind.CAGES, State.WATCH, "Bật sục khí, ngừng cho ăn.", False),
    (PlaceKind.CAGES, State.WARNING, "Sục khí hết công suất ngay, ngừng cho ăn, gọi hợp tác xã.", False),
    (PlaceKind.CAGES, State.DANGER, "Sục khí hết công suất ngay, ngừng cho ăn, gọi hợp tác xã.", False),
    (PlaceKind.AIR, State.WATCH, "Người nhạy cảm", False),
    (PlaceKind.AIR, State.DANGER, "Ở trong nhà", False),
    (PlaceKind.ZONE, State.WATCH, "để ý trẻ em", False),
    (PlaceKind.ZONE, State.DANGER, "Không đến chỗ đang quá đông", False),
    (PlaceKind.STREET, State.WATCH, "đi chậm", False),
    (PlaceKind.STREET, State.WARNING, "Tránh đường đang ngập", True),
    (PlaceKind.GAUGE, State.WATCH, "Nước sông đã tới báo động đầu", False),
    (PlaceKind.GAUGE, State.DANGER, "Không qua đường ngập", True),
]


@pytest.mark.parametrize(
    ("kind", "state", "told", "calls"), TOLD, ids=[f"{one[0].value} {one[1].value}" for one in TOLD]
)
def test_whatever_is_not_normal_has_advice_of_its_own_and_rescue_is_called_for_water_alone(
    kind: PlaceKind, state: State, told: str, calls: bool
) -> None:
    said = words.advice(msgspec.structs.replace(quiet(), places=[place(), place(kind=kind, state=state)]))

    assert told in said[0].vi
    assert words.NOTHING_ADVICE not in said
    assert (words.CALLS in said) is calls
