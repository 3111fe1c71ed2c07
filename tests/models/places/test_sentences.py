from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue.states import STATES, State
from models.places.facts import Datum, Facts, Raised, Sensor
from models.places.listed import Listed, concerned, listed
from models.places.place import PlaceKind
from models.places.sentence import aged, say
from tests.models.places.build import (
    AIR,
    CAGES,
    EXAMPLE,
    GAUGE,
    MARKET,
    NOW,
    PLACES,
    UNITS,
    at,
    datum,
    derived,
    facts,
    raised,
    rising,
    sensor,
)  # fmt: skip

NIGHT = {
    "oxygen_fall": derived(0.46, "mg/L/h"), "oxygen_dawn": derived(1.58, "mg/L"),
    "oxygen_dawn_low": derived(1.5, "mg/L"), "oxygen_dawn_high": derived(1.7, "mg/L"),
}  # fmt: skip
OUT_OF_RANGE = (("ngoài phạm vi", "out of range"),)

ROWS = [
    (
        "it rises: its level, above which, how fast over which span, when at the next",
        GAUGE, facts(GAUGE, rising(3.43, 12), raised("river", GAUGE, 2, 90, rule="river-phu-oc")), State.WARNING, 3.43,
        "Sông Bồ tại Phú Ốc 3,43 m, trên BĐ2 0,43 m, lên 12 cm/giờ trong 1 giờ qua, tới BĐ3 khoảng 9 giờ; đo 02:10, 4 phút trước",
        "Sông Bồ at Phú Ốc 3.43 m, above BĐ2 0.43 m, rising 12 cm/h over the last 1 h, BĐ3 in about 9 h; measured 02:10, 4 min ago",
    ),
    (
        "it falls: no next level",
        GAUGE, facts(GAUGE, rising(2.71, -29), raised("river", GAUGE, 1, 90, rule="river-phu-oc")), State.WATCH, 2.71,
        "Sông Bồ tại Phú Ốc 2,71 m, trên BĐ1 1,21 m, xuống 29 cm/giờ trong 1 giờ qua; đo 02:10, 4 phút trước",
        "Sông Bồ at Phú Ốc 2.71 m, above BĐ1 1.21 m, falling 29 cm/h over the last 1 h; measured 02:10, 4 min ago",
    ),
    (
        "it stands: no next level",
        GAUGE, facts(GAUGE, rising(1.1, 0)), State.NORMAL, 1.1,
        "Sông Bồ tại Phú Ốc 1,10 m, dưới BĐ1 0,40 m, đứng trong 1 giờ qua; đo 02:10, 4 phút trước",
        "Sông Bồ at Phú Ốc 1.10 m, below BĐ1 0.40 m, steady over the last 1 h; measured 02:10, 4 min ago",
    ),
    (
        "after a gap nobody knows how fast it goes",
        GAUGE, facts(GAUGE, sensor("river_level", 1.1)), State.NORMAL, 1.1,
        "Sông Bồ tại Phú Ốc 1,10 m, dưới BĐ1 0,40 m, chưa rõ xu thế; đo 02:10, 4 phút trước",
        "Sông Bồ at Phú Ốc 1.10 m, below BĐ1 0.40 m, no trend known; measured 02:10, 4 min ago",
    ),
    (
        "a level just reached is not green while the alert is held back",
        GAUGE, facts(GAUGE, rising(1.52, 60)), State.WATCH, 1.52,
        "Sông Bồ tại Phú Ốc 1,52 m, trên BĐ1 0,02 m, lên 60 cm/giờ trong 1 giờ qua, tới BĐ2 khoảng 2,5 giờ; đo 02:10, 4 phút trước",
        "Sông Bồ at Phú Ốc 1.52 m, above BĐ1 0.02 m, rising 60 cm/h over the last 1 h, BĐ2 in about 2.5 h; measured 02:10, 4 min ago",
    ),
    (
        "a level that is held while the water is below it says so",
        GAUGE, facts(GAUGE, rising(4.4, -10), raised("river", GAUGE, 3, 60, rule="river-phu-oc")), State.DANGER, 4.4,
        "Sông Bồ tại Phú Ốc 4,40 m, trên BĐ2 1,40 m, xuống 10 cm/giờ trong 1 giờ qua, còn giữ BĐ3 từ 01:14; đo 02:10, 4 phút trước",
        "Sông Bồ at Phú Ốc 4.40 m, above BĐ2 1.40 m, falling 10 cm/h over the last 1 h, BĐ3 still held since 01:14; measured 02:10, 4 min ago",
    ),
    (
        "silent: since its last reading, which is no value of now",
        GAUGE, facts(GAUGE, sensor("river_level", 1.1, minutes_ago=100), raised("silent", GAUGE, 1, 70, "station")), State.SILENT, None,
        "Sông Bồ tại Phú Ốc MẤT TÍN HIỆU từ 00:34, số cuối 1,10 m; đo 00:34, 100 phút trước",
        "Sông Bồ at Phú Ốc silent since 00:34, last 1.10 m; measured 00:34, 100 min ago",
    ),
    (
        "silent by its own limit before anybody told it",
        GAUGE, facts(GAUGE, sensor("river_level", 1.1, minutes_ago=31)), State.SILENT, None,
        "Sông Bồ tại Phú Ốc MẤT TÍN HIỆU từ 01:43, số cuối 1,10 m; đo 01:43, 31 phút trước",
        "Sông Bồ at Phú Ốc silent since 01:43, last 1.10 m; measured 01:43, 31 min ago",
    ),
    (
        "silent above BĐ3: the danger stays, and that nothing is known is said first",
        GAUGE, facts(GAUGE, sensor("river_level", 4.6, minutes_ago=64), raised("river", GAUGE, 3, 90, rule="river-phu-oc")), State.DANGER, None,
        "Sông Bồ tại Phú Ốc MẤT TÍN HIỆU từ 01:10, BĐ3 còn mở từ 00:44, số cuối 4,60 m; đo 01:10, 64 phút trước",
        "Sông Bồ at Phú Ốc silent since 01:10, BĐ3 open since 00:44, last 4.60 m; measured 01:10, 64 min ago",
    ),
    (
        "never a signal",
        GAUGE, facts(GAUGE, Sensor()), State.SILENT, None,
        "Sông Bồ tại Phú Ốc chưa có tín hiệu", "Sông Bồ at Phú Ốc no signal yet",
    ),
    (
        "its clock is wrong: named, before silence",
        GAUGE, facts(GAUGE, sensor("river_level", 1.1, minutes_ago=60), raised("clock", GAUGE, 1, 50, "station", value=3600.0)), State.UNTRUSTED, None,
        "Sông Bồ tại Phú Ốc KHÔNG TIN ĐƯỢC: đồng hồ trạm chậm 60 phút từ 01:24, số cuối 1,10 m; đo 01:14, 60 phút trước",
        "Sông Bồ at Phú Ốc not to be trusted: the station's clock is 60 min slow since 01:24, last 1.10 m; measured 01:14, 60 min ago",
    ),
    (
        "rain and the flood of its shore are told beside it",
        GAUGE, facts(
            GAUGE, rising(3.43, 12), raised("river", GAUGE, 2, 90, rule="river-phu-oc"),
            Raised("flood", "flood", "bo-phu-oc", "flood", 2, at(20), 2.0, "1"),
            raised("rain", GAUGE, 2, 30, "rain_24h", rule="rain-24h", value=201.0, unit="mm"), rain_24h=derived(212.4, "mm"),
        ), State.WARNING, 3.43,
        ("Sông Bồ tại Phú Ốc 3,43 m, trên BĐ2 0,43 m, lên 12 cm/giờ trong 1 giờ qua, tới BĐ3 khoảng 9 giờ; ngập Ven sông Bồ: báo động; "
        "mưa 24 giờ 212,4 mm: mưa trên 200 mm; đo 02:10, 4 phút trước"),
        ("Sông Bồ at Phú Ốc 3.43 m, above BĐ2 0.43 m, rising 12 cm/h over the last 1 h, BĐ3 in about 9 h; flood at Ven sông Bồ: level 2; "
        "rain of 24 h 212.4 mm: mưa trên 200 mm; measured 02:10, 4 min ago"),
    ),
    (
        "oxygen below level 2: already, not 'not tonight'",
        CAGES, facts(
            CAGES, sensor("dissolved_oxygen", 1.8), raised("oxygen", CAGES, 2, 15, rule="oxygen-cages"),
            raised("fish", CAGES, 1, 180, "oxygen_dawn", rule="oxygen-dawn", value=1.9, unit="mg/L"), **NIGHT,
        ), State.WARNING, 1.8,
        ("Lồng cá La Vân: oxy 1,80 mg/L, đã dưới mức 2-3 (2 mg/L), giảm 0,46 mg/L mỗi giờ, bình minh khoảng 1,6 (1,5–1,7) mg/L; "
        "dự báo nguy từ 23:14 14/10; đo 02:10, 4 phút trước"),
        ("Lồng cá La Vân: oxygen 1.80 mg/L, already below mức 2-3 (2 mg/L), falling 0.46 mg/L an hour, about 1.6 (1.5–1.7) mg/L at sunrise; "
        "forecast nguy since 23:14 14/10; measured 02:10, 4 min ago"),
    ),
    (
        "a night that leads below level 2 is not green before its alert",
        CAGES, facts(CAGES, sensor("dissolved_oxygen", 3.32), **NIGHT, oxygen_limit=derived(3.1, "h"), oxygen_limit_low=derived(2.8, "h")),
        State.WATCH, 3.32,
        ("Lồng cá La Vân: oxy 3,32 mg/L, trên mức 1 (3 mg/L), giảm 0,46 mg/L mỗi giờ, bình minh khoảng 1,6 (1,5–1,7) mg/L, "
        "tới mức 2-3 khoảng 3 giờ nữa; đo 02:10, 4 phút trước"),
        ("Lồng cá La Vân: oxygen 3.32 mg/L, above mức 1 (3 mg/L), falling 0.46 mg/L an hour, about 1.6 (1.5–1.7) mg/L at sunrise, "
        "mức 2-3 in about 3 h; measured 02:10, 4 min ago"),
    ),
    (
        "a calm night says that the limit is not reached in it",
        CAGES, facts(
            CAGES, sensor("dissolved_oxygen", 6.74), oxygen_fall=derived(0.24, "mg/L/h"), oxygen_dawn=derived(6.7, "mg/L"),
            oxygen_dawn_low=derived(6.6, "mg/L"), oxygen_dawn_high=derived(7.5, "mg/L"),
        ), State.NORMAL, 6.74,
        ("Lồng cá La Vân: oxy 6,74 mg/L, trên mức 1 (3 mg/L), giảm 0,24 mg/L mỗi giờ, bình minh khoảng 6,7 (6,6–7,5) mg/L, "
        "đêm nay không tới mức 2-3; đo 02:10, 4 phút trước"),
        ("Lồng cá La Vân: oxygen 6.74 mg/L, above mức 1 (3 mg/L), falling 0.24 mg/L an hour, about 6.7 (6.6–7.5) mg/L at sunrise, "
        "not mức 2-3 tonight; measured 02:10, 4 min ago"),
    ),
    (
        "a forecast of an earlier reading is none any more",
        CAGES, facts(CAGES, sensor("dissolved_oxygen", 6.74), oxygen_dawn=derived(1.0, "mg/L", minutes_ago=200)), State.NORMAL, 6.74,
        "Lồng cá La Vân: oxy 6,74 mg/L, trên mức 1 (3 mg/L); đo 02:10, 4 phút trước",
        "Lồng cá La Vân: oxygen 6.74 mg/L, above mức 1 (3 mg/L); measured 02:10, 4 min ago",
    ),
    (
        "what failed a test is no value: KHÔNG TIN ĐƯỢC, and the last good one",
        CAGES, facts(CAGES, Sensor(datum("dissolved_oxygen", 95.84, flag=4, tests=OUT_OF_RANGE), datum("dissolved_oxygen", 6.1, 9))),
        State.UNTRUSTED, None,
        "Lồng cá La Vân KHÔNG TIN ĐƯỢC: 95,84 mg/L ngoài phạm vi, số dùng được cuối 6,10 mg/L lúc 02:05; đo 02:10, 4 phút trước",
        "Lồng cá La Vân not to be trusted: 95.84 mg/L out of range, last usable 6.10 mg/L at 02:05; measured 02:10, 4 min ago",
    ),
    (
        "what is suspect is not green either",
        CAGES, facts(CAGES, sensor("dissolved_oxygen", 6.1, flag=3, tests=(("đứng yên", "flat line"),))), State.UNTRUSTED, None,
        "Lồng cá La Vân KHÔNG TIN ĐƯỢC: 6,10 mg/L đứng yên, số cuối 6,10 mg/L; đo 02:10, 4 phút trước",
        "Lồng cá La Vân not to be trusted: 6.10 mg/L flat line, last 6.10 mg/L; measured 02:10, 4 min ago",
    ),
    (
        "a sensor that is not trusted for days",
        CAGES, facts(CAGES, sensor("dissolved_oxygen", 6.1), raised("untrusted", CAGES, 1, 300)), State.UNTRUSTED, None,
        "Lồng cá La Vân KHÔNG TIN ĐƯỢC từ 21:14 14/10, số cuối 6,10 mg/L; đo 02:10, 4 phút trước",
        "Lồng cá La Vân not to be trusted since 21:14 14/10, last 6.10 mg/L; measured 02:10, 4 min ago",
    ),
    (
        "another sensor of the station is silent: said beside it",
        CAGES, facts(CAGES, sensor("dissolved_oxygen", 6.1), raised("silent", CAGES, 1, 30, "station", parameters=("ph", "turbidity"))),
        State.NORMAL, 6.1,
        "Lồng cá La Vân: oxy 6,10 mg/L, trên mức 1 (3 mg/L); mất tín hiệu: pH, độ đục; đo 02:10, 4 phút trước",
        "Lồng cá La Vân: oxygen 6.10 mg/L, above mức 1 (3 mg/L); silent: pH, turbidity; measured 02:10, 4 min ago",
    ),
    (
        "air is spoken of by its index; poor is watched though no rule of ours was raised",
        AIR, facts(AIR, sensor("pm25", 41), vn_aqi=derived(121, "AQI", 14)), State.WATCH, 121,
        "Trạm không khí La Vân Hạ: VN_AQI 121 Kém (giờ tới 02:00), bụi PM2.5 41 µg/m³; đo 02:10, 4 phút trước",
        "Trạm không khí La Vân Hạ: VN_AQI 121 poor (hour to 02:00), PM2.5 41 µg/m³; measured 02:10, 4 min ago",
    ),
    (
        "an index of this morning says nothing of now",
        AIR, facts(AIR, sensor("pm25", 41), vn_aqi=derived(121, "AQI", 300)), State.NORMAL, 41,
        "Trạm không khí La Vân Hạ: chưa có VN_AQI, bụi PM2.5 41 µg/m³; đo 02:10, 4 phút trước",
        "Trạm không khí La Vân Hạ: no VN_AQI yet, PM2.5 41 µg/m³; measured 02:10, 4 min ago",
    ),
    (
        "a crowd: how many, and which level",
        MARKET, facts(MARKET, sensor("people/san-cho", 14, 0.5), raised("crowd", MARKET, 1, 20, rule="crowd-cho-quang-tho-san-cho")), State.WATCH, 14,
        "Camera chợ Quảng Thọ, Sân chợ: 14 người, mức đông; hình 02:13, vừa xong",
        "Camera chợ Quảng Thọ, Sân chợ: 14 people, mức đông; picture 02:13, just now",
    ),
    (
        "one person, and nobody, in each language's own words",
        MARKET, facts(MARKET, sensor("people/san-cho", 1, 0.5)), State.NORMAL, 1,
        "Camera chợ Quảng Thọ, Sân chợ: 1 người; hình 02:13, vừa xong",
        "Camera chợ Quảng Thọ, Sân chợ: 1 person; picture 02:13, just now",
    ),
    (
        "a camera that cannot see: MÙ, and why",
        MARKET, facts(
            MARKET, Sensor(datum("people/san-cho", 3, 0.5, 2), datum("people/san-cho", 5, 9)),
            raised("blind", MARKET, 1, 8, "picture", why=(("ảnh chỉ một màu", "the picture is of one colour"),)),
        ), State.BLIND, None,
        "Camera chợ Quảng Thọ, Sân chợ MÙ từ 02:06 (ảnh chỉ một màu), số dùng được cuối 5 người lúc 02:05; hình 02:13, vừa xong",
        "Camera chợ Quảng Thọ, Sân chợ blind since 02:06 (the picture is of one colour), last usable 5 people at 02:05; picture 02:13, just now",
    ),
    (
        "counts that are unknown are MÙ before the alert is told",
        MARKET, facts(MARKET, Sensor(datum("people/san-cho", 3, 0.1, 2))), State.BLIND, None,
        "Camera chợ Quảng Thọ, Sân chợ MÙ: ảnh không đếm được; hình 02:13, vừa xong",
        "Camera chợ Quảng Thọ, Sân chợ blind: the picture cannot be counted; picture 02:13, just now",
    ),
    (
        "a frozen picture is not to be trusted",
        MARKET, facts(MARKET, sensor("people/san-cho", 3, 0.5), raised("frozen", MARKET, 1, 40, "picture")), State.UNTRUSTED, None,
        "Camera chợ Quảng Thọ, Sân chợ KHÔNG TIN ĐƯỢC từ 01:34, đứng hình, số cuối 3 người; hình 02:13, vừa xong",
        "Camera chợ Quảng Thọ, Sân chợ not to be trusted since 01:34, frozen, last 3 people; picture 02:13, just now",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "known", "state", "value", "vi", "en"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_a_place_is_said_so(
    place: Listed, known: Facts, state: State, value: float | None, vi: str, en: str
) -> None:
    said = say(place, known, EXAMPLE)
    assert aged(said, NOW) == (vi, en)
    assert (said.state, said.value) == (state, value)


def test_a_street_is_said_by_its_depth_and_what_comes() -> None:
    street = Listed(
        PlaceKind.STREET, "la-van", "Đường La Vân", [], None, None, None, "bo-la-van", "street_depth"
    )
    wet = facts(street, sensor("street_depth", 12), street_10min=derived(25, "cm"))
    dry = facts(street, sensor("street_depth", 0))
    assert [aged(_say_street(street, one), NOW).vi for one in (wet, dry)] == [
        "Đường La Vân: ngập 12 cm, 10 phút tới khoảng 25 cm; đo 02:10, 4 phút trước", "Đường La Vân: không ngập; đo 02:10, 4 phút trước",
    ]  # fmt: skip


def _say_street(place: Listed, known: Facts):  # noqa: ANN202 (as say)
    import msgspec

    from models.commune.configuration import Parameter

    station = next(station for station in EXAMPLE.stations if station.id == "bo-la-van")
    deep = Parameter("street_depth", "cm", -5, 200, 60, 1800)
    stations = [msgspec.structs.replace(station, parameters=[*station.parameters, deep])]
    return say(place, known, msgspec.structs.replace(EXAMPLE, stations=stations))


def test_the_count_of_a_zone_is_the_median_of_a_minute() -> None:
    counts = tuple(
        datum("people/san-cho", value, 0.9 - i / 10) for i, value in enumerate((14, 0, 13, 40, 14))
    )
    said = say(MARKET, facts(MARKET, Sensor(counts[-1], counts[-1], counts)), EXAMPLE)
    assert said.value == 14


def test_a_camera_and_a_merchant_of_one_id_are_two_places() -> None:
    payment = Raised("payment", "odd", MARKET.station, "payment", 1, at(10), 6e7, "VND")
    crowd = raised("crowd", MARKET, 1, 10)
    assert concerned(MARKET, [payment, crowd], EXAMPLE, alone=True) == (crowd,)


def test_every_configured_station_and_zone_is_a_place() -> None:
    assert {(one.kind.value, one.place) for one in listed(EXAMPLE)} == {
        ("gauge", "phu-oc"), ("cages", "bo-la-van"), ("cages", "bo-phuoc-yen"), ("air", "air-la-van-ha"),
        *(("zone", f"{camera.id}/{zone.id}") for camera in EXAMPLE.cameras for zone in camera.zones),
    }  # fmt: skip
    assert all(one.latitude is not None for one in listed(EXAMPLE))


@given(
    place=st.sampled_from(list(PLACES.values())),
    value=st.floats(-1, 200),
    minutes=st.floats(0, 20_000),
    flag=st.sampled_from([1, 2, 3, 4, 9]),
    alert=st.sampled_from(["", "silent", "untrusted", "frozen", "clock", "blind"]),
)
def test_what_is_not_known_is_never_normal_and_shows_no_value(
    place: Listed, value: float, minutes: float, flag: int, alert: str
) -> None:
    one = Datum(NOW - timedelta(minutes=minutes), value, UNITS.get(place.main, "people"), flag)
    own = Sensor(one, one if one.usable else None, (one,) if one.usable else ())
    told = (
        [raised(alert, place, 1, 5, "picture" if place.kind is PlaceKind.ZONE else place.main)]
        if alert
        else []
    )
    if place.kind is not PlaceKind.ZONE and alert == "blind":
        told = []
    said = say(place, facts(place, own, *told), EXAMPLE)
    unsure = bool(told) or flag in (3, 4, 9) or minutes > 61 or (flag == 2)
    if unsure:
        assert said.state not in (State.NORMAL, State.WATCH)
        assert said.value is None
    assert STATES[said.state].known or said.value is None
    assert said.vi
    assert said.en


@given(level=st.integers(0, 5), silent=st.booleans())
def test_unknown_outweighs_normal_and_watch_never_an_open_warning(level: int, *, silent: bool) -> None:
    own = rising(1.0, 0, minutes_ago=90 if silent else 4)
    told = [raised("river", GAUGE, level, 60, rule="river-phu-oc")] if level else []
    said = say(GAUGE, facts(GAUGE, own, *told), EXAMPLE)
    if silent:
        wanted = (State.SILENT, State.SILENT, State.WARNING, State.DANGER, State.DANGER, State.DANGER)[level]
    else:
        wanted = (State.NORMAL, State.WATCH, State.WARNING, State.DANGER, State.DANGER, State.DANGER)[level]
    assert (said.state, said.level) == (wanted, level)
