"""A name that ends with a number and the value behind it are never read as two figures: Zalo had "1 1 px"."""

from __future__ import annotations

import msgspec
import pytest

from models.alerting.alert import AlertChange, Change, Kind
from models.alerting.long_text import long_text
from models.alerting.together import text_of
from models.alerting.wording import sms, template_data, template_id
from models.alerting.words import quantity
from models.commune.configuration import Commune, Direction, Level, Parameter, Rule, Station
from tests.messages import change, place

CAMERA = Station("cam-1", "Camera 1", ["la-van-ha"], [Parameter("water_pixels", "1", 0, 1e6, 60, 600)])
SEEN = Rule("nuoc", Kind.RIVER, "water_pixels", ["cam-1"], Direction.ABOVE, [Level(1, "mức 1", 2.0, 1.0)])
WATER = {
    "rule": "nuoc",
    "station": "cam-1",
    "parameter": "water_pixels",
    "unit": "1",
    "level": 1,
    "limit": 2.0,
}


def own() -> Commune:
    plain = place()
    zones = [msgspec.structs.replace(zone, name="Sân 1") for camera in plain.cameras for zone in camera.zones]
    cameras = [msgspec.structs.replace(camera, zones=zones) for camera in plain.cameras]
    return msgspec.structs.replace(
        plain, stations=[*plain.stations, CAMERA], rules=[*plain.rules, SEEN], cameras=cameras
    )


def shown(alert_change: AlertChange) -> str:
    """What a phone with Zalo shows."""
    return long_text(template_id(alert_change), template_data(alert_change, own()))


def test_a_numbered_level_and_pixels() -> None:
    over = change(**WATER | {"change": Change.CLEAR, "level": 0, "previous": 1, "value": 1.0, "limit": 1.0})

    assert template_data(over, own())["so_sanh"] == "dưới mức 1: 1 điểm ảnh"
    assert "mặt nước trên ảnh 1 điểm ảnh, dưới mức 1: 1 điểm ảnh" in shown(over)
    assert "1 1" not in sms(over, own())


def test_a_numbered_camera_beside_other_news() -> None:
    beside = change(**WATER, value=3.0)
    text = text_of([change(), beside], [], own())

    assert "mặt nước trên ảnh Camera 1: 3 điểm ảnh, mức 1" in text.fields["viec_can_lam"]
    assert "1 3" not in text.sms


def test_a_numbered_zone_and_people() -> None:
    crowd = change(
        kind=Kind.CROWD, rule="crowd-cho-san", station="cho", parameter="people/san", unit="people", level=1, value=17, limit=15
    )  # fmt: skip

    assert "Sân 1: 17 người" in shown(crowd)
    assert "San 1: 17 nguoi" in sms(crowd, own())
    assert template_data(crowd, own())["hien_tuong"] == "Sân 1", "the field itself stays a name"


@pytest.mark.parametrize(
    ("value", "unit", "parameter", "vi"),
    [
        (0.0014, "mg/L", "mercury", "0,0014 mg/L"),
        (0.012, "mg/L", "arsenic", "0,012 mg/L"),
        (4.2, "mg/L", "dissolved_oxygen", "4,20 mg/L"),
        (4.2, "mg/L", "", "4,20 mg/L"),
        (0.0014, "ug/L", "mercury", "0,0 µg/L"),
        (1.25, "of-nobody", "", "1,2 of-nobody"),
    ],
    ids=[
        "a trace of mercury",
        "a trace of arsenic",
        "oxygen",
        "of no parameter",
        "in another unit",
        "unknown unit",
    ],
)
def test_a_trace_keeps_its_figures(value: float, unit: str, parameter: str, vi: str) -> None:
    assert quantity(value, unit, "vi", parameter) == vi
