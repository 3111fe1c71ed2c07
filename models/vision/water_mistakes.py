"""What is wrong with marks, boards and levels of water in `cameras.yaml`, although every field has its right type."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.catalogue.analytics import ZONE_KINDS
from models.envelope.mistake import Mistake, Path, shown, wrong
from models.vision.zone import within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from models.vision.camera import Board, Camera, DepthMark, Point, Polygon, Zone

MOST_AREA = 0.95
"""Of the picture: a zone of water larger than this was drawn inside out, or it is no zone."""
INSIDE = 0.5
"""Of a mark must lie in its zone."""
ALONG = 20
SHORTEST = 0.02
"""Of the picture's height between the two places of a board: closer, a pixel is centimetres."""
WHOLE = 100


def water_mistakes(path: Path, zone: Zone, camera: Camera) -> Iterator[Mistake]:
    """Mistakes of the zone's marks, board and, where it watches water, of its polygon and levels."""
    row = ZONE_KINDS[zone.kind]
    if zone.marks and row.marked is None:
        yield wrong((*path, "marks"), "…", f"không có vạch: vùng {row.vi}", f"no marks: {row.en} only")
    if zone.board is not None and not row.board:
        yield wrong((*path, "board"), "…", f"không có thước: vùng {row.vi}", f"no board: {row.en} only")
    if row.board and zone.board is None:
        yield wrong(
            (*path, "board"),
            "-",
            "thước và hai chỗ đã biết số đọc",
            "the board and two places of known reading",
        )
    if row.marked is not None:
        if _area(zone.polygon) > MOST_AREA:
            yield wrong(
                (*path, "polygon"),
                "…",
                "một phần của ảnh (vẽ lộn trong ra ngoài?)",
                "a part of the picture (drawn inside out?)",
            )
        yield from _marks((*path, "marks"), zone, camera)
        if zone.marks:
            deepest = max(mark.depth_cm for mark in zone.marks)
            yield from _most((*path, "levels"), zone, deepest, "vạch sâu nhất (cm)", "the deepest mark (cm)")
        else:
            yield from _most((*path, "levels"), zone, WHOLE, "cả vùng (%)", "the whole zone (%)")
    if zone.board is not None and row.board:
        yield from _board((*path, "board"), zone.board, zone)
        yield from _most(
            (*path, "levels"), zone, zone.board.top_cm, "đỉnh thước (cm)", "the board's top (cm)"
        )


def crossing(polygon: Polygon) -> bool:
    """Whether two of its edges cross, ends apart."""
    edges = list(zip(polygon, [*polygon[1:], polygon[0]], strict=True))
    return any(_cross(*first, *second) for first, second in combinations(edges, 2))


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _area(polygon: Polygon) -> float:
    pairs = zip(polygon, [*polygon[1:], polygon[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def _most(path: Path, zone: Zone, most: float, vi: str, en: str) -> Iterator[Mistake]:
    for i, level in enumerate(zone.levels):
        if level.raise_at > most:
            yield wrong(
                (*path, i, "raise_at"),
                level.raise_at,
                f"tối đa {shown(most)}: {vi}",
                f"at most {shown(most)}: {en}",
            )


def _marks(path: Path, zone: Zone, camera: Camera) -> Iterator[Mistake]:
    horizon = _horizon(camera)
    for i, mark in enumerate(zone.marks):
        at = (*path, i, "line")
        if horizon is not None and any(horizon @ (x, y, 1.0) <= 0 for x, y in mark.line):
            yield wrong(at, "…", "dưới đường chân trời của `ground`", "below the horizon of `ground`")
        elif _inside(zone.polygon, mark) < INSIDE:
            yield wrong(at, "…", "một vạch nằm trong vùng", "a line that lies in the zone")
    for i, (shallow, deep) in enumerate(pairwise(zone.marks)):
        at = (*path, i + 1)
        if deep.depth_cm <= shallow.depth_cm:
            yield wrong(
                (*at, "depth_cm"), deep.depth_cm, f"sâu hơn vạch trước: {shown(shallow.depth_cm)}",
                f"deeper than the mark before: {shown(shallow.depth_cm)}",
            )  # fmt: skip
        elif _cross(*shallow.line, *deep.line) or not _farther(zone.marks, i):
            yield wrong(
                (*at, "line"), "…", "xa chỗ thấp nhất hơn vạch trước (cao hơn trong ảnh, hoặc ra phía bờ)",
                "farther from the lowest place than the mark before (up the picture, or out to the bank)",
            )  # fmt: skip


def _farther(marks: Sequence[DepthMark], i: int) -> bool:
    """Whether mark i + 1 goes on from mark i: not down the picture, and in the direction in which the marks before it went."""
    steps = [np.subtract(_middle(second), _middle(first)) for first, second in pairwise(marks[: i + 2])]
    right, down = steps[-1]
    if down > abs(right) or float(np.hypot(right, down)) < 1e-6:
        return False
    return len(steps) < 2 or float(np.dot(steps[-1], steps[-2])) > 0


def _middle(mark: DepthMark) -> tuple[float, float]:
    (x1, y1), (x2, y2) = mark.line
    return (x1 + x2) / 2, (y1 + y2) / 2


def _inside(polygon: Polygon, mark: DepthMark) -> float:
    """Which part of a mark lies in the zone."""
    first, second = np.asarray(mark.line[0]), np.asarray(mark.line[1])
    parts = (np.arange(ALONG) + 0.5)[:, None] / ALONG
    return float(within(polygon, (first + parts * (second - first)).astype(np.float32)).mean())


def _horizon(camera: Camera) -> NDArray[np.float64] | None:
    """A line of the picture as (a, b, c): a x + b y + c is above 0 on the ground's side of the horizon. None without a ground plane."""
    if camera.ground is None:
        return None
    seen = np.array([point[:2] for point in camera.ground], np.float32)
    ground = np.array([point[2:] for point in camera.ground], np.float32)
    try:
        line = np.asarray(cv2.getPerspectiveTransform(seen, ground), np.float64)[2]
    except cv2.error:
        return None
    sides = np.column_stack([seen, np.ones(4)]) @ line
    if not np.isfinite(sides).all() or not (np.all(sides > 0) or np.all(sides < 0)):
        return None
    return np.asarray(line * np.sign(sides[0]))


def _board(path: Path, board: Board, zone: Zone) -> Iterator[Mistake]:
    for key in ("top", "bottom"):
        point = getattr(board, key)
        if not within(zone.polygon, np.array([point], np.float32))[0]:
            yield wrong((*path, key), list(point), "một chỗ trong vùng", "a place in the zone")
    if board.bottom[1] - board.top[1] < SHORTEST:
        yield wrong(
            (*path, "bottom"), list(board.bottom), "thấp hơn `top` trong ảnh", "below `top` in the picture"
        )
    if board.bottom_cm >= board.top_cm:
        yield wrong(
            (*path, "bottom_cm"),
            board.bottom_cm,
            f"nhỏ hơn top_cm ({shown(board.top_cm)})",
            f"less than top_cm ({shown(board.top_cm)})",
        )
