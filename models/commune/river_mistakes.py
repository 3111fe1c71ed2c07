"""What is wrong in `river.yaml` although every field has its right type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.commune.configuration import Average
from models.commune.mistake import Mistake, Path, known, missing, once, wrong
from models.river.rain import WINDOWS_H
from models.river.witness import NEEDED
from models.telemetry.derived import RAIN, RIVER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.commune.configuration import Commune
    from models.river.configuration import FloodPlace, WaterCamera
    from models.river.rain_risk import RainBand

Measured = dict[str, set[str]]
"""Station -> what it measures."""


def river_mistakes(commune: Commune) -> Iterator[Mistake]:
    """Gauges that measure no level or have no alarm levels, places without witnesses, bands out of order."""
    measured: Measured = {one.id: set() for one in commune.stations}
    for one in commune.stations:
        measured[one.id] |= {each.code for each in one.parameters}
    yield from _gauges(commune, measured)
    for i, rule in enumerate(commune.rules):
        if rule.parameter == RAIN and rule.average is Average.HOUR:
            # Its mean would be stored as rain_1h, which is the sum.
            vi, en = (
                "thông số rain_1h: mưa là tổng, không phải trung bình",
                "the parameter rain_1h: rain is a sum, no mean",
            )
            yield wrong(("rules", i, "average"), rule.average.value, vi, en)
    for i, reservoir in enumerate(commune.reservoirs):
        if reservoir.station:
            yield from _measures(
                ("reservoirs", i, "station"), reservoir.station, "reservoir_release", measured
            )
    yield from _bands(commune.rain_bands)
    yield from _cameras(commune.water_cameras, measured)
    yield from once(("flood_places",), "id", (one.id for one in commune.flood_places))
    for i, place in enumerate(commune.flood_places):
        yield from _place(("flood_places", i), place, commune, measured)


def _gauges(commune: Commune, measured: Measured) -> Iterator[Mistake]:
    alarmed = {code for one in commune.rules if one.parameter == RIVER for code in one.stations}
    yield from once(("gauges",), "station", (one.station for one in commune.gauges))
    for i, gauge in enumerate(commune.gauges):
        path: Path = ("gauges", i, "station")
        yield from _measures(path, gauge.station, RIVER, measured)
        if RIVER in measured.get(gauge.station, ()) and gauge.station not in alarmed:
            vi, en = "một quy tắc river_level cho trạm", "a rule on river_level for the station"
            yield wrong(path, gauge.station, vi, en, ("rules", ""))


def _cameras(cameras: Sequence[WaterCamera], measured: Measured) -> Iterator[Mistake]:
    yield from once(("water_cameras",), "id", (one.id for one in cameras))
    for i, one in enumerate(cameras):
        for j, station in enumerate(one.stations):
            yield from _measures(("water_cameras", i, "stations", j), station, "water_pixels", measured)
        if len(one.stations) != len(one.rule.regions):
            text = str(len(one.rule.regions))
            vi, en = f"{text} trạm, mỗi vùng một trạm", f"{text} stations, one for each region"
            yield wrong(("water_cameras", i, "stations"), len(one.stations), vi, en)


def _place(at: Path, place: FloodPlace, commune: Commune, measured: Measured) -> Iterator[Mistake]:
    if place.id in measured or place.id in {one.id for one in commune.cameras}:
        yield wrong(
            (*at, "id"), place.id, "mã chưa dùng cho trạm, camera", "an id that no station or camera has"
        )
    if not place.name.strip():
        yield wrong((*at, "name"), '""', "một cái tên", "a name")
    yield from known((*at, "hamlets"), place.hamlets, "hamlets", [one.code for one in commune.hamlets])
    stations = (
        ("gauges", place.gauges, RIVER),
        ("rains", place.rains, RAIN),
        ("persons", place.persons, "flooded"),
    )
    for section, codes, code in stations:
        for j, station in enumerate(codes):
            yield from _measures((*at, section, j), station, code, measured)
    # One whose water stations count in pixels, or one of our own that finds water itself.
    cameras = sorted(camera.id for camera in commune.water_cameras) + sorted(
        camera.id for camera in commune.cameras
    )
    for j, camera in enumerate(place.cameras):
        if camera not in cameras:
            yield missing((*at, "cameras", j), camera, "water_cameras", cameras)
    if sum(bool(one) for one in (place.gauges, place.rains, place.cameras, place.persons)) < NEEDED:
        yield wrong((*at, "id"), place.id, "ít nhất hai loại nhân chứng", "at least two kinds of witnesses")


def _measures(path: Path, station: str, code: str, measured: Measured) -> Iterator[Mistake]:
    if station not in measured:
        yield missing(path, station, "stations", sorted(measured))
    elif code not in measured[station]:
        yield wrong(path, station, f"một trạm đo {code}", f"a station with {code}")


def _bands(bands: Sequence[RainBand]) -> Iterator[Mistake]:
    for i, one in enumerate(bands):
        if one.hours not in WINDOWS_H:
            text = ", ".join(map(str, WINDOWS_H))
            yield wrong(("rain_bands", i, "hours"), one.hours, f"một trong: {text}", f"one of: {text}")
        lower = [each.mm for each in bands if each.hours == one.hours and each.level < one.level]
        if lower and one.mm <= max(lower):
            text = f"{max(lower):g}"
            yield wrong(
                ("rain_bands", i, "mm"), one.mm, f"lớn hơn mức dưới: {text}", f"above the lower level: {text}"
            )
