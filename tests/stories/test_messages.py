"""One event, one message: stories as changes on a time line and the messages that each contact gets.

Each is told through the rules alone and through the real writer and outbox.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import psycopg
import pytest

from models.alerting.alert import Evidence, Kind
from models.commune.configuration import (
    Average,
    Channel,
    Commune,
    Contact,
    Direction,
    Hamlet,
    Level,
    Parameter,
    Rule,
    Station,
)
from models.river.configuration import FloodPlace
from tests.builders import rule
from tests.store import as_role, empty_store
from tests.timeline import Alert, Pure, Stored, Told, want

Tell = Callable[[Commune], Told]
STATIONS = 28
EIGHT = [
    "river_level",
    "rain",
    "water_temperature",
    "ph",
    "turbidity",
    "conductivity",
    "humidity",
    "air_temperature",
]


def contact(name: str, *kinds: Kind, **changed: Any) -> Contact:
    return Contact(name, name, "vai", ["la-van-ha"], list(kinds), [Channel.SMS], **changed)


HEAD = contact("head", Kind.RIVER, Kind.RAIN, Kind.FLOOD)
ROOM = contact("room", *Kind)
FARM = contact("farm", Kind.OXYGEN, Kind.FISH)


def commune(*contacts: Contact) -> Commune:
    """Phú Ốc with its gauge and rain, the low ground by it, a cage, and stations that only fall silent."""
    names = ["phu-oc", "long-ca", *(f"tram-{i}" for i in range(STATIONS))]
    level = Parameter("river_level", "m", -1, 10, 300, 1800)
    stations = [Station(one, one.replace("-", " ").title(), ["la-van-ha"], [level]) for one in names]
    rain = Rule(
        "rain-24h", Kind.RAIN, "rain_24h", ["phu-oc"], Direction.ABOVE,
        [Level(1, "mưa rất to", 100, 90), Level(2, "mưa trên 200 mm", 200, 180)], average=Average.NONE,
    )  # fmt: skip
    hamlets = [Hamlet("la-van-ha", "La Vân Hạ", "xa", date(2020, 1, 1))]
    low = FloodPlace("ven-song", "Ven sông Bồ", ["la-van-ha"], gauges=["phu-oc"], rains=["phu-oc"])
    return Commune([], hamlets, stations, [rule(), rain], list(contacts), flood_places=[low])


@pytest.fixture(scope="module")
def dsn(server_dsn: str, secrets: dict[str, str]) -> Iterator[str]:
    with empty_store(server_dsn, secrets, "test_messages") as admin:
        yield as_role(admin, secrets, "writer")


@pytest.fixture(params=["rules", pytest.param("store", marks=pytest.mark.integration)])
def tell(request: pytest.FixtureRequest) -> Iterator[Tell]:
    if request.param == "rules":
        yield Pure
        return
    dsn, opened = request.getfixturevalue("dsn"), list[Stored]()
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "delete from notification; delete from alert_change; delete from alert; delete from source_offset"
        )

    def stored(own: Commune) -> Stored:
        opened.append(Stored(dsn, own))
        return opened[-1]

    yield stored
    for one in opened:
        one.close()


def river() -> Alert:
    return Alert("river:1", kind=Kind.RIVER, value=3.4, limit=3.0)


def rain() -> Alert:
    return Alert(
        "rain:1", kind=Kind.RAIN, rule="rain-24h", parameter="rain_24h", unit="mm", value=130.0, limit=100.0
    )


def flood() -> Alert:
    seen = [Evidence("mực nước Phú Ốc: trên báo động II 0,43 m", "gauge")]
    return Alert(
        "witness:1", kind=Kind.FLOOD, rule="witness", station="ven-song", parameter="flood", unit="1", value=2.0,
        limit=2.0, evidence=seen,
    )  # fmt: skip


def fish(name: str, parameter: str, kind: Kind = Kind.FISH) -> Alert:
    return Alert(
        f"{name}:1",
        kind=kind,
        rule=name,
        station="long-ca",
        parameter=parameter,
        unit="mg/L",
        value=1.2,
        limit=1.0,
    )


def silent(station: str, *parameters: str) -> Alert:
    return Alert(
        f"silent:{station}", kind=Kind.SILENT, rule="silent", station=station, parameter="station", unit="s",
        value=1800.0, limit=1800.0, parameters=list(parameters or ["river_level"]),
    )  # fmt: skip


def outage(part: str = "bridge", *stations: str) -> Alert:
    return Alert(
        f"outage:{part}", kind=Kind.OUTAGE, rule="outage", station="platform", parameter=part, unit="s", value=1800.0,
        limit=60.0, parameters=list(stations),
    )  # fmt: skip


def test_a_station_with_eight_parameters_silent_for_two_hours_is_one_message_and_one_when_it_is_back(
    tell: Tell,
) -> None:
    told, one = tell(commune(ROOM)), silent("phu-oc", *EIGHT)
    told.at(0, one.goes(1, 0))
    told.at(120, one.goes(0, 120, value=9000.0))
    told.at(180)

    want(
        told,
        [
            (1, "room", "MAT TIN HIEU: tram Phu Oc: muc nuoc, mua"),
            (121, "room", "CO TIN HIEU LAI: tram Phu Oc"),
        ],
    )


def test_the_first_word_of_a_station_is_told_as_such(tell: Tell) -> None:
    told, one = tell(commune(ROOM)), silent("phu-oc")
    told.at(0, one.goes(1, 0, value=0.0))
    told.at(60, one.goes(0, 60, value=0.0))
    told.at(120)

    want(told, [(1, "room", "MAT TIN HIEU: tram Phu Oc"), (61, "room", "LAN DAU CO SO LIEU: tram Phu Oc")])


@pytest.mark.parametrize("outage_first", [True, False])
def test_all_stations_silent_at_once_is_one_message_and_one_when_they_are_back(
    tell: Tell, outage_first: bool
) -> None:
    names = [f"tram-{i}" for i in range(STATIONS)]
    told, link, each = tell(commune(ROOM, HEAD)), outage("link", *names), [silent(one) for one in names]
    raised, begun = [link.goes(1, 0)], [one.goes(1, 0) for one in each]
    for i, one in enumerate([*raised, *begun] if outage_first else [*begun, *raised]):
        told.at(i / 100, one)
    told.at(90, link.goes(0, 90), *(one.goes(0, 90) for one in each))
    told.at(180)

    want(
        told,
        [
            (0 if outage_first else 0.28, "room", "MAT LIEN LAC CUNG LUC: 28 tram: Tram 0"),
            (91, "room", "LIEN LAC TRO LAI: 28 tram: Tram 0"),
        ],
    )


def test_forty_stations_behind_an_outage_of_ours_are_one_message(tell: Tell) -> None:
    """Known only when it is over: one message that says from when and how long."""
    each, own = [silent(f"tram-{i % STATIONS}") for i in range(40)], outage()
    told = tell(commune(ROOM))
    told.at(0, own.goes(1, -30), *(one.goes(1, 0) for one in each))
    told.at(10, *(one.goes(0, 10) for one in each), own.goes(0, 10))
    told.at(60)

    want(told, [(0, "room", "SU CO HE THONG: bo nhan tin MQTT ngung"), (11, "room", "HET SU CO HE THONG")])


def test_an_outage_that_is_known_when_it_is_over_is_one_message(tell: Tell) -> None:
    own, each = outage(), [silent(f"tram-{i}") for i in range(STATIONS)]
    told = tell(commune(ROOM))
    told.at(
        0,
        own.goes(1, -90),
        *(one.goes(1, -60) for one in each),
        *(one.goes(0, 0) for one in each),
        own.goes(0, 0),
    )
    told.at(60)

    want(told, [(0, "room", "HET SU CO HE THONG: bo nhan tin MQTT chay lai luc 14:05 12/10, sau 30 phut")])


def test_a_station_that_stays_silent_after_the_outage_is_told_with_its_end(tell: Tell) -> None:
    own, lost, back = outage(), silent("phu-oc"), silent("tram-1")
    told = tell(commune(ROOM))
    told.at(0, own.goes(1, 0))
    told.at(5, lost.goes(1, 5), back.goes(1, 5))
    told.at(59, back.goes(0, 59))
    told.at(60, own.goes(0, 60))
    told.at(300, lost.goes(0, 300))
    told.at(400)

    want(
        told,
        [
            (0, "room", "SU CO HE THONG"),
            (61, "room", "HET SU CO HE THONG: bo nhan tin MQTT chay lai luc 15:05 12/10, sau 30 phut. So lieu bi giu lai dang den. Cung luc: Phu Oc mat tin hieu."),
            (301, "room", "CO TIN HIEU LAI: tram Phu Oc"),
        ],
    )  # fmt: skip
    assert told.stages()["outage"] == 3


def test_an_outage_of_the_bridge_hides_no_camera_and_no_station_that_it_does_not_name(tell: Tell) -> None:
    told, own, link = tell(commune(ROOM)), outage(), outage("link", "tram-1", "tram-2")
    camera = Alert(
        "silent:cam", kind=Kind.SILENT, rule="silent", station="tram-9", parameter="picture", value=900.0
    )
    told.at(0, own.goes(1, 0))
    told.at(10, camera.goes(1, 10))
    told.at(20, own.goes(0, 20))
    told.at(60, link.goes(1, 60))
    told.at(70, silent("tram-1").goes(1, 70), silent("tram-3").goes(1, 70))
    told.at(100)

    want(
        told,
        [
            (0, "room", "SU CO HE THONG"),
            (11, "room", "MAT TIN HIEU: tram Tram 9: hinh anh"),
            (21, "room", "HET SU CO HE THONG"),
            (60, "room", "MAT LIEN LAC CUNG LUC: 2 tram: Tram 1, Tram 2"),
            (71, "room", "MAT TIN HIEU: tram Tram 3"),
        ],
    )


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
