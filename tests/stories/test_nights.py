"""Nights that the commune would live: the river, the fish, the market; who is told what, when, and who is asked anew."""

from __future__ import annotations

import pytest

from tests.nights import Night, Says, Told, goes, sms, want
from tests.stories.example import (
    COOPERATIVE,
    DEPUTIES,
    HEADS,
    RIVERSIDE,
    ROOM,
    River,
    crowd,
    dawn,
    flood,
    oxygen,
    rain,
)

pytestmark = pytest.mark.integration


@pytest.fixture
def flooded(night: Night) -> Night:
    """Rain, the river through its levels, witnesses. At level 2 one answer is enough, at level 3 two are needed."""
    river, wet, low = River(), rain(), flood()
    night.at("00:30", goes(wet, 1))
    night.at("01:10", goes(river, 1))
    night.at("02:10", goes(river, 2))
    night.at("02:12", goes(low, 2))
    night.at("02:35", Says("head-la-van-ha", "10 1"))
    night.at("02:50", goes(river, 3))
    night.at("03:01", Says("deputy-la-van-ha", "10 1"))
    night.at("03:07", Says("head-phuoc-yen", "10 1"))
    night.at("09:00", goes(river, 2), goes(low, 0, value=0.0))
    night.at("12:00", goes(river, 1))
    night.at("14:00", goes(wet, 0, value=60.0))
    night.at("15:00", goes(river, 0))
    night.play("20:00")
    return night


def test_a_flood_night_asks_anew_at_each_rise_and_tells_the_end_to_all_who_were_told(flooded: Night) -> None:
    want(
        flooded,
        sms("00:30", (*HEADS, ROOM), "MUA LON: Phu Oc mua 24 gio 130,0 mm"),
        sms("01:10", COOPERATIVE, "CANH BAO LU: Phu Oc muc nuoc 1,60 m, tren BD1"),
        sms("02:10", RIVERSIDE, "CANH BAO LU: Phu Oc muc nuoc 3,10 m, tren BD2 0,10 m luc 02:10"),
        sms("02:25", RIVERSIDE, "NHAC LAI: CANH BAO LU: Phu Oc muc nuoc 3,10 m"),
        sms("02:25", DEPUTIES, "CHUA AI NHAN: CANH BAO LU: Phu Oc muc nuoc 3,10 m"),
        sms("02:35", "head-la-van-ha", "Phu Sa: da ghi ban di luc 02:35, Phu Oc."),
        sms("02:50", RIVERSIDE, "CANH BAO LU: Phu Oc muc nuoc 4,60 m, tren BD3 0,10 m luc 02:50"),
        sms("02:55", RIVERSIDE, "NHAC LAI: CANH BAO LU: Phu Oc muc nuoc 4,60 m"),
        sms("02:55", DEPUTIES, "CHUA AI NHAN: CANH BAO LU: Phu Oc muc nuoc 4,60 m"),
        sms("03:00", "chairman", "CHUA AI NHAN: CANH BAO LU: Phu Oc muc nuoc 4,60 m"),
        sms("03:00", DEPUTIES, "NHAC LAI: CANH BAO LU: Phu Oc muc nuoc 4,60 m"),
        sms("03:01", "deputy-la-van-ha", "Phu Sa: da ghi ban di luc 03:01, Phu Oc."),
        sms("03:05", "duty-above", "CHUA DU NGUOI NHAN: CANH BAO LU: Phu Oc muc nuoc 4,60 m"),
        sms("03:05", "chairman", "NHAC LAI: CANH BAO LU: Phu Oc muc nuoc 4,60 m"),
        sms("03:07", "head-phuoc-yen", "Phu Sa: da ghi ban di luc 03:07, Phu Oc."),
        sms("15:00", (*RIVERSIDE, *DEPUTIES, "chairman", "duty-above"), "HET CANH BAO LU: Phu Oc muc nuoc 1,20 m"),
    )  # fmt: skip


def test_news_of_a_flood_night_is_three_messages_and_an_end_for_a_village_head(flooded: Night) -> None:
    """Beside them what he is reminded of, and what he is answered."""
    told = [one.text for one in flooded.told if one.contact == "head-la-van-ha"]
    news = [text for text in told if not text.startswith(("NHAC LAI", "Phu Sa"))]

    assert [text[:11] for text in news] == ["MUA LON: Ph", "CANH BAO LU", "CANH BAO LU", "HET CANH BA"]


