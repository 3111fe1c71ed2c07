"""The second look at a dense crowd: the picture at a larger size in tiles, each as large to the net as the whole was before.

    whole picture ── net ── MANY or more? ──> six tiles at full resolution ── net ──┐
                              └─────────────────────────────────────────────────────┴── suppression ── people

At 320 px a crowd of 30 to 60 has people of 15 px who hide each other: half of them are found. In tiles each is two and a half times as tall.
It costs six looks more, so it is done at most once in AGAIN_MS of a camera; the pictures between are told as many more as it found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.vision.detection import Detections
from models.vision.nms import kept
from models.vision.zone import present

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.vision.analytics.looked import Looked
    from models.vision.camera import Zone

MANY = 12
"""People that the first look finds and is sure of: from here on it misses more than a third of them."""
AGAIN_MS = 5000
KEEP_MS = 15_000
"""So long what the last second look found more than the first holds for the pictures after it."""
MOST = 4.0
"""More than four for one is no crowd that was missed but a net that sees things."""
COLUMNS, ROWS, SHARED = 3, 2, 0.2
"""Tiles and how much of a tile its neighbour has too: nobody who is narrower than a fifth of it is cut by all."""
RIM = 0.01
"""What ends within a hundredth of an inner rim is a part of somebody whom the neighbour sees whole."""
_MORE, _MORE_MS = "more", "more_ms"


def tiles(columns: int = COLUMNS, rows: int = ROWS, shared: float = SHARED) -> NDArray[np.float64]:
    """Corners (n, 4: x1, y1, x2, y2) of the tiles as fractions of the picture, row by row."""
    wide, high = 1 / (columns - (columns - 1) * shared), 1 / (rows - (rows - 1) * shared)
    step_x, step_y = wide * (1 - shared), high * (1 - shared)
    return np.array(
        [
            (i * step_x, j * step_y, i * step_x + wide, j * step_y + high)
            for j in range(rows)
            for i in range(columns)
        ]
    )


def needed(size: tuple[int, int]) -> tuple[int, int]:
    """Width and height at which a picture must be opened so that a tile of it fills a net of `size`."""
    parts = tiles()
    wide, high = parts[0, 2:] - parts[0, :2]
    return round(size[0] / wide), round(size[1] / high)


def cut(picture: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """The tiles of a picture (h, w, 3), in the order of `tiles`."""
    height, width = picture.shape[:2]
    corners = (tiles() * [width, height, width, height]).round().astype(int)
    return [np.ascontiguousarray(picture[y1:y2, x1:x2]) for x1, y1, x2, y2 in corners]


def merged(whole: Detections, parts: Sequence[Detections]) -> Detections:
    """What was found in the whole picture and in its tiles, each person once, best first; boxes as fractions of the picture.

    A box at an inner rim of its tile is dropped: the neighbour has the whole of it, or the first look has.
    """
    places = tiles()
    boxes, scores, classes = [whole.boxes], [whole.scores], [whole.classes]
    for (x1, y1, x2, y2), found in zip(places, parts, strict=True):
        inner = np.array([x1 > 0, y1 > 0, x2 < 1 - RIM, y2 < 1 - RIM])
        near = np.column_stack((found.boxes[:, :2] < RIM, found.boxes[:, 2:] > 1 - RIM))
        stay = ~(near & inner).any(axis=1)
        scale, shift = np.array([x2 - x1, y2 - y1] * 2), np.array([x1, y1] * 2)
        boxes.append((found.boxes[stay] * scale + shift).astype(np.float32))
        scores.append(found.scores[stay])
        classes.append(found.classes[stay])
    every = Detections(np.concatenate(boxes), np.concatenate(scores), np.concatenate(classes))
    best = kept(every.boxes, every.scores, every.classes)
    return Detections(np.clip(every.boxes[best], 0, 1), every.scores[best], every.classes[best])


def scaled(zone: Zone, looked: Looked, memory: dict[str, Any], count: int) -> int:
    """The count of a zone: as it is after a second look, else times what the last one found for each person of its first.

    So that a curve does not jump between pictures that were looked at twice and those that were not. `memory` is the zone's.
    """
    if looked.once is not None:
        first = int(present(zone, looked.once).sum())
        memory[_MORE] = min(max(count / first, 1.0), MOST) if first else 1.0
        memory[_MORE_MS] = looked.at_ms
        return count
    since_ms = looked.at_ms - memory.get(_MORE_MS, looked.at_ms)
    return round(count * memory[_MORE]) if _MORE in memory and 0 <= since_ms <= KEEP_MS else count
