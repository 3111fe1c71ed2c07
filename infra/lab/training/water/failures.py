"""The pictures that the net gets most wrong: as they are, as people drew them, as the net says."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np

from infra.lab.training.water.measure import SURE, counts, enlarged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from infra.lab.training.water.sources import Sample

WORST = 20
HIGH = 360
BLUE, RED = (255, 80, 0), (0, 0, 255)


def write(folder: Path, samples: Sequence[Sample], grids: Sequence[NDArray[np.float32]]) -> Path:
    """PNG files, the worst first by name; `folder` is emptied before."""
    import cv2

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rows = [(_share(grid, sample), i) for i, (grid, sample) in enumerate(zip(grids, samples, strict=True))]
    for rank, (share, i) in enumerate(sorted(rows)[:WORST]):
        name = f"{rank + 1:02d}-{share:.2f}-{samples[i].name.rpartition('.')[0]}.png"
        cv2.imwrite(str(folder / name), side_by_side(samples[i], grids[i]))
    return folder


def _share(grid: NDArray[np.float32], sample: Sample) -> float:
    both, either = counts(grid, sample.mask)
    return both / either if either else 1.0


def side_by_side(sample: Sample, grid: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The picture, what people drew in blue, what the net calls water in red; HIGH pixels high."""
    import cv2

    drawn = _tinted(sample.picture, sample.mask == 1, BLUE)
    called = _tinted(sample.picture, enlarged(grid, sample.mask) >= SURE, RED)
    size = (round(HIGH * sample.picture.shape[1] / sample.picture.shape[0]), HIGH)
    return np.hstack(
        [np.asarray(cv2.resize(view, size), np.uint8) for view in (sample.picture, drawn, called)]
    )


def _tinted(
    picture: NDArray[np.uint8], where: NDArray[np.bool_], colour: tuple[int, int, int]
) -> NDArray[np.uint8]:
    out = picture.copy()
    out[where] = (out[where] * 0.5 + np.array(colour) * 0.5).astype(np.uint8)
    return out
