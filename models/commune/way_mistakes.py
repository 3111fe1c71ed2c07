"""What is wrong in the names that files use and in `lorawan.yaml`, although every field has its right type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from models.envelope.mistake import Mistake, Path, missing, once, wrong
from models.stationfile.name import key
from models.stationfile.symbols import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.commune.configuration import Commune, Station
    from models.lorawan.configuration import Device, Profile

DEV_EUI = re.compile(r"[0-9a-fA-F]{16}")


def way_mistakes(commune: Commune) -> Iterator[Mistake]:
    """All mistakes of the ways in: files and LoRaWAN."""
    names = [
        (("stations", i, "file_names", j), alias)
        for i, one in enumerate(commune.stations)
        for j, alias in enumerate(one.file_names)
    ]
    for path, alias in names:
        if not key(alias) or "/" in alias or "\\" in alias:
            vi = "phần tên tệp trước thời gian, không có thư mục"
            yield wrong(path, alias.strip() or '""', vi, "the part of a file name before its time, no folder")
    yield from _once((path, key(alias)) for path, alias in names)
    for i, one in enumerate(commune.stations):
        yield from _columns(("stations", i), one)
    yield from _profiles(commune)
    yield from _devices(commune)


def _once(names: Iterable[tuple[Path, str]]) -> Iterator[Mistake]:
    """Two owners of one name: nobody could tell whose file or line it is."""
    owners: dict[str, Path] = {}
    for path, name in names:
        if name and name in owners:
            yield wrong(path, name, "mỗi tên chỉ một lần", "each name only once")
        owners.setdefault(name, path)


def _columns(path: Path, station: Station) -> Iterator[Mistake]:
    names = [
        ((*path, "parameters", j, "file_names", k), name_key(alias))
        for j, one in enumerate(station.parameters)
        for k, alias in enumerate(one.file_names)
    ]
    yield from _once(names)
    for where, name in names:
        if not name or "\t" in name:
            yield wrong(where, name or '""', "tên trong cột 1 của tệp", "a name in column 1 of a file")


def _profiles(commune: Commune) -> Iterator[Mistake]:
    yield from once(("profiles",), "code", (one.code for one in commune.profiles))
    for i, one in enumerate(commune.profiles):
        fields = ("profiles", i, "fields")
        yield from once(fields, "name", (each.name for each in one.fields))
        yield from once(fields, "parameter", (each.parameter for each in one.fields))


def _devices(commune: Commune) -> Iterator[Mistake]:
    profiles = {one.code: one for one in reversed(commune.profiles)}
    stations = {one.id: one for one in reversed(commune.stations)}
    yield from once(("devices",), "dev_eui", (one.dev_eui.lower() for one in commune.devices))
    for i, one in enumerate(commune.devices):
        path = ("devices", i)
        if not DEV_EUI.fullmatch(one.dev_eui):
            yield wrong((*path, "dev_eui"), one.dev_eui, "16 chữ số 0-9, a-f", "16 digits of 0-9, a-f")
        if one.station not in stations:
            yield missing((*path, "station"), one.station, "stations", sorted(stations))
        if one.profile not in profiles:
            yield missing((*path, "profile"), one.profile, "profiles", sorted(profiles))
        elif one.station in stations:
            yield from _fits((*path, "profile"), one, profiles[one.profile], stations[one.station])


def _fits(path: Path, device: Device, profile: Profile, station: Station) -> Iterator[Mistake]:
    """Each field is a parameter of the station in its unit; values are never converted."""
    units = {one.code: one.unit for one in station.parameters}
    for field in profile.fields:
        if units.get(field.parameter) != field.unit:
            has = ", ".join(f"{code} {unit}" for code, unit in units.items())
            found = f"{device.profile} ({field.parameter} {field.unit})"
            yield wrong(
                path, found, f"thông số của trạm {station.id}: {has}", f"of station {station.id}: {has}"
            )
