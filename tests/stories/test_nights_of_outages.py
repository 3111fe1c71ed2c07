"""Nights on which the platform sees or tells little: no internet, silent stations, a value that swings around its limit."""

from __future__ import annotations

import pytest

from tests.nights import AWAY, GONE, Night, Says, goes, sms, want
from tests.stories.alerts import EIGHT
from tests.stories.example import DEPUTIES, HEADS, RIVERSIDE, ROOM, River, outage, rain, silent

pytestmark = pytest.mark.integration

BEHIND = ("bo-la-van", "bo-phuoc-yen", "air-la-van-ha")
"""The stations whose readings come over the internet."""
CALLED = (*DEPUTIES, "chairman", "duty-above")


@pytest.fixture
def stormy(night: Night) -> Night:
    """The internet is gone from 19:00 to 21:00, and with it both gateways; the river goes on rising."""
    river, wet, link, lost = River(), rain(), outage("link", *BEHIND), [silent(name) for name in BEHIND]
    night.at("18:00", goes(wet, 1))
    night.at("19:00", night.zalo.says(AWAY), night.sms.says(GONE), goes(link, 1))
    night.at("19:20", *(goes(one, 1) for one in lost))
    night.at("19:30", goes(river, 2))
    night.at("20:10", goes(river, 3))
    night.at("21:00", night.zalo.says(None), night.sms.says(None))
    night.at("21:05", goes(link, 0, value=7500.0), *(goes(one, 0) for one in lost))
    night.at("21:08", Says("head-la-van-ha", "10 1"), Says("head-phuoc-yen", "10 1"))
    night.at("23:00", goes(wet, 0, value=60.0))
    night.at("23:30", goes(river, 0))
    night.play("26:00")
    return night


def test_after_two_hours_without_internet_each_hears_once_what_is_true_by_then(stormy: Night) -> None:
    """What was overtaken meanwhile is not told any more, and nobody is reminded of what he is told only now."""
    first = min(one.at for one in stormy.told if one.at >= "21:00")
    want(
        stormy,
        sms("18:00", (*HEADS, ROOM), "MUA LON: Phu Oc mua 24 gio 130,0 mm"),
        sms(first, RIVERSIDE, "CANH BAO LU: Phu Oc muc nuoc 4,60 m, tren BD3 0,10 m luc 20:10 12/10. Roi vung trung"),
        sms(first, CALLED, "CHUA AI NHAN: CANH BAO LU: Phu Oc muc nuoc 4,60 m"),
        sms(first, ROOM, "MAT LIEN LAC CUNG LUC: 3 tram: Long ca La Van"),
        sms("21:06", ROOM, "LIEN LAC TRO LAI: 3 tram: Long ca La Van"),
        sms("21:08", ("head-la-van-ha", "head-phuoc-yen"), "Phu Sa: da ghi ban di luc 21:08"),
        sms("23:30", (*RIVERSIDE, *CALLED), "HET CANH BAO LU: Phu Oc muc nuoc 1,20 m"),
    )  # fmt: skip
    assert first < "21:01:00"


def test_what_waited_goes_out_the_worst_first(stormy: Night) -> None:
    room = [one.text[:11] for one in stormy.told if one.contact == ROOM and one.at.startswith("21:00")]

    assert room == ["CANH BAO LU", "MAT LIEN LA"]


def test_after_the_storm_nothing_waits_and_what_was_given_up_says_why(stormy: Night) -> None:
    assert set(stormy.states()) == {"delivered", "expired"}
    assert {
        reason for (reason,) in stormy.rows("select reason from notification where state = 'expired'")
    } == {
        "có tin mới hơn của cùng cảnh báo (overtaken by newer news of the same alert)",
        "chưa nhắc lại: tin đầu còn chưa gửi được (not told again: what it repeats is not out yet)",
    }


def test_one_silent_station_with_eight_sensors_is_one_message_and_one_when_it_is_back(night: Night) -> None:
    one = silent("phu-oc", *EIGHT)
    night.at("02:00", goes(one, 1))
    night.at("05:00", goes(one, 0, value=12_600.0))
    night.play("06:00")

    want(
        night,
        sms("02:01", ROOM, "MAT TIN HIEU: tram Phu Oc"),
        sms("05:01", ROOM, "CO TIN HIEU LAI: tram Phu Oc"),
    )


def test_all_silent_is_one_message_and_one_when_they_are_back(night: Night) -> None:
    names = ("phu-oc", *BEHIND)
    link, lost = outage("link", *names), [silent(name) for name in names]
    night.at("02:00", goes(link, 1), *(goes(one, 1) for one in lost))
    night.at("05:00", goes(link, 0, value=10_800.0), *(goes(one, 0) for one in lost))
    night.play("06:00")

    want(
        night,
        sms("02:00", ROOM, "MAT LIEN LAC CUNG LUC: 4 tram"),
        sms("05:01", ROOM, "LIEN LAC TRO LAI: 4 tram"),
    )


def flaps(night: Night) -> None:
    """The river swings around BĐ2 for an hour, and stays below."""
    river = River()
    for minute in range(0, 60, 10):
        night.at(f"02:{minute:02}", goes(river, 2))
        night.at(f"02:{minute + 5:02}", goes(river, 1))


def test_a_river_that_swings_for_an_hour_is_told_once_to_who_answers(night: Night) -> None:
    flaps(night)
    night.at("02:04", Says("head-la-van-ha", "10 1"))
    night.play("04:00")

    want(
        night,
        sms("02:00", RIVERSIDE, "CANH BAO LU: Phu Oc muc nuoc 3,10 m"),
        sms("02:04", "head-la-van-ha", "Phu Sa: da ghi ban di luc 02:04"),
    )


def test_a_river_that_swings_for_an_hour_is_told_once_and_once_again_to_who_does_not_answer(
    night: Night,
) -> None:
    """While it is below, nobody is called."""
    flaps(night)
    night.play("04:00")

    want(
        night,
        sms("02:00", RIVERSIDE, "CANH BAO LU: Phu Oc muc nuoc 3,10 m"),
        sms("02:20", RIVERSIDE, "NHAC LAI: CANH BAO LU: Phu Oc muc nuoc 3,10 m"),
        sms("02:20", DEPUTIES, "CHUA AI NHAN: CANH BAO LU: Phu Oc muc nuoc 3,10 m"),
        sms("02:30", "chairman", "CHUA AI NHAN: CANH BAO LU: Phu Oc muc nuoc 3,10 m"),
        sms("02:40", DEPUTIES, "NHAC LAI: CANH BAO LU: Phu Oc muc nuoc 3,10 m"),
        sms("02:50", "chairman", "NHAC LAI: CANH BAO LU: Phu Oc muc nuoc 3,10 m"),
    )