def test_at_night_what_rings_goes_by_sms_and_the_end_by_day_by_zalo(flooded: Night) -> None:
    ways = {(one.at, one.way) for one in flooded.told if one.contact in HEADS and "CANH BAO LU" in one.text}

    assert {way for when, way in ways if when < "06:00"} == {"sms"}
    assert {way for when, way in ways if when > "06:00"} == {"zalo"}


def test_every_message_of_danger_of_a_flood_night_says_what_to_do_and_how_to_answer(flooded: Night) -> None:
    """Also one that is told again, beside which there is much else."""
    levels = {"3,10 m": "Ke cao do, dua nguoi gia, tre em len cho cao.", "4,60 m": "Roi vung trung ngay"}
    rung = [one.text for one in flooded.told if "CANH BAO LU" in one.text and "HET" not in one.text]

    assert [
        text for text in rung for value, advice in levels.items() if value in text and advice not in text
    ] == []
    assert [text for text in rung if " Tra loi 10 1" not in text or len(text) > 160] == []


def test_what_the_cooperative_is_told_before_dawn_it_answers_and_nobody_else_is_rung(night: Night) -> None:
    forecast, measured = dawn(), oxygen()
    night.at("20:30", goes(forecast, 1))
    night.at("26:00", goes(measured, 1, value=2.8, limit=3.0))
    night.at("26:40", goes(measured, 2))
    night.at("26:50", Says(COOPERATIVE, "10 1"))
    night.at("30:30", goes(measured, 0, value=4.4, limit=3.5))
    night.at("31:00", goes(forecast, 0, value=3.4, limit=3.0))
    night.play("33:00")

    want(
        night,
        sms("20:30", (COOPERATIVE, ROOM), "CA LONG: Long ca La Va"),
        sms("26:40", (COOPERATIVE, ROOM), "CA THIEU OXY: Long ca La Van oxy hoa tan 1,70 mg/L, muc 2-3 luc 02:40 13/10. Suc khi het cong suat ngay"),
        sms("26:50", COOPERATIVE, "Phu Sa: da ghi ban di luc 02:50, Long ca La Van."),
        sms("31:00", (COOPERATIVE, ROOM), "OXY DA DU: Long ca La Van oxy hoa tan 4,40 mg/L luc 06:30 13/10"),
    )  # fmt: skip


def test_when_nobody_answers_for_the_fish_the_chairman_is_called_and_told_the_end(night: Night) -> None:
    measured = oxygen()
    night.at("02:40", goes(measured, 2))
    night.at("06:30", goes(measured, 0, value=4.4, limit=3.5))
    night.play("08:00")

    want(
        night,
        sms("02:40", (COOPERATIVE, ROOM), "CA THIEU OXY: Long ca La Van"),
        sms("02:55", (COOPERATIVE, ROOM), "NHAC LAI: CA THIEU OXY: Long ca La Va"),
        sms("03:10", "chairman", "CHUA AI NHAN: CA THIEU OXY: Long ca La Va"),
        sms("03:25", "chairman", "NHAC LAI: CA THIEU OXY: Long ca La Va"),
        sms("06:30", (COOPERATIVE, ROOM, "chairman"), "OXY DA DU: Long ca La Van oxy hoa tan 4,40 mg/L"),
    )
    assert night.steps("nobody") == [("03:25", "nobody", "")]


def test_on_market_day_a_crowd_is_for_the_screen_until_it_is_too_many(night: Night) -> None:
    """It is a Sunday: a level of 1 rings nobody; a false alarm below level 3 stops the ladder."""
    market = crowd()
    night.at("150:10", goes(market, 1))
    night.at("150:40", goes(market, 2, value=40.0, limit=30.0))
    night.at("150:45", Says("head-la-van-ha", "10 2", "zalo"))
    night.at("152:00", goes(market, 0, value=5.0))
    night.play("156:00")

    want(
        night,
        sms("150:40", ("head-la-van-ha", ROOM), "DONG NGUOI: Camera cho Quang Tho, San cho 40"),
        [Told("150:45", "head-la-van-ha", "Phu Sa: da ghi ban bao nham luc 06:45", "zalo")],
        sms("152:00", ("head-la-van-ha", ROOM), "HET DONG: Camera cho Quang Tho, San cho 5"),
    )


def test_on_any_other_day_many_people_are_news(night: Night) -> None:
    market = crowd()
    night.at("06:10", goes(market, 1))
    night.at("08:00", goes(market, 0, value=5.0))
    night.play("09:00")

    want(
        night,
        sms("06:10", ("head-la-van-ha", ROOM), "DONG NGUOI: Camera cho Quang Tho"),
        sms("08:00", ("head-la-van-ha", ROOM), "HET DONG: Camera cho Quang Tho"),
    )
