"""What is wrong in `river.yaml` although every field has its right type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.catalogue.derived import RAIN, RELEASE, RIVER
from models.envelope.mistake import Mistake, Path, all_stand, filled, missing, once, stands, wrong
from models.river.rain import WINDOWS_H
from models.river.witness import NEEDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.envelope.known import Known
    from models.river.configuration import FloodPlace, Gauge, WaterCamera
    from models.river.rain_risk import RainBand
    from models.river.release import Reservoir

Measuring = dict[str, set[str]]
"""Id of a station -> codes of what it measures; of two stations of one id (a mistake of its own), what both do."""


def gauge_mistakes(gauges: Sequence[Gauge], *, known: Known) -> Iterator[Mistake]:
    """Gauges that measure no level, and those without alarm levels because no rule watches them."""
    stations = _measuring(known)
    watched = known.ruled.get(RIVER, ())
    yield from once(("gauges",), "station", (gauge.station for gauge in gauges))
    for i, gauge in enumerate(gauges):
        path: Path = ("gauges", i, "station")
        yield from _measures(path, gauge.station, RIVER, stations)
        if RIVER in stations.get(gauge.station, ()) and gauge.station not in watched:
            vi, en = "một quy tắc river_level cho trạm", "a rule on river_level for the station"
            yield wrong(path, gauge.station, vi, en, ("rules", ""))


def reservoir_mistakes(reservoirs: Sequence[Reservoir], *, known: Known) -> Iterator[Mistake]:
    """Reservoirs whose station does not tell what they release; one without a station is told by nobody yet."""
    stations = _measuring(known)
    for i, reservoir in enumerate(reservoirs):
        if reservoir.station:
            yield from _measures(("reservoirs", i, "station"), reservoir.station, RELEASE, stations)


def rain_band_mistakes(bands: Sequence[RainBand]) -> Iterator[Mistake]:
    """Sums of hours that nobody reckons, and bands of one length of time out of order."""
    for i, band in enumerate(bands):
        if band.hours not in WINDOWS_H:
            text = ", ".join(map(str, WINDOWS_H))
            yield wrong(("rain_bands", i, "hours"), band.hours, f"một trong: {text}", f"one of: {text}")
        lower = [other.mm for other in bands if other.hours == band.hours and other.level < band.level]
        if lower and band.mm <= max(lower):
            text = f"{max(lower):g}"
            vi, en = f"lớn hơn mức dưới: {text}", f"above the lower level: {text}"
            yield wrong(("rain_bands", i, "mm"), band.mm, vi, en)


def water_camera_mistakes(cameras: Sequence[WaterCamera], *, known: Known) -> Iterator[Mistake]:
    """Cameras on the water whose regions are not each told by one station of its own."""
    stations = _measuring(known)
    yield from once(("water_cameras",), "id", (camera.id for camera in cameras))
    for i, camera in enumerate(cameras):
        path = ("water_cameras", i, "stations")
        for j, station in enumerate(camera.stations):
            yield from _measures((*path, j), station, "water_pixels", stations)
        if len(camera.stations) != len(camera.rule.regions):
            text = str(len(camera.rule.regions))
            vi, en = f"{text} trạm, mỗi vùng một trạm", f"{text} stations, one for each region"
            yield wrong(path, len(camera.stations), vi, en)


def flood_place_mistakes(
    places: Sequence[FloodPlace], water_cameras: Sequence[WaterCamera], *, known: Known
) -> Iterator[Mistake]:
    """Places whose id a station or a camera has, without hamlets, or with too few kinds of witnesses."""
    stations = _measuring(known)
    taken = {*stations, *known.cameras}
    # One whose water stations count in pixels, or one of our own that finds water itself.
    cameras = sorted(camera.id for camera in water_cameras) + sorted(known.cameras)
    yield from once(("flood_places",), "id", (place.id for place in places))
    for i, place in enumerate(places):
        path: Path = ("flood_places", i)
        if place.id in taken:
            vi, en = "mã chưa dùng cho trạm, camera", "an id that no station or camera has"
            yield wrong((*path, "id"), place.id, vi, en)
        yield from filled((*path, "name"), place.name)
        yield from all_stand((*path, "hamlets"), place.hamlets, "hamlets", known.hamlets)
        yield from _witnesses(path, place, cameras, stations)


def _witnesses(
    path: Path, place: FloodPlace, cameras: Sequence[str], stations: Measuring
) -> Iterator[Mistake]:
    asked = (
        ("gauges", place.gauges, RIVER),
        ("rains", place.rains, RAIN),
        ("persons", place.persons, "flooded"),
    )
    for section, witnesses, parameter in asked:
        for j, station in enumerate(witnesses):
            yield from _measures((*path, section, j), station, parameter, stations)
    for j, camera in enumerate(place.cameras):
        yield from stands((*path, "cameras", j), camera, "water_cameras", cameras)
    kinds = (place.gauges, place.rains, place.cameras, place.persons)
    if sum(bool(witnesses) for witnesses in kinds) < NEEDED:
        yield wrong((*path, "id"), place.id, "ít nhất hai loại nhân chứng", "at least two kinds of witnesses")


def _measuring(known: Known) -> Measuring:
    found: Measuring = {}
    for station in known.stations:
        found.setdefault(station.id, set()).update(station.codes)
    return found


def _measures(path: Path, station: str, code: str, stations: Measuring) -> Iterator[Mistake]:
    """The station that stands at `path` is there and measures `code`."""
    if station not in stations:
        yield missing(path, station, "stations", sorted(stations))
    elif code not in stations[station]:
        yield wrong(path, station, f"một trạm đo {code}", f"a station with {code}")
