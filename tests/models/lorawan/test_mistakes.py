"""Mistakes of `lorawan.yaml`: a device has a station that measures its fields in their units."""

from __future__ import annotations

from typing import Any

import pytest

from models.envelope.known import Known, KnownStation, Measured
from models.lorawan.configuration import Device, Field, Profile
from models.lorawan.mistakes import device_mistakes

EUI = "00" * 8
KNOWN = Known(stations=(KnownStation("phu-oc", (Measured("rain", "mm", 0.0, 100.0),)),))


def profile(*fields: Field, code: str = "mua") -> Profile:
    return Profile(code, list(fields) or [Field("r", "rain", "mm")])


def device(eui: str = EUI, station: str = "phu-oc", code: str = "mua") -> Device:
    return Device(eui, station, code)


@pytest.mark.parametrize(
    ("name", "profiles", "devices", "why"),
    [
        ("as it should be", [profile()], [device()], []),
        ("another unit", [profile(Field("r", "rain", "cm"))], [device()], [
            (("devices", 0, "profile"), "of station phu-oc: rain mm"),
        ]),
        ("what the station does not measure", [profile(Field("t", "humidity", "%"))], [device()], [
            (("devices", 0, "profile"), "of station phu-oc: rain mm"),
        ]),
        ("a field twice", [profile(Field("r", "rain", "mm"), Field("r", "rain", "mm"))], [], [
            (("profiles", 0, "fields", 1, "name"), "each code only once"),
            (("profiles", 0, "fields", 1, "parameter"), "each code only once"),
        ]),
        ("a profile twice: the first counts", [profile(), profile(Field("r", "rain", "cm"))], [device()], [
            (("profiles", 1, "code"), "each code only once"),
        ]),
        ("an EUI that is none", [profile()], [device("0" * 15)], [
            (("devices", 0, "dev_eui"), "16 digits of 0-9, a-f"),
        ]),
        ("an EUI twice, in other letters", [profile()], [device("AB" * 8), device("ab" * 8)], [
            (("devices", 1, "dev_eui"), "each code only once"),
        ]),
        ("no station, no profile", [profile()], [device(station="hue", code="gio")], [
            (("devices", 0, "station"), "one of `stations`: phu-oc"),
            (("devices", 0, "profile"), "one of `profiles`: mua"),
        ]),
    ],
)  # fmt: skip
def test_a_device_sends_what_its_station_measures(
    name: str, profiles: list[Profile], devices: list[Device], why: Any
) -> None:
    found = device_mistakes(profiles, devices, known=KNOWN)

    assert [(mistake.path, mistake.expected_en) for mistake in found] == why, name
