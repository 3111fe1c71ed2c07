"""What is wrong in `cameras.yaml` although every field has its right type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.catalogue.analytics import ZONE_KINDS
from models.catalogue.units import UNITS
from models.envelope.level_mistakes import cleared, nested, numbered
from models.envelope.mistake import Mistake, Path, all_stand, filled, more_than, once, wrong
from models.vision.ground_mistakes import ground_mistakes
from models.vision.water_mistakes import crossing, water_mistakes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from models.vision.camera import Camera, Polygon, Zone

SCHEMES = ("rtsp", "rtsps", "http", "https", "")
"""Without a scheme the address is the path of a film."""
LEAST_AREA = 1e-4
"""A hundredth of the width by a hundredth of the height: smaller than a foot."""


def camera_mistakes(
    cameras: Sequence[Camera], *, hamlets: Sequence[str], stations: Collection[str]
) -> Iterator[Mistake]:
    """All mistakes of the cameras but names and positions; `hamlets` are codes, `stations` ids.

    The id of a station is taken, because alerts name a station and a camera alike.
    """
    yield from once(("cameras",), "id", (camera.id for camera in cameras))
    for i, camera in enumerate(cameras):
        path = ("cameras", i)
        if camera.id in stations:
            yield wrong((*path, "id"), camera.id, "mã chưa dùng cho trạm", "an id that no station has")
        yield from all_stand((*path, "hamlets"), camera.hamlets, "hamlets", hamlets)
        yield from _address(path, camera)
        yield from _times(path, camera)
        yield from once((*path, "zones"), "id", (zone.id for zone in camera.zones))
        for j, zone in enumerate(camera.zones):
            yield from _zone((*path, "zones", j), zone, camera)
        yield from ground_mistakes(path, camera)


def _address(path: Path, camera: Camera) -> Iterator[Mistake]:
    scheme, _, rest = camera.address.rpartition("://")
    if not camera.address.strip() or scheme not in SCHEMES:
        vi = "rtsp://…, http://… hoặc đường dẫn tập tin phim"
        yield wrong((*path, "address"), camera.address, vi, "rtsp://…, http://… or the path of a film")
    elif scheme and "@" in rest.partition("/")[0]:
        vi = f"địa chỉ không có mật khẩu; mật khẩu nằm trong VAR/secrets/camera_{camera.id}"
        en = f"an address without credentials; they stand in VAR/secrets/camera_{camera.id}"
        yield wrong((*path, "address"), f"{scheme}://•••", vi, en)


def _times(path: Path, camera: Camera) -> Iterator[Mistake]:
    """A camera is silent or frozen only after more than the time between two of its frames."""
    between_s = 1 / camera.rate_per_s
    for key in ("silent_after_s", "frozen_after_s"):
        value = getattr(camera, key)
        if value <= between_s:
            yield more_than((*path, key), value, f"1 / rate_per_s ({between_s:g} s)")


def _zone(path: Path, zone: Zone, camera: Camera) -> Iterator[Mistake]:
    yield from filled((*path, "name"), zone.name)
    yield from water_mistakes(path, zone, camera)
    polygons = [("polygon", zone.polygon), *(("without", polygon) for polygon in zone.without)]
    for key, polygon in polygons:
        if area(polygon) < LEAST_AREA:
            yield wrong((*path, key), "…", "một đa giác có diện tích", "a polygon with an area")
        elif crossing(polygon):
            yield wrong((*path, key), "…", "các cạnh không cắt nhau", "edges that do not cross one another")
    levels = (*path, "levels")
    row = ZONE_KINDS[zone.kind]
    if row.levels and not zone.levels:
        yield wrong(levels, "[]", "ít nhất một mức", "at least one level")
    if not row.levels and zone.levels:
        yield wrong(levels, "…", f"không có mức: vùng {row.vi}", f"no levels: {row.en} only")
    yield from numbered(levels, zone.levels)
    decimals = UNITS[zone.analytic.unit].decimals
    for i, level in enumerate(zone.levels):
        for key in ("raise_at", "clear_at"):
            limit = getattr(level, key)
            if round(limit, decimals) != limit:
                vi = f"nhiều nhất {decimals} chữ số thập phân" if decimals else "một số nguyên"
                en = f"at most {decimals} decimals" if decimals else "a whole number"
                yield wrong((*levels, i, key), limit, vi, en)
        yield from cleared((*levels, i), level, above=True)
    yield from nested(levels, zone.levels, above=True)


def area(polygon: Polygon) -> float:
    """Area of a polygon, in parts of the picture (shoelace formula); what crosses itself counts for less."""
    pairs = zip(polygon, [*polygon[1:], polygon[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2
