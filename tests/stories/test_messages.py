"""One event, one message: stories as changes on a time line and the messages that each contact gets."""

from __future__ import annotations

from models.alerting.alert import Kind
from tests.stories.alerts import FARM, HEAD, ROOM, Tell, commune, contact, fish, flood, rain, river, silent
from tests.timeline import Alert, want


def test_a_past_peak_does_not_make_an_open_alert_look_closed(tell: Tell) -> None:
    """Told at level 1; that it had been at 2 comes late; it still holds back what says the same, and its end is told."""
    told, water, low = tell(commune(HEAD)), river(), flood()
    told.at(0, water.goes(1, 0))
    told.at(60, water.goes(2, 10, over=True, late_s=3000))
    told.at(70, low.goes(1, 70))
    told.at(80, water.goes(1, 20, over=True, late_s=3600))
    told.at(200, water.goes(0, 200, value=1.2))
    told.at(300)

    want(told, [(0, "head", "CANH BAO LU"), (200, "head", "HET CANH BAO LU")])
    assert told.stages() == {"over": 2, "inhibited": 1}


def test_a_river_through_three_levels_with_rain_a_check_and_a_flood_is_four_messages(tell: Tell) -> None:
    told, water, wet, low = tell(commune(HEAD)), river(), rain(), flood()
    told.at(0, wet.goes(1, 0))
    told.at(5, water.goes(1, 5, value=1.6))
    told.at(15, low.goes(1, 15))
    told.at(20, water.goes(2, 20, value=3.1))
    told.at(22, low.goes(2, 22))
    told.at(30, wet.goes(2, 30, value=210.0))
    told.at(40, water.goes(3, 40, value=4.6))
    told.at(600, water.goes(2, 600), low.goes(1, 600))
    told.at(900, water.goes(1, 900), wet.goes(1, 900))
    told.at(1100, water.goes(0, 1100, value=1.2), low.goes(0, 1100))
    told.at(1400, wet.goes(0, 1400, value=80.0))
    told.at(1500)

    want(
        told,
        [
            (0, "head", "MUA LON: Phu Oc mua 24 gio 130,0 mm"),
            (20, "head", "CANH BAO LU: Phu Oc muc nuoc 3,10 m, tren BD2"),
            (40, "head", "CANH BAO LU: Phu Oc muc nuoc 4,60 m, tren BD3"),
            (1400, "head", "HET CANH BAO LU: Phu Oc muc nuoc 1,20 m"),
        ],
    )
    assert told.stages() == {"inhibited": 7, "easing": 3}


def test_a_river_that_swings_around_its_limit_for_a_day_is_two_messages(tell: Tell) -> None:
    """The rule holds the level for two hours: one raise, one end; steps between levels ring nobody."""
    told, water = tell(commune(HEAD)), river()
    told.at(0, water.goes(1, 0, value=1.6))
    told.at(1440, water.goes(0, 1440, value=1.2))
    told.at(1500)

    want(told, [(0, "head", "CANH BAO LU: Phu Oc"), (1440, "head", "HET CANH BAO LU: Phu Oc")])


def test_news_of_one_place_within_minutes_is_one_message(tell: Tell) -> None:
    told = tell(commune(FARM))
    oxygen, ammonia, ph = (
        fish("oxygen", "dissolved_oxygen", Kind.OXYGEN),
        fish("nh3", "nh3"),
        fish("ph", "ph"),
    )
    told.at(0, oxygen.goes(1, 0))
    told.at(1, ammonia.goes(1, 1))
    told.at(2, ph.goes(1, 2))
    told.at(60)

    want(
        told,
        [
            (0, "farm", "CA THIEU OXY: Long Ca"),
            (5, "farm", "CA LONG: Long Ca NH3 1,20 mg/L, muc 1 (nguong 1,00 mg/L) luc 14:06 12/10. Giam cho an, xem ca, do lai. Cung luc: pH Long Ca 1,20 mg/L, muc 1."),
        ],
    )  # fmt: skip
    assert told.stages() == {"merged": 1}


def test_what_is_worse_than_told_rings_at_once_and_takes_what_waits_with_it(tell: Tell) -> None:
    told = tell(commune(FARM))
    oxygen, ammonia = fish("oxygen", "dissolved_oxygen", Kind.OXYGEN), fish("nh3", "nh3")
    told.at(0, oxygen.goes(1, 0))
    told.at(1, ammonia.goes(1, 1))
    told.at(2, oxygen.goes(2, 2))
    told.at(60)

    want(
        told, [(0, "farm", "CA THIEU OXY"), (2, "farm", "CA THIEU OXY: Long Ca oxy hoa tan 1,20 mg/L, muc 2")]
    )
    assert told.messages[1][2].endswith("Cung luc: 1 tin khac.")


