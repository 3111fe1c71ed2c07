"""How well water is found: overlap with what people drew, whether its probability means what it says, dry pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from infra.lab.training.water.sources import IGNORED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from infra.lab.training.water.sources import Sample

SURE = 0.5
"""What is called water."""
LOWER, FALSE = 0.6, 0.02
"""A dry picture is falsely wet where more than FALSE of its lower LOWER is called water."""
BINS = 10
SKY = 2000
"""Cells drawn of each picture for the calibration: large pictures shall not outweigh small ones."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Of a set: mean over pictures with water, over all their pixels together, and how many pictures."""

    mean: float
    pooled: float
    pictures: int


@dataclass(frozen=True, slots=True)
class Bin:
    """Of all cells between two probabilities: mean probability, share that is water, share of all cells."""

    said: float
    true: float
    share: float


def enlarged(grid: NDArray[np.float32], like: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A grid over the whole picture, at the size of its mask (h, w)."""
    import cv2

    size = (like.shape[1], like.shape[0])
    return np.asarray(cv2.resize(grid, size, interpolation=cv2.INTER_LINEAR), np.float32)


def counts(grid: NDArray[np.float32], mask: NDArray[np.uint8], least: float = SURE) -> tuple[int, int]:
    """Pixels that are water and called so, and pixels that are one or the other; IGNORED ones left out."""
    called, known = enlarged(grid, mask) >= least, mask != IGNORED
    water = mask == 1
    return int((called & water & known).sum()), int(((called | water) & known).sum())


def overlap(pairs: Iterable[tuple[int, int]]) -> Overlap:
    """IoU of many pictures from their `counts`; a picture without water that is called dry counts as 1."""
    found = list(pairs)
    each = [1.0 if either == 0 else both / either for both, either in found]
    both, either = (sum(pair[i] for pair in found) for i in (0, 1))
    nothing = float("nan")
    return Overlap(
        float(np.mean(each)) if each else nothing, both / either if either else nothing, len(found)
    )


def falsely_wet(grid: NDArray[np.float32], least: float = SURE) -> bool:
    """Whether a dry picture is called wet: see LOWER and FALSE."""
    lower = grid[round(grid.shape[0] * (1 - LOWER)) :]
    return bool((lower >= least).mean() > FALSE)


def drawn(
    grids: Sequence[NDArray[np.float32]], samples: Sequence[Sample]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Probabilities and truths of SKY cells of each picture, the same each time."""
    said, true = [], []
    for grid, sample in zip(grids, samples, strict=True):
        rng = np.random.default_rng(len(sample.name))
        at = rng.choice(sample.mask.size, SKY)
        known = sample.mask.ravel()[at] != IGNORED
        said.append(enlarged(grid, sample.mask).ravel()[at][known])
        true.append(sample.mask.ravel()[at][known] == 1)
    return np.concatenate(said).astype(np.float64), np.concatenate(true)


def reliability(said: NDArray[np.float64], true: NDArray[np.bool_]) -> list[Bin]:
    """BINS bins of equal width, empty ones left out."""
    number = np.minimum((said * BINS).astype(int), BINS - 1)
    return [
        Bin(float(said[inside].mean()), float(true[inside].mean()), float(inside.mean()))
        for i in range(BINS)
        if (inside := number == i).any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: how far, on the average, what is said is from what is true."""
    return float(sum(cells.share * abs(cells.said - cells.true) for cells in bins))


def temperature(said: NDArray[np.float64], true: NDArray[np.bool_], steps: int = 50) -> float:
    """The scale of the logit by which the probability fits best (Guo 2017), by Newton's method.

    No shift beside it: 33 pictures would settle where a half lies; it cost .006 of IoU on those very pictures.
    """
    clipped = np.clip(said, 1e-4, 1 - 1e-4)
    logit = np.log(clipped / (1 - clipped))
    scale = 1.0
    for _ in range(steps):
        p = 1 / (1 + np.exp(-scale * logit))
        scale -= float((logit * (p - true)).sum() / ((logit**2 * p * (1 - p)).sum() + 1e-6))
    return scale
