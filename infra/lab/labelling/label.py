"""A photograph's label: polygons of water, what in them is none, and who looked."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Annotated

import msgspec
import numpy as np

from models.envelope.mistake import Mistake, Path, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

WHOLE = 1000
"""Points are (x, y) in thousandths of the picture's width and height, from its upper left corner."""
LEAST_AREA = 20.0
"""Square thousandths; a polygon of less is a slip of the hand."""
Thousandth = Annotated[float, msgspec.Meta(ge=0, le=WHOLE)]
Polygon = Annotated[list[tuple[Thousandth, Thousandth]], msgspec.Meta(min_length=3, max_length=200)]


class Kind(enum.StrEnum):
    """What makes a picture easy or hard; a card tells its figures by these."""

    DAY = "day"
    DUSK = "dusk"
    NIGHT = "night"
    RAIN = "rain"
    MUDDY = "muddy"
    REFLECTION = "reflection"
    AERIAL = "aerial"
    DRY = "dry"


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one photograph shows. `water` minus `without` is water; `looks`: by whom, in order; a label is finished after two looks."""

    name: str
    kinds: Annotated[list[Kind], msgspec.Meta(min_length=1)]
    water: list[Polygon] = []
    without: list[Polygon] = []
    looks: list[str] = []
    unsure: bool = False
    """Nobody could tell where the water ends: not learned from, not measured on."""


def mistakes(label: Label) -> Iterator[Mistake]:
    """Polygons that cannot be meant: without an area, crossing themselves, or cut out where there is no water."""
    for key, polygons in (("water", label.water), ("without", label.without)):
        for i, polygon in enumerate(polygons):
            yield from _of_polygon((label.name, key, i), polygon)
    dry = label.kinds == [Kind.DRY] or Kind.DRY in label.kinds
    if dry and label.water:
        yield wrong((label.name, "water"), "…", "không có nước: ảnh khô", "no water: the picture is dry")
    if not dry and not label.water and not label.unsure:
        yield wrong(
            (label.name, "water"), "[]", "ít nhất một đa giác, hoặc dry", "a polygon at least, or dry"
        )
    everywhere = mask(msgspec.structs.replace(label, without=[]), (WHOLE, WHOLE))
    for i, polygon in enumerate(label.without):
        hole = filled([polygon], (WHOLE, WHOLE))
        if not (hole & everywhere).any():
            path = (label.name, "without", i)
            yield wrong(
                path, "…", "một phần của vùng nước (đa giác bị lộn?)", "a part of the water (inside out?)"
            )


def _of_polygon(path: Path, polygon: Polygon) -> Iterator[Mistake]:
    import cv2

    area = abs(float(cv2.contourArea(np.asarray(polygon, np.float32))))
    if area < LEAST_AREA:
        yield wrong(path, f"{area:.0f}", "một đa giác có diện tích", "a polygon with an area")
    crossing = crossed(polygon)
    if crossing is not None:
        vi, en = "một đa giác không tự cắt", "a polygon that does not cross itself"
        yield wrong(path, f"cạnh (edges) {crossing[0]}, {crossing[1]}", vi, en)


def crossed(polygon: Polygon) -> tuple[int, int] | None:
    """The first two edges that cross, by number; None if none do."""
    points = np.asarray(polygon, np.float64)
    ends = np.roll(points, -1, axis=0)
    n = len(points)
    for i in range(n):
        for j in range(i + 2, n if i else n - 1):
            if _cross(points[i], ends[i], points[j], ends[j]):
                return i, j
    return None


def _cross(
    a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64], d: NDArray[np.float64]
) -> bool:
    def side(p: NDArray[np.float64], q: NDArray[np.float64], r: NDArray[np.float64]) -> float:
        return float((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def filled(polygons: list[Polygon], size: tuple[int, int]) -> NDArray[np.bool_]:
    """The inside of polygons on a grid of `size` (width, height): (height, width)."""
    import cv2

    canvas = np.zeros((size[1], size[0]), np.uint8)
    scale = np.asarray(size, np.float64) / WHOLE
    for polygon in polygons:
        cv2.fillPoly(canvas, [np.rint(np.asarray(polygon) * scale).astype(np.int32)], 1)
    return canvas.astype(np.bool_)


def mask(label: Label, size: tuple[int, int]) -> NDArray[np.bool_]:
    """Where the water is, on a grid of `size` (width, height): (height, width)."""
    return filled(label.water, size) & ~filled(label.without, size)
