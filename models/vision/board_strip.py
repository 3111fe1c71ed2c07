"""The part of a picture that a board takes, unrolled along the board's axis; and which cm each of its rows is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.vision.camera import Board

COLUMNS = 32
ROWS = 640
"""At most so many rows: on a board of 5 m that is under 1 cm each; a picture of 4K costs no more than one of 1080p."""
RIM = 0.04
"""Of the board's width on either side that does not count: a zone drawn by hand is a little too wide."""
FLOOR = 4.0
"""Added to a grey level (0..255) before its logarithm: the noise of a dark sensor."""


class Strip(NamedTuple):
    """A board unrolled: `log` (rows, COLUMNS) of brightness, from the board's upper end down; `grey` the same before the logarithm.

    `cm` (rows): what is read at each row's middle, falling. `pixels`: how many of the picture's pixels a row is high.
    """

    log: NDArray[np.float32]
    grey: NDArray[np.float32]
    cm: NDArray[np.float64]
    pixels: float


def scale(board: Board, along: NDArray[np.float64], middle: float | None) -> NDArray[np.float64]:
    """What is read at places `along` the axis (0 the upper mark, 1 the lower).

    Two marks: evenly divided. With a third at `middle` the board may lean to or from the camera: a projective line, (a x + b) / (c x + 1).
    """
    top, bottom = board.top_cm, board.bottom_cm
    if middle is None or board.middle_cm is None:
        return top + along * (bottom - top)
    # From b = top and (a + top) / (c + 1) = bottom, the third mark gives c.
    third = board.middle_cm
    c = (top + middle * (bottom - top) - third) / (middle * (third - bottom))
    a = bottom * (c + 1) - top
    return (a * along + top) / (c * along + 1)


def unrolled(
    picture: NDArray[np.uint8],
    polygon: Sequence[tuple[float, float]],
    board: Board,
    shift: tuple[float, float] = (0.0, 0.0),
    slope: float = 0.0,
) -> Strip | None:
    """The board within `polygon` (fractions) of a picture (h, w, 3 BGR or h, w).

    `shift`: how far what is seen lies from where it was drawn, in parts of the picture. `slope`: rows lean so much against the axis' normal.
    None: less than 24 rows or 4 pixels across of it lie in the picture.
    """
    height, width = picture.shape[:2]
    size = np.array([width, height], float)
    corners = (np.array(polygon, float) + shift) * size
    top, bottom = ((np.array(point, float) + shift) * size for point in (board.top, board.bottom))
    length = float(np.linalg.norm(bottom - top))
    if length < 1:
        return None
    down = (bottom - top) / length
    across = np.array([-down[1], down[0]])
    if across[0] < 0:
        across = -across
    along, aside = (corners - top) @ down, (corners - top) @ across
    pixels = max(1.0, (along.max() - along.min()) / ROWS)
    rows = np.arange(along.min() + pixels / 2, along.max(), pixels)
    left, right = _edges(rows, along, aside)
    at = (np.arange(COLUMNS) + 0.5) / COLUMNS
    places = left[:, None] + (right - left)[:, None] * (RIM + (1 - 2 * RIM) * at)
    leaning = rows[:, None] + slope * places
    xy = top + leaning[..., None] * down + places[..., None] * across
    seen = ((xy >= 0) & (xy <= size - 1)).all(axis=2).mean(axis=1) > 0.9
    seen &= right - left >= 4
    if seen.sum() < 24:
        return None
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture
    if pixels > 1.5:
        grey = cv2.GaussianBlur(grey, (0, 0), pixels / 2.5)
    first, last = np.flatnonzero(seen)[[0, -1]]
    own = xy[first : last + 1].astype(np.float32)
    seen_there = cv2.remap(grey, own[..., 0], own[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    strip: NDArray[np.float32] = np.asarray(seen_there, dtype=np.float32)
    middle = None
    if board.middle is not None:
        middle = float(((np.array(board.middle) + shift) * size - top) @ down) / length
    cm = scale(board, rows[first : last + 1] / length, middle)
    return Strip(np.log(strip + np.float32(FLOOR)), strip, cm, pixels)


def _edges(
    rows: NDArray[np.float64], along: NDArray[np.float64], aside: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Left and right edge of a polygon at each row; where it is not, they have no width."""
    left, right = np.full(len(rows), np.inf), np.full(len(rows), -np.inf)
    for a1, s1, a2, s2 in zip(along, aside, np.roll(along, -1), np.roll(aside, -1), strict=True):
        if a1 == a2:
            continue
        part = (rows - a1) / (a2 - a1)
        on = (part >= 0) & (part <= 1)
        place = s1 + part[on] * (s2 - s1)
        left[on], right[on] = np.minimum(left[on], place), np.maximum(right[on], place)
    none = right < left
    left[none] = right[none] = 0.0
    return left, right
