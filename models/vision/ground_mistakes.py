"""What is wrong with a camera's ground plane and with what is counted per square metre of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.envelope.mistake import Mistake, Path, wrong
from models.vision.ground import NoPlaneError, area_m2, as_tuples, plane

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.vision.camera import Camera

LEAST_M2, MOST_M2 = 1.0, 10_000.0
"""A zone smaller than a doormat or greater than a stadium's pitch: the metres are feet, or stand at the wrong points."""


def ground_mistakes(path: Path, camera: Camera) -> Iterator[Mistake]:
    """Of the camera at `path`: points that make no plane; zones that need one and have none, leave it, or are absurdly large on it."""
    zones = [(i, zone) for i, zone in enumerate(camera.zones) if zone.analytic.ground]
    if camera.ground is None:
        for i, zone in zones:
            vi = "một loại không cần mặt đất, hoặc camera có `ground`"
            en = "a kind that needs no ground plane, or a camera with `ground`"
            yield wrong((*path, "zones", i, "kind"), zone.kind.value, vi, en)
        return
    ground = tuple(camera.ground)
    try:
        plane(ground)
    except NoPlaneError as error:
        vi, en = (
            f"bốn điểm không thẳng hàng: {error.vi}",
            f"four points that make a plane, but there are {error.en}",
        )
        yield wrong((*path, "ground"), "…", vi, en)
        return
    for i, zone in zones:
        area = area_m2(ground, as_tuples(zone.polygon), tuple(as_tuples(part) for part in zone.without))
        where = (*path, "zones", i, "polygon")
        if area is None:
            vi, en = "một đa giác dưới đường chân trời", "a polygon below the horizon of `ground`"
            yield wrong(where, "…", vi, en)
        elif not LEAST_M2 <= area <= MOST_M2:
            vi = f"{LEAST_M2:g} đến {MOST_M2:g} m² trên mặt đất, mà là {area:.3g} m²"
            en = f"{LEAST_M2:g} to {MOST_M2:g} m² on the ground, but it is {area:.3g} m²"
            yield wrong(where, "…", vi, en)
