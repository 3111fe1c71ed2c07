"""Stations that fall silent and outages of ours: one event, one message, as stories on a time line."""

from __future__ import annotations

import pytest

from models.alerting.alert import Kind
from tests.stories.alerts import EIGHT, HEAD, ROOM, STATIONS, Tell, commune, outage, silent
from tests.timeline import Alert, want


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
    told, link, each = tell(commune(ROOM, HEAD)), outage("link", *names), [silent(name) for name in names]
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
