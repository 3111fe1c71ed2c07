"""Events as stories: what goes on at a place is one, people have a code for it, and what holds news back is listed."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.alerting.alert import Kind
from models.commune.routing import DayProfile, Hours, Inhibition, Routing, Same
from tests.stories.alerts import (
    EIGHT,
    FARM,
    HEAD,
    ROOM,
    STATIONS,
    Tell,
    commune,
    contact,
    fish,
    flood,
    outage,
    rain,
    river,
    silent,
)
from tests.timeline import Alert, want

PLAIN = {"sms": "{}"}
CROWD: dict[str, Any] = {
    "kind": Kind.CROWD,
    "rule": "crowd",
    "station": "phu-oc",
    "parameter": "people/san",
    "unit": "1",
}
WET: dict[str, Any] = {"kind": Kind.WATER_SEEN, "rule": "wet", "parameter": "water/duong", "unit": "cm"}
DAY = 24 * 60


def test_one_silent_station_with_eight_sensors_is_one_message_a_contact(tell: Tell) -> None:
    told = tell(commune(ROOM, contact("keeper", Kind.SILENT)))
    told.at(0, silent("phu-oc", *EIGHT).goes(1, 0))
    told.at(120)

    want(told, [(1, "keeper", "MAT TIN HIEU: tram Phu Oc"), (1, "room", "MAT TIN HIEU: tram Phu Oc")])
    assert told.events() == [("health", 0, None, 1, 1)]


def test_all_stations_silent_is_one_message_a_contact_and_one_event(tell: Tell) -> None:
    names = [f"tram-{i}" for i in range(STATIONS)]
    told = tell(commune(ROOM, contact("keeper", Kind.SILENT, Kind.OUTAGE)))
    told.at(0, outage("link", *names).goes(1, 0), *(silent(name).goes(1, 0) for name in names))
    told.at(120)

    want(told, [(0, "keeper", "MAT LIEN LAC CUNG LUC"), (0, "room", "MAT LIEN LAC CUNG LUC")])
    assert told.events() == [("health", 0, None, 1, 1)]


def test_three_levels_of_a_river_with_rain_camera_and_street_within_an_hour_are_at_most_four(
    tell: Tell,
) -> None:
    head = contact("head", Kind.RIVER, Kind.RAIN, Kind.FLOOD, Kind.WATER_SEEN)
    told, water, wet, low = tell(commune(head)), river(), rain(), flood()
    camera = Alert("seen:1", station="phu-oc", value=12.0, limit=10.0, **WET)
    street = Alert("street:1", station="phu-oc", value=20.0, limit=15.0, **WET)
    told.at(0, wet.goes(1, 0))
    told.at(5, water.goes(1, 5, value=1.6))
    told.at(10, camera.goes(1, 10))
    told.at(15, street.goes(1, 15), low.goes(1, 15))
    told.at(25, water.goes(2, 25, value=3.1))
    told.at(30, low.goes(2, 30), camera.goes(2, 30))
    told.at(50, water.goes(3, 50, value=4.6), street.goes(2, 50))
    told.at(60)

    assert [message[1] for message in told.messages].count("head") <= 4
    want(told, [(0, "head", "MUA LON"), (25, "head", "CANH BAO LU"), (50, "head", "CANH BAO LU")])
    assert told.events() == [("water:ven-song", 50, None, 3, 3)]


def test_a_value_that_flaps_at_its_limit_for_an_hour_is_one_raise_and_one_more_at_most(tell: Tell) -> None:
    """Who was told of a level within the hour is told nothing new by its being reached anew; nobody is asked anew for it."""
    told, water = tell(commune(HEAD)), river()
    told.at(0, water.goes(2, 0, value=3.01))
    for minute in range(5, 60, 10):
        told.at(minute, water.goes(1, minute, value=2.79))
        told.at(minute + 5, water.goes(2, minute + 5, value=3.01))
    told.at(65, water.goes(1, 65, value=2.79))
    told.at(75, water.goes(2, 75, value=3.01))
    told.at(120)

    want(told, [(0, "head", "CANH BAO LU"), (60, "head", "CANH BAO LU")])
    assert told.stages() == {"easing": 7, "inhibited": 6}
    assert told.events() == [("water:ven-song", 60, None, 2, 2)]


def test_an_event_ends_with_the_last_of_its_alerts_and_the_next_one_is_another(tell: Tell) -> None:
    told, wet = tell(commune(HEAD)), rain()
    first, second = river(), Alert("river:2", kind=Kind.RIVER, value=1.6, limit=1.5)
    told.at(0, first.goes(1, 0))
    told.at(10, wet.goes(2, 10))
    told.at(20, first.goes(0, 20))
    told.at(30, wet.goes(1, 30))
    told.at(80, wet.goes(2, 80))
    told.at(90, wet.goes(0, 90))
    told.at(100, second.goes(1, 100))

    assert told.events() == [("water:ven-song", 80, 90, 0, 2), ("water:ven-song", 100, None, 1, 1)]


def test_what_came_as_over_opens_no_event_and_raises_none(tell: Tell) -> None:
    told, past, water = tell(commune(HEAD)), flood(), river()
    told.at(0, past.goes(2, -600, over=True, late_s=36_000), past.goes(0, -300, over=True, late_s=18_000))
    told.at(1, water.goes(1, 1))
    told.at(2, water.goes(3, -10, over=True, late_s=720))
    told.at(3, water.goes(1, -5, over=True, late_s=480))

    assert told.events() == [("water:ven-song", 1, None, 1, 1)]


def test_a_message_says_how_to_answer_and_the_next_event_of_the_day_has_another_code(tell: Tell) -> None:
    told = tell(commune(HEAD, ROOM), PLAIN)
    first, second, third = (Alert(f"river:{i}", kind=Kind.RIVER, value=1.6, limit=1.5) for i in range(3))
    told.at(0, first.goes(1, 0))
    told.at(10, first.goes(0, 10))
    told.at(60, second.goes(1, 60))
    told.at(70, second.goes(0, 70))
    told.at(DAY + 30, third.goes(1, DAY + 30))
    told.at(DAY + 60)

    ends = [text[text.find(" Tra loi") :] for _, name, text in told.messages if name == "head"]
    assert [end[:13] for end in ends if end.startswith(" Tra")] == [
        " Tra loi 10 1",
        " Tra loi 11 1",
        " Tra loi 10 1",
    ], "an end says nothing of answers; after a day a code is free"
    assert all(len(text) <= 160 for _, _, text in told.messages)
    assert sorted(told.codes().values()) == [10, 10, 10, 10, 11, 11]


def test_two_events_of_one_contact_at_once_have_two_codes_and_a_rise_keeps_its_own(tell: Tell) -> None:
    told, water = tell(commune(ROOM), {"sms": "PHUSA {} gui 8079"}), river()
    told.at(0, water.goes(1, 0), fish("nh3", "nh3").goes(1, 0))
    told.at(30, water.goes(2, 30))

    texts = [text for _, _, text in told.messages]
    assert sorted(text[text.find("Tra loi PHUSA") :] for text in texts) == [
        "Tra loi PHUSA 10 1 gui 8079",
        "Tra loi PHUSA 10 1 gui 8079",
        "Tra loi PHUSA 11 1 gui 8079",
    ]


def test_a_silence_hides_what_it_names_until_it_ends_and_level_three_rings(tell: Tell) -> None:
    told = tell(commune(ROOM))
    ammonia, oxygen = fish("nh3", "nh3"), fish("oxygen", "dissolved_oxygen", Kind.OXYGEN)
    told.silence(0, 60, stations=["long-ca"])
    told.at(1, ammonia.goes(1, 1))
    told.at(2, river().goes(1, 2))
    told.at(10, ammonia.goes(2, 10))
    told.at(20, oxygen.goes(3, 20))
    told.at(30, ammonia.goes(0, 30))
    told.at(70, fish("ph", "ph").goes(1, 70))
    told.at(120)

    want(
        told,
        [(2, "room", "CANH BAO LU"), (20, "room", "CA THIEU OXY"), (70, "room", "CA LONG: Long Ca pH")],
    )
    assert told.stages() == {"silenced": 3}
    assert told.hidden() == {1: ["nh3:1"]}


def test_a_silence_of_one_contact_and_one_of_a_hamlet_let_the_others_be_told(tell: Tell) -> None:
    two = contact("two", Kind.RIVER)
    told = tell(commune(HEAD, two))
    told.silence(0, 60, contacts=["two"])
    told.at(1, river().goes(1, 1))

    want(told, [(1, "head", "CANH BAO LU")])
    assert told.hidden() == {1: ["river:1"]}


def test_who_was_told_before_the_silence_is_told_the_end(tell: Tell) -> None:
    told, water = tell(commune(HEAD)), river()
    told.at(0, water.goes(1, 0))
    told.silence(5, 60, kinds=["river"], maintenance=True)
    told.at(10, water.goes(2, 10))
    told.at(30, water.goes(0, 30, value=1.2))
    told.at(60)

    want(told, [(0, "head", "CANH BAO LU"), (30, "head", "HET CANH BAO LU")])
    assert told.stages() == {"maintenance": 1}


def test_on_a_market_day_a_crowd_is_for_the_screen_until_it_is_too_many(tell: Tell) -> None:
    market = Routing(profiles=[DayProfile("phiên chợ", [Kind.CROWD], 2, dates=[date(2026, 10, 12)])])
    told = tell(commune(ROOM, routing=market))
    crowd = Alert("crowd:1", value=20.0, limit=15.0, **CROWD)
    told.at(0, crowd.goes(1, 0))
    told.at(10, crowd.goes(2, 10, value=40.0))
    told.at(60, crowd.goes(0, 60, value=5.0))
    told.at(DAY, Alert("crowd:2", value=20.0, limit=15.0, **CROWD).goes(1, DAY))
    told.at(DAY + 10)

    want(told, [(10, "room", "DONG NGUOI"), (60, "room", "HET DONG"), (DAY, "room", "DONG NGUOI")])
    assert told.stages() == {"hours": 1}


# The stories begin at 14:05 in Vietnam.
FROM_FIVE = Routing(hours=[Hours(["vai"], [Kind.FISH], "05:00", "14:00")])
TO_FIVE = 15 * 60 - 5


def test_what_comes_out_of_hours_is_told_when_they_begin(tell: Tell) -> None:
    told = tell(commune(FARM, routing=FROM_FIVE))
    told.at(0, fish("nh3", "nh3").goes(1, 0))
    told.at(60, fish("ph", "ph").goes(2, 60))
    told.at(DAY)

    want(told, [(TO_FIVE, "farm", "CA LONG: Long Ca pH")])
    assert "Cung luc" in told.messages[0][2]


def test_level_three_keeps_no_hours_and_takes_with_it_what_was_put_off(tell: Tell) -> None:
    told = tell(commune(FARM, routing=FROM_FIVE))
    told.at(0, fish("nitrite", "nitrite").goes(1, 0))
    told.at(1, fish("h2s", "h2s").goes(3, 1))
    told.at(DAY)

    want(told, [(1, "farm", "CA LONG")])
    assert told.stages() == {"merged": 1}


def test_what_was_put_off_and_is_over_before_the_hours_begin_is_told_to_nobody(tell: Tell) -> None:
    told, ammonia = tell(commune(FARM, routing=FROM_FIVE)), fish("nh3", "nh3")
    told.at(0, ammonia.goes(1, 0))
    told.at(60, ammonia.goes(0, 60))
    told.at(DAY)

    want(told, [])


def test_news_that_keeps_no_hours_takes_with_it_what_was_put_off(tell: Tell) -> None:
    told = tell(commune(FARM, routing=FROM_FIVE))
    told.at(0, fish("nh3", "nh3").goes(1, 0))
    told.at(60, fish("oxygen", "dissolved_oxygen", Kind.OXYGEN).goes(1, 60))
    told.at(DAY)

    want(told, [(60, "farm", "CA LONG: Long Ca NH3")])
    assert "Cung luc" in told.messages[0][2]


FLOOD_FIRST = Routing(inhibitions=[Inhibition([Kind.FLOOD], [Kind.CROWD], least_level=2, same=Same.HAMLET)])


def test_a_flood_holds_back_the_crowd_of_its_hamlet_and_its_end_brings_what_goes_on(tell: Tell) -> None:
    told, low = tell(commune(ROOM, routing=FLOOD_FIRST)), flood()
    crowd = Alert("crowd:1", value=40.0, limit=15.0, **CROWD)
    told.at(0, low.goes(2, 0))
    told.at(10, crowd.goes(2, 10))
    told.at(100, low.goes(0, 100, value=0.0))
    told.at(200, crowd.goes(0, 200))
    told.at(300)

    want(
        told,
        [
            (0, "room", "BAO DONG NGAP"),
            (100, "room", "DONG NGUOI"),
            (100, "room", "HET BAO NGAP"),
            (200, "room", "HET DONG"),
        ],
    )
    assert told.stages() == {"rule": 1}


def test_who_is_not_told_of_the_flood_is_told_of_the_crowd(tell: Tell) -> None:
    told = tell(commune(contact("yard", Kind.CROWD), routing=FLOOD_FIRST))
    told.at(0, flood().goes(2, 0))
    told.at(10, Alert("crowd:1", value=40.0, limit=15.0, **CROWD).goes(2, 10))

    want(told, [(10, "yard", "DONG NGUOI")])


def test_what_is_worse_than_the_flood_rings_through_it(tell: Tell) -> None:
    told = tell(commune(ROOM, routing=FLOOD_FIRST))
    told.at(0, flood().goes(2, 0))
    told.at(10, Alert("crowd:1", value=90.0, limit=15.0, **CROWD).goes(3, 10))

    want(told, [(0, "room", "BAO DONG NGAP"), (10, "room", "DONG NGUOI")])