def test_level_three_never_waits(tell: Tell) -> None:
    told, oxygen, ammonia = (
        tell(commune(FARM)),
        fish("oxygen", "dissolved_oxygen", Kind.OXYGEN),
        fish("nh3", "nh3"),
    )
    told.at(0, oxygen.goes(3, 0))
    told.at(1, ammonia.goes(3, 1))

    want(told, [(0, "farm", "CA THIEU OXY"), (1, "farm", "CA LONG")])


def test_what_is_over_rings_nobody_and_what_is_late_but_on_rings_with_its_age(tell: Tell) -> None:
    told, past, now = tell(commune(HEAD)), flood(), river()
    told.at(0, past.goes(2, -600, over=True, late_s=36_000), past.goes(0, -300, over=True, late_s=18_000))
    told.at(1, now.goes(2, -199, late_s=12_000))
    told.at(60)

    want(told, [(1, "head", "TIN MUON 3 gio 20 phut: CANH BAO LU: Phu Oc")])
    assert told.stages() == {"over": 2}


def test_what_began_and_ended_before_anybody_was_told_rings_nobody(tell: Tell) -> None:
    told, one = tell(commune(ROOM)), silent("phu-oc")
    told.at(0, one.goes(1, 0))
    told.at(0.5, one.goes(0, 0.5))
    told.at(60)

    want(told, [])
    assert told.stages() == {"merged": 1, "over": 1}


def test_easing_is_told_to_who_asked_for_it(tell: Tell) -> None:
    told, water = tell(commune(HEAD, contact("all", Kind.RIVER, tells_easing=True))), river()
    told.at(0, water.goes(2, 0))
    told.at(100, water.goes(1, 100, value=2.7))
    told.at(200)

    want(
        told,
        [
            (0, "all", "CANH BAO LU"),
            (0, "head", "CANH BAO LU"),
            (100, "all", "LU RUT: Phu Oc muc nuoc 2,70 m"),
        ],
    )
    assert told.stages() == {"easing": 1}


def test_who_hears_of_level_two_and_above_hears_of_the_end(tell: Tell) -> None:
    told, water = tell(commune(contact("chief", Kind.RIVER, least_level=2))), river()
    told.at(0, water.goes(1, 0))
    told.at(10, water.goes(2, 10))
    told.at(100, water.goes(1, 100))
    told.at(200, water.goes(0, 200))

    want(told, [(10, "chief", "CANH BAO LU"), (200, "chief", "HET CANH BAO LU")])


def test_an_end_names_what_still_goes_on(tell: Tell) -> None:
    told, water, wet = tell(commune(HEAD)), river(), rain()
    told.at(0, water.goes(1, 0))
    told.at(10, wet.goes(1, 10))
    told.at(300, water.goes(0, 300, value=1.2))
    told.at(400, wet.goes(0, 400))
    told.at(500)

    want(told, [(0, "head", "CANH BAO LU"), (300, "head", "HET CANH BAO LU")])
    assert "Van con: mua 24 gio Phu Oc 130,0 mm, mua rat to." in told.messages[1][2]


def test_no_all_clear_while_a_serious_alert_goes_on_that_was_held_back(tell: Tell) -> None:
    told, water, low = tell(commune(HEAD)), river(), flood()
    told.at(0, water.goes(3, 0))
    told.at(10, low.goes(2, 10))
    told.at(300, water.goes(0, 300, value=1.2))
    told.at(400, low.goes(0, 400))
    told.at(500)

    want(
        told,
        [
            (0, "head", "CANH BAO LU"),
            (300, "head", "BAO DONG NGAP: Ven song Bo"),
            (400, "head", "HET BAO NGAP"),
        ],
    )
    assert "Cung luc: het canh bao muc nuoc Phu Oc." in told.messages[1][2]


def test_each_room_hears_of_its_own_place(tell: Tell) -> None:
    """An alert of one danger holds back none of another, and of one station none of another."""
    told = tell(commune(ROOM))
    told.at(0, river().goes(2, 0), fish("nh3", "nh3").goes(1, 0))
    other = Alert("river:2", kind=Kind.RIVER, station="tram-1", value=1.6, limit=1.5)
    told.at(1, other.goes(1, 1, value=1.6))

    want(
        told,
        [
            (0, "room", "CA LONG: Long Ca"),
            (0, "room", "CANH BAO LU: Phu Oc"),
            (1, "room", "CANH BAO LU: Tram 1"),
        ],
    )


def test_two_odd_payments_are_both_told(tell: Tell) -> None:
    made = [
        Alert(
            f"odd:{i}",
            kind=Kind.PAYMENT,
            rule="odd",
            station="tram-1",
            parameter="payment",
            unit="VND",
            value=2e7,
        )
        for i in range(2)
    ]
    told = tell(commune(ROOM))
    told.at(0, made[0].goes(1, 0))
    told.at(1, made[1].goes(1, 1))
    told.at(60)

    want(told, [(0, "room", "KHOAN TIEN LA"), (5, "room", "KHOAN TIEN LA")])
