"""Open alerts whose rule, station, sensor, camera, zone, place or account is gone are closed, and only those."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from models.alerting.alert import Change, Kind
from models.alerting.closing import after_closing, closing_notifications, closings, gone
from models.alerting.gsm7 import SINGLE, septets
from models.alerting.open_alert import Open, Stored
from models.alerting.routing import key
from models.commune.configuration import Commune
from models.payments.configuration import Odd, Targets
from models.river.configuration import FloodPlace
from tests.builders import oxygen_rule, rule
from tests.messages import AT, change, contact, place

HOUR = timedelta(hours=1)

WHOLE = msgspec.structs.replace(
    place([contact("an"), contact("binh", hamlets=["phuoc-yen"])]),
    flood_places=[FloodPlace("bo", "Bồ", ["la-van-ha"], gauges=["phu-oc"], rains=["phu-oc"])],
    targets=Targets(0.5, 0.5, 100),
    odd=Odd(10.0, 1_000_000, 5),
)
RIVER: dict[str, Any] = {
    "alert": "river-phu-oc:phu-oc:river_level:20261012T070500.000Z",
    "rule": "river-phu-oc",
    "kind": Kind.RIVER,
    "station": "phu-oc",
    "parameter": "river_level",
    "level": 2,
    "value": 3.43,
    "unit": "m",
    "seq": 3,
    "limit": 3.0,
    "name": "Phú Ốc",
}
SILENT = {"rule": "silent", "kind": Kind.SILENT, "unit": "s", "level": 1}
PICTURE = {
    "rule": "frozen",
    "kind": Kind.FROZEN,
    "station": "cho",
    "parameter": "picture",
    "name": "Camera chợ",
}
CROWD = {"rule": "crowd-cho-san", "kind": Kind.CROWD, "station": "cho", "parameter": "people/san"}
WITNESS = {"rule": "witness", "kind": Kind.FLOOD, "station": "bo", "parameter": "flood", "name": "Bồ"}
ODD = {
    "rule": "odd-payment",
    "kind": Kind.PAYMENT,
    "station": "uy-ban",
    "parameter": "payment",
    "name": "UBND xã",
}


def standing(**changed: Any) -> Open:
    return Open(**(RIVER | changed))


def without(**sections: Any) -> Commune:
    return msgspec.structs.replace(WHOLE, **sections)


def dry() -> Commune:
    """Phú Ốc has lost its river gauge."""
    (first, *rest) = WHOLE.stations
    kept = [parameter for parameter in first.parameters if parameter.code != "river_level"]
    return without(stations=[msgspec.structs.replace(first, parameters=kept), *rest])


STANDS: dict[str, tuple[dict[str, Any], Commune]] = {
    "a river at its rule": ({}, WHOLE),
    "a silence of one sensor": (SILENT, WHOLE),
    "a silence of the whole station": (SILENT | {"parameter": "station"}, WHOLE),
    "a silence of the whole station, one sensor gone": (SILENT | {"parameter": "station"}, dry()),
    "a clock, whatever it is called": (SILENT | {"rule": "clock", "parameter": "anything"}, WHOLE),
    "a silence of a camera": (PICTURE | {"rule": "silent"}, WHOLE),
    "a blind camera": (PICTURE | {"rule": "blind"}, WHOLE),
    "a crowd in its zone": (CROWD, WHOLE),
    "a flood at its place": (WITNESS, WHOLE),
    "an odd payment": (ODD, WHOLE),
    "an outage of ours belongs to no place": (SILENT | {"rule": "outage", "station": "phu-sa"}, WHOLE),
    "what is derived": (
        {"rule": "rise", "parameter": "river_rise"},
        without(rules=[rule(id="rise", parameter="river_rise")]),
    ),
}
GONE: dict[str, tuple[dict[str, Any], Commune, str, str]] = {
    "a rule is removed": ({}, without(rules=[oxygen_rule()]), "luật không còn", "the rule is gone"),
    "a rule is renamed": (
        {},
        without(rules=[rule(id="song-bo")]),
        "luật không còn",
        "the rule is gone",
    ),
    "a rule now looks at another parameter": (
        {},
        without(rules=[rule(parameter="rain")]),
        "luật không còn",
        "the rule is gone",
    ),
    "a rule now leaves the station out": (
        {},
        without(rules=[rule(stations=["bo-la-van"])]),
        "luật không còn",
        "the rule is gone",
    ),
    "a station is taken out": (
        {},
        without(stations=WHOLE.stations[1:]),
        "trạm Phú Ốc không còn",
        "the station Phú Ốc is gone",
    ),
    "a silent station is taken out": (
        SILENT,
        without(stations=WHOLE.stations[1:]),
        "trạm Phú Ốc không còn",
        "the station Phú Ốc is gone",
    ),
    "a station whose clock was wrong is taken out": (
        SILENT | {"rule": "clock", "parameter": "station"},
        without(stations=WHOLE.stations[1:]),
        "trạm Phú Ốc không còn",
        "the station Phú Ốc is gone",
    ),
    "a sensor is taken out": ({}, dry(), "thông số không còn", "the parameter is gone"),
    "a silent sensor is taken out": (SILENT, dry(), "thông số không còn", "the parameter is gone"),
    "an untrusted sensor is taken out": (
        SILENT | {"rule": "untrusted", "kind": Kind.UNTRUSTED},
        dry(),
        "thông số không còn",
        "the parameter is gone",
    ),
    "a camera is taken out": (
        PICTURE,
        without(cameras=[]),
        "camera Camera chợ không còn",
        "the camera Camera chợ is gone",
    ),
    "the camera of a crowd is taken out": (
        CROWD | {"name": ""},
        without(cameras=[]),
        "camera không còn",
        "the camera is gone",
    ),
    "a zone is taken out": (
        CROWD,
        without(cameras=[msgspec.structs.replace(WHOLE.cameras[0], zones=[])]),
        "vùng không còn",
        "the zone is gone",
    ),
    "a flood place is taken out": (
        WITNESS,
        without(flood_places=[]),
        "nơi ngập Bồ không còn",
        "the flood place Bồ is gone",
    ),
    "a payment account is taken out": (
        ODD,
        without(merchants=[]),
        "tài khoản thu UBND xã không còn",
        "the payment account UBND xã is gone",
    ),
    "the commune takes no payments any more": (ODD, without(odd=None), "luật không còn", "the rule is gone"),
}


@pytest.mark.parametrize(("changed", "now"), STANDS.values(), ids=STANDS.keys())
def test_what_somebody_judges_stays_open(changed: dict[str, Any], now: Commune) -> None:
    assert gone(standing(**changed), now) is None


@pytest.mark.parametrize(("changed", "now", "vi", "en"), GONE.values(), ids=GONE.keys())
def test_what_nobody_judges_is_closed_by_name(
    changed: dict[str, Any], now: Commune, vi: str, en: str
) -> None:
    one = standing(**changed)
    (found,) = closings([one], now, AT)
    (change,) = found.changes

    assert [(each.vi, each.en) for each in change.evidence] == [(f"đóng vì {vi}", f"closed because {en}")]
    assert (change.alert, change.seq, change.at) == (one.alert, one.seq + 1, AT)
    assert (change.change, change.level, change.previous) == (Change.CLEAR, 0, one.level)
    assert (change.value, change.limit, change.unit) == (one.value, one.limit, one.unit)


def test_all_alerts_of_a_place_that_is_gone_are_one_message() -> None:
    """A station with eight silent parameters that is taken out rings each contact once, not eight times."""
    codes = ["rain", "ph", "turbidity", "river_level", "dissolved_oxygen", "conductivity", "humidity"]
    silent = [standing(**SILENT, alert=f"silent:phu-oc:{code}:1", parameter=code, seq=1) for code in codes]
    now = without(stations=WHOLE.stations[1:])
    (found,) = closings([*silent, standing()], now, AT)
    told = closing_notifications(found, now, {"an"})

    assert len(found.changes) == 8
    assert found.changes[0].alert == RIVER["alert"], "the worst speaks for all"
    assert [notification.contact for notification in told] == ["an"]
    assert "mưa" in told[0].template_data["gia_tri"]
    assert told[0].template_id == "closed"


def test_who_was_told_hears_why_though_the_place_has_no_hamlet_any_more() -> None:
    """And who has left the commune's list since does not."""
    now = without(stations=WHOLE.stations[1:])
    (found,) = closings([standing()], now, AT)
    told = closing_notifications(found, now, {"binh", "moved-away"})

    assert [
        (notification.contact, notification.id, notification.seq, notification.channels)
        for notification in told
    ] == [("binh", key(RIVER["alert"], 4, "binh"), 4, ["zalo", "sms"])]


