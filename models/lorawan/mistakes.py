"""What is wrong in `lorawan.yaml` although every field has its right type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from models.envelope.mistake import Mistake, Path, once, stands, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.envelope.known import Known, KnownStation
    from models.lorawan.configuration import Device, Profile

DEV_EUI = re.compile(r"[0-9a-fA-F]{16}")


def device_mistakes(
    profiles: Sequence[Profile], devices: Sequence[Device], *, known: Known
) -> Iterator[Mistake]:
    """All mistakes of profiles and devices; of `known` it asks what the stations measure, in which unit."""
    yield from once(("profiles",), "code", (profile.code for profile in profiles))
    for i, profile in enumerate(profiles):
        fields = ("profiles", i, "fields")
        yield from once(fields, "name", (field.name for field in profile.fields))
        yield from once(fields, "parameter", (field.parameter for field in profile.fields))
    # Of what stands twice, the first.
    by_code = {profile.code: profile for profile in reversed(profiles)}
    stations = {station.id: station for station in reversed(known.stations)}
    yield from once(("devices",), "dev_eui", (device.dev_eui.lower() for device in devices))
    for i, device in enumerate(devices):
        path = ("devices", i)
        if not DEV_EUI.fullmatch(device.dev_eui):
            yield wrong((*path, "dev_eui"), device.dev_eui, "16 chữ số 0-9, a-f", "16 digits of 0-9, a-f")
        yield from stands((*path, "station"), device.station, "stations", sorted(stations))
        yield from stands((*path, "profile"), device.profile, "profiles", sorted(by_code))
        if device.profile in by_code and device.station in stations:
            yield from _fits((*path, "profile"), by_code[device.profile], stations[device.station])


def _fits(path: Path, profile: Profile, station: KnownStation) -> Iterator[Mistake]:
    """Each field is a parameter of the station in its unit; values are never converted."""
    units = {measured.code: measured.unit for measured in station.measures}
    for field in profile.fields:
        if units.get(field.parameter) != field.unit:
            has = ", ".join(f"{code} {unit}" for code, unit in units.items())
            found = f"{profile.code} ({field.parameter} {field.unit})"
            vi, en = f"thông số của trạm {station.id}: {has}", f"of station {station.id}: {has}"
            yield wrong(path, found, vi, en)
