"""What a picture is like, in a few figures: how light, how sharp, where its edges run. Cheap, and without memory.

All is taken from grey pictures of 320 x 180 (fine), 160 x 90 (the thumb) and 80 x 45 (coarse) of the one that is decoded
anyway. Edges are kept as directions of doubled angle (Granlund, 1978): light and dark may change places, and lamps
take over from the sun, an edge stays what it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from models.vision.motion import HEIGHT, WIDTH

if TYPE_CHECKING:
    from numpy.typing import NDArray

FINE = (2 * WIDTH, 2 * HEIGHT)
COARSE = (WIDTH // 2, HEIGHT // 2)
BLOCKS = (8, 5)
"""Parts of the picture, across and down, each of 10 x 9 coarse cells."""
EDGE = 6.0
"""Sobel's answer at which an edge counts half: a step of 1.5 levels; noise of the coarse picture gives 1 to 2."""
BLACK, DARK, BRIGHT = 16, 28, 240
"""Levels of 255. BLACK is video's own black (ITU-R BT.601)."""

GREEN = 80
"""Of 255: by so much is it greener than red and blue."""
REPEATED, LEAST_ACROSS = 0.2, 1.5
"""Change from row to row beside that from column to column, and levels of the latter that are detail."""


@dataclass(frozen=True, slots=True)
class Look:
    """A picture in figures; shares are 0..1, levels 0..255.

    `black`, `dark`, `bright`: share of the picture below or above those levels. `top`: the level that 98 % lie below.
    `edges`, `fine`: the 98th percentile of the Laplacian of the thumb and of the fine picture. `sharp`: how the strongest
    edges (99.5 %) of the fine picture compare with those of the thumb: near 1 where they are steps, near 1/4 where they
    are slopes, above 1.5 where every pixel is for itself. `field` (2, 45, 80): directions of edges, length 0..1. By
    block, rows first: `light`, and `across` and `down`, the mean change from pixel to pixel of the
    thumb, and `edge`, the strongest Laplacian of it. `green`: the share of the picture in the green of a decoder that has nothing.
    `drawn`: the share of blocks of the fine picture whose rows repeat each other, though they have detail across.
    """

    thumb: NDArray[np.uint8]
    mean: float
    black: float
    dark: float
    bright: float
    top: float
    edges: float
    fine: float
    sharp: float
    field: NDArray[np.float32]
    light: NDArray[np.float32]
    across: NDArray[np.float32]
    down: NDArray[np.float32]
    edge: NDArray[np.uint8]
    green: float = 0.0
    drawn: float = 0.0


def look(picture: NDArray[np.uint8]) -> Look:
    """The figures of a BGR picture (h, w, 3)."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    fine = np.asarray(cv2.resize(grey, FINE, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    thumb = np.asarray(cv2.resize(fine, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    levels = _shares(thumb)
    steps = _laplacian(thumb)
    edges, fine_edges = _shares(steps), _shares(_laplacian(fine))
    strongest = max(1, _reaches(edges, 0.995))
    return Look(
        thumb,
        float(thumb.mean()),
        float(levels[BLACK - 1]),
        float(levels[DARK - 1]),
        float(1 - levels[BRIGHT]),
        _reaches(levels, 0.98),
        _reaches(edges, 0.98),
        _reaches(fine_edges, 0.98),
        _reaches(fine_edges, 0.995) / strongest,
        _field(thumb),
        _blocks(thumb),
        _blocks(_step(thumb, 0, 1)),
        _blocks(_step(thumb, 1, 0)),
        steps.reshape(BLOCKS[1], HEIGHT // BLOCKS[1], BLOCKS[0], WIDTH // BLOCKS[0]).max(axis=(1, 3)),
        _green(picture),
        _drawn(fine),
    )


def _green(picture: NDArray[np.uint8]) -> float:
    """Of YUV 0, 0, 0, which is (0, 135, 0) or near it; of 322 street photographs the greenest has 2.3 % of it."""
    blue, green, red = cv2.split(cv2.resize(picture, COARSE, interpolation=cv2.INTER_AREA))
    return float(np.count_nonzero(cv2.subtract(green, cv2.max(blue, red)) > GREEN)) / green.size


def _drawn(fine: NDArray[np.uint8]) -> float:
    """Noise, and all that stands not quite upright, makes rows differ by more than that."""
    across, down = _blocks(_step(fine, 0, 1)), _blocks(_step(fine, 1, 0))
    return float(np.mean((down < REPEATED * across) & (across > LEAST_ACROSS)))


def _laplacian(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.convertScaleAbs(cv2.Laplacian(grey, cv2.CV_16S)), dtype=np.uint8)


def _shares(values: NDArray[np.uint8]) -> NDArray[np.float32]:
    """For each level the share of values at or below it."""
    counted = cv2.calcHist([values], [0], None, [256], [0, 256])
    shares: NDArray[np.float32] = np.cumsum(counted, dtype=np.float32) / np.float32(values.size)
    return shares


def _reaches(shares: NDArray[np.float32], share: float) -> float:
    return float(np.searchsorted(shares, share))


def _field(thumb: NDArray[np.uint8]) -> NDArray[np.float32]:
    coarse = cv2.resize(thumb, COARSE, interpolation=cv2.INTER_AREA)
    gx = cv2.Sobel(coarse, cv2.CV_32F, 1, 0)
    gy = cv2.Sobel(coarse, cv2.CV_32F, 0, 1)
    xx, yy = gx * gx, gy * gy
    least = xx + yy + np.float32(EDGE * EDGE)
    out = np.empty((2, COARSE[1], COARSE[0]), np.float32)
    np.divide(xx - yy, least, out=out[0])
    np.divide(2 * gx * gy, least, out=out[1])
    return out


def _step(thumb: NDArray[np.uint8], down: int, across: int) -> NDArray[np.uint8]:
    """The change from each pixel to the next one; the last has none."""
    out = np.zeros_like(thumb)
    ends = out.shape[0] - down, out.shape[1] - across
    cv2.absdiff(thumb[down:, across:], thumb[: ends[0], : ends[1]], dst=out[: ends[0], : ends[1]])
    return out


def _blocks(values: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Means; in floats, for most changes are of a few levels."""
    return np.asarray(cv2.resize(values.astype(np.float32), BLOCKS, interpolation=cv2.INTER_AREA))