def test_who_is_concerned_still_hears_it_though_the_store_has_forgotten_who_was_told() -> None:
    now = without(rules=[])
    (found,) = closings([standing()], now, AT)

    assert [notification.contact for notification in closing_notifications(found, now, set())] == ["an"]


def test_closed_is_not_told_as_an_all_clear() -> None:
    now = without(rules=[])
    (found,) = closings([standing()], now, AT)
    (told,) = closing_notifications(found, now, set())

    assert "HET CANH BAO" not in told.sms_text
    assert "dong vi luat khong con" in told.sms_text
    assert "Khong phai het nguy" in told.sms_text
    assert told.template_data["muc"] == "Không còn theo dõi"
    assert septets(told.sms_text) <= SINGLE


def test_two_reasons_are_two_messages() -> None:
    now = dry()
    other = standing(alert="rain:1", rule="rain-24h", parameter="rain_24h", kind=Kind.RAIN)

    assert len(closings([standing(), other], now, AT)) == 2


def test_nothing_is_closed_where_all_stands() -> None:
    assert closings([standing(), standing(**SILENT)], WHOLE, AT) == []


def test_changes_go_on_behind_the_closing_of_their_alert_and_repeated_ones_keep_their_number() -> None:
    name = RIVER["alert"]
    stored = [Stored(name, 1, AT, 2, 0), Stored(name, 2, AT + HOUR, 0, 2)]
    worse = change(seq=2, at=AT + 2 * HOUR, level=3, previous=2)
    over = change(seq=3, at=AT + 3 * HOUR, level=0, previous=3)
    other = change(alert="other", seq=2)

    told = after_closing([change(), worse, other, worse, over, over], stored)

    assert [change.seq for change in told] == [1, 3, 2, 3, 4, 4]
