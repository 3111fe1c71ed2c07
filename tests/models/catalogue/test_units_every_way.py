"""A spelling of a unit is taken the same on every way in, and what is stored carries the unit as we write it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import pytest

from models.commune.configuration import Commune, Parameter, Station
from models.commune.file_names import file_stations
from models.commune.mistakes import mistakes
from models.envelope.rejected import Reason
from models.fish.levels import FishLimit
from models.lorawan.configuration import Device, Field, Profile
from models.lorawan.read import read as uplink
from models.lorawan.read import senders
from models.person.form import filled
from models.stationfile.read import read as file
from models.telemetry.judge import judge
from models.telemetry.plan import plan
from tests.builders import START_MS, at, batch, payload

if TYPE_CHECKING:
    from collections.abc import Callable

SPELLED = [
    pytest.param("dissolved_oxygen", "mg/l", "mg/L", id="mg/l"),
    pytest.param("water_temperature", "°C", "C", id="°C"),
    pytest.param("pm25", "\u00b5g/m³", "ug/m3", id="µg/m³ with the micro sign"),
    pytest.param("pm25", "\u03bcg/m³", "ug/m3", id="μg/m³ with the Greek mu"),
    pytest.param("pm25", "ug/m³", "ug/m3", id="ug/m³"),
    pytest.param("humidity", "%RH", "%", id="%RH"),
    pytest.param("conductivity", "µS/cm", "uS/cm", id="µS/cm"),
]
NOW = at(START_MS)


def station(code: str, unit: str) -> Station:
    one = Parameter(code, unit, -100.0, 1000.0, 300, 1800)
    return Station("phu-oc", "Phú Ốc", [], [one], file_names=["PHU_OC"])


def by_mqtt(code: str, configured: str, sent: str) -> list[str]:
    own = Commune([], [], [station(code, configured)], [], [])
    message = payload(7.0, parameter=code, unit=sent)
    return [observation.unit for observation in judge(plan(own), {}, batch([message])).observations]


def by_file(code: str, configured: str, sent: str) -> list[str]:
    data = f"{code}\t7\t{sent}\t20260921140000\t00\n".encode()
    found = file("PHU_OC_20260921140000.txt", data, file_stations([station(code, configured)]))
    return [reading.unit for reading in found.readings]


def by_lorawan(code: str, configured: str, sent: str) -> list[str]:
    """The uplink has no unit: its profile has."""
    own = station(code, configured)
    commune = Commune([], [], [own], [], [])
    profile, device = Profile("p", [Field("x", code, sent)]), Device("00" * 8, "phu-oc", "p")
    commune = msgspec.structs.replace(commune, profiles=[profile], devices=[device])
    assert [mistake.path for mistake in mistakes(commune) if "devices" in mistake.path] == []
    message = {"deduplicationId": "d", "deviceInfo": {"devEui": "00" * 8}, "object": {"x": 7}}
    taken = uplink("00" * 8, json.dumps(message).encode(), senders([device], [profile]), NOW)
    return [reading.unit for reading in taken.readings]


def by_form(code: str, configured: str, _sent: str) -> list[str]:
    """A form has no unit either: it shows the station's."""
    return [reading.unit for reading in filled(station(code, configured), {code: "7"}, NOW).readings]


WAYS = [by_mqtt, by_file, by_lorawan, by_form]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize(("code", "spelling", "unit"), SPELLED)
def test_a_spelling_means_what_everybody_means_by_it(
    way: Callable[[str, str, str], list[str]], code: str, spelling: str, unit: str
) -> None:
    assert way(code, unit, spelling) == [unit], "sent so"
    assert way(code, spelling, unit) == [unit], "configured so"
    assert way(code, spelling, spelling) == [unit], "both"


@pytest.mark.parametrize(("code", "spelling", "unit"), SPELLED)
def test_the_configuration_takes_every_spelling(code: str, spelling: str, unit: str) -> None:
    own = Commune([], [], [station(code, spelling)], [], [])

    assert [mistake for mistake in mistakes(own) if "unit" in mistake.path] == []
    assert own.stations[0].parameters[0].unit == unit
    assert FishLimit(code, spelling, "<3", "<3", "", "", 0).unit == unit


def test_another_unit_is_refused_on_every_way_and_never_converted() -> None:
    own = Commune([], [], [station("dissolved_oxygen", "mg/L")], [], [])
    (told,) = judge(plan(own), {}, batch([payload(7.0, parameter="dissolved_oxygen", unit="µg/L")])).rejected
    data = b"DO\t7\t\xb5g/L\t20260921140000\t00\n"
    (line,) = file("PHU_OC_20260921140000.txt", data, file_stations(own.stations)).refused

    assert told.reason == line.why.reason == Reason.WRONG_UNIT
    assert "expected 'mg/L', found 'µg/L'" in told.en
    assert by_mqtt("dissolved_oxygen", "mg/L", "ppm") == []
