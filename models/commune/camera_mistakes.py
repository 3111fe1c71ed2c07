"""What is wrong in `cameras.yaml` although every field has its right type."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from models.catalogue.analytics import ZONE_KINDS
from models.commune.mistake import Mistake, Path, known, once, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.commune.configuration import Commune
    from models.vision.camera import Camera, Polygon, Zone

SCHEMES = ("rtsp", "rtsps", "http", "https", "")
"""Without a scheme the address is the path of a film."""
LEAST_AREA = 1e-4
"""A hundredth of the width by a hundredth of the height: smaller than a foot."""


def camera_mistakes(commune: Commune) -> Iterator[Mistake]:
    """All mistakes of the cameras; an id is taken by a station too, because alerts name both alike."""
    hamlets = [one.code for one in commune.hamlets]
    stations = {one.id for one in commune.stations}
    yield from once(("cameras",), "id", (one.id for one in commune.cameras))
    for i, one in enumerate(commune.cameras):
        path = ("cameras", i)
        if one.id in stations:
            yield wrong((*path, "id"), one.id, "mã chưa dùng cho trạm", "an id that no station has")
        yield from known((*path, "hamlets"), one.hamlets, "hamlets", hamlets)
        yield from _address(path, one)
        yield from _times(path, one)
        yield from once((*path, "zones"), "id", (each.id for each in one.zones))
        for j, zone in enumerate(one.zones):
            yield from _zone((*path, "zones", j), zone)


def _address(path: Path, one: Camera) -> Iterator[Mistake]:
    scheme, _, rest = one.address.rpartition("://")
    if not one.address.strip() or scheme not in SCHEMES:
        vi = "rtsp://…, http://… hoặc đường dẫn tập tin phim"
        yield wrong((*path, "address"), one.address, vi, "rtsp://…, http://… or the path of a film")
    elif scheme and "@" in rest.partition("/")[0]:
        vi = f"địa chỉ không có mật khẩu; mật khẩu nằm trong VAR/secrets/camera_{one.id}"
        en = f"an address without credentials; they stand in VAR/secrets/camera_{one.id}"
        yield wrong((*path, "address"), f"{scheme}://•••", vi, en)


def _times(path: Path, one: Camera) -> Iterator[Mistake]:
    for key, value in (("silent_after_s", one.silent_after_s), ("frozen_after_s", one.frozen_after_s)):
        if value <= 1 / one.rate_per_s:
            text = f"1 / rate_per_s ({1 / one.rate_per_s:g} s)"
            yield wrong((*path, key), value, f"lớn hơn {text}", f"more than {text}")


def _zone(path: Path, zone: Zone) -> Iterator[Mistake]:
    if not zone.name.strip():
        yield wrong((*path, "name"), '""', "một cái tên", "a name")
    for key, polygon in [("polygon", zone.polygon), *(("without", one) for one in zone.without)]:
        if area(polygon) < LEAST_AREA:
            yield wrong((*path, key), "…", "một đa giác có diện tích", "a polygon with an area")
    row = ZONE_KINDS[zone.kind]
    if row.levels and not zone.levels:
        yield wrong((*path, "levels"), "[]", "ít nhất một mức", "at least one level")
    if not row.levels and zone.levels:
        yield wrong((*path, "levels"), "…", f"không có mức: vùng {row.vi}", f"no levels: {row.en} only")
    yield from _levels(path, zone)


def _levels(path: Path, zone: Zone) -> Iterator[Mistake]:
    """As the levels of a rule: nested, each left below where it was raised."""
    yield from once((*path, "levels"), "level", (str(one.level) for one in zone.levels))
    for i, one in enumerate(zone.levels):
        if one.clear_at >= one.raise_at:
            text = f"raise_at ({one.raise_at})"
            yield wrong((*path, "levels", i, "clear_at"), one.clear_at, f"thấp hơn {text}", f"below {text}")
    in_order = sorted(enumerate(zone.levels), key=lambda pair: pair[1].level)
    for (_, milder), (i, worse) in pairwise(in_order):
        for key in ("raise_at", "clear_at"):
            least, value = getattr(milder, key), getattr(worse, key)
            if milder.level != worse.level and value <= least:
                vi, en = f"cao hơn mức {milder.level}: {least}", f"above level {milder.level}: {least}"
                yield wrong((*path, "levels", i, key), value, vi, en)


def area(polygon: Polygon) -> float:
    """Area of a polygon, in parts of the picture (shoelace formula); what crosses itself counts for less."""
    pairs = zip(polygon, [*polygon[1:], polygon[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2
